"""`python -m linesync.tests.adopting`: bring each schema of DATABASE_URL whose name comes by standard input to this
version, and say how it went: a line of JSON each, the refusal or, where nothing is wrong, an empty text."""

import io
import json
import os
import sys

import django
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linesync.settings")
    django.setup()
    from django.db import connection

    for name in sys.stdin.read().split():
        connection.settings_dict["OPTIONS"]["schema"] = name
        sys.stdout.write(json.dumps(outcome()) + "\n")
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]


def outcome() -> str:
    from linesync.start import migrating

    said = io.StringIO()
    try:
        migrating.migrate_ours()
        call_command("check", databases=["default"], stdout=said, stderr=said)
        call_command("audit_inventory", stdout=said, stderr=said)
    except (migrating.CannotMigrate, SystemCheckError, CommandError) as refusal:
        return f"{said.getvalue()}{refusal}"
    return ""


if __name__ == "__main__":
    main()
