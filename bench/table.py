"""What a measurement is, and how a table of them is printed."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `bar` None: told for information; `at_most` False: the figure has to reach the bar from below."""

    what: str
    figure: float
    unit: str
    bar: float | None = None
    at_most: bool = True

    @property
    def reached(self) -> bool:
        if self.bar is None:
            return True
        return self.figure <= self.bar if self.at_most else self.figure >= self.bar


def show(rows: Iterable[Figure]) -> bool:
    """Print the table; True when every bar is reached."""
    rows = list(rows)
    width = max((len(row.what) for row in rows), default=0)
    print(f"{'what':<{width}}  {'figure':>12}  {'bar':>12}")
    for row in rows:
        sign = "≤" if row.at_most else "≥"
        bar = "" if row.bar is None else f"{sign} {_short(row.bar)} {row.unit}"
        missed = "" if row.reached else "  MISSED"
        print(f"{row.what:<{width}}  {f'{_short(row.figure)} {row.unit}':>12}  {bar:>12}{missed}")
    return all(row.reached for row in rows)


def _short(figure: float) -> str:
    return f"{figure:,.0f}" if abs(figure) >= 100 else f"{figure:.3g}"
