"""Who is there: the proxy's headers where they can be trusted, the environment's name on a laptop, nothing else."""

import re
from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse

from linesync.doors.problems import told
from linesync.ground.people import Person

open_paths = {"/healthz", "/readyz", "/api/health"}
open_folder = "/static/"
email_characters_max = 320
name_characters_max = 200
# Two headers of one name arrive joined by a comma: whoever added the second one is not who they say.
_one_address = re.compile(rf"[^\s,;\x00-\x1f\x7f]{{1,{email_characters_max}}}")


class Identify:
    """Sets `request.person` on every request; behind the proxy a request without an identity gets a 401."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = person_of(request)
        if settings.TRUST_PROXY_HEADERS and not person.email and not _is_open(request.path):
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
    return told(request, "Who are you?", sentence, 401)


def _is_open(path: str) -> bool:
    return path in open_paths or path.startswith(open_folder)


def _is_in_reviewers_group(address: str) -> bool:
    if not settings.REVIEWERS_GROUP:
        return False
    users = get_user_model().objects.filter(username=address, is_active=True)
    return users.filter(groups__name=settings.REVIEWERS_GROUP).exists()


def _person(email: str, name: str) -> Person:
    address = email.strip() if _one_address.fullmatch(email.strip()) else ""
    name = name.strip()[:name_characters_max]
    return Person(email=address or None, name=name, review_check=partial(may_review, address))
