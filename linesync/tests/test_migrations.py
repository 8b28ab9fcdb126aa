"""What Django knows of the tables from the migrations alone, and in which order they stand on one another."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

root = Path(__file__).resolve().parents[2]
storeys = ["linesync", "signals", "inventory", "slips"]


def sql_of(app: str) -> str:
    """Every statement that makes something, without comments; what adopts older tables names any of them."""
    files = [file for file in (root / app / "migrations").glob("*.sql") if not file.stem.endswith("_adopt")]
    assert files
    return re.sub(r"--.*", "", "\n".join(file.read_text() for file in files))


def made_by(app: str) -> list[str]:
    made = r"^CREATE (?:OR REPLACE )?(?:TABLE|VIEW|FUNCTION)(?: IF NOT EXISTS)? (\w+)"
    return re.findall(made, sql_of(app), re.MULTILINE)


def test_makemigrations_has_nothing_to_add(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("makemigrations", check_changes=True, dry_run=True)
    assert capsys.readouterr().out.strip() == "No changes detected"


@pytest.mark.parametrize("app", storeys)
def test_no_app_names_a_table_of_one_above_it(app: str) -> None:
    above = [name for higher in storeys[storeys.index(app) + 1 :] for name in made_by(higher)]
    assert made_by(app)
    assert [name for name in above if re.search(rf"\b{name}\b", sql_of(app))] == []


def test_a_migration_waits_for_those_below_only() -> None:
    for (app, _), migration in MigrationLoader(None).disk_migrations.items():
        if app in storeys:
            wanted = {other for other, _ in migration.dependencies}
            assert wanted <= set(storeys[: storeys.index(app) + 1])
