"""Which names we answer to. A foreign page can point a name of its own at us, but cannot make it one of ours."""

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port, validate_host

from linesync.doors.problems import told


class HostDoor:
    """Answers 400 with a sentence to a request for another name, before anything else looks at it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = request._get_raw_host()  # type: ignore[attr-defined]
        name, _port = split_domain_port(host)
        if not is_answered(name):
            return told(request, "Not our name", _refusal(name), 400)
        # Django would ask again, of the list alone, which knows no ranges of addresses.
        request.get_host = lambda: host  # type: ignore[method-assign]
        return self.get_response(request)


def is_answered(name: str) -> bool:
    """Whether ALLOWED_HOSTS lists it, or it is a local network's address where those are answered."""
    return validate_host(name, settings.ALLOWED_HOSTS) or (settings.LOCAL_ADDRESSES_ANSWERED and is_local(name))


def is_local(name: str) -> bool:
    """Whether it is written as an address that no public network has. An address cannot be pointed elsewhere."""
    try:
        return not ipaddress.ip_address(name.strip("[]")).is_global
    except ValueError:
        return False


def _refusal(name: str) -> str:
    if not name:
        return "This request names no host that LineSync could answer for. Open the address that it printed at start."
    return (
        f"LineSync does not answer to the name {name}. If that is this server's own name, "
        f"whoever runs it says so in a setting: ALLOWED_HOSTS={name}"
    )
