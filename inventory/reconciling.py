"""Gold beside the floor: every difference, and what it probably comes from."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Sum

from inventory.lakehouse import Lakehouse
from inventory.models import GoldRefresh, ScanEvent, Stock
from linesync.ground.rows import Row
from signals.models import Signal

Pieces = tuple[int, int]
NOTHING: Pieces = (0, 0)
# Each reads an item's events on both sides; when more than this differ, it is one cause and not many.
causes_sought_max = 20


@dataclass(frozen=True)
class Difference:
    """One item or signal that gold and the floor tell differently. `is_drift` False: gold is only older."""

    what: str
    gold: str
    floor: str
    cause: str
    is_drift: bool

    def __str__(self) -> str:
        return f"{self.what}: gold {self.gold}, floor {self.floor}: {self.cause}"


def differences(lakehouse: Lakehouse) -> list[Difference]:
    """Every difference, drift first. Call it inside a REPEATABLE READ transaction, so that the floor stands still."""
    found = [*_item_differences(lakehouse), *_signal_differences(lakehouse)]
    return sorted(found, key=lambda difference: not difference.is_drift)


def _item_differences(lakehouse: Lakehouse) -> Iterator[Difference]:
    gold = {item: (row["total_intake"], row["total_consumed"]) for item, row in lakehouse.inventory().items()}
    floor = {row.item_id: (row.intake_total, row.consume_total) for row in Stock.objects.all()}
    items = sorted(item for item in gold.keys() | floor.keys() if gold.get(item) != floor.get(item))
    if not items:
        return
    written = GoldRefresh.objects.events_since(lakehouse.refresh.first_unseen, item_ids=items)
    read = lakehouse.read_of({str(event["event_id"]) for event in written})
    younger = _by_item([event for event in written if str(event["event_id"]) not in read])
    rejected = _by_item(lakehouse.rejected_events(items))
    sought = 0
    for item in items:
        here, there = gold.get(item, NOTHING), floor.get(item, NOTHING)
        missing = _minus(_minus(there, here), _pieces(younger[item]))
        is_drift = missing != NOTHING
        if not is_drift:
            cause = _only_younger(lakehouse, younger[item])
        elif sought == causes_sought_max:
            cause = f"not looked into, since {causes_sought_max} items were"
        else:
            cause = _why(lakehouse, item, missing, rejected[item], younger[item])
            sought += 1
        yield Difference(f"item {item}", _told(here), _told(there), cause, is_drift)


def _why(lakehouse: Lakehouse, item: str, missing: Pieces, rejected: Sequence[Row], younger: Sequence[Row]) -> str:
    if rejected and _pieces(rejected) == missing:
        return f"{len(rejected)} rejected by {_rules(rejected)}, see silver_scan_events_rejected"
    ledger = _ledger_pieces(item)
    stock = Stock.objects.filter(item_id=item).first()
    if ledger != ((stock.intake_total, stock.consume_total) if stock else NOTHING):
        return "the floor's stock is not the sum of its events: run manage.py audit_inventory"
    read, written = lakehouse.event_ids(item), _event_ids(item)
    unread = written - read - {str(event["event_id"]) for event in younger}
    if unread:
        return f"{len(unread)} events of before the refresh are missing in bronze, such as {min(unread)}"
    if surplus := read - written:
        return f"{len(surplus)} events in bronze are not on the floor, such as {min(surplus)}"
    return "the events agree, so silver or gold is wrong"


def _only_younger(lakehouse: Lakehouse, younger: Sequence[Row]) -> str:
    late = sum(event["event_ts"] <= lakehouse.refresh.snapshot_ts for event in younger)
    counted = "1 event" if len(younger) == 1 else f"{len(younger)} events"
    return f"{counted} written after the refresh" + (f", {late} of them with an earlier time" if late else "")


def _signal_differences(lakehouse: Lakehouse) -> Iterator[Difference]:
    gold = {key: _signal_told(row["status"], row["item_id"]) for key, row in lakehouse.signals().items()}
    gold |= {
        key: _signal_told("OPEN", row["item_id"], row["qty_at_signal"]) for key, row in lakehouse.open_signals().items()
    }
    floor = {
        str(signal_id): _signal_told(status, item_id, qty if status == "OPEN" else None)
        for signal_id, status, item_id, qty in Signal.objects.order_by().values_list(
            "signal_id", "status", "item_id", "triggered_at_qty"
        )
    }
    signals = sorted(key for key in gold.keys() | floor.keys() if gold.get(key) != floor.get(key))
    if not signals:
        return
    read = lakehouse.signal_row_ids(signals)
    written = GoldRefresh.objects.signal_rows_since(lakehouse.refresh.first_unseen, signal_ids=signals)
    younger = {str(row["signal_id"]) for row in written if row["id"] not in read}
    rejected = lakehouse.rejected_signal_rows(signals)
    for key in signals:
        refused = [row for row in rejected if row["signal_id"] == key]
        is_drift = key not in younger
        cause = _signal_cause(refused, on_floor=key in floor) if is_drift else "changed after the refresh"
        yield Difference(f"signal {key}", gold.get(key, "not there"), floor.get(key, "not there"), cause, is_drift)


def _signal_cause(refused: Sequence[Row], *, on_floor: bool) -> str:
    if refused:
        return f"{len(refused)} rows rejected by {_rules(refused)}, see silver_replenishment_signals_rejected"
    return "the refresh missed its newest row, or silver or gold is wrong" if on_floor else "not on the floor"


def _by_item(events: Sequence[Row]) -> defaultdict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for event in events:
        found[event["item_id"]].append(event)
    return found


def _pieces(events: Sequence[Row]) -> Pieces:
    sums = {"INTAKE": 0, "CONSUME": 0}
    for event in events:
        if event["event_type"] in sums:
            sums[event["event_type"]] += event["qty"] or 0
    return sums["INTAKE"], sums["CONSUME"]


def _ledger_pieces(item: str) -> Pieces:
    totals = ScanEvent.objects.filter(item_id=item).values("event_type").order_by("event_type").annotate(n=Sum("qty"))
    sums = {row["event_type"]: row["n"] for row in totals}
    return sums.get("INTAKE", 0), sums.get("CONSUME", 0)


def _event_ids(item: str) -> set[str]:
    return {str(event_id) for event_id in ScanEvent.objects.filter(item_id=item).values_list("event_id", flat=True)}


def _minus(one: Pieces, other: Pieces) -> Pieces:
    return one[0] - other[0], one[1] - other[1]


def _rules(refused: Sequence[Row]) -> str:
    return ", ".join(sorted({rule for row in refused for rule in row["failed_rules"]}))


def _told(pieces: Pieces) -> str:
    return f"{pieces[0] - pieces[1]} on hand ({pieces[0]} in, {pieces[1]} out)"


def _signal_told(status: str, item: str, qty: int | None = None) -> str:
    return f"{status.lower()} for {item}" + ("" if qty is None else f" at {qty}")
