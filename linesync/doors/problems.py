"""What people and programs are told when something outside a form goes wrong: a sentence, never a traceback."""

import logging
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from psycopg.errors import DiskFull, LockNotAvailable, QueryCanceled, ReadOnlySqlTransaction

logger = logging.getLogger(__name__)
retry_after_seconds = 3


class DatabaseLost:
    """Turns a lost database into a 503 that says so, whatever page or call it hit."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """None for every other error: those crash, are logged, and show the 500 page."""
        if not is_lost(error):
            return None
        logger.error("database lost: %s", error)
        response = told(request, *_words(error), 503)
        response["Retry-After"] = str(retry_after_seconds)
        return response


_what_to_do = "Try again in a moment; if it stays so, tell whoever runs LineSync."


def _words(error: Exception) -> tuple[str, str]:
    cause = error.__cause__
    if isinstance(cause, LockNotAvailable):
        return "Busy", f"Other work that is not finished holds this in the database. Nothing was booked. {_what_to_do}"
    if isinstance(cause, QueryCanceled):
        return "Too slow", f"The database took too long over this. Nothing was booked. {_what_to_do}"
    if isinstance(cause, DiskFull):
        return "Disk full", "The disk of the database is full. Nothing was booked; tell whoever runs LineSync."
    if isinstance(cause, ReadOnlySqlTransaction):
        return "Read only", "The database takes no bookings just now: it is read only. Nothing was booked; try again."
    return "No database", "The database does not answer. Nothing was booked; try again."


def is_lost(error: BaseException) -> bool:
    return (
        isinstance(error, (OperationalError, InterfaceError))
        or isinstance(error.__cause__, ReadOnlySqlTransaction)
        or (isinstance(error, DatabaseError) and "connection" in str(error))
    )


def told(request: HttpRequest, title: str, sentence: str, status: int) -> HttpResponse:
    """A page for people, a fragment for htmx, `{"detail": …}` for programs."""
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": sentence}, status=status)
    context = {"title": title, "sentence": sentence}
    if request.headers.get("HX-Request"):
        return render(request, "problem/_sentence.html", context, status=status)
    return render(request, "problem/page.html", context | _again(request, status), status=status)


def _again(request: HttpRequest, status: int) -> dict[str, Any]:
    """What a form posted, for a retry that keeps it. Files cannot be sent back, and a refusal is no use to repeat."""
    if request.method != "POST" or status < 500 or request.FILES:
        return {}
    posted = [(name, value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"]
    return {"again": posted, "typed": request.POST.get("code", "")}


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return told(request, "Page too old", "This page is from an earlier visit. Reload it and do it again.", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return told(request, "Not here", f"There is nothing at {request.path[:200]}.", 404)


def broken(request: HttpRequest) -> HttpResponse:
    return told(request, "Our mistake", "LineSync made a mistake here and has logged it. Nothing was half done.", 500)
