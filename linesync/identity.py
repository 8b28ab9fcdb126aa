"""Who is there: the proxy's headers where they can be trusted, the environment's name on a laptop, nothing else."""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from signals.people import Person

open_paths = ("/healthz", "/readyz", "/static/", "/api/health")


class Identify:
    """Sets `request.person` on every request; behind the proxy a request without an identity gets a 401."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = person_of(request)
        if settings.TRUST_PROXY_HEADERS and not person.email and not request.path.startswith(open_paths):
            return nobody_there(request)
        request.person = person  # type: ignore[attr-defined]
        return self.get_response(request)


def person_of(request: HttpRequest) -> Person:
    """Reads nothing but headers (or settings): asking who is there costs no query."""
    if not settings.TRUST_PROXY_HEADERS:
        return _person(settings.USER_EMAIL, settings.USER_NAME)
    headers = request.headers
    return _person(headers.get("X-Forwarded-Email", ""), headers.get("X-Forwarded-Preferred-Username", ""))


def may_review(email: str) -> bool:
    """Whether REVIEWERS names this address or, as `@example.com`, its domain, or it belongs to REVIEWERS_GROUP.

    Case does not matter. Costs a query only where a group is named and the list does not decide.
    """
    address = email.casefold()
    entries = {entry.strip().casefold() for entry in settings.REVIEWERS}
    listed = address in entries or "@" + address.rpartition("@")[2] in entries
    return bool(address) and (listed or _is_in_reviewers_group(address))


def nobody_there(request: HttpRequest) -> HttpResponse:
    sentence = "The proxy did not say who you are. Open LineSync through its Databricks Apps address and sign in there."
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": sentence}, status=401)
    return render(request, "problem.html", {"title": "Who are you?", "sentence": sentence}, status=401)


def _is_in_reviewers_group(address: str) -> bool:
    if not settings.REVIEWERS_GROUP:
        return False
    users = get_user_model().objects.filter(username=address, is_active=True)
    return users.filter(groups__name=settings.REVIEWERS_GROUP).exists()


def _person(email: str, name: str) -> Person:
    email = email.strip()[:320]
    return Person(email=email or None, name=name.strip()[:200], review_check=partial(may_review, email))
