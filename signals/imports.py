"""What an import of items would change, before it does; and the import, all lines or none."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from signals.models import Item
from signals.policies import Lines, Policy, Refusal, merged, read


@dataclass(frozen=True, slots=True)
class Change:
    """One line's effect. `before` None: the item has no row yet."""

    line: int
    after: Policy
    before: Policy | None

    @property
    def words(self) -> list[str]:
        """What differs, column by column, for example “reorder point 10 → 5”."""
        was = self.before or Policy(self.after.item_id)
        pairs = (
            ("description", was.description or "none", self.after.description or "none"),
            ("reorder point", _pieces(was.reorder_point), _pieces(self.after.reorder_point)),
            ("reorder quantity", _pieces(was.reorder_qty), _pieces(self.after.reorder_qty)),
        )
        return [f"{name} {old} → {new}" for name, old, new in pairs if old != new]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would do. `digest` names exactly these changes: another state of the items gives another one."""

    changes: Sequence[Change]
    unchanged: int
    refused: Sequence[Refusal]

    @property
    def is_good(self) -> bool:
        return bool(self.changes) and not self.refused

    @property
    def digest(self) -> str:
        seen = [(change.after, change.before) for change in self.changes]
        return hashlib.sha256(repr(seen).encode()).hexdigest()


class Moved(Exception):
    """The items changed after the preview was shown; `preview` is the new one."""

    def __init__(self, preview: Preview) -> None:
        super().__init__("Somebody changed items meanwhile. This is what the file would change now.")
        self.preview = preview


def preview(text: str) -> Preview:
    """What this file would change now. Raises BadFile."""
    return _preview(read(text))


@transaction.atomic
def import_items(text: str, *, digest: str) -> Preview:
    """Write the changes that were previewed under this digest, all or none. Raises BadFile and Moved."""
    Item.objects.hold_still()
    now = preview(text)
    if now.refused or now.digest != digest:
        raise Moved(now)
    Item.objects.write([change.after for change in now.changes])
    return now


def _preview(lines: Lines) -> Preview:
    known = Item.objects.policies(list(lines.policies))
    effects = [
        Change(lines.numbers[item_id], merged(line, known.get(item_id), lines.given), known.get(item_id))
        for item_id, line in lines.policies.items()
    ]
    changes = [change for change in effects if change.after != change.before]
    return Preview(changes, len(effects) - len(changes), lines.refused)


def _pieces(pieces: int | None) -> str:
    return "default" if pieces is None else str(pieces)
