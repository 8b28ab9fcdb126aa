"""Logs: one line per request with its id, and every other line with the id of the request that it belongs to."""

import json
import logging
import os
import re
import sys
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TextIO

from django.http import HttpRequest, HttpResponse

header = "X-Request-Id"
path_characters_max = 500
request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
logger = logging.getLogger("linesync.request")
_well_formed = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}")


class RequestLog:
    """Takes the proxy's request id or makes one, says it in the answer, and logs one line when the answer is there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        token = request_id.set(id_of(request))
        try:
            response = self.get_response(request)
            response[header] = request_id.get() or ""
            milliseconds = round((time.perf_counter() - started) * 1000, 1)
            facts = {
                "method": request.method,
                # Percent-encoded: a line break in an address must not write a line of its own.
                "path": request.get_full_path_info().partition("?")[0][:path_characters_max],
                "status": response.status_code,
                "milliseconds": milliseconds,
            }
            logger.info("request", extra={"facts": facts})
            return response
        finally:
            request_id.reset(token)


def id_of(request: HttpRequest) -> str:
    """The proxy's id when it is one; a foreign text that could forge or break a log line is replaced."""
    given = request.headers.get(header, "")
    return given if _well_formed.fullmatch(given) else uuid.uuid4().hex


class JsonLine(logging.Formatter):
    """A record as one line of JSON: time, level, logger, message, request id, the request's facts, the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id.get():
            line["request_id"] = request_id.get()
        line |= getattr(record, "facts", {})
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


class TextLine(logging.Formatter):
    """The same for a person at a terminal: `14:02:11 INFO linesync.request: request GET / 200 3.1 ms`."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name}: {message}", "%H:%M:%S", "{")

    def format(self, record: logging.LogRecord) -> str:
        facts = getattr(record, "facts", {})
        return " ".join([super().format(record), *(str(value) for value in facts.values())])


def formatter() -> logging.Formatter:
    """LOG_FORMAT=json or text; without it JSON in Databricks Apps, whose log view searches it, and text elsewhere."""
    return JsonLine() if _for_machines() else TextLine()


def console() -> logging.StreamHandler[TextIO]:
    """JSON goes to stdout, which is the log there; text to stderr, so that a command's own output stays clean."""
    return logging.StreamHandler(sys.stdout if _for_machines() else sys.stderr)


def _for_machines() -> bool:
    default = "json" if os.environ.get("DATABRICKS_APP_NAME") else "text"
    return (os.environ.get("LOG_FORMAT") or default).casefold() == "json"
