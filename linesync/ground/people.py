"""Who is at the other end of a request."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the proxy (or a laptop's environment) vouches for. `email` None: nobody said who this is."""

    email: str | None
    name: str = ""
    review_check: Callable[[], bool] = lambda: False

    @property
    def may_review(self) -> bool:
        """Whether this person may act on signals. Asked only where it matters: it may cost a query."""
        return self.review_check()

    @property
    def display_name(self) -> str:
        return self.name or (self.email or "").split("@")[0] or "unknown"


class DockRequest(HttpRequest):
    """A request after the middleware: who sends it, and whether htmx does."""

    person: Person
    htmx: HtmxDetails


def by_whom(user_email: str | None) -> str:
    """The part of an address that people call each other by."""
    return (user_email or "").partition("@")[0] or "somebody unknown"
