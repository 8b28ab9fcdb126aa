"""Houses of code in figures, side by side: how long, how typed, how tested, and what is said more than once.

.venv/bin/python -m bench.house                         this checkout
.venv/bin/python -m bench.house before=/tmp/before .    beside another one: git archive c240e5c | tar x -C /tmp/before
"""

import ast
import math
import re
import statistics
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.checkout import Checkout, Function, dependencies, unchecked_by_mypy
from bench.table import Figure

here = Path(__file__).resolve().parent.parent
words = ("Told", "Head", "Draft", "Line", "Row", "Box")
# Django wants these names in every module of their kind.
given_names = {"Command", "Migration"}
item_id_characters = re.compile(r"_\./\+#:")
low = re.compile(r"coalesce\(\s*(\w+\.)?reorder_point\b", re.I)
line_characters_max, line_characters_beyond = 140, 160
function_lines_max, file_lines_max = 70, 300


@dataclass(frozen=True, slots=True)
class Spread:
    """Lengths in lines. `nine_in_ten` are no longer than that one."""

    median: float
    nine_in_ten: int
    most: int

    def __str__(self) -> str:
        return f"{self.median:g}/{self.nine_in_ten}/{self.most}"


def spread(lengths: Sequence[int]) -> Spread:
    ordered = sorted(lengths)
    return Spread(statistics.median(ordered), ordered[math.ceil(0.9 * len(ordered)) - 1], ordered[-1])


def function_lengths(house: Checkout) -> list[int]:
    """From `def` to the last line, docstring and all, decorators not."""
    return [(node.end_lineno or node.lineno) - node.lineno + 1 for node in house.functions]


def file_lengths(house: Checkout) -> list[int]:
    """Empty files, which only make a folder a package, are no files to read."""
    return [lines for file in house.app if (lines := house.lines([file]))]


def typed_share(house: Checkout) -> float:
    return sum(map(_is_typed, house.functions)) / len(house.functions)


def _is_typed(node: Function) -> bool:
    """Whether the answer and every argument but self and cls say their types."""
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
    named = [each for each in arguments if each and each.arg not in ("self", "cls")]
    return node.returns is not None and all(each.annotation for each in named)


def long_template_lines(house: Checkout, characters: int) -> int:
    lines = (line for file in house.templates for line in house.text(file).splitlines())
    return sum(len(line) > characters for line in lines)


def homes(house: Checkout) -> Counter[str]:
    """How many modules define each class and each name of a type (`Box = tuple[…]`) at their top level."""
    return Counter(name for tree in house.trees.values() for name in {*_defined(tree)} - given_names)


def _defined(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (each.id for each in targets if isinstance(each, ast.Name) and re.match("[A-Z][a-z]", each.id))


def fullest_folders(house: Checkout) -> list[tuple[str, int]]:
    """The three folders with the most modules of their own."""
    return Counter(str(file.parent) for file in house.app).most_common(3)


def places_of(house: Checkout, pattern: re.Pattern[str]) -> int:
    return sum(len(pattern.findall(house.text(file))) for file in house.statements)


def fixed_waits_seconds(house: Checkout) -> float:
    """What tests wait by the clock: sleeps and page waits of a written length, but for the pauses of a polling loop."""
    return sum(seconds for file in house.tests for seconds in _waits(ast.parse(house.text(file)), in_loop=False))


def _waits(node: ast.AST, *, in_loop: bool) -> Iterator[float]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute | ast.Name):
            name = child.func.attr if isinstance(child.func, ast.Attribute) else child.func.id
            if name in ("sleep", "wait_for_timeout") and child.args:
                yield 0.0 if in_loop else _written(child.args[0]) / (1000 if name == "wait_for_timeout" else 1)
        yield from _waits(child, in_loop=in_loop or isinstance(child, ast.While))


def _written(length: ast.expr) -> float:
    """A number as it stands there; a name's is not known: 0."""
    if isinstance(length, ast.Constant) and isinstance(length.value, int | float):
        return float(length.value)
    return 0.0


