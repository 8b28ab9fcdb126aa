"""What Django does once per migrate for our unmanaged models."""

from typing import Any

from django.apps import AppConfig
from django.apps.registry import Apps
from django.apps.registry import apps as every_app
from django.contrib.auth.management import create_permissions
from django.db.models.signals import post_migrate


class LineSyncConfig(AppConfig):
    name = "linesync"

    def ready(self) -> None:
        post_migrate.connect(keep_permissions, dispatch_uid="linesync.keep_permissions")


def keep_permissions(app_config: AppConfig, *, using: str, apps: Apps = every_app, **_: Any) -> None:
    """Make the permissions of our models: Django looks for models in the migrations, where unmanaged ones are not."""
    try:
        apps.get_model("auth", "Permission")
    except LookupError:
        return
    if app_config.name in ("signals", "inventory", "slips"):
        create_permissions(app_config, verbosity=0, using=using)
