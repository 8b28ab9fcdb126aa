"""Run every bench module (or those named) one after the other: each says its figures with `rows()`."""

import importlib
import pkgutil
import sys

import bench
from bench.table import Figure, show


def main(wanted: list[str]) -> int:
    names = wanted or sorted(module.name for module in pkgutil.iter_modules(bench.__path__))
    reached = True
    for name in names:
        module = importlib.import_module(f"bench.{name}") if name != "__main__" else None
        if module is None or not hasattr(module, "rows"):
            continue
        print(f"\n{name}: {(module.__doc__ or '').splitlines()[0]}")
        figures: list[Figure] = list(module.rows())
        reached = show(figures) and reached
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