def size_table(houses: Iterable[Checkout]) -> list[list[str]]:
    head = "|app lines|function median/p90/max|file median/p90/max|typed|tests : app|direct dependencies"
    return [head.split("|"), *map(_sizes, houses)]


def _sizes(house: Checkout) -> list[str]:
    return [
        house.name,
        f"{house.lines(house.app):,}",
        str(spread(function_lengths(house))),
        str(spread(file_lengths(house))),
        f"{typed_share(house):.0%}",
        f"{house.lines(house.tests) / house.lines(house.app):.2f}" if house.tests else "–",
        _shown(dependencies(house)),
    ]


def point_table(houses: Sequence[Checkout]) -> list[list[str]]:
    """A row per point, a column per house."""
    points = list(zip(*map(_points, houses), strict=True))
    return [["", *(house.name for house in houses)], *([row[0][0], *(each for _, each in row)] for row in points)]


def _points(house: Checkout) -> list[tuple[str, str]]:
    known = homes(house)
    several = {name: count for name, count in known.items() if count > 1}
    return [
        ("template lines over 140 characters", str(long_template_lines(house, line_characters_max))),
        ("template lines over 160 characters", str(long_template_lines(house, line_characters_beyond))),
        ("modules that define " + ", ".join(words), ", ".join(str(known[word]) for word in words)),
        ("names of types with more than one home", f"{len(several)} (in {sum(several.values())} modules)"),
        ("fullest folders, modules", ", ".join(f"{folder} {count}" for folder, count in fullest_folders(house))),
        ("functions over 70 lines", str(sum(lines > function_lines_max for lines in function_lengths(house)))),
        ("files over 300 lines", str(sum(lines > file_lines_max for lines in file_lengths(house)))),
        ("places that list an item id's characters", str(places_of(house, item_id_characters))),
        ("places with coalesce(reorder_point …)", str(places_of(house, low))),
        ("Python files that mypy does not see", _shown(unchecked_by_mypy(house))),
        ("tests wait by the clock", f"{fixed_waits_seconds(house):.1f} s"),
    ]


def _shown(count: int | None) -> str:
    return "–" if count is None else str(count)


def markdown(table: Sequence[Sequence[str]]) -> str:
    head, *rest = ["| " + " | ".join(row) + " |" for row in table]
    return "\n".join([head, "|---" * len(table[0]) + "|", *rest])


def rows() -> list[Figure]:
    """This checkout, beside the bars that the house has set itself."""
    house = Checkout("LineSync", here)
    functions, files = spread(function_lengths(house)), spread(file_lengths(house))
    return [
        Figure("application", house.lines(house.app), "lines"),
        Figure("nine functions in ten, at most", functions.nine_in_ten, "lines"),
        Figure("longest function", functions.most, "lines", function_lines_max),
        Figure("nine files in ten, at most", files.nine_in_ten, "lines"),
        Figure("longest file", files.most, "lines"),
        Figure("functions fully typed", 100 * typed_share(house), "%", 100, at_most=False),
        Figure("tests beside the application", house.lines(house.tests) / house.lines(house.app), "times"),
        Figure("direct dependencies", dependencies(house) or 0, ""),
        Figure("template lines over 140 characters", long_template_lines(house, line_characters_max), "", 0),
        Figure("names of types with more than one home", sum(count > 1 for count in homes(house).values()), ""),
    ]


def main(arguments: Sequence[str]) -> None:
    """Print both tables. An argument is a folder, or a name and a folder: before=/tmp/before."""
    houses = [_house(each) for each in arguments or [str(here)]]
    print(markdown(size_table(houses)), markdown(point_table(houses)), sep="\n\n")


def _house(argument: str) -> Checkout:
    name, _, folder = argument.rpartition("=")
    place = Path(folder).resolve()
    return Checkout(name or place.name, place)


if __name__ == "__main__":
    main(sys.argv[1:])
