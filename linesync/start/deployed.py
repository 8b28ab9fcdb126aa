"""Start LineSync where a database is given (Databricks Apps, or DATABASE_URL): `python -m linesync.start`."""

import os
import sys

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from linesync.start import leftovers, ports, server

port_default = 8000
# Databricks Apps gives a container 10 minutes to listen on its port.
database_seconds_max = 300


def main() -> int:
    """Static files, our schema, the migrations, then the server until SIGTERM. 1 with a sentence when it cannot."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linesync.settings")
    try:
        port = _port()
        django.setup()
        leftovers.end(settings.VAR_DIR, _say, seconds_max=server.stop_seconds_max)
        prepare()
    except (ImproperlyConfigured, SystemCheckError, ports.BadPort) as refusal:
        return _refused(str(refusal))
    return server.serve(port, _say, record=leftovers.Record.begin(settings.VAR_DIR))


def _port() -> int:
    name = next((name for name in ("DATABRICKS_APP_PORT", "PORT") if os.environ.get(name)), "")
    return ports.given(name, os.environ[name]) if name else port_default


def prepare() -> None:
    """Everything that must be there before the first request. Raises ImproperlyConfigured with a sentence."""
    from linesync.start import migrating, statics

    try:
        migrating.migrate(_say, settings.LAKEBASE_READERS, wait_seconds=database_seconds_max)
    except migrating.CannotMigrate as problem:
        raise ImproperlyConfigured(str(problem)) from problem
    call_command("check", databases=["default"], verbosity=0)
    migrating.let_go()
    statics.collect()


def _say(sentence: str) -> None:
    sys.stdout.write(f"start: {sentence}\n")
    sys.stdout.flush()


def _refused(sentence: str) -> int:
    sys.stderr.write(f"LineSync does not start. {sentence}\n")
    return 1
