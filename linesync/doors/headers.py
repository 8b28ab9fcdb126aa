"""Headers that every answer carries: whose it is, the camera for ourselves only, and no cache on the way."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from linesync import version


class PermissionsPolicy:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", "camera=(self), microphone=(), geolocation=(), payment=()")
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class OwnAnswer:
    """Says that an answer is ours, refusals included. Pages take no other in (static/answers.js)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers["X-LineSync"] = version
        return response
