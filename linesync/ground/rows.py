"""Rows of a query: as dictionaries, or as a stream of tuples."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

Row = dict[str, Any]
streamed_rows = 2_000
# Before its first row an export may have to sort the whole ledger. For processes that have limits (start/databases.py).
streamed_seconds_max = 60
answer_margin_seconds = 2


def rows(cursor: CursorWrapper) -> list[Row]:
    """Every row that is left, keyed by column name."""
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def streamed(sql: str, parameters: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Every row as it stood in one moment, read from the server as the reader asks for more, however many there are."""
    with transaction.atomic(), _patient(), connection.chunked_cursor() as cursor:
        cursor.execute(sql, parameters)
        while chunk := cursor.fetchmany(streamed_rows):
            yield from chunk


@contextmanager
def _patient() -> Iterator[None]:
    """For this transaction, longer limits than a page has."""
    connection.ensure_connection()
    server: Any = connection.connection
    limit = getattr(server, "answer_seconds_max", None)
    if limit is None:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = '{streamed_seconds_max}s'")
    server.answer_seconds_max = streamed_seconds_max + answer_margin_seconds
    try:
        yield
    finally:
        server.answer_seconds_max = limit
