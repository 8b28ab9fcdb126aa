"""Rows of a cursor as dictionaries."""

from typing import Any

from django.db.backends.utils import CursorWrapper

Row = dict[str, Any]


def rows(cursor: CursorWrapper) -> list[Row]:
    """Every row that is left, keyed by column name."""
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
