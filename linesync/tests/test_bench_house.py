"""The figures of a house: counted on a small one whose figures are known."""

from pathlib import Path

import pytest

from bench import house as figures
from bench.checkout import Checkout, dependencies, unchecked_by_mypy

goods = '''"""Goods."""

from dataclasses import dataclass

Box = tuple[int, int]
limit = 3


@dataclass
class Row:
    qty: int

    def doubled(self) -> int:
        """Twice."""
        return 2 * self.qty


def add(a: int, b) -> int:
    def inner() -> int:
        return a

    return inner() + b
'''
paper = """class Row:
    pass


class Command:
    pass


low = "SELECT coalesce(item.reorder_point, 10), COALESCE(reorder_point, 10), coalesce(reorder_qty, 24)"
"""
waiting = """import time


def test_waits(page):
    time.sleep(1.5)
    page.wait_for_timeout(250)
    time.sleep(seconds)
    while page.busy():
        time.sleep(0.2)
"""
pyproject = """[project]
dependencies = ["Django", "psycopg[binary]"]
[tool.mypy]
exclude = ["/tests/", "^bench/"]
"""
files = {
    "manage.py": "import sys\n",
    "stock/__init__.py": "",
    "stock/goods.py": goods,
    "stock/paper.py": paper,
    "stock/management/commands/count.py": "class Command:\n    pass\n",
    "stock/migrations/0001_first.py": "class Migration:\n    pass\n",
    "stock/migrations/0001_first.sql": "CHECK (item_id ~ '^[A-Za-z0-9][A-Za-z0-9_./+#:-]{0,63}$')\n",
    "stock/tests/__init__.py": "",
    "stock/tests/test_goods.py": waiting,
    "conftest.py": "import pytest\n",
    "bench/__init__.py": "",
    "bench/speed.py": "class Row:\n    pass\n",
    "scripts/tidy.py": "x = 1\n",
    ".venv/lib/stranger.py": "x = 1\n",
    "templates/page.html": f"<p>{'a' * 133}</p>\n<p>{'ü' * 134}</p>\n",
    "templates/admin/deep/page.html": f"<p>{'b' * 154}</p>\n",
    "pyproject.toml": pyproject,
}


@pytest.fixture
def house(tmp_path: Path) -> Checkout:
    for name, text in files.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return Checkout("small", tmp_path)


def test_the_application_is_its_packages_without_tests_migrations_and_tools(house: Checkout) -> None:
    assert [str(file) for file in house.app] == [
        "stock/__init__.py", "stock/goods.py", "stock/management/commands/count.py", "stock/paper.py",
    ]  # fmt: skip
    assert [str(file) for file in house.tests] == ["stock/tests/__init__.py", "stock/tests/test_goods.py"]
    assert house.lines(house.app) == 22 + 2 + 9


def test_a_package_below_src_counts_and_its_tests_beside_it_do(tmp_path: Path) -> None:
    for name in ("src/shop/__init__.py", "src/shop/till.py", "tests/test_till.py", "tests/data/given.py", "setup.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x = 1\n")
    found = Checkout("shop", tmp_path)
    assert [str(file) for file in found.app] == ["src/shop/__init__.py", "src/shop/till.py"]
    assert [str(file) for file in found.tests] == ["tests/test_till.py"]


def test_functions_are_measured_from_def_to_their_last_line(house: Checkout) -> None:
    assert sorted(figures.function_lengths(house)) == [2, 3, 5]
    assert str(figures.spread(figures.function_lengths(house))) == "3/5/5"


def test_nine_in_ten_are_no_longer_than_the_ninetieth_percentile() -> None:
    assert str(figures.spread(range(1, 11))) == "5.5/9/10"
    assert str(figures.spread([*range(1, 11), 11])) == "6/10/11"


def test_an_empty_file_is_no_file_to_read(house: Checkout) -> None:
    assert sorted(figures.file_lengths(house)) == [2, 9, 22]


def test_a_function_is_typed_when_its_answer_and_every_argument_are(house: Checkout) -> None:
    assert figures.typed_share(house) == pytest.approx(2 / 3)


def test_template_lines_are_counted_in_characters_in_every_folder(house: Checkout) -> None:
    assert [figures.long_template_lines(house, characters) for characters in (139, 140, 141, 160)] == [3, 2, 1, 1]


def test_a_name_has_as_many_homes_as_modules_that_define_it(house: Checkout) -> None:
    assert figures.homes(house) == {"Row": 2, "Box": 1}


def test_the_fullest_folder_comes_first(house: Checkout) -> None:
    assert figures.fullest_folders(house) == [("stock", 3), ("stock/management/commands", 1)]


def test_rules_are_looked_for_in_modules_and_in_sql(house: Checkout) -> None:
    assert figures.places_of(house, figures.item_id_characters) == 1
    assert figures.places_of(house, figures.low) == 2


def test_only_waits_by_the_clock_are_added_up(house: Checkout) -> None:
    assert figures.fixed_waits_seconds(house) == 1.75


def test_files_kept_from_mypy_are_those_that_the_settings_name(house: Checkout) -> None:
    assert unchecked_by_mypy(house) == 4
    (house.folder / "pyproject.toml").write_text("[project]\n")
    assert unchecked_by_mypy(Checkout("no mypy", house.folder)) is None


@pytest.mark.parametrize(
    ("file", "text", "count"),
    [
        ("pyproject.toml", '[project]\ndependencies = ["a", "b>=2"]\n', 2),
        ("setup.py", 'setup(name="a", install_requires=["a", "b", "c"])\n', 3),
        ("requirements.txt", "# pinned\na==1 \\\n    --hash=sha256:0\nb\n-r more.txt\n", 2),
        ("setup.py", "setup(install_requires=read())\n", None),
    ],
)
def test_direct_dependencies_are_found_where_a_project_writes_them(
    tmp_path: Path, file: str, text: str, count: int | None
) -> None:
    (tmp_path / file).write_text(text)
    assert dependencies(Checkout("a", tmp_path)) == count


def test_both_tables_are_printed_side_by_side(house: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    figures.main([f"before={house.folder}", str(house.folder)])
    printed = capsys.readouterr().out.splitlines()
    assert printed[2] == "| before | 33 | 3/5/5 | 9/22/22 | 67% | 0.27 | 2 |"
    assert printed[3].startswith(f"| {house.folder.name} | 33 |")
    assert "| modules that define Told, Head, Draft, Line, Row, Box | 0, 0, 0, 0, 2, 1 | 0, 0, 0, 0, 2, 1 |" in printed


def test_this_house_is_counted_as_it_is() -> None:
    here = Checkout("LineSync", Path(figures.here))
    assert Path("linesync/settings.py") in here.app
    assert Path("linesync/tests/test_bench_house.py") in here.tests
    assert Path("bench/house.py") not in here.app
    assert (dependencies(here) or 0) > 20
