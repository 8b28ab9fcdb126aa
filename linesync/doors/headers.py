"""Headers that every answer carries: the camera is for ourselves only, and nothing is kept by caches on the way."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class PermissionsPolicy:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", "camera=(self), microphone=(), geolocation=(), payment=()")
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response
