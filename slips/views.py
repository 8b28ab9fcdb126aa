"""The pages of slips: all of them, a new one, one of them (being read, under review, or done), and Receive."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linesync.ground.people import DockRequest
from slips.checks import plain
from slips.desk import receiving
from slips.desk.review import review
from slips.forms import ReceiveForm, SearchForm
from slips.managers.slips import found_max
from slips.models import (
    DISCARDED,
    FAILED,
    READING,
    RECEIVED,
    REVIEW,
    Receipt,
    ReceiptLine,
    Slip,
    SlipFile,
    SlipPage,
    states,
)
from slips.paper import uploads
from slips.paper.pages import BadSlip, slip_bytes_max, slip_pages_max
from slips.paper.uploads import SentBefore
from slips.queue import tasks
from slips.values import AlreadyReceived, ChangedMeanwhile, NotInReview, NotReady

differences_shown_max = 200
page_of_state = {
    READING: "slip/reading.html",
    REVIEW: "slip/review.html",
    RECEIVED: "slip/received.html",
    DISCARDED: "slip/discarded.html",
    FAILED: "slip/failed.html",
}


@require_safe
def slips(request: DockRequest) -> HttpResponse:
    """All slips, newest first, by state and by words."""
    form = SearchForm(request.GET)
    asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {"words": "", "state": "", "before": None}
    found = Slip.objects.found(words=asked["words"], state=asked["state"], before=asked["before"])
    counted = Slip.objects.counted()
    context = {
        "page": "slips",
        "form": form,
        "slips": [row | {"state_words": states[row["state"]]} for row in found],
        "states": [(state, words, counted.get(state, 0)) for state, words in states.items()],
        "asked": asked,
        "older": found[-1]["uploaded_at"].isoformat() if len(found) == found_max else "",
    }
    template = "slips/_found.html" if request.htmx and not request.htmx.boosted else "slips/page.html"
    return render(request, template, context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DockRequest) -> HttpResponse:
    """Choose, drop or photograph; on POST the files become a slip."""
    if request.method != "POST":
        return render(request, "slip_new/page.html", _limits())
    reason = request.POST.get("again_reason", "")[:200]
    try:
        slip_id = uploads.take_in(uploads.sent_files(request), by=request.person.email, again_reason=reason)
    except BadSlip as refusal:
        return _refused(request, {"sentence": str(refusal)}, status=422)
    except SentBefore as refusal:
        told = {"sentence": str(refusal), "before": refusal.slip_id, "again_reason": reason}
        return _refused(request, told, status=409)
    return _go(request, slip_id)


@require_safe
def slip(request: DockRequest, slip_id: UUID) -> HttpResponse:
    """One slip, as it stands."""
    return shown_page(request, get_object_or_404(Slip, slip_id=slip_id))


@require_safe
def progress(request: DockRequest, slip_id: UUID) -> HttpResponse:
    """How far the reading is; sends the browser to the review when it is over. 204: nothing new."""
    found = get_object_or_404(Slip, slip_id=slip_id)
    if found.state != READING:
        return _go(request, slip_id)
    pages = SlipPage.objects.filter(slip=found)
    seen = f"{found.pages_total}.{found.pages_read}"
    if request.GET.get("seen") == seen:
        return HttpResponse(status=204)
    return render(request, "slip/_progress.html", {"slip": found, "read_pages": pages, "seen": seen})


@require_POST
def receive(request: DockRequest, slip_id: UUID) -> HttpResponse:
    """Book it all, once; 409 and 422 say what stands in the way."""
    form = ReceiveForm(request.POST)
    if not form.is_valid():
        return _not_received(request, slip_id, [form.sentence()], status=422)
    try:
        receiving.receive(slip_id, by=request.person.email, **form.cleaned_data)
    except AlreadyReceived as refusal:
        return _not_received(request, slip_id, [str(refusal)], status=409, asks_reason=True)
    except (ChangedMeanwhile, NotInReview) as refusal:
        return _not_received(request, slip_id, [str(refusal)], status=409, is_outdated=True)
    except NotReady as refusal:
        return _not_received(request, slip_id, refusal.sentences, status=422)
    return _go(request, slip_id)


@require_POST
def discard(request: DockRequest, slip_id: UUID) -> HttpResponse:
    """Put the slip aside; whatever still reads it stops."""
    try:
        tasks.cancel(Slip.objects.discard(slip_id, by=request.person.email))
    except NotInReview as refusal:
        return _not_received(request, slip_id, [str(refusal)], status=409)
    return _go(request, slip_id)


@require_safe
def differences(request: DockRequest) -> HttpResponse:
    """What came over or short, for the buyer."""
    found = [
        row | {"slip_words": plain(row["slip_qty"]), "difference_words": plain(abs(row["difference"]))}
        for row in Receipt.objects.differences()[:differences_shown_max]
    ]
    context = {"page": "slips", "differences": found}
    return render(request, "differences/page.html", context)


def shown_page(request: DockRequest, found: Slip, *, status: int = 200, **extra: Any) -> HttpResponse:
    context: dict[str, Any] = {"page": "slips", "slip": found, "state_words": states[found.state]} | extra
    context["files"] = SlipFile.objects.filter(slip=found)
    context["read_pages"] = SlipPage.objects.filter(slip=found)
    if found.state == REVIEW:
        context |= review(found) | {"stations": settings.STATIONS}
        context["blind"] = "blind" in request.GET or "blind" in request.POST
    if found.state == RECEIVED:
        context |= _receipt(found)
    context["seen"] = f"{found.pages_total}.{found.pages_read}"
    return render(request, page_of_state[found.state], context, status=status)


def _receipt(found: Slip) -> dict[str, Any]:
    lines = list(ReceiptLine.objects.filter(receipt_id=found.slip_id))
    return {
        "receipt": get_object_or_404(Receipt, slip_id=found.slip_id),
        "receipt_lines": lines,
        "has_differences": any(line.difference for line in lines),
        "fulfilled": sum(line.signal_id is not None for line in lines),
    }


def _not_received(request: DockRequest, slip_id: UUID, sentences: list[str], **extra: Any) -> HttpResponse:
    status = extra.pop("status")
    found = get_object_or_404(Slip, slip_id=slip_id)
    if request.htmx:
        return render(request, "slip/_answer.html", {"slip": found, "sentences": sentences, **extra}, status=status)
    return shown_page(request, found, status=status, sentences=sentences, **extra)


def _refused(request: DockRequest, told: dict[str, Any], *, status: int) -> HttpResponse:
    if request.htmx:
        return render(request, "slip_new/_answer.html", told, status=status)
    return render(request, "slip_new/page.html", _limits() | told, status=status)


def _limits() -> dict[str, Any]:
    return {"page": "slips", "megabytes_max": slip_bytes_max // 1024**2, "pages_max": slip_pages_max}


def _go(request: DockRequest, slip_id: UUID) -> HttpResponse:
    address = reverse("slip", args=[slip_id])
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)
