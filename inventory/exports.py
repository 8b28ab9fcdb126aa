"""Stock and events as CSV, written line by line while the browser reads, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone

from linesync.ground.cells import formula_safe

chunk_characters_min = 64 * 1024
stock_header = (
    "item_id", "description", "on_hand_qty", "intake_total", "consume_total", "last_activity_ts", "reorder_point",
    "reorder_qty", "signal_status",
)  # fmt: skip
stock_as_of_header = stock_header[:-1]
events_header = (
    "event_id", "event_ts", "event_type", "station_id", "item_id", "qty", "barcode_raw", "user_email",
)  # fmt: skip


def csv_response(name: str, header: Sequence[str], records: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """A download named after today. The first rows are read here, so that a lost database is still a 503."""
    lines = _lines(header, records)
    return StreamingHttpResponse(
        _resumed(next(lines), lines),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}-{timezone.localdate():%Y-%m-%d}.csv"'},
    )


def cell(value: object) -> object:
    """Numbers stay numbers, times are ISO 8601 in the site's time zone, no text is a formula, None is empty."""
    if isinstance(value, int):
        return value
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat()
    return formula_safe(value)


def _lines(header: Sequence[str], records: Iterable[Sequence[Any]]) -> Iterator[str]:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    for record in records:
        writer.writerow([cell(value) for value in record])
        if text.tell() >= chunk_characters_min:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()


def _resumed(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest
