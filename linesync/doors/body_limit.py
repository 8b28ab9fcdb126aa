"""How much one request may carry: refused by its announced length, before a byte of it is read."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from linesync.doors.problems import told

# Thirty photographed pages of a slip. A scan frame is 100 kB; each page limits what it takes again at its own door.
body_bytes_max = 128 * 1024 * 1024


class BodyLimit:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdigit()) or int(length) > body_bytes_max:
            megabytes = body_bytes_max // 2**20
            return told(request, "Too large", f"That is too much at once: the limit is {megabytes} MB.", 413)
        return self.get_response(request)
