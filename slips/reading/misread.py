"""Signs that optical reading took for others, told by the shape that nearly all codes of a table share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import combinations

from .flatten import guessed_score_max
from .ids import shape

ALIKE = {"0": "O", "O": "0", "1": "I", "I": "1", "l": "1", "5": "S", "S": "5", "8": "B", "B": "8", "2": "Z", "Z": "2"}
_shared_share_min = 0.6
_shared_lines_min = 4
_misread_signs_max = 2


def mended(codes: Sequence[tuple[str, float]]) -> list[str]:
    """The codes (with the scores they were read at), those that are in doubt brought to the shape of the others."""
    found = [code for code, _ in codes]
    for shaped in (_sign_for_sign, shape):
        shapes = Counter(map(shaped, found))
        usual, times = shapes.most_common(1)[0] if shapes else ("", 0)
        if times >= max(_shared_lines_min, _shared_share_min * len(codes)):
            return [
                _in_shape(code, usual, shaped) if score <= guessed_score_max and shaped(code) != usual else code
                for code, score in codes
            ]
    return found


def _sign_for_sign(code: str) -> str:
    """A for a letter, 9 for a digit."""
    return "".join("9" if sign.isdigit() else "A" if sign.isalpha() else sign for sign in code)


def _in_shape(code: str, usual: str, shaped: Callable[[str], str]) -> str:
    """The code with the fewest signs changed for such as look alike; as it is if that can be done in two ways."""
    places = [n for n, sign in enumerate(code) if sign in ALIKE]
    for times in range(1, _misread_signs_max + 1):
        tried = [_turned(code, chosen) for chosen in combinations(places, times)]
        fitting = [other for other in tried if shaped(other) == usual]
        if fitting:
            return fitting[0] if len(fitting) == 1 else code
    return code


def _turned(code: str, places: Sequence[int]) -> str:
    return "".join(ALIKE[sign] if n in places else sign for n, sign in enumerate(code))
