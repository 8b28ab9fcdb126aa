"""The API's calls on what is running low."""

from typing import Annotated, Self
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from ninja import Path, Query, Router
from pydantic import BaseModel, Field

from linesync.ground.people import DockRequest
from linesync.ground.wire import (
    BadCursor,
    Cursor,
    IdempotencyKey,
    Limit,
    Moment,
    PageOfList,
    capped,
    cursor_of,
    place_of,
    refusals,
)
from signals.models import Signal
from signals.stories import OPEN, NoSuchSignal, Status

router = Router(tags=["signals"])


class SignalOut(BaseModel):
    """One need to restock, as its newest row tells it."""

    signal_id: UUID
    created_ts: Annotated[Moment, Field(description="When it got this status.")]
    item_id: str
    current_qty: Annotated[int, Field(description="On hand now.")]
    reorder_point: int
    reorder_qty: int
    status: Status

    @classmethod
    def of(cls, signal: Signal) -> Self:
        """A signal as its list shows it."""
        return cls.model_construct(**{name: getattr(signal, name) for name in cls.model_fields})


class SignalsPage(PageOfList):
    """Signals, the one that changed last first."""

    signals: list[SignalOut]
    total_open: Annotated[int, Field(description="All signals that are OPEN, not only this page's.")]


@router.get("/signals", response={200: SignalsPage} | refusals())
def list_signals(
    request: DockRequest, status: Annotated[Status | None, Query()] = None, limit: Limit = 50, cursor: Cursor = None
) -> SignalsPage:
    """What runs low, what somebody has seen, what was restocked."""
    limit = capped(limit)
    found = Signal.objects.order_by("-row_id")
    found = found.filter(status=status) if status else found
    found = found.filter(row_id__lt=_row_of(cursor)) if cursor else found
    rows = list(found[: limit + 1])
    page = rows[:limit]
    return SignalsPage.model_construct(
        signals=[SignalOut.of(signal) for signal in page],
        limit=limit,
        next_cursor=cursor_of(page[-1].row_id) if len(rows) > limit else None,
        total_open=Signal.objects.filter(status=OPEN).count(),
    )


@router.post("/signals/{signal_id}/acknowledge", response={200: SignalOut} | refusals(403, 404, 409, 411, 413, 415))
def acknowledge(
    request: DockRequest, signal_id: Annotated[UUID, Path()], idempotency_key: IdempotencyKey = None
) -> SignalOut:
    """Say that somebody has seen it. For reviewers; 409 when somebody else, or the stock itself, was first."""
    if not request.person.may_review:
        raise PermissionDenied("Only reviewers acknowledge signals. Ask your LineSync operator.")
    try:
        Signal.objects.acknowledge(signal_id, user_email=request.person.email)
    except NoSuchSignal as missing:
        raise Http404(f"Signal not found: {signal_id}") from missing
    return SignalOut.of(Signal.objects.get(signal_id=signal_id))


def _row_of(cursor: str) -> int:
    match place_of(cursor):
        case [int() as row_id] if 0 < row_id < 2**31:
            return row_id
    raise BadCursor
