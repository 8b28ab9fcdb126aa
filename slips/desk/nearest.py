"""Known item numbers that look like an unknown one: a misread digit should cost a tap, not a search."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from inventory.models import Stock
from signals.models import Item

known_items_max = 20_000
offered_max = 3
likeness_min = 0.5
# What readers and people mix up counts as equal.
_confusable = str.maketrans("OQDILZSBG", "000112586")


@dataclass(slots=True)
class Known:
    """Every item number in stock or with a policy, and an index of their pairs of characters."""

    item_ids: frozenset[str]
    index: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    sizes: dict[str, int] = field(default_factory=dict)

    def nearest(self, item_id: str) -> list[str]:
        """The most alike known numbers, best first; none when nothing is alike enough."""
        if not self.sizes:
            self._build()
        pairs = _pairs(item_id)
        shared = Counter(known for pair in pairs for known in self.index.get(pair, ()))
        likeness = {known: 2 * n / (len(pairs) + self.sizes[known]) for known, n in shared.items()}
        alike = [known for known, share in likeness.items() if share >= likeness_min]
        return sorted(alike, key=lambda known: (-likeness[known], known))[:offered_max]

    def _build(self) -> None:
        for known in self.item_ids:
            pairs = _pairs(known)
            self.sizes[known] = len(pairs)
            for pair in pairs:
                self.index[pair].append(known)


def known_items() -> Known:
    in_stock: Iterable[str] = Stock.objects.values_list("item_id", flat=True)[:known_items_max]
    listed: Iterable[str] = Item.objects.values_list("item_id", flat=True)[:known_items_max]
    return Known(frozenset(in_stock) | frozenset(listed))


def _pairs(item_id: str) -> set[str]:
    text = f"^{item_id.upper().translate(_confusable)}$"
    return {text[place : place + 2] for place in range(len(text) - 1)}
