"""What the house is made of, read from its own files: modules and their imports, and the names that migrations make."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

root = Path(__file__).resolve().parents[2]
packages = ("linesync", "inventory", "signals", "slips", "pipelines")
apps = ("inventory", "signals", "slips")


@cache
def modules() -> dict[str, Path]:
    """Every module of ours by its dotted name, without tests, migrations and the tests' own plugin."""
    found = {}
    for package in packages:
        for path in sorted((root / package).rglob("*.py")):
            relative = path.relative_to(root)
            if {"tests", "migrations"} & set(relative.parts) or relative.name == "testing.py":
                continue
            parts = relative.with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


@cache
def imported(module: str) -> frozenset[str]:
    """What a module imports, wherever in it, as absolute dotted names; a name out of a module as `module.name`."""
    return frozenset(_imported(module, modules()[module]))


def _imported(module: str, path: Path) -> Iterator[str]:
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")
            base = ".".join([*parts[: len(parts) - node.level + 1], *filter(None, [node.module])]) if node.level else ""
            base = base or node.module or ""
            yield from (f"{base}.{alias.name}" for alias in node.names)


@cache
def neighbours(module: str) -> frozenset[str]:
    """The modules of ours that a module imports."""
    known = modules()
    named = {name if name in known else name.rpartition(".")[0] for name in imported(module)}
    return frozenset((named & set(known)) - {module})


def everything_below(module: str) -> set[str]:
    """All modules of ours that come along when a module is imported."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        new = neighbours(waiting.pop()) - found
        found |= new
        waiting += new
    return found


@cache
def made_by_migrations() -> dict[str, str]:
    """Tables, views and functions of our SQL migrations, by name: TABLE, VIEW or FUNCTION."""
    made = {}
    for path in root.glob("*/migrations/*.sql"):
        for kind, name in re.findall(_creation, _without_comments(path.read_text())):
            made[name] = kind
    return made


_creation = re.compile(r"\bCREATE\s+(?:OR\s+REPLACE\s+)?(TABLE|VIEW|FUNCTION)\s+(?:IF\s+NOT\s+EXISTS\s+)?(\w+)")


def _without_comments(sql: str) -> str:
    return re.sub(r"--.*", "", sql)


@cache
def statements(path: Path) -> tuple[str, ...]:
    """The texts of a module that are SQL, without comments."""
    texts = (
        node.value for node in ast.walk(tree(path)) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return tuple(_without_comments(text) for text in texts if _sql.search(text))


_sql = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|TRUNCATE)\b")


def speaks_of(sql: str, name: str, kind: str) -> bool:
    """Whether a statement without comments reads, writes or calls what has this name."""
    used = rf"\b{name}\s*\(" if kind == "FUNCTION" else rf"\b(FROM|JOIN|INTO|UPDATE|TABLE|USING)\s+{name}\b"
    return re.search(used, sql) is not None


def homes(name: str) -> set[str]:
    """The modules of the web application in whose SQL a table, view or function is named."""
    kind = made_by_migrations()[name]
    return {
        module
        for module, path in modules().items()
        if not module.startswith("pipelines") and any(speaks_of(sql, name, kind) for sql in statements(path))
    }
