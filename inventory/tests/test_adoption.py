"""A database that already holds the brief's tables, with rows in them, is taken over: nothing is lost or rewritten."""

import os
import subprocess
import sys
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

root = Path(__file__).resolve().parents[2]
item_levels = {"PART-1": (24, 20, 4), "PART-2": (0, 3, -3), "new\nline": (7, 0, 7)}

brief_ddl = """
CREATE TABLE scan_events (
    event_id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    event_ts TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    event_type TEXT NOT NULL CHECK (event_type IN ('INTAKE', 'CONSUME')),
    station_id TEXT NOT NULL,
    barcode_raw TEXT NOT NULL,
    item_id TEXT NOT NULL,
    qty INT NOT NULL CHECK (qty > 0),
    user_email TEXT
);

CREATE TABLE replenishment_signals (
    id SERIAL PRIMARY KEY,                    -- Surrogate key (each row)
    signal_id UUID NOT NULL,                  -- Logical signal identifier
    created_ts TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    item_id TEXT NOT NULL,
    triggered_at_qty INT NOT NULL,            -- Historical snapshot
    reorder_point INT NOT NULL DEFAULT 10,
    reorder_qty INT NOT NULL DEFAULT 24,
    trigger_event_id UUID REFERENCES scan_events(event_id),
    status TEXT NOT NULL DEFAULT 'OPEN'
        CHECK (status IN ('OPEN', 'ACKNOWLEDGED', 'FULFILLED'))
);

CREATE VIEW replenishment_signals_current AS
WITH latest AS (
    SELECT *,
           ROW_NUMBER() OVER (
               PARTITION BY signal_id
               ORDER BY created_ts DESC
           ) as rn
    FROM replenishment_signals
)
SELECT * FROM latest WHERE rn = 1;

CREATE VIEW inventory_current AS
SELECT
    item_id,
    SUM(CASE WHEN event_type = 'INTAKE' THEN qty ELSE 0 END) AS intake_total,
    SUM(CASE WHEN event_type = 'CONSUME' THEN qty ELSE 0 END) AS consume_total,
    SUM(CASE WHEN event_type = 'INTAKE' THEN qty ELSE 0 END) -
    SUM(CASE WHEN event_type = 'CONSUME' THEN qty ELSE 0 END) AS on_hand_qty,
    MAX(event_ts) AS last_activity_ts
FROM scan_events
GROUP BY item_id;
"""

signals = {"acknowledged": UUID(int=1), "double": UUID(int=2), "done": UUID(int=3), "other": UUID(int=4)}
story = [
    ("done", "PART-1", "OPEN"),
    ("done", "PART-1", "FULFILLED"),
    ("acknowledged", "PART-1", "OPEN"),
    ("acknowledged", "PART-1", "ACKNOWLEDGED"),
    ("double", "PART-1", "OPEN"),
    ("other", "PART-2", "OPEN"),
]


@pytest.fixture
def adopted():
    """The URL of a database as the first LineSync left it."""
    server = os.environ["TEST_DATABASE_URL"].rsplit("/", 1)[0]
    name = f"adopted_{uuid4().hex[:12]}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        with psycopg.connect(f"{server}/{name}") as database:
            _fill(database)
        yield f"{server}/{name}"
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _fill(database):
    database.execute(brief_ddl)
    events = [("INTAKE", "PART-1", 24), ("CONSUME", "PART-1", 20), ("CONSUME", "PART-2", 3), ("INTAKE", "new\nline", 7)]
    for kind, item_id, qty in events:
        database.execute(
            "INSERT INTO scan_events (event_type, station_id, barcode_raw, item_id, qty) VALUES (%s, 'S', 'x', %s, %s)",
            [kind, item_id, qty],
        )
    for name, item_id, status in story:
        database.execute(
            """
            INSERT INTO replenishment_signals (signal_id, item_id, triggered_at_qty, status, trigger_event_id)
            SELECT %s, %s, 4, %s, event_id FROM scan_events WHERE item_id = %s AND event_type = 'CONSUME'
            """,
            [signals[name], item_id, status, item_id],
        )


def manage(url, *command):
    environment = os.environ | {"DATABASE_URL": url}
    return subprocess.run(
        [sys.executable, "manage.py", *command], cwd=root, env=environment, capture_output=True, text=True, check=False
    )


def rows_of(database, table):
    return database.execute(SQL("SELECT * FROM {} ORDER BY 1").format(Identifier(table))).fetchall()


def test_a_database_with_the_briefs_tables_is_adopted(adopted):
    with psycopg.connect(adopted) as database:
        before = {table: rows_of(database, table) for table in ("scan_events", "replenishment_signals")}
    migrated = manage(adopted, "migrate", "--verbosity=0")
    assert migrated.returncode == 0, migrated.stderr
    with psycopg.connect(adopted) as database:
        assert rows_of(database, "scan_events") == before["scan_events"]
        assert rows_of(database, "replenishment_signals")[: len(story)] == before["replenishment_signals"]
        levels = database.execute("SELECT item_id, intake_total, consume_total, on_hand_qty FROM inventory_current")
        assert {item_id: tuple(level) for item_id, *level in levels} == item_levels
        current = database.execute("SELECT signal_id, status FROM replenishment_signals_current")
        assert dict(current.fetchall()) == {
            signals["done"]: "FULFILLED",
            signals["acknowledged"]: "ACKNOWLEDGED",
            signals["double"]: "FULFILLED",
            signals["other"]: "OPEN",
        }
        added = rows_of(database, "replenishment_signals")[len(story) :]
        assert [(row[1], row[-1]) for row in added] == [(signals["double"], "FULFILLED")]
        with pytest.raises(psycopg.Error, match="append-only"):
            database.execute("DELETE FROM scan_events")
    for command in (("check", "--database", "default"), ("audit_inventory",)):
        told = manage(adopted, *command)
        assert told.returncode == 0, told.stdout + told.stderr
