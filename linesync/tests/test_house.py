"""The map of the house, as docs/development.md draws it: nothing stands there that is not asserted here."""

import ast
import re
from pathlib import Path

import pytest
from django.contrib import admin

from linesync.ground.item_ids import item_id_pattern
from linesync.tests.house import (
    apps,
    everything_below,
    homes,
    imported,
    made_by_migrations,
    modules,
    neighbours,
    root,
    statements,
    tree,
)

# Imports run one way. `linesync` puts the apps together; of it they know the ground floor only.
may_import = {
    "pipelines": {"pipelines"},
    "linesync.ground": {"linesync.ground"},
    "signals": {"signals", "linesync.ground"},
    "inventory": {"inventory", "signals", "linesync.ground"},
    "slips": {"slips", "inventory", "signals", "linesync.ground"},
}
# Each of these libraries is known in one place.
doors = {
    "pyzbar": "inventory.decoding",
    "zxingcpp": "inventory.decoding",
    "pymupdf": "slips.paper.pages_worker",
    "rapidocr": "slips.reading.ocr",
    "openai": "slips.engines.model",
}
# Modules that answer requests and commands: nothing but each other imports them.
views = re.compile(r"\.(\w*views|\w*urls|api|admin|management)(\.|$)")


def area(module: str) -> str:
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[:2] == ["linesync", "ground"] else parts[0]


def test_imports_run_one_way() -> None:
    wrong = [
        f"{module} imports {other}"
        for module in modules()
        for other in neighbours(module)
        if area(other) not in may_import.get(area(module), {area(other)})
    ]
    assert wrong == []


def test_the_ground_floor_imports_nothing_of_ours() -> None:
    ground = [module for module in modules() if area(module) == "linesync.ground"]
    assert len(ground) > 5
    assert [module for module in ground if any(area(other) != "linesync.ground" for other in neighbours(module))] == []


def test_no_module_comes_along_with_itself() -> None:
    """No circle between modules, however long."""
    assert [module for module in modules() if module in everything_below(module)] == []


def test_pipelines_know_no_django() -> None:
    known = [module for module in modules() if area(module) == "pipelines"]
    assert known
    assert [module for module in known if any("django" in name for name in imported(module))] == []


@pytest.mark.parametrize("library", doors)
def test_each_door_is_one_place(library: str) -> None:
    users = [module for module in modules() if any(name.split(".")[0] == library for name in imported(module))]
    assert users
    assert [user for user in users if not f"{user}.".startswith(f"{doors[library]}.")] == []


def ours(module: str, app: str) -> set[str]:
    return {other for other in neighbours(module) if area(other) == app}


def is_view(module: str) -> bool:
    return views.search(module) is not None


def is_manager(module: str) -> bool:
    return re.search(r"^\w+\.managers(\.|$)", module) is not None


@pytest.mark.parametrize("app", apps)
def test_nothing_but_views_imports_views(app: str) -> None:
    inside = [module for module in modules() if area(module) == app]
    assert any(is_view(module) for module in inside)
    wrong = [
        f"{module} imports {other}"
        for module in inside
        if not is_view(module)
        for other in ours(module, app)
        if is_view(other)
    ]
    assert wrong == []


@pytest.mark.parametrize("app", [*apps, "linesync"])
def test_models_stand_on_managers_and_managers_on_plain_values(app: str) -> None:
    """A plain value knows neither: what models and managers import of their app must not lead back to the models."""
    models = f"{app}.models"
    below = [module for module in modules() if area(module) == app and is_manager(module)]
    assert below
    assert neighbours(models) & set(below)
    for module in [models, *below]:
        assert models not in everything_below(module), module
        assert not any(is_view(other) for other in ours(module, app)), module


@pytest.mark.parametrize("app", apps)
def test_sql_of_our_tables_stands_with_the_managers(app: str) -> None:
    # The queue's lock and the system check ask Postgres itself; for Django's `storages` a storage is the manager.
    others = {"slips.queue.read_now", "inventory.checks", "slips.paper.storages"}
    speakers = {module for module, path in modules().items() if area(module) == app and any(statements(path))}
    assert speakers
    assert {module for module in speakers if not is_manager(module)} - others == set()


