"""The floor's two tables in a Postgres of the tests, rows for them, and how rows of both engines compare."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import TimestampType

from pipelines import silver, tables
from pipelines.table import Table

Row = dict[str, Any]

# The brief's columns without its checks and keys, so that rows can be as bad as an adopted table's.
DDL = """
CREATE TABLE scan_events (
    event_id UUID, event_ts TIMESTAMPTZ, event_type TEXT, station_id TEXT, barcode_raw TEXT, item_id TEXT, qty INT,
    user_email TEXT
);
CREATE TABLE replenishment_signals (
    id INT, signal_id UUID, created_ts TIMESTAMPTZ, item_id TEXT, triggered_at_qty INT, reorder_point INT,
    reorder_qty INT, trigger_event_id UUID, status TEXT
);
"""


@dataclass
class Floor:
    connection: psycopg.Connection
    url: str

    def __post_init__(self) -> None:
        self.connection.execute(DDL)

    def empty(self) -> None:
        self.connection.execute("TRUNCATE scan_events, replenishment_signals")

    def add(self, *, events: Iterable[Row] = (), signals: Iterable[Row] = ()) -> None:
        self._insert("scan_events", tables.BRONZE_SCAN_EVENTS, events)
        self._insert("replenishment_signals", tables.BRONZE_REPLENISHMENT_SIGNALS, signals)

    def select(self, query: str, **parameters: object) -> list[Row]:
        """Rows as plain dicts, comparable with `plain`."""
        with self.connection.cursor(row_factory=dict_row) as cursor:
            cursor.execute(query, parameters)
            return [{name: _plain(value) for name, value in row.items()} for row in cursor]

    def _insert(self, name: str, table: Table, rows: Iterable[Row]) -> None:
        columns = ", ".join(table.columns)
        places = ", ".join(["%s"] * len(table.columns))
        with self.connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {name} ({columns}) VALUES ({places})",  # noqa: S608 (names of our own)
                [tuple(row[column] for column in table.columns) for row in rows],
            )


def named(name: object) -> str:
    """A uuid that a test can say in a word."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, str(name)))


def moment(text: str) -> datetime:
    """ "2026-03-01 10:00" or with seconds, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def event(
    event_id: object,
    at: str = "2026-03-02 10:00",
    event_type: str | None = "INTAKE",
    qty: int | None = 5,
    item_id: str | None = "P",
    **other: Any,
) -> Row:
    row: Row = {
        "event_id": named(event_id), "event_ts": moment(at), "event_type": event_type, "station_id": "DOCK-1",
        "barcode_raw": f"ITEM={item_id};QTY={qty}", "item_id": item_id, "qty": qty, "user_email": "dana@example.com",
    }  # fmt: skip
    return row | other


def undo(event_id: object, of: object, at: str, event_type: str, **other: Any) -> Row:
    return event(event_id, at, event_type, **({"barcode_raw": f"UNDO={named(of)}"} | other))


def signal(row_id: int, signal_id: object, at: str = "2026-03-02 10:00", status: str = "OPEN", **other: Any) -> Row:
    row: Row = {
        "id": row_id, "signal_id": named(signal_id), "created_ts": moment(at), "item_id": "P", "triggered_at_qty": 8,
        "reorder_point": 10, "reorder_qty": 24, "trigger_event_id": None, "status": status,
    }  # fmt: skip
    return row | other


def frame(spark: SparkSession, table: Table, rows: Iterable[Row]) -> DataFrame:
    """A DataFrame of a dataset's shape from dicts; columns that a row leaves out are NULL."""
    values = [tuple(row.get(column) for column in table.columns) for row in rows]
    return spark.createDataFrame(values, table.ddl)


def events(spark: SparkSession, rows: Iterable[Row]) -> DataFrame:
    return frame(spark, tables.BRONZE_SCAN_EVENTS, rows)


def signals(spark: SparkSession, rows: Iterable[Row]) -> DataFrame:
    return frame(spark, tables.BRONZE_REPLENISHMENT_SIGNALS, rows)


def silver_of(df: DataFrame, zone: str) -> DataFrame:
    """Silver scan events of bronze ones, with the undo pairs among them."""
    return silver.scan_events(df, silver.undo_pairs(df), zone)


def plain(df: DataFrame) -> list[Row]:
    """Rows as dicts; moments as microseconds since 1970, so that no time zone of a client comes between."""
    columns = [
        F.unix_micros(field.name).alias(field.name) if isinstance(field.dataType, TimestampType) else F.col(field.name)
        for field in df.schema.fields
    ]
    return [{name: _plain(value) for name, value in row.asDict().items()} for row in df.select(*columns).collect()]


def first(df: DataFrame) -> Any:
    row = df.first()
    assert row is not None
    return row


def in_order(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: [str(value) for value in row.values()])


def micros(text: str) -> int:
    return _micros(moment(text))


def day(text: str) -> date:
    return date.fromisoformat(text)


def _micros(value: datetime) -> int:
    since = value - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return _micros(value)
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, uuid.UUID):
        return str(value)
    return value
