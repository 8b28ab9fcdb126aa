"""The system check sees what makemigrations --check cannot: tables that are not as their unmanaged models say."""

import pytest
from django.core import checks
from django.db import connection

from inventory.checks import unmanaged_models


def ids():
    return {(error.id, error.obj._meta.db_table) for error in unmanaged_models(["default"])}


def test_the_migrations_make_what_the_models_say(db):
    assert unmanaged_models(["default"]) == []


def test_it_runs_with_the_database_checks_only(db):
    assert unmanaged_models in checks.registry.registry.get_checks()
    assert unmanaged_models.tags == (checks.Tags.database,)
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
def test_each_kind_of_difference_is_an_error(db, change, found):
    with connection.cursor() as cursor:
        cursor.execute(change)
    assert found in ids()


@pytest.mark.parametrize(
    "column", ["note JSONB", "lot TEXT NOT NULL DEFAULT ''", "nth INT GENERATED ALWAYS AS IDENTITY"]
)
def test_a_column_of_somebodys_own_is_no_error(db, column):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE scan_events ADD COLUMN {column}")
    (told,) = unmanaged_models(["default"])
    assert (told.id, told.is_serious()) == ("linesync.W003", False)


def test_an_app_whose_migrations_wait_is_left_out(db):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE items RENAME TO elsewhere")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'signals'")
    assert ("linesync.E001", "items") not in ids()
