"""The house's own rules: imports run one way, one table's name stands in one managers module, doors stay shut."""

import ast
import re
from pathlib import Path

import pytest
from django.contrib import admin

root = Path(__file__).resolve().parent.parent.parent
packages = ["linesync", "inventory", "signals", "slips", "pipelines"]
may_import = {
    "signals": {"signals"},
    "inventory": {"inventory", "signals"},
    "slips": {"slips", "inventory", "signals"},
    "pipelines": {"pipelines"},
    "linesync": {"linesync", "inventory", "signals", "slips"},
}
doors = {
    "pyzbar": "inventory/decoding/",
    "zxingcpp": "inventory/decoding/",
    "pymupdf": "slips/pages",
    "openai": "slips/model_engine",
}
tables = ["scan_events", "scan_outcomes", "replenishment_signals", "signal_heads", "signal_actors",
          "signals_with_stock", "signals_live", "signal_steps", "signal_waits", "items", "signal_notices", "slips",
          "slip_files", "slip_pages", "slip_lines", "slip_receipts", "slip_receipt_lines", "stored_files"]  # fmt: skip


def sources(*, tests=False):
    files = [path for package in packages for path in (root / package).rglob("*.py")]
    return [path for path in files if tests or "tests" not in path.parts]


def imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def package_of(path):
    return path.relative_to(root).parts[0]


def test_imports_run_one_way():
    wrong = [
        f"{path.relative_to(root)} imports {name}"
        for path in sources()
        for name in imported(path)
        if (top := name.split(".")[0]) in packages and top not in may_import[package_of(path)]
        if path.name != "testing.py"
    ]
    assert wrong == []


def test_pipelines_know_no_django():
    assert [p for p in sources() if package_of(p) == "pipelines" for name in imported(p) if "django" in name] == []


@pytest.mark.parametrize("library", doors)
def test_each_door_is_one_place(library):
    users = [
        str(path.relative_to(root))
        for path in sources()
        if any(name.split(".")[0] == library for name in imported(path))
    ]
    assert users
    assert [user for user in users if not user.startswith(doors[library])] == []


@pytest.mark.parametrize("table", tables)
def test_a_tables_name_stands_in_one_module(table):
    """SQL only: a model's db_table says which table it maps, and the pipelines read the same tables from outside."""
    users = {
        str(path.relative_to(root))
        for path in sources()
        if package_of(path) in ("inventory", "signals", "slips") and "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.search(rf"\b(FROM|JOIN|INTO|UPDATE|TABLE)\s+{table}\b", node.value)
    }
    assert len(users) == 1


def test_no_page_loads_from_another_host():
    templates = list((root / "templates").rglob("*.html"))
    assert templates
    outside = re.compile(r"""(src|href|action)=["'](https?:)?//""")
    assert [path.name for path in templates if outside.search(path.read_text())] == []


def test_no_page_carries_inline_script_or_style():
    inline = re.compile(r"<script>|<style|\sstyle=|\son[a-z]+=|hx-on|javascript:")
    assert [path.name for path in (root / "templates").rglob("*.html") if inline.search(path.read_text())] == []


def test_no_template_has_long_lines_and_each_is_used():
    """Used: rendered by a view, found by Django's admin under a name of its own, or part of one that is used."""
    files = {
        path.relative_to(root / "templates").as_posix(): path.read_text()
        for path in (root / "templates").rglob("*.html")
    }
    assert [name for name, text in files.items() if any(len(line) > 140 for line in text.splitlines())] == []
    django_names = {path.name for path in Path(admin.__file__).parent.rglob("templates/admin/*.html")}
    rendered = {
        node.value for path in sources() for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }  # fmt: skip
    used = {
        name
        for name in files
        if name in rendered or (name.startswith("admin/") and name.rpartition("/")[2] in django_names)
    }
    assert used
    parts = {name: set(re.findall(r'{% (?:extends|include) "([^"]+)"', text)) for name, text in files.items()}
    while more := {part for name in used for part in parts[name] & files.keys()} - used:
        used |= more
    assert files.keys() - used == set()
