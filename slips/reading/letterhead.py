"""What stands around the table: who sent it, under which numbers, when."""

from __future__ import annotations

from .kinds import Page


def vendor(pages: list[Page]) -> str | None:
    return None
