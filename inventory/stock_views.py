"""What is on hand: the list of items, one item's past, and both as CSV."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.admin.utils import quote
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from inventory import exports
from inventory.chart_windows import Window, window_default, windows
from inventory.charts import movement_bars, stock_line
from inventory.listing import Listing, filters, orders, page_rows
from inventory.managers.history import Place
from inventory.models import GoldRefresh, ScanEvent, Stock
from inventory.stock_forms import AsOfForm, EventsForm
from linesync.ground.item_ids import is_item_id
from linesync.ground.people import DockRequest
from linesync.ground.rows import Row
from signals.models import Item, Signal

activity_rows = 20
signal_rows = 10
event_rows = 50


@require_safe
def stock(request: DockRequest) -> HttpResponse:
    """The whole page, or for htmx its live part; 204 to a poll that brings the version of now."""
    listing = Listing.from_url(request.GET)
    version = _version()
    fragment = bool(request.htmx) and not request.htmx.history_restore_request
    if fragment and request.GET.get("version") == version:
        return HttpResponse(status=204)
    context = _listed(listing) | _beside()
    context |= {"page": "stock", "version": version, "fragment": fragment}
    if not fragment:
        context["stations"] = ScanEvent.objects.stations()
    return render(request, "stock/_live.html" if fragment else "stock/page.html", context)


@require_safe
def item(request: DockRequest, item_id: str) -> HttpResponse:
    level = Stock.objects.level(item_id)
    if level is None:
        raise Http404
    form = AsOfForm(request.GET) if "at" in request.GET else None
    window = windows.get(request.GET.get("window", ""), windows[window_default])
    signals = Signal.objects.live(item_id=item_id, limit=1)
    context: dict[str, Any] = {"level": level, "page": "stock", "signals": signals}
    context |= _charts(level, window) | _events(item_id, request.GET.get("before", "")) | _as_of(item_id, form)
    context |= _ways_on(level, may_review=request.person.may_review)
    return render(request, "item/page.html", context, status=422 if form and form.errors else 200)


@require_GET
def stock_csv(request: DockRequest) -> HttpResponseBase:
    """The stock of now or, with `at`, of that moment."""
    if not request.GET.get("at"):
        return exports.csv_response("stock", exports.stock_header, Stock.objects.exported())
    form = AsOfForm(request.GET)
    if not form.is_valid():
        context = {"title": "No export", "sentence": form.errors["at"][0]}
        return render(request, "problem/page.html", context, status=422)
    moment = form.cleaned_data["at"]
    name = f"stock-at-{timezone.localtime(moment):%Y-%m-%dT%H%M}-from"
    return exports.csv_response(name, exports.stock_as_of_header, Stock.objects.exported_as_of(moment))


@require_GET
def events_csv(request: DockRequest) -> HttpResponseBase:
    form = EventsForm(request.GET)
    if not form.is_valid():
        return render(request, "problem/page.html", {"title": "No export", "sentence": form.sentence}, status=422)
    wanted = form.cleaned_data
    events = ScanEvent.objects.exported(
        since=wanted["since"], until=wanted["until"], item_id=wanted["item"], station_id=wanted["station"]
    )
    return exports.csv_response("events", exports.events_header, events)


def _version() -> str:
    """Differs whenever the stock page would: an event, a signal's step, an item's policy, a check of gold, midnight."""
    gold = GoldRefresh.objects.newest()
    parts = (timezone.localdate(), Stock.objects.version(), Signal.objects.version(), Item.objects.version())
    return "_".join(map(str, (*parts, gold["checked_ts"].timestamp() if gold else "")))


def _listed(listing: Listing) -> dict[str, Any]:
    found = Stock.objects.listed(listing)
    if not found and listing.page > 1:
        listing = listing.on_page(1)
        found = Stock.objects.listed(listing)
    matches = found[0]["matches"] if found else 0
    pages = max(1, -(-matches // page_rows))
    return {
        "listing": listing,
        "stock": found,
        "matches": matches,
        "pages": pages,
        "previous": listing.on_page(listing.page - 1) if listing.page > 1 else None,
        "next": listing.on_page(listing.page + 1) if listing.page < pages else None,
        "last": listing.on_page(pages),
        "first": listing.on_page(1),
        "filters": filters,
        "orders": orders,
    }


def _beside() -> dict[str, Any]:
    """What stands beside the list, whatever part of it is shown."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "counts": Stock.objects.counts(),
        "scans_today": ScanEvent.objects.count_since(midnight),
        "live_signals": Signal.objects.live_counts().live,
        "signals": Signal.objects.live(limit=signal_rows),
        "activity": ScanEvent.objects.activity(limit=activity_rows),
        "gold": GoldRefresh.objects.newest(),
    }


def _ways_on(level: Row, *, may_review: bool) -> dict[str, Any]:
    """Where this item's labels are printed and its policy is changed; nowhere for an id that is none of our grammar."""
    item_id = level["item_id"]
    if not is_item_id(item_id):
        return {}
    pair = urlencode({"pairs": f"{item_id}:{level['reorder_qty']}"})
    return {
        "labels_url": f"{reverse('labels')}?{pair}",
        "policy_url": _policy_url(item_id) if may_review else "",
    }


def _policy_url(item_id: str) -> str:
    if Item.objects.filter(pk=item_id).exists():
        return reverse("admin:signals_item_change", args=[quote(item_id)])
    return f"{reverse('admin:signals_item_add')}?{urlencode({'item_id': item_id})}"


def _charts(level: Row, window: Window) -> dict[str, Any]:
    now = timezone.now()
    movements = ScanEvent.objects.movements(
        level["item_id"], since=window.since(now), step=window.step, span=window.span
    )
    line = stock_line(movements, window=window, now=now, on_hand=level["on_hand_qty"], reorder=level["reorder_point"])
    bars = movement_bars(movements, window=window, now=now)
    return {"window": window, "windows": windows.values(), "line": line, "bars": bars}


def _events(item_id: str, before: str) -> dict[str, Any]:
    found = ScanEvent.objects.page_of(item_id, before=Place.parse(before), limit=event_rows + 1)
    events = found[:event_rows]
    older = Place(events[-1]["event_ts"], events[-1]["event_id"]) if len(found) > event_rows else None
    return {"events": events, "older": older, "is_older_page": bool(before)}


def _as_of(item_id: str, form: AsOfForm | None) -> dict[str, Any]:
    if form is None or not form.is_valid():
        return {"as_of_form": form}
    moment = form.cleaned_data["at"]
    return {
        "as_of_form": form,
        "as_of": {"moment": moment, "on_hand_qty": ScanEvent.objects.on_hand_at(item_id, moment)},
    }
