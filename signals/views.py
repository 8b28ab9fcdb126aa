"""The board: what is running low, for a screen on the wall or a handheld."""

import hashlib
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from linesync.ground.people import DockRequest
from signals.chart import bars
from signals.models import Signal
from signals.stories import LiveCounts, LiveSignal, NoSuchSignal, Overtaken

refresh_seconds = 4
shown_signals_max = 100


@require_safe
def board(request: DockRequest) -> HttpResponse:
    """The page; for htmx its list alone, and 204 when that is what the asking page shows already."""
    live = _live(request)
    if not request.htmx:
        return render(request, "board/page.html", live | {"page": "board"} | _times())
    if request.GET.get("shown") == live["shown"]:
        return HttpResponse(status=204)
    return render(request, "board/_live.html", live | _times())


@require_safe
def story(request: DockRequest, signal_id: UUID) -> HttpResponse:
    """How one signal has lived: every step, who told it, when, and by which event."""
    steps = Signal.objects.history(signal_id)
    if not steps:
        raise Http404
    context = {
        "page": "board",
        "steps": steps,
        "opening": steps[0],
        "now": steps[-1],
        "signal": Signal.objects.get(signal_id=signal_id),
        "may_review": request.person.may_review,
    }
    return render(request, "signal/page.html", context)


@require_POST
def acknowledge(request: DockRequest, signal_id: UUID) -> HttpResponse:
    """Say that somebody is on it. 403: not this person. 422: somebody else was first, and the list says who."""
    if not request.person.may_review:
        return _answer(request, "Only reviewers acknowledge signals. Ask your LineSync operator.", 403)
    try:
        Signal.objects.acknowledge(signal_id, user_email=request.person.email)
    except Overtaken as overtaken:
        return _answer(request, f"{overtaken.now.item_id}: {overtaken}", 422)
    except NoSuchSignal:
        raise Http404 from None
    return _answer(request, "", 200)


def _answer(request: DockRequest, refusal: str, status: int) -> HttpResponse:
    if not (request.htmx or refusal):
        return HttpResponseRedirect(reverse("signals:board"))
    template = "board/_live.html" if request.htmx else "board/page.html"
    context = _live(request) | _times() | {"page": "board", "refusal": refusal}
    return render(request, template, context, status=status)


def _times() -> dict[str, object]:
    return {"bars": bars(Signal.objects.turnaround())}


def _live(request: DockRequest) -> dict[str, object]:
    live = Signal.objects.live(limit=shown_signals_max)
    counts = Signal.objects.live_counts()
    more = max(0, counts.live - len(live)) if len(live) == shown_signals_max else 0
    may_review = request.person.may_review
    return {
        "live": live,
        "counts": counts,
        "more": more,
        "may_review": may_review,
        "shown": fingerprint(live, counts, may_review),
        "refresh_seconds": refresh_seconds,
    }


def fingerprint(live: list[LiveSignal], counts: LiveCounts, may_review: bool) -> str:
    """Names what the list shows, ages included: two equal ones look the same."""
    seen = [(s.signal_id, s.status, s.current_qty, s.description, s.age_text, s.acknowledged_text) for s in live]
    return hashlib.sha256(repr((seen, counts, may_review)).encode()).hexdigest()[:24]
