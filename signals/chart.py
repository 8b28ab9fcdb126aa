"""The board's drawing: how long signals took, this week above last, as lengths for an SVG that the template fills."""

from dataclasses import dataclass

from linesync.ground.clock import span_text
from signals.stories import ACKNOWLEDGED, Turnaround

bar_units_max = 200.0
bar_units_min = 2.0
row_units = 42


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its place and length in SVG units, and the words beside it."""

    label: str
    words: str
    top: int
    length: float
    is_this_week: bool

    @property
    def words_left(self) -> float:
        return self.length + 8


def bars(turnaround: list[Turnaround]) -> list[Bar]:
    """Four bars, the longest median as long as the drawing is wide. A week without any has no length and says so."""
    seconds = [week.median.total_seconds() if week.median else 0.0 for week in turnaround]
    longest = max([*seconds, 1.0])
    return [
        Bar(
            label=_label(week),
            words=_words(week),
            top=row_units * place,
            length=max(bar_units_min, bar_units_max * spent / longest) if week.signals else 0.0,
            is_this_week=week.weeks_ago == 0,
        )
        for place, (week, spent) in enumerate(zip(turnaround, seconds, strict=True))
    ]


def _label(week: Turnaround) -> str:
    what = "To acknowledge" if week.status == ACKNOWLEDGED else "To fulfil"
    return f"{what}, {'this week' if week.weeks_ago == 0 else 'last week'}"


def _words(week: Turnaround) -> str:
    if week.median is None:
        return "none"
    return f"{span_text(week.median)} ({week.signals:,})"
