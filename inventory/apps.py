from django.apps import AppConfig
from django.core import checks


class InventoryConfig(AppConfig):
    name = "inventory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from inventory.checks import unmanaged_models

        checks.register(unmanaged_models, checks.Tags.database)
