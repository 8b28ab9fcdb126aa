"""An admin for tables that only grow: nobody adds, edits or deletes, and nothing ever counts the whole table."""

from functools import cached_property
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse


class NewestPages(Paginator):  # type: ignore[type-arg]
    """Django's paginator over the newest `rows_max` rows; older ones are reached by searching or by date."""

    rows_max = 10_000

    @cached_property
    def count(self) -> int:
        """How many rows there are; `rows_max` when there are that many or more."""
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return rows.order_by()[: self.rows_max].count()


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A list and pages to look at."""

    paginator = NewestPages
    show_full_result_count = False
    # Counts beside the filters would read the whole table for each.
    show_facets = admin.ShowFacets.NEVER

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        # Instead of “Select … to view”.
        title = str(self.opts.verbose_name_plural).capitalize()
        return super().changelist_view(request, {"title": title} | (extra_context or {}))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
