"""Where lines, bars and labels of the charts lie."""

from datetime import UTC, datetime, timedelta

import pytest

from inventory.chart_windows import windows
from inventory.charts import bottom, left, movement_bars, right, stock_line, ticks_max, top
from inventory.charts import round_step as step_of
from linesync.ground.rows import Row

now = datetime(2026, 5, 31, 12, tzinfo=UTC)


def moved(days_ago: float, intake: int = 0, consume: int = 0, opening: int = 0) -> Row:
    day = (now - timedelta(days=days_ago)).replace(hour=0)
    return {"step_ts": day, "span_ts": day, "intake": intake, "consume": consume, "opening": opening}


def numbers(path: str) -> list[float]:
    return [float(n) for n in path.replace("M", " ").replace("H", " ").replace("V", " ").split()]


@pytest.mark.parametrize(
    ("extent", "step"), [(1, 1), (5, 1), (6, 2), (10, 2), (11, 5), (26, 10), (51, 20), (10**9, 2 * 10**8)]
)
def test_the_axis_counts_in_round_steps(extent: int, step: int) -> None:
    assert step_of(extent) == step
    assert extent / step <= ticks_max


def test_the_line_begins_with_what_was_there_and_ends_now() -> None:
    line = stock_line(
        [moved(3, consume=4, opening=10), moved(1, intake=20, opening=10)],
        window=windows["30d"],
        now=now,
        on_hand=26,
        reorder=10,
    )
    assert line.path.startswith(f"M{left}")
    assert line.path.endswith(f"H{right}")
    assert line.summary == "10 at the start, lowest 6, highest 26, 26 now."


def test_everything_lies_inside_the_plane() -> None:
    line = stock_line(
        [moved(2, consume=999_999, opening=3)], window=windows["30d"], now=now, on_hand=-999_996, reorder=10
    )
    assert all(left <= x <= right for x in numbers(line.path)[::2][:1])
    assert top <= line.zero < bottom
    assert all(top <= tick.at <= bottom for tick in line.quantities)
    assert all(left <= tick.at <= right for tick in line.times)


def test_in_stands_above_zero_and_out_below() -> None:
    bars = movement_bars([moved(3, intake=10, consume=5)], window=windows["30d"], now=now)
    up, down = bars.bars
    assert up.top + up.height == pytest.approx(bars.zero)
    assert down.top == bars.zero
    assert up.height == pytest.approx(2 * down.height, abs=0.2)


def test_a_years_bars_are_weeks_and_start_on_monday() -> None:
    since = windows["1y"].since(now)
    assert since.weekday() == 0
    assert timedelta(days=365) <= now - since < timedelta(days=373)


@pytest.mark.parametrize(
    ("highest", "labels"),
    [
        (4, ["0", "1", "2", "3", "4"]), (5000, ["0", "1,000", "2,000"]), (50_000, ["0", "10k"]),
        (2_500_000, ["0", "500k", "1M", "1.5M"]),
    ],
)  # fmt: skip
def test_the_axis_labels_are_short(highest: int, labels: list[str]) -> None:
    line = stock_line([], window=windows["30d"], now=now, on_hand=highest, reorder=0)
    assert [tick.label for tick in line.quantities][: len(labels)] == labels
