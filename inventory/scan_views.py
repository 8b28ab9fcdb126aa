"""The Receive and Consume pages: a camera, a field to type in, a photo, and what came of it."""

import json
from typing import Any

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from inventory import scanning
from inventory.bookings import INTAKE, EventType
from inventory.forms import CodeForm, FrameForm, PhotoForm, StationForm, UndoForm, fresh_event_id
from inventory.models import ScanEvent
from inventory.scanning import Answer
from linesync.ground.people import DockRequest

recent_scans_max = 6
station_cookie_seconds = 365 * 24 * 3600


@require_http_methods(["GET", "HEAD", "POST"])
def scan(request: DockRequest, event_type: EventType) -> HttpResponse:
    """The page, and on POST one typed code or one photo."""
    if request.method != "POST":
        return _page(request, event_type, None)
    if "code" not in request.POST:
        return _photo(request, event_type)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _answer(
            request, event_type, Answer("refused", form.sentence()), typed=request.POST.get("code", "")[:500]
        )
    values = form.cleaned_data
    told = scanning.book_typed(
        values["code"], station_id=values["station"], event_type=event_type,
        user_email=request.person.email, event_id=values["event_id"],
    )  # fmt: skip
    return _answer(request, event_type, told)


@require_POST
def frame(request: DockRequest, event_type: EventType) -> HttpResponse:
    """One camera frame. 204: nothing new to tell and nothing new to remember."""
    form = FrameForm(request.POST, request.FILES, event_type=event_type)
    if not form.is_valid():
        # A damaged frame changes nothing about what is in view; only a page state that was refused is replaced.
        state = request.POST.get("state", "")
        if form.has_error(NON_FIELD_ERRORS) and "frame" in form.cleaned_data:
            station_id = form.cleaned_data["station"]
            state = scanning.afresh(form.cleaned_data["frame"], station_id, event_type).signed()
        context = {"told": Answer("refused", form.sentence()), "state": state}
        return _with_sound(render(request, "scan/_sight.html", context, status=422), "refused")
    before = form.cleaned_data["scene"]
    scene, told = scanning.look(before, form.cleaned_data["frame"], user_email=request.person.email)
    scene = scene.saying(told.sentence)
    if scene == before:
        return HttpResponse(status=204)
    context = {"told": told, "state": scene.signed(), "with_news": told.kind in ("booked", "repeat")}
    if context["with_news"]:
        context |= _news(event_type, scene.station_id, told)
    response = render(request, "scan/_sight.html", context)
    return _with_sound(response, told.kind) if told.sentence != before.said else response


@require_POST
def undo(request: DockRequest, event_type: EventType) -> HttpResponse:
    """Reverse one of the events listed on the page."""
    form = UndoForm(request.POST)
    if not form.is_valid():
        return _answer(request, event_type, Answer("refused", form.sentence()))
    told = scanning.undo(form.cleaned_data["event_id"], user_email=request.person.email)
    return _answer(request, event_type, told)


def _photo(request: DockRequest, event_type: EventType) -> HttpResponse:
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return _answer(request, event_type, Answer("refused", form.sentence()))
    labels, why_none = scanning.read_photo(form.cleaned_data["photo"])
    if not labels:
        return _answer(request, event_type, Answer("refused", why_none))
    # A person who sees what was read is the second reading that a single picture lacks.
    offers = [{"label": label, "event_id": fresh_event_id()} for label in labels]
    return _answer(request, event_type, None, offers=offers)


def _answer(request: DockRequest, event_type: EventType, told: Answer | None, **extra: Any) -> HttpResponse:
    """The whole page, or for htmx the words alone: 422 refused, 429 a repeat, 200 done or done before by this id."""
    status = {"refused": 422, "repeat": 429}.get(told.kind, 200) if told and not told.booking else 200
    if not request.htmx:
        return _page(request, event_type, told, status=status, **extra)
    station_id = _station(request)
    context = _news(event_type, station_id, told) | extra | {"with_news": True}
    response = render(request, "scan/_news.html", context, status=status)
    return _with_sound(response, told.kind if told else "hold")


def _page(
    request: DockRequest, event_type: EventType, told: Answer | None, status: int = 200, **extra: Any
) -> HttpResponse:
    station_id = _station(request)
    context = _news(event_type, station_id, told) | extra | {
        "page": "receive" if event_type == INTAKE else "consume",
        "stations": settings.STATIONS,
        "event_id": fresh_event_id(),
    }  # fmt: skip
    response = render(request, "scan/page.html", context, status=status)
    response.set_cookie(
        "station", station_id, max_age=station_cookie_seconds, samesite="Lax", secure=settings.HTTPS, httponly=False
    )
    return response


def _news(event_type: EventType, station_id: str, told: Answer | None) -> dict[str, Any]:
    return {
        "told": told,
        "event_type": event_type,
        "direction": "receive" if event_type == INTAKE else "consume",
        "station": station_id,
        "recent": ScanEvent.objects.recent_at(station_id, limit=recent_scans_max),
        "again_id": fresh_event_id(),
    }


def _station(request: DockRequest) -> str:
    """The station of this request, else the one that this device used last, else the first."""
    for named in (request.POST, request.GET, request.COOKIES):
        form = StationForm(named)
        if form.is_valid():
            return str(form.cleaned_data["station"])
    return str(settings.STATIONS[0])


def _with_sound(response: HttpResponse, kind: str) -> HttpResponse:
    response["HX-Trigger"] = json.dumps({"told": {"kind": kind}})
    return response
