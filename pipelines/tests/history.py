"""Random histories of a floor, the same for the same seed: undo pairs, ties, late and bad rows among them."""

import random
from datetime import timedelta

from pipelines.tests.floor import Row, event, moment, signal

_BAD: tuple[Row, ...] = (
    {"event_type": "MOVE"},
    {"qty": 0},
    {"qty": None},
    {"item_id": " "},
    {"item_id": None},
    {"event_id": None},
)


def events(seed: object, count: int, *, start: str = "2026-01-01 00:00", days: int = 70) -> list[Row]:
    """Events of a dozen items over `days`, a tenth of them undone, some undos undone again, a few rows bad."""
    dice = random.Random(f"events {seed}")
    rows: list[Row] = []
    for number in range(count):
        at = moment(start) + timedelta(seconds=dice.randrange(days * 86_400), microseconds=dice.randrange(10**6))
        undone = dice.choice(rows) if rows and dice.random() < 0.1 else None
        if undone and undone["qty"] and undone["event_id"]:
            rows.append(_undo(dice, f"{seed}-{number}", undone))
            continue
        item = f"PART-{dice.randrange(12)}"
        kind, qty = dice.choice(("INTAKE", "CONSUME", "CONSUME")), dice.randrange(1, 60)
        row = event(f"{seed}-{number}", event_type=kind, qty=qty, item_id=item, event_ts=at)
        row["station_id"] = f"DOCK-{dice.randrange(4)}"
        rows.append(row | dice.choice(_BAD) if dice.random() < 0.03 else row)
    return rows


def signals(
    seed: object, count: int, *, start: str = "2026-01-01 00:00", days: int = 70, first_id: int = 1
) -> list[Row]:
    """Stories of signals, their rows interleaved, with ties in created_ts and clocks that run backwards."""
    dice = random.Random(f"signals {seed}")
    rows: list[Row] = []
    for number in range(count):
        at = moment(start) + timedelta(seconds=dice.randrange(days * 86_400))
        steps = dice.choice(
            (["OPEN"], ["OPEN", "ACKNOWLEDGED"], ["OPEN", "FULFILLED"], ["OPEN", "ACKNOWLEDGED", "FULFILLED"])
        )
        story: Row = {"item_id": f"PART-{dice.randrange(14)}", "triggered_at_qty": dice.randrange(-5, 11)}
        for status in steps:
            rows.append(signal(0, f"{seed}-{number}", status=status, **(story | {"created_ts": at})))
            at += timedelta(seconds=dice.choice((0, -3, 40, 4000, 90_000)), microseconds=dice.choice((0, 1)))
        if dice.random() < 0.05:
            rows.append(signal(0, f"{seed}-{number}", status="CLOSED", **(story | {"created_ts": at})))
    # Stable: the rows of one story keep their order.
    rows.sort(key=lambda row: row["created_ts"].date())
    return [row | {"id": number} for number, row in enumerate(rows, first_id)]


def _undo(dice: random.Random, name: str, undone: Row) -> Row:
    opposite = "CONSUME" if undone["event_type"] == "INTAKE" else "INTAKE"
    at = undone["event_ts"] + timedelta(seconds=dice.choice((0, 5, 40_000)))
    row = event(name, event_type=opposite, qty=undone["qty"], item_id=undone["item_id"], event_ts=at)
    return row | {"barcode_raw": f"UNDO={undone['event_id']}"}
