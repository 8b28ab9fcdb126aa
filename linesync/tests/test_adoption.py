"""A database that holds a ledger already is taken over: nothing is lost or rewritten. One that cannot be is left alone.

The DDL of each kind stands in `data/`, each in a schema of its own; one process brings all of them to this version.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db.migrations.loader import MigrationLoader
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from linesync.tests.catalog import catalog, not_ours

pytestmark = pytest.mark.long

Rows = dict[str, list[dict[str, Any]]]
Database = psycopg.Connection[Any]
Catalog = dict[str, list[tuple[Any, ...]]]

root = Path(__file__).resolve().parents[2]
data = Path(__file__).with_name("data")
november = (data / "floor_of_2026_11.sql").read_text()
steps_of_november = re.findall(r"^-- === (\w+) (\w+)$", november, re.MULTILINE)

item_levels = {"PART-1": (24, 20, 4), "PART-2": (0, 3, -3), "new\nline": (7, 0, 7)}
signals = {"acknowledged": UUID(int=1), "double": UUID(int=2), "done": UUID(int=3), "other": UUID(int=4)}
newest = {"done": "FULFILLED", "acknowledged": "ACKNOWLEDGED", "double": "FULFILLED", "other": "OPEN"}
# The first LineSync opened a second signal after an acknowledgement.
story = [
    ("done", "PART-1", "OPEN"),
    ("done", "PART-1", "FULFILLED"),
    ("acknowledged", "PART-1", "OPEN"),
    ("acknowledged", "PART-1", "ACKNOWLEDGED"),
    ("double", "PART-1", "OPEN"),
    ("other", "PART-2", "OPEN"),
]
last_rows = [("done", "PART-1", "FULFILLED"), ("acknowledged", "PART-1", "ACKNOWLEDGED"), *story[4:]]


@dataclass
class Adopted:
    """A schema before and after; `told`: what the operator reads when it cannot be adopted, else empty."""

    url: str
    schema: str
    relations_before: int = 0
    rows_before: Rows = field(default_factory=dict)
    catalog_before: Catalog = field(default_factory=dict)
    told: str = ""

    def open(self) -> Database:
        return psycopg.connect(self.url, row_factory=dict_row, options=f"-c search_path={self.schema}")

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        with self.open() as database:
            return [tuple(row.values()) for row in database.execute(question).fetchall()]

    def relations(self) -> int:
        """Of anybody's."""
        ((count,),) = self.ask("SELECT count(*) FROM pg_class WHERE relnamespace = current_schema::regnamespace")
        return int(count)

    def rows(self) -> Rows:
        with self.open() as database:
            return rows_of(database)

    def catalog(self) -> Catalog:
        with self.open() as database:
            return catalog(database)


def brief(database: Database) -> None:
    book_and_tell(database, "brief", story)


def first_linesync(database: Database) -> None:
    book_and_tell(database, "first_linesync", story)


def converted(database: Database) -> None:
    book_and_tell(database, "first_linesync_converted", last_rows)


def older(database: Database) -> None:
    book_and_tell(database, "first_linesync_older", last_rows)


def with_what_others_made(database: Database) -> None:
    """Other people's columns, views and rights hang on the first LineSync's relations."""
    first_linesync(database)
    database.execute(
        """
        ALTER TABLE scan_events ADD COLUMN note JSONB;
        ALTER TABLE replenishment_signals ADD COLUMN buyer TEXT NOT NULL DEFAULT 'nobody';
        CREATE VIEW buyers_list AS
        SELECT item_id, triggered_at_qty FROM replenishment_signals_current WHERE status = 'OPEN';
        GRANT SELECT ON replenishment_signals_current, inventory_current, buyers_list TO PUBLIC;
        """
    )


def whole(database: Database) -> None:
    """What the migrations of November 2026 made, with rows in every table of ours."""
    database.execute(november)
    database.execute((data / "rows_of_2026_11.sql").read_text())


def cut_after(steps: int) -> Callable[[Database], None]:
    """The same, left after so many of its migrations."""

    def fill(database: Database) -> None:
        parts = re.split(r"^(?=-- === )", november, flags=re.MULTILINE)
        database.execute("".join(parts[: steps + 1]))
        book(database)

    return fill


def fresh(database: Database) -> None:
    """Nothing."""


def spoilt(fill: Callable[[Database], None], statement: str) -> Callable[[Database], None]:
    def fill_and_spoil(database: Database) -> None:
        fill(database)
        database.execute(statement)

    return fill_and_spoil


