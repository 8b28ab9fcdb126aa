"""The benches' own Postgres: started empty and migrated for a run, never the user's, gone afterwards."""

import atexit
import functools
import os
import shutil
import tempfile
from pathlib import Path


@functools.cache
def start() -> str:
    """Start it with an empty database and let Django know; returns the URL. Later calls return the same one."""
    from linesync.start.embedded import Embedded

    folder = Path(tempfile.mkdtemp(prefix="linesync-bench-"))
    server = Embedded(folder / "postgres")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(server.stop)
    url = server.start()
    os.environ |= {
        "LINESYNC_VAR": str(folder),
        "DATABASE_URL": url,
        "USER_EMAIL": "dana@example.com",
        "DJANGO_SETTINGS_MODULE": "linesync.settings",
    }
    _set_up()
    return url


def _set_up() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
