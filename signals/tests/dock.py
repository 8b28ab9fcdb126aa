"""What the tests of this app have the dock do. They go through the ledger, as every page does."""

from uuid import UUID

from inventory.bookings import CONSUME, INTAKE, Booking, Scan
from inventory.models import ScanEvent
from signals.models import Signal

dana, sam = "dana@example.com", "sam@example.com"


def take_in(qty: int, item_id: str = "PART-1", by: str | None = dana) -> Booking:
    return ScanEvent.objects.record(Scan(INTAKE, "DOCK-1", f"ITEM={item_id};QTY={qty}", item_id, qty, by))


def consume(qty: int, item_id: str = "PART-1", by: str | None = dana) -> Booking:
    return ScanEvent.objects.record(Scan(CONSUME, "LINE-1", f"ITEM={item_id};QTY={qty}", item_id, qty, by))


def run_low(item_id: str = "PART-1", by: str | None = dana) -> UUID:
    """14 pieces, of which 6 are taken: 8 are left, and 10 is the reorder point. Returns the signal's id."""
    take_in(14, item_id, by)
    signal_id = consume(6, item_id, by).signal_id
    assert signal_id
    return signal_id


def statuses(signal_id: UUID) -> list[str]:
    return [step.status for step in Signal.objects.history(signal_id)]