first_shapes = {"brief": brief, "first": first_linesync, "converted": converted, "older": older}
ours = {"whole": whole} | {f"cut_{steps}": cut_after(steps) for steps in (1, 2, 9, 13)}
taken_over = first_shapes | ours | {"others": with_what_others_made, "fresh": fresh}
refused = {
    "another_type": (
        spoilt(brief, "DROP VIEW inventory_current; ALTER TABLE scan_events ALTER qty TYPE BIGINT"),
        "scan_events.qty has to be integer and is bigint. Change that, or rename both tables",
    ),
    "no_column": (
        spoilt(older, "ALTER TABLE replenishment_signals DROP COLUMN reorder_qty"),
        "replenishment_signals.reorder_qty has to be integer and is not there.",
    ),
    "a_column_to_fill": (
        spoilt(first_linesync, "ALTER TABLE scan_events ADD COLUMN lot TEXT NOT NULL DEFAULT ''; "
                               "ALTER TABLE scan_events ALTER lot DROP DEFAULT"),
        "scan_events.lot may not be empty and has no default.",
    ),
    "no_events": (
        spoilt(brief, "DROP TABLE scan_events CASCADE"),
        "There is a table replenishment_signals, and no scan_events that it could stand on.",
    ),
    "no_date": (
        spoilt(brief, "UPDATE scan_events SET event_ts = 'infinity' WHERE item_id = 'PART-2'"),
        "The event_ts of 1 rows of scan_events lies outside of the years 1 to 9999",
    ),
    "no_date_of_a_signal": (
        spoilt(brief, "UPDATE replenishment_signals SET created_ts = '-infinity'"),
        "The created_ts of 6 rows of replenishment_signals lies outside of the years 1 to 9999",
    ),
    "another_view": (
        spoilt(brief, "DROP VIEW replenishment_signals_current; CREATE VIEW replenishment_signals_current AS "
                      "SELECT *, now() - created_ts AS age FROM replenishment_signals"),
        "The view replenishment_signals_current has columns that LineSync cannot fill: age. Rename that view",
    ),
    "no_such_event": (
        spoilt(older, "UPDATE replenishment_signals SET trigger_event_id = gen_random_uuid()"),
        "4 rows of replenishment_signals name a trigger_event_id that scan_events does not have. Set it to NULL",
    ),
    "a_view_of_our_view": (
        spoilt(whole, "CREATE VIEW theirs AS SELECT item_id FROM stock_status"),
        "view theirs depends on view stock_status",
    ),
}  # fmt: skip


def book(database: Database) -> None:
    events = [("INTAKE", "PART-1", 24), ("CONSUME", "PART-1", 20), ("CONSUME", "PART-2", 3), ("INTAKE", "new\nline", 7)]
    for kind, item_id, qty in events:
        database.execute(
            "INSERT INTO scan_events (event_type, station_id, barcode_raw, item_id, qty) VALUES (%s, 'S', 'x', %s, %s)",
            [kind, item_id, qty],
        )


def book_and_tell(database: Database, kind: str, told: list[tuple[str, str, str]]) -> None:
    """Four events, and these rows of signals an hour apart."""
    database.execute((data / f"{kind}.sql").read_text())
    book(database)
    triggered_at_qty = "current_qty" if kind == "first_linesync_older" else "triggered_at_qty"
    for hours, (name, item_id, status) in enumerate(told):
        database.execute(
            SQL(
                """
                INSERT INTO replenishment_signals
                    (signal_id, created_ts, item_id, {}, reorder_point, reorder_qty, status, trigger_event_id)
                SELECT %s, '2026-03-02 08:00Z'::timestamptz + %s * interval '1 hour', %s, 4, 10, 24, %s, event_id
                FROM scan_events
                WHERE item_id = %s AND event_type = 'CONSUME'
                """
            ).format(Identifier(triggered_at_qty)),
            [signals[name], hours, item_id, status, item_id],
        )


def rows_of(database: Database) -> Rows:
    """Every row of every table of ours, by table, as words: times beyond the calendar have some too."""
    tables = database.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = current_schema AND tablename !~ %s", [not_ours]
    ).fetchall()
    found = {}
    for table in sorted(row["tablename"] for row in tables):
        rows = database.execute(SQL("SELECT to_jsonb(t) AS row FROM {} AS t").format(Identifier(table))).fetchall()
        found[table] = sorted((row["row"] for row in rows), key=json.dumps)
    return found


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    server = os.environ["TEST_DATABASE_URL"].rsplit("/", 1)[0]
    name = f"adopted_{uuid4().hex[:12]}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        yield f"{server}/{name}"
        admin.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


