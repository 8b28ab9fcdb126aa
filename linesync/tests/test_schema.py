"""docs/schema.sql says what the migrations make, on every Postgres that we promise, in a schema of whatever name."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from linesync.start.cluster import majors
from linesync.start.embedded import Embedded
from linesync.tests.catalog import catalog

pytestmark = pytest.mark.long

root = Path(__file__).resolve().parents[2]
schema_sql = (root / "docs" / "schema.sql").read_text()


@pytest.fixture(scope="module", params=majors)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of this version: the one under test, or one of its own for these tests."""
    under_test = os.environ["TEST_DATABASE_URL"].rsplit("/", 1)[0]
    with psycopg.connect(f"{under_test}/postgres") as admin:
        if admin.info.server_version // 10_000 == request.param:
            yield under_test
            return
    folder = tmp_path_factory.mktemp("postgres", numbered=True)
    other = Embedded(folder, options="-c fsync=off", major=request.param)
    yield other.start().rsplit("/", 1)[0]
    other.stop()


@pytest.fixture(scope="module")
def url(server: str) -> Iterator[str]:
    """A new database: in its schema public what our migrations make, in the schema “Dock 1” what the file makes."""
    name = f"schema_{uuid4().hex[:12]}"
    url = f"{server}/{name}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "slips", "--verbosity=0"],
            cwd=root,
            env=os.environ | {"DATABASE_URL": url},
            check=True,
        )
        with written(url) as database:
            database.execute('CREATE SCHEMA "Dock 1"')
            database.execute(schema_sql)
        yield url
        admin.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def written(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(url, autocommit=True, options='-c search_path="Dock\\ 1"')


def test_it_is_what_the_migrations_make(url: str) -> None:
    with psycopg.connect(url) as migrated, written(url) as database:
        assert catalog(database) == catalog(migrated)


def test_the_oldest_and_the_newest_that_we_promise_are_here() -> None:
    assert {16, 18} <= set(majors)


def test_it_says_what_each_thing_is_for() -> None:
    lines = schema_sql.splitlines()
    made = [
        (before, line) for before, line in pairwise(lines) if re.match(r"CREATE (TABLE|VIEW|FUNCTION|TRIGGER) ", line)
    ]
    assert len(made) > 40
    assert [line for before, line in made if not before.startswith("-- ")] == []


def test_it_tells_no_way_of_adopting() -> None:
    assert not re.search(r"IF NOT EXISTS|OR REPLACE|DROP ", schema_sql)


@pytest.mark.parametrize("name", ["refuse_change", "refuse_direct_write", "refuse_step_back", "add_to_stock_levels",
                                  "advance_signal_head"])  # fmt: skip
def test_what_answers_for_a_promise_looks_in_our_schema_only(url: str, name: str) -> None:
    with psycopg.connect(url) as database:
        question = "SELECT pronamespace::regnamespace::text, proconfig FROM pg_proc WHERE proname = %s"
        found: dict[str, list[str]] = dict(database.execute(question, [name]).fetchall())
    assert found["public"] == ["search_path=public, pg_temp"]
    assert found['"Dock 1"'] == ['search_path="Dock 1", pg_temp']
