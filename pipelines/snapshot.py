"""One moment of the floor's Postgres, held open so that every reader of an update sees the same rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

# Settings of libpq that the Java driver knows by the same name.
_SHARED_SETTINGS = ("sslmode", "sslrootcert", "connect_timeout")
_JAVA_NAMES = {"connect_timeout": "connectTimeout"}


@dataclass(frozen=True)
class Snapshot:
    """A moment of the database. `taken_ts`: when, by its clock. `oldest_ts`, `newest_ts`: None without events.

    `transactions` says which transactions it sees, in Postgres' own words (pg_snapshot).
    """

    token: str
    taken_ts: datetime
    transactions: str
    event_count: int
    signal_row_count: int
    oldest_ts: datetime | None
    newest_ts: datetime | None

    @property
    def join_statement(self) -> str:
        """What another connection says first, to see exactly this moment."""
        return f"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SET TRANSACTION SNAPSHOT '{self.token}'"


@contextmanager
def held(url: str, *, schema: str = "public") -> Iterator[Snapshot]:
    """Hold the moment of now until the block ends. `url`: postgresql://…; `schema`: where the floor's tables are."""
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        # It waits for Spark without a word, perhaps longer than the server allows others to.
        connection.execute("SET idle_in_transaction_session_timeout = 0")
        yield _taken(connection, schema)


def _taken(connection: psycopg.Connection, schema: str) -> Snapshot:
    events, signals = (sql.Identifier(schema, table) for table in ("scan_events", "replenishment_signals"))
    query = sql.SQL(
        """
        SELECT pg_export_snapshot(), clock_timestamp(), pg_current_snapshot()::text,
               (SELECT count(*) FROM {events}),
               (SELECT count(*) FROM {signals}),
               (SELECT min(event_ts) FROM {events}),
               (SELECT max(event_ts) FROM {events})
        """
    ).format(events=events, signals=signals)
    row = connection.execute(query).fetchone()
    assert row is not None  # noqa: S101 (a SELECT without FROM has one row)
    return Snapshot(*row)


def jdbc(url: str) -> dict[str, str]:
    """The same database in the Java driver's words: url, user, password. Raises ValueError for a socket."""
    parts = {key: str(value) for key, value in conninfo_to_dict(url).items() if value is not None}
    host = parts.get("host", "127.0.0.1")
    if host.startswith("/"):
        raise ValueError(f"{host} is a socket, which Java cannot reach: set PIPELINE_DATABASE_URL to a TCP address")
    shared = {_JAVA_NAMES.get(key, key): parts[key] for key in _SHARED_SETTINGS if key in parts}
    address = f"jdbc:postgresql://{host}:{parts.get('port', '5432')}/{quote(parts.get('dbname', 'postgres'))}"
    return {
        "url": f"{address}?{urlencode(shared)}" if shared else address,
        "user": parts.get("user", "postgres"),
        "password": parts.get("password", ""),
    }
