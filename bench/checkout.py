"""A folder with somebody's code: which of its files are the application, which its tests, what it says of itself."""

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

# Neither application nor test: tools beside it, what Django writes, what is data though a module holds it.
outside = {"bench", "docs", "doc", "examples", "example", "migrations", "data", "build", "var"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Checkout:
    """Its files as they lie there, whatever git knows of them; paths are relative to the folder."""

    name: str
    folder: Path

    @cached_property
    def app(self) -> list[Path]:
        """The modules of each package at the top or under src/, without tests and what is `outside`."""
        return [file for file in self.python if _is_inside(file, self.packages) and not _is_test(file)]

    @cached_property
    def tests(self) -> list[Path]:
        return [file for file in self.python if _is_inside(file, {*self.packages, "tests"}) and _is_test(file)]

    @cached_property
    def templates(self) -> list[Path]:
        return [*self._files("templates", "*.html")]

    @cached_property
    def statements(self) -> list[Path]:
        """Where SQL stands: the application's modules, its .sql files, its migrations; no tests."""
        migrations = [file for file in self.python if "migrations" in file.parts and not _is_test(file)]
        return [*self.app, *migrations, *(file for file in self._files(".", "*.sql") if not _is_test(file))]

    @cached_property
    def python(self) -> list[Path]:
        return [*self._files(".", "*.py")]

    @cached_property
    def packages(self) -> set[str]:
        return {"src", *(file.parent.name for file in self.folder.glob("*/__init__.py"))} - {"tests"}

    @cached_property
    def trees(self) -> dict[Path, ast.Module]:
        return {file: ast.parse(self.text(file)) for file in self.app}

    @cached_property
    def functions(self) -> list[Function]:
        """Every def of the application, those inside of others too."""
        return [node for tree in self.trees.values() for node in ast.walk(tree) if isinstance(node, Function)]

    @cached_property
    def pyproject(self) -> dict[str, Any]:
        file = self.folder / "pyproject.toml"
        return tomllib.loads(file.read_text()) if file.exists() else {}

    def text(self, file: Path) -> str:
        return (self.folder / file).read_text()

    def lines(self, files: Iterable[Path]) -> int:
        return sum(len(self.text(file).splitlines()) for file in files)

    def _files(self, below: str, pattern: str) -> Iterator[Path]:
        for file in sorted((self.folder / below).rglob(pattern)):
            known = file.relative_to(self.folder)
            # A virtual environment, what tools keep, what the app keeps.
            if not any(part.startswith(".") or part == "var" for part in known.parts):
                yield known


def _is_inside(file: Path, packages: set[str]) -> bool:
    return len(file.parts) > 1 and file.parts[0] in packages and not outside & {*file.parts}


def _is_test(file: Path) -> bool:
    return "tests" in file.parts or file.name == "conftest.py" or file.name.startswith("test_")


def dependencies(of: Checkout) -> int | None:
    """The application's direct ones; None where they are not written down."""
    if "dependencies" in (project := of.pyproject.get("project", {})):
        return len(project["dependencies"])
    if (of.folder / "setup.py").exists():
        for node in ast.walk(ast.parse(of.text(Path("setup.py")))):
            if isinstance(node, ast.keyword) and node.arg == "install_requires" and isinstance(node.value, ast.List):
                return len(node.value.elts)
    if (of.folder / "requirements.txt").exists():
        return len(re.findall(r"^\w", of.text(Path("requirements.txt")), re.M))
    return None


def unchecked_by_mypy(of: Checkout) -> int | None:
    """Python files that its own settings keep from mypy; None where it does not set mypy up."""
    if (settings := of.pyproject.get("tool", {}).get("mypy")) is None:
        return None
    patterns = settings.get("exclude", [])
    patterns = [patterns] if isinstance(patterns, str) else patterns
    return sum(any(re.search(pattern, str(file)) for pattern in patterns) for file in of.python)
