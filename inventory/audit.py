"""Counts the ledger again from its first event and says where the stock that the pages show differs."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.db import connection, transaction

from inventory.models import ScanEvent, Stock
from signals.models import Signal

slices = 12


@dataclass(slots=True)
class Level:
    """Pieces in and out and the last activity of one item; None: it never moved."""

    intake: int = 0
    consume: int = 0
    last_ts: datetime | None = None

    def __str__(self) -> str:
        last = f"{self.last_ts:%Y-%m-%d %H:%M:%S%z}" if self.last_ts else "never"
        return f"{self.intake} in, {self.consume} out, {self.intake - self.consume} on hand, last activity {last}"


def differences(*, progress: Callable[[int, int], None]) -> Iterator[str]:
    """One sentence for each item or signal that differs. `progress` is told slices done and slices in all.

    Everything is read from one moment's snapshot, so that scans booked meanwhile are no differences.
    """
    with transaction.atomic():
        _read_one_moment()
        counted = _counted(progress)
        shown = {item_id: Level(*level) for item_id, level in Stock.objects.totals().items()}
        for item_id in sorted(counted.keys() | shown.keys()):
            real, kept = counted.get(item_id, Level()), shown.get(item_id, Level())
            if real != kept:
                yield f"{item_id}: the events say {real}; inventory_current says {kept}."
        yield from Signal.objects.differences()


def _read_one_moment() -> None:
    # Inside of a transaction that has begun to read (a test's) this cannot be set any more; there nobody else writes.
    with connection.cursor() as cursor:
        if not connection.savepoint_ids:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _counted(progress: Callable[[int, int], None]) -> dict[str, Level]:
    """The sums over all events, a slice of time after the other."""
    levels: dict[str, Level] = defaultdict(Level)
    edges = ScanEvent.objects.edges(slices)
    for done, (since, until) in enumerate(pairwise(edges), start=1):
        for item_id, intake, consume, last_ts in ScanEvent.objects.summed(since=since, until=until):
            level = levels[item_id]
            level.intake += intake
            level.consume += consume
            level.last_ts = max(level.last_ts or last_ts, last_ts)
        progress(done, len(edges) - 1)
    return levels
