"""Signal review and item editing in Django's admin. Signals are told by appending, never by editing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextInputWidget
from django.contrib.auth.models import User
from django.db import OperationalError, models, transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import pluralize
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from psycopg.errors import LockNotAvailable

from linesync.ground.clock import span_text
from linesync.ground.forms import PiecesField
from linesync.ground.numbers import policy_pieces_max, signed
from linesync.ground.read_only import ReadOnlyAdmin
from signals import item_file_views
from signals.models import Item, Notice, Signal
from signals.policies import defaults
from signals.stories import NoSuchSignal, Overtaken, Step

Choices = list[tuple[str, str]]


class StatusFilter(admin.SimpleListFilter):
    """Live signals unless asked otherwise: they are what a supervisor comes for."""

    title = "status"
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("OPEN", "Open"), ("ACKNOWLEDGED", "Acknowledged"), ("FULFILLED", "Fulfilled"), ("all", "All")]

    def choices(self, changelist: Any) -> Any:
        live, *others = super().choices(changelist)
        return [live | {"display": "Live"}, *others]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Signal]) -> QuerySet[Signal]:
        if self.value() == "all":
            return queryset
        return queryset.filter(status=self.value()) if self.value() else queryset.exclude(status="FULFILLED")


class AgeFilter(admin.SimpleListFilter):
    title = "age"
    parameter_name = "older"
    spans = {"1": "over 1 hour", "4": "over 4 hours", "24": "over 1 day", "168": "over 7 days"}

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return list(self.spans.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Signal]) -> QuerySet[Signal]:
        if self.value() not in self.spans:
            return queryset
        return queryset.filter(opened_ts__lt=timezone.now() - timedelta(hours=int(self.value() or 0)))


@admin.register(Signal)
class SignalAdmin(ReadOnlyAdmin):
    list_display = (
        "item_id", "on_hand", "status", "age", "triggered_at_qty", "reorder_point", "reorder_qty", "opened_ts",
    )  # fmt: skip
    list_filter = (StatusFilter, AgeFilter)
    search_fields = ("item_id", "description")
    search_help_text = "Part of an item id or of a description"
    actions = ("acknowledge", "mark_fulfilled")
    fields = (
        "item_id", "description", "status", "on_hand", "triggered_at_qty", "reorder_point", "reorder_qty", "opened_ts",
        "age", "signal_id",
    )  # fmt: skip
    change_form_template = "admin/signals/signal/change_form.html"

    @admin.display(description="on hand", ordering="current_qty")
    def on_hand(self, signal: Signal) -> str:
        if signal.current_qty > 0:
            return signed(signal.current_qty)
        words = "below zero: count it" if signal.current_qty < 0 else "out of stock"
        return format_html('<strong class="out">{}</strong> {}', signed(signal.current_qty), words)

    @admin.display(description="age", ordering="-opened_ts")
    def age(self, signal: Signal) -> str:
        return span_text(timezone.now() - signal.opened_ts)

    def has_review_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("signals.review_signal")

    @admin.action(description="Acknowledge", permissions=["review"])
    def acknowledge(self, request: HttpRequest, queryset: QuerySet[Signal]) -> None:
        self._tell(request, queryset, Signal.objects.acknowledge, "acknowledged")

    @admin.action(description="Mark fulfilled", permissions=["review"])
    def mark_fulfilled(self, request: HttpRequest, queryset: QuerySet[Signal]) -> None:
        self._tell(request, queryset, Signal.objects.mark_fulfilled, "marked fulfilled")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"story": _story(object_id), "may_review": self.has_review_permission(request)}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def _tell(self, request: HttpRequest, queryset: QuerySet[Signal], verb: Callable[..., Step], done: str) -> None:
        told = 0
        chosen = list(queryset)
        for place, signal in enumerate(chosen):
            try:
                # The step and its log entry are one transaction.
                with transaction.atomic():
                    verb(signal.signal_id, user_email=_email(request))
                    self.log_change(request, signal, f"{done.capitalize()}.")
                told += 1
            except Overtaken as overtaken:
                self.message_user(request, f"{signal.item_id}: {overtaken}", messages.WARNING)
            except NoSuchSignal:
                self.message_user(request, f"{signal.item_id}: there is no such signal.", messages.ERROR)
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable):
                    raise
                # What is done stays done. The others may be held too, and each would wait as long.
                held = f"{signal.item_id}: other work that is not finished holds it."
                left = f"Left as before: {len(chosen) - place} of the {len(chosen)} chosen. Try again in a moment."
                self.message_user(request, f"{held} {left}", messages.ERROR)
                break
        if told:
            self.message_user(request, f"{told} signal{pluralize(told)} {done}.", messages.SUCCESS)


@admin.register(Item)
class ItemAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("item_id", "description", "reorder_point", "reorder_qty", "updated_ts")
    fields = ("item_id", "description", "reorder_point", "reorder_qty")
    search_fields = ("item_id", "description")
    search_help_text = "Part of an item id or of a description"
    show_full_result_count = False
    formfield_overrides = {models.TextField: {"widget": AdminTextInputWidget}}
    change_list_template = "admin/signals/item/change_list.html"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": "Items"} | (extra_context or {}))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("item_id",) if obj else ()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name in ("reorder_point", "reorder_qty"):
            least = 0 if db_field.name == "reorder_point" else 1
            options |= {
                "form_class": PiecesField,
                "least": least,
                "most": policy_pieces_max,
                "widget": AdminTextInputWidget,
            }
        field = super().formfield_for_dbfield(db_field, request, **options)
        default = defaults().get(f"default_{db_field.name}")
        if field and default is not None:
            field.help_text = f"Empty: the site's default, {signed(default)}."
        return field

    def save_model(self, request: HttpRequest, obj: Item, form: "ModelForm[Item]", change: bool) -> None:
        obj.updated_ts = timezone.now()
        super().save_model(request, obj, form, change)

    def get_urls(self) -> list[URLPattern]:
        ours = [
            path("export/", self.admin_site.admin_view(self.export_view), name="signals_item_export"),
            path("import/", self.admin_site.admin_view(self.import_view), name="signals_item_import"),
        ]
        return ours + super().get_urls()

    def export_view(self, request: HttpRequest) -> HttpResponse:
        return item_file_views.export(self, request)

    def import_view(self, request: HttpRequest) -> HttpResponse:
        return item_file_views.import_(self, request)


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ("signal_id", "queued_ts", "attempts", "delivered_ts", "problem")
    list_filter = (("delivered_ts", admin.EmptyFieldListFilter),)


def _story(object_id: str) -> list[tuple[Step, str]]:
    """The steps, each with the admin address of the event that decided (empty where a person did)."""
    try:
        steps = Signal.objects.history(UUID(object_id))
    except ValueError:
        return []
    return [(step, _event_address(step)) for step in steps]


def _event_address(step: Step) -> str:
    return reverse("admin:inventory_scanevent_change", args=[step.event_id]) if step.event_id else ""


def _email(request: HttpRequest) -> str | None:
    user = request.user
    return (user.email or user.get_username()) if isinstance(user, User) else None
