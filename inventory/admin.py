"""Scan events in Django's admin: to look at, fast however long the ledger is."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import Max, Min, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from inventory.models import ScanEvent
from linesync.ground.read_only import ReadOnlyAdmin

rows_a_page = 50


class Ledger(QuerySet[ScanEvent]):
    """A query that lists its years, months or days from its first and last event instead of reading all between."""

    def datetimes(self, field_name: str, kind: str, *args: Any, **kwargs: Any) -> list[datetime]:  # type: ignore[override]
        """Every `kind` ("year", "month" or "day") from the first event's to the last one's, local, also empty ones."""
        ends = self.order_by().aggregate(first=Min(field_name), last=Max(field_name))
        if not ends["first"]:
            return []
        first, last = (timezone.localtime(ends[name]) for name in ("first", "last"))
        return _starts(_start(first, kind), last, kind)


@admin.register(ScanEvent)
class ScanEventAdmin(ReadOnlyAdmin):
    list_display = ("event_ts", "event_type", "qty", "item_id", "station_id", "user_email")
    list_display_links = ("event_ts",)
    list_filter = ("event_type",)
    list_per_page = rows_a_page
    list_max_show_all = 0
    sortable_by = ()
    date_hierarchy = "event_ts"
    search_fields = ("item_id",)
    search_help_text = "A whole item id, or an event id"
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[ScanEvent]:
        return Ledger(ScanEvent, using=super().get_queryset(request).db)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ScanEvent], search_term: str
    ) -> tuple[QuerySet[ScanEvent], bool]:
        # Whole words that an index answers: a part of a word would read the whole ledger.
        term = search_term.strip()
        if not term:
            return queryset, False
        try:
            return queryset.filter(event_id=UUID(term)), False
        except ValueError:
            return queryset.filter(item_id=term), False


def _start(moment: datetime, kind: str) -> datetime:
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if kind == "day":
        return day
    return day.replace(day=1) if kind == "month" else day.replace(month=1, day=1)


def _starts(start: datetime, last: datetime, kind: str) -> list[datetime]:
    starts = []
    while start <= last:
        starts.append(start)
        # Past the end of the longest year, month or day, then back to its beginning.
        start = _start(start + timedelta(days={"year": 366, "month": 31, "day": 1}[kind]), kind)
    return starts
