"""Rows of a query: as dictionaries, or as a stream of tuples."""

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

Row = dict[str, Any]
streamed_rows = 2_000


def rows(cursor: CursorWrapper) -> list[Row]:
    """Every row that is left, keyed by column name."""
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def streamed(sql: str, parameters: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Every row as it stood in one moment, read from the server as the reader asks for more, however many there are."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(sql, parameters)
        while chunk := cursor.fetchmany(streamed_rows):
            yield from chunk
