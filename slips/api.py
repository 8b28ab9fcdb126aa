"""The API's call on a packing slip: a picture or a PDF in, its lines out. Nothing is kept and nothing is booked."""

from typing import Annotated

from ninja import File, Router
from ninja.files import UploadedFile
from pydantic import BaseModel, Field

from linesync.ground.numbers import event_pieces_max
from linesync.ground.people import DockRequest
from linesync.ground.wire import IdempotencyKey, refusals, takes_long
from slips.paper.pages import slip_bytes_max
from slips.queue import read_now
from slips.values import Confidence

router = Router(tags=["slips"])


class LineOut(BaseModel):
    """A line as it was read; a person looks at it before it is booked."""

    item_id: str
    qty: int
    description: str
    confidence: Confidence


class SlipOut(BaseModel):
    """What a packing slip says. Null: not found on the paper."""

    items: list[LineOut]
    vendor: str | None
    po_number: str | None
    ship_date: Annotated[str | None, Field(description="ISO 8601 where it could be read.")]
    notes: Annotated[str, Field(description="What a person should know, lines without a whole quantity included.")]


@router.post("/parse-packing-slip", response={200: SlipOut} | refusals(400, 403, 409, 411, 413, 415))
@takes_long
def parse_packing_slip(
    request: DockRequest,
    file: Annotated[
        UploadedFile, File(description=f"JPEG, PNG, WebP, GIF or PDF, up to {slip_bytes_max // 1024**2} MB.")
    ],
    idempotency_key: IdempotencyKey = None,
) -> SlipOut:
    """Read a packing slip. Book what a person has checked with `POST /api/events/bulk-intake`."""
    said = read_now.read(file.read(), file.name or "")
    whole = [line for line in said["items"] if isinstance(line["qty"], int) and 1 <= line["qty"] <= event_pieces_max]
    odd = [f"{line['qty']} of {line['item_id']}" for line in said["items"] if line not in whole]
    notes = [said["notes"], f"Not taken as lines: {', '.join(odd)}." if odd else ""]
    return SlipOut(
        items=[LineOut.model_validate(line) for line in whole],
        vendor=said["vendor"],
        po_number=said["po_number"],
        ship_date=said["ship_date"],
        notes=" ".join(filter(None, notes)),
    )
