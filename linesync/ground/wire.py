"""How the API's common parts look on the wire: refusals, keys, moments, limits and cursors."""

import base64
import binascii
import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, TypeVar

from ninja import Header, Query
from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field, PlainSerializer, WithJsonSchema

page_rows_max = 1000
cursor_characters_max = 400
View = TypeVar("View", bound=Callable[..., Any])
_timestamp = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


class Problem(BaseModel):
    """What every refusal looks like."""

    detail: Annotated[str, Field(description="What is wrong, in a sentence.")]


class PageOfList(BaseModel):
    """What every list tells beside its rows."""

    limit: Annotated[int, Field(description=f"How many rows a page holds at most; {page_rows_max} is the cap.")]
    next_cursor: Annotated[str | None, Field(description="Brings the next page; null when this was the last.")]


def refusals(*statuses: int) -> dict[Any, type[BaseModel]]:
    """The `response` entries of these refusals and of those that every call may meet."""
    return {frozenset({401, 403, 422, 503, *statuses}): Problem}


def takes_long(view: View) -> View:
    """Mark a view that works for seconds and books nothing: no transaction is held open around it."""
    view.takes_long = True  # type: ignore[attr-defined]
    return view


def _timestamp_text(value: Any) -> Any:
    if isinstance(value, str) and not _timestamp.fullmatch(value):
        raise ValueError("A moment is written as ISO 8601 with offset: 2026-01-31T15:00:00+00:00 (in a URL + is %2B).")
    return value


def capped(limit: int) -> int:
    """What a page holds at most, whatever was asked for."""
    return min(limit, page_rows_max)


Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_timestamp_text),
    PlainSerializer(datetime.isoformat),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Limit = Annotated[int, Query(ge=1, description=f"Rows of a page; more than {page_rows_max} are capped.")]
Cursor = Annotated[
    str | None,
    Query(max_length=cursor_characters_max, description="The `next_cursor` of the page before."),
]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern="^[!-~]{1,255}$",
        description="1 to 255 printable ASCII characters, yours to choose. The same key and body again: the first "
        "answer, nothing written.",
    ),
]


class BadCursor(Exception):
    """A cursor that no page of ours handed out."""

    def __init__(self) -> None:
        super().__init__("This cursor is not one that this list handed out. Start again without one.")


def cursor_of(*place: str | int) -> str:
    """The place of a page's last row, as an opaque word for the client."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def place_of(cursor: str) -> list[Any]:
    """The inverse of `cursor_of`. Raises BadCursor; what stands in the place is the caller's to check."""
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error) as error:
        raise BadCursor from error
    if not isinstance(place, list):
        raise BadCursor
    return place
