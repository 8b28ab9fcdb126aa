"""The system check sees what makemigrations --check cannot: tables that are not as their unmanaged models say."""

from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.conf import settings
from django.core import checks
from django.db import connection
from django.test import Client

from inventory import checks as checks_of_tables
from inventory.checks import unmanaged_models
from inventory.models import ScanEvent
from linesync.testing import post_json


def ids() -> set[tuple[str | None, str]]:
    return {(error.id, error.obj._meta.db_table) for error in unmanaged_models(["default"])}


def test_the_migrations_make_what_the_models_say(db: None) -> None:
    assert unmanaged_models(["default"]) == []


def test_it_runs_with_the_database_checks_only(db: None) -> None:
    # Registering gives it `tags`, which its type does not know.
    registered: Any = unmanaged_models
    assert registered in checks.registry.registry.get_checks()
    assert registered.tags == (checks.Tags.database,)
    assert unmanaged_models() == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("ALTER TABLE items RENAME TO elsewhere", ("linesync.E001", "items")),
        ("DROP VIEW inventory_current CASCADE", ("linesync.E001", "inventory_current")),
        ("ALTER TABLE scan_events RENAME COLUMN user_email TO email", ("linesync.E002", "scan_events")),
        ("ALTER TABLE scan_events ADD COLUMN lot TEXT NOT NULL", ("linesync.E003", "scan_events")),
        ("ALTER TABLE items ALTER COLUMN updated_ts TYPE TIMESTAMP", ("linesync.E004", "items")),
        ("ALTER TABLE scan_events ALTER COLUMN station_id DROP NOT NULL", ("linesync.E005", "scan_events")),
        ("ALTER TABLE scan_events ALTER COLUMN user_email SET NOT NULL", ("linesync.E005", "scan_events")),
    ],
)
def test_each_kind_of_difference_is_an_error(db: None, change: str, found: tuple[str, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(change)
    assert found in ids()


@pytest.mark.parametrize(
    "column", ["note JSONB", "lot TEXT NOT NULL DEFAULT ''", "nth INT GENERATED ALWAYS AS IDENTITY"]
)
def test_a_column_of_somebodys_own_is_no_error_and_keeps_nobody_from_booking(
    db: None, client: Client, column: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE scan_events ADD COLUMN {column}")
    (told,) = unmanaged_models(["default"])
    assert (told.id, told.is_serious()) == ("linesync.W003", False)
    scan = {"station_id": "DOCK-1", "barcode_raw": "ITEM=PART-1;QTY=24"}
    event_id = post_json(client, "events/intake", scan).json()["event_id"]
    ScanEvent.objects.undo(UUID(event_id), user_email=None)
    pages = ("/receive/", "/stock/", "/stock/item/PART-1/", "/stock/events.csv", "/api/inventory", "/api/events/recent")
    assert {client.get(page, follow=True).status_code for page in pages} == {200}


def test_only_our_own_apps_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = {model._meta.app_label for model in apps.get_models() if checks_of_tables._is_ours(model)}
    assert ours == {"linesync", "inventory", "signals", "slips"}
    # Wherever somebody else's app was installed to: the queue's tables are its own.
    queue = apps.get_app_config("procrastinate")
    monkeypatch.setattr(queue, "path", str(settings.BASE_DIR / ".venv" / "elsewhere" / "procrastinate"))
    assert not any(checks_of_tables._is_ours(model) for model in queue.get_models())


def test_an_app_whose_migrations_wait_is_left_out(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE items RENAME TO elsewhere")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'signals'")
    assert ("linesync.E001", "items") not in ids()
