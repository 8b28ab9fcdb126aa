"""The JSON API, put together: each app's calls, one shape for refusals, the OpenAPI document and its page."""

from math import ceil
from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied
from django.db import Error as DatabaseError
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.docs import Swagger
from pydantic import BaseModel

import inventory.api
import linesync
import signals.api
import slips.api
from inventory.bookings import RepeatedScan, TakenId
from inventory.labels import BadLabel
from linesync.doors.idempotency import answered_once
from linesync.ground.people import DockRequest
from linesync.ground.wire import BadCursor, refusals
from signals.stories import Overtaken
from slips.paper.pages import BadSlip
from slips.queue.read_now import Busy, retry_after_seconds

api = NinjaAPI(
    title="LineSync",
    version=linesync.version,
    description="Cartons in, cartons out, what is on hand and what runs low.",
    urls_namespace="api",
    docs=Swagger(settings={"validatorUrl": None}),
    openapi_extra={"info": {"license": {"name": "AGPL-3.0-only", "identifier": "AGPL-3.0-only"}}},
)
api.add_decorator(answered_once)
api.add_router("", inventory.api.router)
api.add_router("", signals.api.router)
api.add_router("", slips.api.router)


class Health(BaseModel):
    """Whether the process answers, and whether its database does."""

    status: str
    version: str
    database: str


class Me(BaseModel):
    """Who the proxy (or a laptop's environment) says is asking. `is_authenticated` false: it says nobody."""

    email: str | None
    name: str
    display_name: str
    is_authenticated: bool


@api.get("/health", response={200: Health}, tags=["house"])
def health(request: HttpRequest) -> Health:
    """Always 200: `database` tells the rest. A balancer asks `/readyz` instead."""
    return Health(status="ok", version=linesync.version, database="connected" if _connected() else "disconnected")


@api.get("/me", response={200: Me} | refusals(), tags=["house"])
def me(request: DockRequest) -> Me:
    """Who is asking."""
    person = request.person
    return Me(
        email=person.email,
        name=person.name,
        display_name=person.display_name,
        is_authenticated=person.email is not None,
    )


def _connected() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _refused(status: int, sentence: str) -> HttpResponse:
    return JsonResponse({"detail": sentence}, status=status)


@api.exception_handler(BadLabel)
def _bad_label(request: HttpRequest, error: BadLabel) -> HttpResponse:
    return _refused(400, str(error))


@api.exception_handler(BadCursor)
def _bad_cursor(request: HttpRequest, error: BadCursor) -> HttpResponse:
    return _refused(422, str(error))


@api.exception_handler(TakenId)
def _taken_id(request: HttpRequest, error: TakenId) -> HttpResponse:
    return _refused(409, "This Idempotency-Key booked something else. Every booking needs a key of its own.")


@api.exception_handler(Overtaken)
def _overtaken(request: HttpRequest, error: Overtaken) -> HttpResponse:
    return _refused(409, str(error))


@api.exception_handler(BadSlip)
def _bad_slip(request: HttpRequest, error: BadSlip) -> HttpResponse:
    return _refused(400, str(error))


@api.exception_handler(Busy)
def _busy(request: HttpRequest, error: Busy) -> HttpResponse:
    response = _refused(503, str(error))
    response["Retry-After"] = str(retry_after_seconds)
    return response


@api.exception_handler(RepeatedScan)
def _repeated_scan(request: HttpRequest, error: RepeatedScan) -> HttpResponse:
    seconds = max(1, ceil(error.seconds_left))
    sentence = (
        f"The same label was booked at this station a moment ago. If it is another carton, send it again in {seconds} "
        "s, or with an Idempotency-Key of its own."
    )
    response = _refused(429, sentence)
    response["Retry-After"] = str(seconds)
    return response


@api.exception_handler(PermissionDenied)
def _not_allowed(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return _refused(403, str(error))


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return _refused(404, str(error))


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _refused(error.status_code, str(error))


@api.exception_handler(ValidationError)
def _not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422; 400 where one line of a delivery is bad, which is then named as a person counts."""
    first = error.errors[0]
    match first["loc"]:
        case ("body", _, "items", int() as place, *field):
            return _refused(400, f"Line {place + 1}{_named(field)}: {_sentence(first)} Nothing was booked.")
        case ("body", _, *field) | (_, *field):
            return _refused(422, f"{_named(field).strip(', ') or 'The body'}: {_sentence(first)}")
    return _refused(422, _sentence(first))


@api.exception_handler(Exception)
def _broken(request: HttpRequest, error: Exception) -> NoReturn:
    # Ninja would print a traceback while debugging; the middleware knows what to say and what to log.
    raise error


def _named(field: list[Any]) -> str:
    return "".join(f", {name}" for name in field)


def _sentence(error: dict[str, Any]) -> str:
    return str(error["msg"]).removeprefix("Value error, ").rstrip(".") + "."
