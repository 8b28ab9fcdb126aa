"""Draw the answers of analytics.md into docs/img: runs its own SQL on a made-up site. `python docs/draw_answers.py`"""

import math
import random
import re
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

import psycopg

docs = Path(__file__).resolve().parent
sys.path.insert(0, str(docs.parent))

from linesync.start.embedded import Embedded  # noqa: E402
from pipelines.tests import gold_in_postgres  # noqa: E402
from pipelines.tests.floor import Floor, named  # noqa: E402

# Whole weeks, or the first and the last would look as if less had been done.
today = date(2026, 3, 29)
days = 11 * 7
# Item: pieces used a day, reorder point, pieces ordered, days until they come.
site = {
    "BOLT-M8": (19, 60, 240, 2),
    "BEARING-6204": (4, 20, 48, 6),
    "FILTER-A1": (2, 10, 24, 3),
    "GASKET-77": (7, 15, 60, 4),
    "HOSE-12": (1, 6, 12, 5),
    "PART-88219": (9, 30, 96, 3),
    "SEAL-40": (5, 10, 48, 4),
}
blue, orange, grey = "#1f6feb", "#d9730d", "#8b949e"
width, height, left, right, top, bottom = 680, 260, 120, 20, 40, 30


def main() -> None:
    with tempfile.TemporaryDirectory() as var:
        server = Embedded(Path(var) / "postgres", options="-c fsync=off")
        url = server.start()
        try:
            with psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
                for name, picture_text in answers(connection, url).items():
                    (docs / "img" / name).write_text(picture_text)
        finally:
            server.stop()


def answers(connection: psycopg.Connection, url: str) -> dict[str, str]:
    """The pictures by file name, drawn from the site's history in an empty database."""
    Floor(connection, url).add(**history())
    for name, select in (gold_in_postgres.SILVER | gold_in_postgres.GOLD).items():
        parameters = {"time_zone": "UTC", "today": today}
        connection.execute(f"CREATE TABLE {name} AS {select}", parameters)
    connection.execute("ALTER TABLE signals RENAME TO silver_replenishment_signals")
    found = [connection.execute(query).fetchall() for query in questions()]
    return {
        f"answer-{number}.svg": draw(rows) for number, (draw, rows) in enumerate(zip(drawings, found, strict=True), 1)
    }


def questions() -> list[str]:
    """The SQL of the five questions, as it stands in analytics.md."""
    chapter = (docs / "analytics.md").read_text().split("## Five questions")[1].split("\n## ")[0]
    return re.findall(r"```sql\n(.*?)```", chapter, re.DOTALL)


def history() -> dict[str, list[dict[str, Any]]]:
    """A floor that lives for `days` days: uses, runs low, orders, receives; now and then a scan is taken back."""
    dice = random.Random(7)
    events: list[dict[str, Any]] = []
    signals: list[dict[str, Any]] = []
    for item, (rate, point, ordered, lead) in site.items():
        on_hand, due = 0, [(0, ordered)]
        for number in range(days):
            day = datetime(today.year, today.month, today.day, 6, tzinfo=UTC) - timedelta(days=days - 1 - number)
            for _, qty in [arrival for arrival in due if arrival[0] <= number]:
                add(events, day + timedelta(minutes=dice.randrange(300)), "INTAKE", item, qty)
                on_hand += qty
                if number and on_hand > point:
                    tell(signals, item, day + timedelta(hours=5), "FULFILLED", rate)
            due = [arrival for arrival in due if arrival[0] > number]
            weekday_share = 0.2 if day.weekday() > 4 else 1.25
            used = min(on_hand, round(rate * weekday_share * dice.uniform(0.5, 1.5)))
            if used:
                at = day + timedelta(minutes=320 + dice.randrange(400))
                add(events, at, "CONSUME", item, used)
                if dice.random() < 0.06:
                    add(events, at + timedelta(minutes=1), "INTAKE", item, used, undoes=events[-1]["event_id"])
                    add(events, at + timedelta(minutes=2), "CONSUME", item, used)
                on_hand -= used
            if on_hand <= point and not due:
                at = day + timedelta(hours=13)
                tell(signals, item, at, "OPEN", on_hand, point, ordered)
                if number < days - 2:
                    tell(signals, item, at + timedelta(hours=dice.randrange(1, 20)), "ACKNOWLEDGED", on_hand)
                due = [(number + lead + dice.randrange(-1, 3), ordered)]
    signals.sort(key=lambda row: row["created_ts"])
    return {"events": events, "signals": [row | {"id": number} for number, row in enumerate(signals, 1)]}


def add(events: list[dict[str, Any]], at: datetime, kind: str, item: str, qty: int, undoes: str | None = None) -> None:
    payload = f"UNDO={undoes}" if undoes else f"ITEM={item};QTY={qty}"
    events.append({
        "event_id": named(f"event {len(events)}"), "event_ts": at, "event_type": kind, "station_id": "DOCK-1",
        "barcode_raw": payload, "item_id": item, "qty": qty, "user_email": "dana@example.com",
    })  # fmt: skip


