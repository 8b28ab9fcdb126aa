"""Where the lines, bars and labels of an item's charts lie, in units of their view box. Templates draw them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from django.utils import timezone
from django.utils.dateformat import format as date_text

from inventory.chart_windows import Window
from linesync.ground.rows import Row

width, height = 400, 200
left, right, top, bottom = 52, 392, 10, 168
ticks_max = 5


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Bar:
    """From `top` down `height`; `label` says the whole in words."""

    left: float
    top: float
    width: float
    height: float
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class StockLine:
    """On hand over time: an SVG `path`, the axes, the heights of zero and of the reorder point."""

    path: str
    summary: str
    quantities: Sequence[Tick]
    times: Sequence[Tick]
    zero: float
    reorder: float


@dataclass(frozen=True, slots=True)
class MovementBars:
    """In above the zero line, out below it. `rows`: the same as figures, for a table."""

    bars: Sequence[Bar]
    summary: str
    quantities: Sequence[Tick]
    times: Sequence[Tick]
    zero: float
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Plane:
    """From times and pieces to the view box."""

    since: datetime
    until: datetime
    low: int
    high: int

    def x(self, moment: datetime) -> float:
        share = (moment - self.since) / (self.until - self.since)
        return round(left + (right - left) * min(max(share, 0.0), 1.0), 1)

    def y(self, qty: int) -> float:
        return round(bottom - (bottom - top) * (qty - self.low) / (self.high - self.low), 1)

    def quantities(self, *, signed: bool = True) -> list[Tick]:
        step = round_step(self.high - self.low)
        first = -(-self.low // step) * step
        shown = range(first, self.high + 1, step)
        return [Tick(self.y(qty), _short(qty if signed else abs(qty))) for qty in shown]

    def times(self, window: Window) -> list[Tick]:
        """Labels at equal distances, none so far to the right that it would be cut off."""
        moments = (self.since + n * window.mark for n in range(20))
        edge = right - 16
        return [
            Tick(self.x(moment), date_text(moment, window.mark_format))
            for moment in moments
            if moment < self.until and self.x(moment) <= edge
        ]


def round_step(extent: int) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50 … that cuts the extent into at most `ticks_max` parts."""
    return next(
        int(step)
        for exponent in count()
        for step in (10**exponent, 2 * 10**exponent, 5 * 10**exponent)
        if extent <= step * ticks_max
    )


def stock_line(movements: Sequence[Row], *, window: Window, now: datetime, on_hand: int, reorder: int) -> StockLine:
    """`movements` as ScanEvent.objects.movements gives them; a step's change is drawn at its end."""
    since = window.since(now)
    level = int(movements[0]["opening"]) if movements else on_hand
    points = [(since, level)]
    for moved in movements:
        level += int(moved["intake"] - moved["consume"])
        points.append((min(moved["step_ts"] + window.step_length, now), level))
    levels = [qty for _, qty in points]
    plane = Plane(since, now, min(0, *levels), max(1, reorder, *levels))
    first, *rest = points
    path = f"M{plane.x(first[0])} {plane.y(first[1])}"
    path += "".join(f"H{plane.x(moment)}V{plane.y(qty)}" for moment, qty in rest) + f"H{right}"
    return StockLine(
        path=path,
        summary=_minus(
            f"{levels[0]:,} at the start, lowest {min(levels):,}, highest {max(levels):,}, {levels[-1]:,} now."
        ),
        quantities=plane.quantities(),
        times=plane.times(window),
        zero=plane.y(0),
        reorder=plane.y(reorder),
    )


def movement_bars(movements: Sequence[Row], *, window: Window, now: datetime) -> MovementBars:
    spans = _per_span(movements)
    most_in = max((span["intake"] for span in spans), default=0)
    most_out = max((span["consume"] for span in spans), default=0)
    plane = Plane(window.since(now), now, -most_out, max(most_in, 1))
    spans_shown = max(1.0, (now - plane.since) / window.span_length)
    thickness = max(0.8, (right - left) / spans_shown * 0.8)
    bars = [bar for span in spans for bar in _bars_of(span, plane, thickness, window)]
    total_in, total_out = sum(span["intake"] for span in spans), sum(span["consume"] for span in spans)
    return MovementBars(
        bars=bars,
        summary=f"{total_in:,} in and {total_out:,} out in {window.label}.",
        quantities=plane.quantities(signed=False),
        times=plane.times(window),
        zero=plane.y(0),
        rows=[span | {"label": _span_label(span["span_ts"], window)} for span in reversed(spans)],
    )


def _short(qty: int) -> str:
    """A round number of pieces that fits beside the axis: 500, 20k, −1.5M."""
    if abs(qty) >= 1_000_000:
        return _minus(f"{qty / 1_000_000:,g}M")
    return _minus(f"{qty / 1_000:g}k" if abs(qty) >= 10_000 else f"{qty:,}")


def _minus(text: str) -> str:
    return text.replace("-", "−")


def _per_span(movements: Sequence[Row]) -> list[Row]:
    spans: dict[datetime, Row] = {}
    for moved in movements:
        span = spans.setdefault(moved["span_ts"], {"span_ts": moved["span_ts"], "intake": 0, "consume": 0})
        span["intake"] += int(moved["intake"])
        span["consume"] += int(moved["consume"])
    return list(spans.values())


def _bars_of(span: Row, plane: Plane, thickness: float, window: Window) -> Iterator[Bar]:
    x = round(min(plane.x(span["span_ts"]), right - thickness), 1)
    label = _span_label(span["span_ts"], window)
    zero = plane.y(0)
    if span["intake"]:
        y = plane.y(span["intake"])
        yield Bar(x, y, round(thickness, 1), round(zero - y, 1), "in", f"{label}: {span['intake']:,} in")
    if span["consume"]:
        y = plane.y(-span["consume"])
        yield Bar(x, zero, round(thickness, 1), round(y - zero, 1), "out", f"{label}: {span['consume']:,} out")


def _span_label(moment: datetime, window: Window) -> str:
    local = timezone.localtime(moment)
    if window.span == "hour":
        return date_text(local, "j M H:i")
    return ("week of " if window.span == "week" else "") + date_text(local, "j M Y")
