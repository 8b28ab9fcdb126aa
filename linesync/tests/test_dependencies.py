"""What we install and what we import are the same, each with a sentence in pyproject.toml, each pinned."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest
from django.conf import settings

root = Path(__file__).resolve().parent.parent.parent
pyproject = (root / "pyproject.toml").read_text()
project = tomllib.loads(pyproject)["project"]
runtime: list[str] = project["dependencies"]
extras: dict[str, list[str]] = project["optional-dependencies"]

our_packages = ("linesync", "inventory", "signals", "slips", "pipelines", "bench", "docs")
# These are installed where the pipeline runs; the one command that reads its tables says so where they are missing.
not_on_the_server = {"inventory/lakehouse.py": "pyarrow"}
# Named in no import of ours: who uses each.
not_imported = {
    "onnxruntime": "rapidocr loads it as its engine",
    "pytest-timeout": "a plugin of pytest",
    "ruff": "make check",
    "mypy": "make check",
    "django-stubs": "a plugin of mypy",
    "types-requests": "read by mypy",
    "types-pyyaml": "read by mypy",
    "djade": "make check",
    "uv": "make requirements",
    "pandas": "pyspark imports it",
}


def sources(*, of_server: bool) -> list[Path]:
    """Python files: those that the server, its jobs and its commands run; or tests, bench, pipelines and the rest."""
    files = [
        root / "manage.py",
        root / "gunicorn.conf.py",
        *(f for p in our_packages for f in (root / p).rglob("*.py")),
    ]
    return [file for file in files if _is_of_server(file.relative_to(root)) is of_server]


def _is_of_server(file: Path) -> bool:
    outside = {"tests", "bench", "docs", "pipelines", "conftest.py", "testing.py"}
    return not outside & {*file.parts}


@cache
def foreign(file: Path) -> set[str]:
    """The top-level modules that a file imports and that are neither Python's nor ours."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return {name.split(".")[0] for name in names} - {*sys.stdlib_module_names, *our_packages}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def name_of(requirement: str) -> str:
    return normal(re.split(r"[^\w.-]", requirement)[0])


def declared(requirements: Iterable[str]) -> set[str]:
    """Their names, and what their extras bring: psycopg[pool] is how psycopg_pool is asked for."""
    found = set()
    for requirement in requirements:
        found.add(name_of(requirement))
        if asked := re.search(r"\[([\w,-]+)\]", requirement):
            brought = metadata.requires(name_of(requirement)) or []
            marker = re.compile(rf"""extra == ['"]({asked[1].replace(",", "|")})['"]""")
            found |= {name_of(other) for other in brought if marker.search(other)}
    return found


@cache
def distributions() -> dict[str, set[str]]:
    return {module: {*map(normal, names)} for module, names in metadata.packages_distributions().items()}


def undeclared(files: Iterable[Path], requirements: Iterable[str]) -> list[str]:
    known = declared(requirements)
    return [
        f"{file.relative_to(root)} imports {module}"
        for file in files
        for module in sorted(foreign(file))
        if not distributions().get(module, {module}) & known
        if not_on_the_server.get(str(file.relative_to(root))) != module
    ]


def imported(files: Iterable[Path]) -> set[str]:
    """The names of what brings the modules that they import."""
    return {name for file in files for module in foreign(file) for name in distributions().get(module, ())}


def dotted() -> set[str]:
    """The top-level modules that Django imports by the names in our settings."""
    names = {path.split(".")[0] for path in [*settings.INSTALLED_APPS, *settings.MIDDLEWARE]}
    return names - {*our_packages}


def unused(requirements: Iterable[str], files: Iterable[Path]) -> list[str]:
    used = imported(files).union(not_imported, *(distributions().get(module, ()) for module in dotted()))
    return [name for name in map(name_of, requirements) if name not in used]


def test_what_the_server_imports_is_named_as_its_dependency() -> None:
    assert undeclared(sources(of_server=True), runtime) == []


def test_what_the_settings_name_is_named_as_a_dependency_too() -> None:
    assert [module for module in dotted() if not distributions()[module] & declared(runtime)] == []


def test_what_tests_bench_and_pipelines_import_is_named_too() -> None:
    assert undeclared(sources(of_server=False), [*runtime, *extras["dev"], *extras["pipelines"]]) == []


def test_each_dependency_of_the_server_is_used_by_it() -> None:
    assert unused(runtime, sources(of_server=True)) == []


@pytest.mark.parametrize("extra", extras)
def test_each_dependency_of_the_tools_is_used_by_them(extra: str) -> None:
    assert unused(extras[extra], sources(of_server=False)) == []


def test_the_exceptions_are_needed() -> None:
    assert {*not_imported} <= {*map(name_of, [*runtime, *extras["dev"], *extras["pipelines"]])}
    assert imported(sources(of_server=True) + sources(of_server=False)) & {*not_imported} == set()
    assert all(module in foreign(root / file) for file, module in not_on_the_server.items())


def test_an_import_that_nothing_asks_for_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.root", tmp_path)
    (tmp_path / "new.py").write_text("import psycopg_pool\nimport requests.sessions\nfrom multipart import form\n")
    found = undeclared([tmp_path / "new.py"], ["psycopg[binary,pool]>=3", "Django"])
    assert found == ["new.py imports multipart", "new.py imports requests"]
    assert unused(["requests>=2", "segno"], [tmp_path / "new.py"]) == ["segno"]


@pytest.mark.parametrize("requirement", [*runtime, *extras["dev"], *extras["pipelines"]])
def test_each_dependency_has_a_sentence_of_its_own(requirement: str) -> None:
    lines = pyproject.splitlines()
    sentence = lines[lines.index(f'  "{requirement}",') - 1]
    assert re.fullmatch(r"  # \w.{12,}\.", sentence)
    assert lines.count(sentence) == 1


def pins(file: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==(\S+)", (root / file).read_text(), re.M))


def test_each_dependency_is_pinned_and_the_tools_are_tried_with_the_servers_versions() -> None:
    server, tools = pins("requirements.txt"), pins("requirements-dev.txt")
    assert {*map(name_of, runtime)} <= server.keys()
    assert {*map(name_of, [*extras["dev"], *extras["pipelines"]])} <= tools.keys()
    assert server.items() <= tools.items()


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_pins_have_hashes_and_name_no_host(file: str) -> None:
    text = (root / file).read_text()
    assert len(re.findall(r"^[\w.-]+==.*\\\n    --hash=sha256:[0-9a-f]{64}", text, re.M)) == len(pins(file)) > 50
    assert re.findall(r"://|^--|^-i| @ |\bindex\b|find-links", text, re.M) == []