def tell(
    signals: list[dict[str, Any]], item: str, at: datetime, status: str, qty: int, point: int = 0, ordered: int = 0
) -> None:
    story = [row for row in signals if row["item_id"] == item]
    opened = {
        "signal_id": named(f"{item} {at}"),
        "triggered_at_qty": qty,
        "reorder_point": point,
        "reorder_qty": ordered,
    }
    if status != "OPEN":
        opened = {key: story[-1][key] for key in opened}
    signals.append(opened | {"item_id": item, "created_ts": at, "status": status, "trigger_event_id": None})


def runs_out_first(rows: Sequence[tuple[Any, ...]]) -> str:
    bars = [(item, float(cover), f"{cover:.1f} days, until {empty_on:%d %b}") for item, _, _, cover, empty_on in rows]
    return horizontal("Days until the stock ends", bars)


def one_items_stock(rows: Sequence[tuple[Any, ...]]) -> str:
    return lines("Pieces of PART-88219 at the end of each day", [row[0] for row in rows], [
        ("on hand", blue, [float(row[3]) for row in rows]),
    ])  # fmt: skip


def busy_days(rows: Sequence[tuple[Any, ...]]) -> str:
    return lines("Scans per week", [row[0] for row in rows], [
        ("in", blue, [float(row[1]) for row in rows]),
        ("out", orange, [float(row[2]) for row in rows]),
        ("taken back", grey, [float(row[3]) for row in rows]),
    ])  # fmt: skip


def refill_times(rows: Sequence[tuple[Any, ...]]) -> str:
    return lines("Days from signal to restocked, by the week it opened", [row[0] for row in rows], [
        ("half within", blue, [float(row[2]) for row in rows]),
        ("nine of ten within", orange, [float(row[3]) for row in rows]),
    ])  # fmt: skip


def late_points(rows: Sequence[tuple[Any, ...]]) -> str:
    bars: list[tuple[str, float, str]] = []
    for item, lasts, takes, _ in rows:
        bars += [
            (item, float(lasts), f"the reorder point lasts {lasts:.1f} days"),
            ("", float(takes), f"refilling takes {takes:.1f}"),
        ]
    return horizontal("Reorder points that end before the refill comes", bars, colours=(blue, orange))


def horizontal(title: str, bars: Sequence[tuple[str, float, str]], colours: Sequence[str] = (blue,)) -> str:
    tall = top + 24 * len(bars) + 10
    most = max(value for _, value, _ in bars) or 1
    shapes = []
    for place, (name, value, says) in enumerate(bars):
        y, long = top + 24 * place, (width - left - right - 200) * value / most
        shapes.append(text(left - 8, y + 14, name, "end"))
        shapes.append(
            f'<rect x="{left}" y="{y + 2}" width="{long:.1f}" height="16" fill="{colours[place % len(colours)]}"/>'
        )
        shapes.append(text(left + long + 6, y + 14, says))
    return picture(title, shapes, tall)


def lines(title: str, at: Sequence[date], series: Sequence[tuple[str, str, Sequence[float]]]) -> str:
    most = 4 * round_step(max(max(values) for _, _, values in series) / 4)
    wide, high, start = width - 60 - 130, height - top - bottom, 60
    shapes = []
    for part in range(5):
        y = top + high - high * part / 4
        shapes.append(f'<line x1="{start}" y1="{y:.1f}" x2="{start + wide}" y2="{y:.1f}" stroke="#d0d7de"/>')
        shapes.append(text(start - 6, y + 4, f"{most * part / 4:.4g}", "end"))
    for place in (0, len(at) // 2, len(at) - 1):
        shapes.append(text(start + wide * place / (len(at) - 1), height - 8, f"{at[place]:%d %b}", "middle"))
    for row, (name, colour, values) in enumerate(series):
        points = " ".join(
            f"{start + wide * n / (len(at) - 1):.1f},{top + high - high * value / most:.1f}"
            for n, value in enumerate(values)
        )
        shapes.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        shapes.append(f'<rect x="{start + wide + 12}" y="{top + 20 * row}" width="12" height="12" fill="{colour}"/>')
        shapes.append(text(start + wide + 30, top + 20 * row + 11, name))
    return picture(title, shapes, height)


def round_step(least: float) -> float:
    """The next of 1, 1.5, 2, 2.5, 3, 4, 5, 10, 15 … that is not below `least`."""
    power = 10.0 ** math.floor(math.log10(least or 1))
    return next(power * step for step in (1, 1.5, 2, 2.5, 3, 4, 5, 10) if power * step >= least)


def text(x: float, y: float, says: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(says)}</text>'


def picture(title: str, shapes: Sequence[str], tall: int) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{tall}" viewBox="0 0 {width} {tall}"'
    style = ' font-family="sans-serif" font-size="12" fill="#1f2328">'
    ground = f'<rect width="{width}" height="{tall}" fill="#ffffff"/>'
    heading = f'<text x="12" y="22" font-size="15" font-weight="bold">{escape(title)}</text>'
    return "\n".join([head + style, f"<title>{escape(title)}</title>", ground, heading, *shapes, "</svg>"]) + "\n"


drawings = (runs_out_first, one_items_stock, refill_times, busy_days, late_points)

if __name__ == "__main__":
    main()
