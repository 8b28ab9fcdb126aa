"""What the bars of an EAN-13 say, number by number. A UPC-A is an EAN-13 that begins with 0."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

symbol_modules = 95
digit_modules = 7
# Where the 12 digits begin, in modules from the left guard's first bar; the 13th is told by the others' parities.
digit_starts = tuple(3 + 7 * n for n in range(6)) + tuple(50 + 7 * n for n in range(6))
tried_first_digits_max = 4
tried_digits_max = 6

_odd = ("0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011")
_parities = ("OOOOOO", "OOEOEE", "OOEEOE", "OOEEEO", "OEOOEE", "OEEOOE", "OEEEOO", "OEOEOE", "OEOEEO", "OEEOEO")


@lru_cache
def digit_bars() -> tuple[Array, Array]:
    """The 20 ways to print a digit on the left (odd 0 to 9, even 0 to 9) and the 10 on the right; 1 is a bar."""
    odd = np.array([[float(module) for module in code] for code in _odd])
    return np.vstack([odd, (1 - odd)[:, ::-1]]), 1 - odd


def bars(number: tuple[int, ...]) -> Array:
    """The 95 modules of a 13-digit number; 1 is a bar."""
    left, right = digit_bars()
    halves = (
        [left[digit + 10 * (parity == "E")] for digit, parity in zip(number[1:7], _parities[number[0]], strict=True)],
        [right[digit] for digit in number[7:]],
    )
    return np.concatenate([[1, 0, 1], *halves[0], [0, 1, 0, 1, 0], *halves[1], [1, 0, 1]])


def likeliest(costs: Array, count: int) -> list[tuple[int, ...]]:
    """The numbers with a right check digit whose digits cost least together, best first.

    `costs` is 12×20: of each digit's place, the cost of the 20 ways to print it (on the right the first 10 count).
    """
    found: list[tuple[float, tuple[int, ...]]] = []
    for first, choices in sorted(
        ((first, _choices(costs, first)) for first in range(10)), key=lambda each: sum(c.min() for c in each[1])
    )[:tried_first_digits_max]:
        found += _cheapest(first, choices, count)
    return [number for _, number in sorted(found)[:count]]


def _choices(costs: Array, first: int) -> list[Array]:
    """The 10 costs of each digit's place, if the number begins with `first`."""
    left = [costs[n, 10:] if parity == "E" else costs[n, :10] for n, parity in enumerate(_parities[first])]
    return [*left, *costs[6:, :10]]


def _cheapest(first: int, choices: list[Array], count: int) -> list[tuple[float, tuple[int, ...]]]:
    """Digit by digit, the cheapest beginnings for each remainder of the check sum."""
    beginnings: dict[int, list[tuple[float, tuple[int, ...]]]] = {first: [(0.0, (first,))]}
    for place, cost in enumerate(choices):
        weight = 1 if place % 2 else 3
        longer: dict[int, list[tuple[float, tuple[int, ...]]]] = {}
        for remainder, known in beginnings.items():
            for digit in np.argsort(cost)[:tried_digits_max]:
                more = [(paid + float(cost[digit]), (*number, int(digit))) for paid, number in known]
                longer.setdefault((remainder + weight * int(digit)) % 10, []).extend(more)
        beginnings = {remainder: sorted(known)[:count] for remainder, known in longer.items()}
    return beginnings.get(0, [])
