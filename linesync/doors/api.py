"""The door of the JSON API: no other site's page gets in, and nothing but JSON comes out."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

api_path = "/api/"
multipart_path = "/api/parse-packing-slip"
json_body_bytes_max = 1024 * 1024
# The slip's own limit says its sentence first; this one bounds what is read at all.
multipart_body_bytes_max = 25 * 1024 * 1024
safe_methods = ("GET", "HEAD", "OPTIONS", "TRACE")


class ApiDoor:
    """Refuses, before anything is read, what a browser sends for another site, what is no JSON, what is too large.

    Whatever answer comes from further inside as a page (a wrong method, a strange host) leaves as `{"detail": …}`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(api_path):
            return self.get_response(request)
        refused = None if request.method in safe_methods else _refusal(request)
        return _as_json(refused or self.get_response(request))


def _refusal(request: HttpRequest) -> HttpResponse | None:
    if not _from_here(request):
        return _told(403, "This request came from a page of another site. CORS_ORIGINS lists the sites that may.")
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if not length and "Transfer-Encoding" in request.headers:
        return _told(411, "The body came without a Content-Length header: send it whole, not in chunks.")
    multipart = request.path == multipart_path
    wanted = "multipart/form-data" if multipart else "application/json"
    if request.content_type != wanted and (request.content_type or length):
        return _told(415, f"Send this as {wanted}: the Content-Type header says {request.content_type or 'nothing'}.")
    bytes_max = multipart_body_bytes_max if multipart else json_body_bytes_max
    if length > bytes_max:
        return _told(413, f"The body has {length:,} bytes; at most {bytes_max:,} are allowed.")
    return None


def _from_here(request: HttpRequest) -> bool:
    """Whether a browser's own headers, which no page can forge, speak for us. Programs send none of them."""
    origin = request.headers.get("Origin")
    if origin in settings.CORS_ORIGINS:
        return True
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    return origin is None or urlsplit(origin).netloc == request.get_host()


def _as_json(response: HttpResponse) -> HttpResponse:
    if response.status_code < 400 or response.get("Content-Type", "").startswith("application/json"):
        return response
    told = _told(response.status_code, _sentence(response.status_code))
    for name in ("Allow", "Retry-After"):
        if name in response:
            told[name] = response[name]
    return told


def _sentence(status: int) -> str:
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return "This call does not know this method; the Allow header names those that it knows."
    return f"{HTTPStatus(status).phrase}."


def _told(status: int, sentence: str) -> HttpResponse:
    return JsonResponse({"detail": sentence}, status=status)
