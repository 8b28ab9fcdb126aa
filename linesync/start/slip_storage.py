"""Which storage keeps the slips' files and page pictures, from one setting."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured


def from_setting(setting: str, var: Path) -> dict[str, Any]:
    """Django's storage settings for `postgres`, `disk` (under `var`), or the path of a Unity Catalog volume."""
    if setting == "postgres":
        return {"BACKEND": "slips.paper.storages.PostgresStorage"}
    if setting == "disk":
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(var / "slips"), "base_url": None},
        }
    if setting.startswith("/Volumes/"):
        options = {"folder": setting, "workspace": "linesync.workspace.client"}
        return {"BACKEND": "slips.paper.storages.VolumeStorage", "OPTIONS": options}
    raise ImproperlyConfigured(
        f"SLIP_STORAGE={setting} is not known; use postgres, disk, or a volume's path: /Volumes/catalog/schema/volume."
    )