@pytest.fixture(scope="module")
def schemas(url: str) -> dict[str, Adopted]:
    """Each kind of ledger, in a schema of its own, as it is after we came."""
    fills = taken_over | {kind: fill for kind, (fill, _) in refused.items()}
    made = {kind: _made(url, kind, fill) for kind, fill in fills.items()}
    told = subprocess.run(
        [sys.executable, "-m", "linesync.tests.adopting"],
        input="\n".join(made),
        cwd=root,
        env=os.environ | {"DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    for each, line in zip(made.values(), told.stdout.splitlines(), strict=True):
        each.told = json.loads(line)
    return made


def _made(url: str, schema: str, fill: Callable[[Database], None]) -> Adopted:
    made = Adopted(url, schema)
    with made.open() as database:
        database.execute(SQL("CREATE SCHEMA {}").format(Identifier(schema)))
        fill(database)
    made.rows_before, made.catalog_before, made.relations_before = made.rows(), made.catalog(), made.relations()
    return made


@pytest.mark.parametrize("kind", taken_over)
def test_it_is_taken_over_and_the_audit_finds_nothing(schemas: dict[str, Adopted], kind: str) -> None:
    assert schemas[kind].told == ""


@pytest.mark.parametrize("kind", [kind for kind in taken_over if kind != "fresh"])
def test_no_row_is_lost_or_changed(schemas: dict[str, Adopted], kind: str) -> None:
    before, now = schemas[kind].rows_before, schemas[kind].rows()
    for table, rows in before.items():
        if table == "slip_pages":
            rows = [{"turns": 0} | row for row in rows]
        if kind == "older" and table == "replenishment_signals":
            rows = [row | {"triggered_at_qty": row.pop("current_qty")} for row in map(dict, rows)]
        left = [{name: value for name, value in row.items() if name in rows[0]} for row in now[table]] if rows else []
        assert [row for row in rows if row not in left] == [], table
        assert len(now[table]) >= len(rows)


@pytest.mark.parametrize("kind", [*first_shapes, "others"])
def test_the_stock_is_the_sum_of_the_events_that_were_there(schemas: dict[str, Adopted], kind: str) -> None:
    levels = schemas[kind].ask("SELECT item_id, intake_total, consume_total, on_hand_qty FROM inventory_current")
    assert {item_id: tuple(level) for item_id, *level in levels} == item_levels


@pytest.mark.parametrize("kind", [*first_shapes, "others"])
def test_each_signal_stands_where_it_stood_and_a_double_has_ended(schemas: dict[str, Adopted], kind: str) -> None:
    current = schemas[kind].ask("SELECT signal_id, status FROM replenishment_signals_current")
    assert dict(current) == {signals[name]: status for name, status in newest.items()}


@pytest.mark.parametrize("kind", ["brief", "first", "converted", "others"])
def test_only_the_end_of_the_double_is_added(schemas: dict[str, Adopted], kind: str) -> None:
    rows = schemas[kind].ask("SELECT signal_id, status FROM replenishment_signals ORDER BY id")
    assert len(rows) == len(schemas[kind].rows_before["replenishment_signals"]) + 1
    assert rows[-1] == (signals["double"], "FULFILLED")


def test_rows_that_were_changed_in_place_become_stories(schemas: dict[str, Adopted]) -> None:
    rows = schemas["older"].ask("SELECT id, signal_id, status FROM replenishment_signals ORDER BY id")
    names = {signal_id: name for name, signal_id in signals.items()}
    assert [(row_id, names[signal_id], status) for row_id, signal_id, status in rows] == [
        (1, "done", "OPEN"),
        (2, "done", "FULFILLED"),
        (3, "acknowledged", "OPEN"),
        (4, "acknowledged", "ACKNOWLEDGED"),
        (5, "double", "OPEN"),
        (6, "other", "OPEN"),
        (7, "double", "FULFILLED"),
    ]
    times = schemas["older"].ask("SELECT created_ts FROM replenishment_signals WHERE id IN (3, 4)")
    assert times[0] == times[1]


def test_the_older_table_has_the_columns_and_checks_of_the_brief(schemas: dict[str, Adopted]) -> None:
    def told(kind: str) -> list[list[tuple[Any, ...]]]:
        found = schemas[kind].catalog()
        # Where each column stands and what the first LineSync's own default was nobody else need care about.
        columns = [(table, *rest) for table, _, *rest in found["columns"] if rest[0] != "signal_id"]
        kinds = [columns, *(found[kind] for kind in ("constraints", "indexes", "triggers"))]
        return [sorted(row for row in rows if row[0] == "replenishment_signals") for rows in kinds]

    assert told("older") == told("fresh")


@pytest.mark.parametrize("kind", ours)
def test_an_earlier_version_becomes_what_a_new_database_is(schemas: dict[str, Adopted], kind: str) -> None:
    assert schemas[kind].catalog() == schemas["fresh"].catalog()


@pytest.mark.parametrize("kind", taken_over)
def test_the_ledger_is_append_only_from_now_on(schemas: dict[str, Adopted], kind: str) -> None:
    with schemas[kind].open() as database, pytest.raises(psycopg.Error, match="append-only"):
        database.execute("DELETE FROM scan_events")


@pytest.mark.parametrize("kind", taken_over)
def test_life_goes_on(schemas: dict[str, Adopted], kind: str) -> None:
    with schemas[kind].open() as database:
        signal_id = uuid4()
        for status in ("OPEN", "ACKNOWLEDGED", "FULFILLED", "OPEN", "FULFILLED"):
            signal_id = uuid4() if status == "OPEN" else signal_id
            database.execute(
                """
                INSERT INTO replenishment_signals (signal_id, item_id, triggered_at_qty, status)
                VALUES (%s, 'A', 1, %s)
                """,
                [signal_id, status],
            )
        database.execute("INSERT INTO scan_events (event_type, station_id, barcode_raw, item_id, qty) "
                         "VALUES ('INTAKE', 'S', 'x', 'A', 5)")  # fmt: skip
        (level,) = database.execute("SELECT on_hand_qty FROM inventory_current WHERE item_id = 'A'").fetchall()
        assert level == {"on_hand_qty": 5}
        database.rollback()


def test_what_others_made_still_stands(schemas: dict[str, Adopted]) -> None:
    theirs = schemas["others"]
    assert theirs.ask("SELECT item_id, triggered_at_qty FROM buyers_list") == [("PART-2", 4)]
    rights = theirs.ask(
        "SELECT relname FROM pg_class, aclexplode(relacl) AS allowed WHERE allowed.grantee = 0 ORDER BY relname"
    )
    ours_and_theirs = {("buyers_list",), ("inventory_current",), ("replenishment_signals_current",)}
    assert ours_and_theirs <= set(rights)
    assert {row["buyer"] for row in theirs.rows()["replenishment_signals"]} == {"nobody"}


def test_a_views_columns_stay_where_they_are(schemas: dict[str, Adopted]) -> None:
    def columns(kind: str) -> list[str]:
        with schemas[kind].open() as database:
            found = database.execute("SELECT * FROM replenishment_signals_current").description
        return [column.name for column in found or ()]

    wanted = columns("fresh")
    assert columns("brief") == [*wanted, "rn"]
    assert columns("first") == [*wanted[1:], "id"]
    assert columns("older") == wanted


@pytest.mark.parametrize("kind", refused)
def test_what_cannot_be_taken_over_is_refused_and_left_as_it_was(schemas: dict[str, Adopted], kind: str) -> None:
    _, words = refused[kind]
    spoilt = schemas[kind]
    assert words in spoilt.told
    assert spoilt.told.endswith("The database is as it was.")
    assert (spoilt.rows(), spoilt.catalog()) == (spoilt.rows_before, spoilt.catalog_before)
    assert spoilt.relations() == spoilt.relations_before


def test_no_migration_has_the_name_of_one_that_was() -> None:
    """An adopted database has them all on record: one of such a name would never be applied."""
    assert steps_of_november
    assert [step for step in steps_of_november if step in MigrationLoader(None).disk_migrations] == []


def test_manage_py_takes_over_too(url: str) -> None:
    """`manage.py migrate` is Django's own: each migration for itself."""
    made = _made(url, "by_hand", first_linesync)
    told = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"],
        cwd=root,
        env=os.environ | {"DATABASE_URL": f"{url}?options=-c%20search_path%3Dby_hand"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    levels = made.ask("SELECT item_id, intake_total, consume_total, on_hand_qty FROM inventory_current")
    assert {item_id: tuple(level) for item_id, *level in levels} == item_levels