@pytest.mark.parametrize("name", made_by_migrations())
def test_a_name_of_the_database_has_one_home(name: str) -> None:
    """SQL only: a model's db_table says which table it maps, and the pipelines read the same tables from outside."""
    assert len(homes(name)) <= 1


def test_what_migrations_make_is_used() -> None:
    """By Python, by other SQL of ours, or it is the brief's own, for others to read."""
    sql = {path: path.read_text() for path in root.glob("*/migrations/*.sql")}
    unused = [
        name
        for name in made_by_migrations()
        if not homes(name) and sum(len(re.findall(rf"\b{name}\b", text)) for text in sql.values()) < 2
    ]
    assert set(unused) <= {"replenishment_signals_current"}


def test_an_item_id_is_spelt_the_same_in_sql(db: None) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'items'::regclass")
        checks = [check for (check,) in cursor.fetchall() if "item_id ~" in check]
    assert len(checks) == 1
    assert f"'^{item_id_pattern}$'" in checks[0]


named_files = re.findall(r"`((?:[\w.-]+/)+(?:[\w.-]+)?)(?:::(\w+))?`", (root / "docs" / "development.md").read_text())


@pytest.mark.parametrize(("path", "name"), sorted(set(named_files)))
def test_what_the_map_names_is_there(path: str, name: str) -> None:
    place = root / path
    assert place.exists()
    assert not name or re.search(rf"^\s*def {name}\(", place.read_text(), re.MULTILINE)


def test_the_map_draws_every_room() -> None:
    """Folders that Django or the pipelines' engine give a name of their own need no word."""
    given = {"management", "commands", "templatetags", "formats", "en", "transformations"}
    drawn = set(re.findall(r"^ {0,2}(\w+)/ ", (root / "docs" / "development.md").read_text(), re.MULTILINE))
    rooms = {path.parent.name for path in modules().values() if path.name == "__init__.py"}
    assert rooms - given - drawn == set()


def test_the_promises_of_the_map_are_kept_by_what_it_names(db: None) -> None:
    """Every trigger, index and relation that the table of promises names is in the database."""
    from django.db import connection

    text = (root / "docs" / "development.md").read_text()
    table = text[text.index("## What the database itself guarantees") : text.index("DDL is SQL")]
    names = set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", table))
    assert len(names) > 5
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger UNION SELECT relname FROM pg_class")
        there = {name for (name,) in cursor.fetchall()}
    assert names - there == set()


def test_no_page_loads_from_another_host() -> None:
    templates = list((root / "templates").rglob("*.html"))
    assert templates
    outside = re.compile(r"""(src|href|action)=["'](https?:)?//""")
    assert [path.name for path in templates if outside.search(path.read_text())] == []


def test_no_page_carries_inline_script_or_style() -> None:
    inline = re.compile(r"<script>|<style|\sstyle=|\son[a-z]+=|hx-on|javascript:")
    assert [path.name for path in (root / "templates").rglob("*.html") if inline.search(path.read_text())] == []


def test_no_template_has_long_lines_and_each_is_used() -> None:
    """Used: rendered by a view, found by Django's admin under a name of its own, or part of one that is used."""
    paths = {path.relative_to(root / "templates").as_posix(): path for path in (root / "templates").rglob("*.html")}
    files = {name: path.read_text() for name, path in paths.items()}
    assert [name for name, text in files.items() if any(len(line) > 140 for line in text.splitlines())] == []
    rendered = {
        node.value
        for path in modules().values()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    admins = {path.name for path in Path(admin.__file__).parent.rglob("templates/admin/*.html")}
    used = {name for name in files if name in rendered or (name.startswith("admin/") and paths[name].name in admins)}
    assert used
    parts = {name: set(re.findall(r'{% (?:extends|include) "([^"]+)"', text)) for name, text in files.items()}
    while more := {part for name in used for part in parts[name] & files.keys()} - used:
        used |= more
    assert files.keys() - used == set()
