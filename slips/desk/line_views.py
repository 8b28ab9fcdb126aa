"""What a reviewer's page does to one line, or to the head, without disturbing what they are typing elsewhere."""

from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from linesync.ground.people import DockRequest
from slips.desk.review import received_twice, review, shown_line, summary
from slips.forms import AddForm, HeadForm, LineForm
from slips.models import Slip, SlipLine
from slips.values import AddedBefore, ChangedMeanwhile, NotInReview, SavedBefore
from slips.views import shown_page


@require_POST
def line(request: DockRequest, slip_id: UUID, line_id: UUID) -> HttpResponse:
    """Save, check, keep (after a conflict), split, remove or put back one line."""
    slip = get_object_or_404(Slip, slip_id=slip_id)
    get_object_or_404(SlipLine, line_id=line_id, slip=slip)
    form = LineForm(request.POST)
    if not form.is_valid():
        return _line_state(request, slip, line_id, form.sentence(), status=422)
    try:
        with suppress(SavedBefore):
            _do(slip_id, line_id, form, request.person.email)
    except NotInReview as refusal:
        return _line_state(request, slip, line_id, str(refusal), status=409)
    except ChangedMeanwhile as refusal:
        if request.htmx and form.cleaned_data["over"] == SlipLine.objects.get(line_id=line_id).version:
            # This conflict stands on the page already. Drawn again, it would swallow a tap on its “Keep mine”.
            return HttpResponse(status=204)
        return _line_state(request, slip, line_id, str(refusal), status=409, is_conflict=True)
    if form.cleaned_data["do"] in ("split", "remove", "put-back"):
        return _table(request, slip_id)
    return _line_state(request, slip, line_id, "", seen=form.cleaned_data["revision"])


@require_POST
def add(request: DockRequest, slip_id: UUID) -> HttpResponse:
    """A line that the reader did not see."""
    slip = get_object_or_404(Slip, slip_id=slip_id)
    form = AddForm(request.POST)
    if not form.is_valid():
        return _refused(request, slip, form.sentence(), target="added-told")
    try:
        with Slip.objects.changing(slip_id, by=request.person.email):
            SlipLine.objects.add(slip_id, form.edit(), line_id=form.cleaned_data["line_id"], by=request.person.email)
    except NotInReview as refusal:
        return _refused(request, slip, str(refusal), target="added-told", status=409)
    except AddedBefore as before:
        if not before.is_same:
            return _refused(request, slip, str(before), target="added-told", status=409, new_line_id=uuid4())
    return _table(request, slip_id, with_add=True)


@require_POST
def head(request: DockRequest, slip_id: UUID) -> HttpResponse:
    """Correct vendor, numbers and date."""
    slip = get_object_or_404(Slip, slip_id=slip_id)
    form = HeadForm(request.POST)
    if not form.is_valid():
        return _refused(request, slip, form.sentence(), target="head-told")
    try:
        with suppress(SavedBefore):
            Slip.objects.correct(
                slip_id, form.head(), head_version=form.cleaned_data["head_version"], by=request.person.email
            )
    except (ChangedMeanwhile, NotInReview) as refusal:
        return _refused(request, slip, str(refusal), target="head-told", status=409)
    slip.refresh_from_db()
    if not request.htmx:
        return redirect(_address(request, slip_id))
    context = summary(slip, SlipLine.objects.draft(slip_id)) | {"with_summary": True, "twice": received_twice(slip)}
    context |= _seen(slip, form.cleaned_data["revision"], changes=1) | {"blind": "blind" in request.POST}
    return render(request, "slip/_head_state.html", context)


def _do(slip_id: UUID, line_id: UUID, form: LineForm, by: str | None) -> None:
    """Raises NotInReview, ChangedMeanwhile, SavedBefore."""
    version = form.version_seen()
    with Slip.objects.changing(slip_id, by=by):
        match form.cleaned_data["do"]:
            case "split":
                SlipLine.objects.split(line_id, version=version, by=by)
            case "remove":
                SlipLine.objects.remove(line_id, version=version, by=by)
            case "put-back":
                SlipLine.objects.put_back(line_id, version=version, by=by)
            case _:
                SlipLine.objects.change(line_id, form.edit(), version=version, by=by)


def _seen(slip: Slip, revision: int | None, *, changes: int) -> dict[str, bool]:
    """Whether the page that knew this revision, and made so many changes itself, knows the slip as it stands.

    A page that does not keeps its older revision, so that Receive asks its person to look again.
    """
    is_known = revision is not None and revision + changes == slip.revision
    return {"is_known": is_known, "is_behind": revision is not None and not is_known}


def _line_state(
    request: DockRequest,
    slip: Slip,
    line_id: UUID,
    sentence: str,
    *,
    status: int = 200,
    is_conflict: bool = False,
    seen: int | None = None,
) -> HttpResponse:
    """Beside the line: what is to be said of it, the version now known, and the sums of the whole slip."""
    slip.refresh_from_db()
    shown = shown_line(slip, line_id)
    if not request.htmx:
        return _whole(request, slip, sentence, line_id, status)
    if shown is None:
        return _table(request, slip.slip_id, sentence, status=status)
    context: dict[str, Any] = summary(slip, SlipLine.objects.draft(slip.slip_id))
    context |= {"shown": shown, "sentence": sentence, "with_summary": True, "blind": "blind" in request.POST}
    context |= _seen(slip, seen, changes=1)
    if is_conflict:
        # What the person saw stays the form's version: only their deliberate “Keep mine” goes over the other's.
        context |= {"is_conflict": True, "version_seen": request.POST.get("version", "0")}
    return render(request, "slip/_line_state.html", context, status=status)


def _table(
    request: DockRequest, slip_id: UUID, sentence: str = "", *, status: int = 200, with_add: bool = False
) -> HttpResponse:
    """The whole table again: lines came or went."""
    slip = get_object_or_404(Slip, slip_id=slip_id)
    if not request.htmx:
        return redirect(_address(request, slip_id) + "#lines")
    context = review(slip) | {"sentence": sentence, "with_summary": True, "with_add": with_add, "is_known": True}
    context["blind"] = "blind" in request.POST
    response = render(request, "slip/_lines.html", context, status=status)
    response["HX-Retarget"], response["HX-Reswap"] = "#lines", "innerHTML"
    return response


def _refused(
    request: DockRequest, slip: Slip, sentence: str, *, target: str, status: int = 422, new_line_id: UUID | None = None
) -> HttpResponse:
    if not request.htmx:
        return _whole(request, slip, sentence, None, status)
    told = {"sentence": sentence, "new_line_id": new_line_id}
    response = render(request, "slip/_refused.html", told, status=status)
    response["HX-Retarget"], response["HX-Reswap"] = f"#{target}", "innerHTML"
    return response


def _whole(request: DockRequest, slip: Slip, sentence: str, line_id: UUID | None, status: int) -> HttpResponse:
    """The page without script: back to the line, or the page again with the refusal at its top."""
    if not sentence:
        return redirect(_address(request, slip.slip_id) + (f"#line-{line_id}" if line_id else ""))
    return shown_page(request, slip, status=status, sentences=[sentence])


def _address(request: DockRequest, slip_id: UUID) -> str:
    return reverse("slip", args=[slip_id]) + ("?blind" if "blind" in request.POST else "")
