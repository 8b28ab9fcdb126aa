"""What part of the stock list a page shows. All of it stands in the URL, so a link, a reload and Back keep it."""

import re
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict

page_rows = 25
search_characters_max = 100
columns = {
    "item": "Item",
    "on_hand": "On hand",
    "intake": "In",
    "consume": "Out",
    "last": "Last activity",
    "status": "Status",
}
orders = {
    "status": "Most urgent first",
    "-status": "Least urgent first",
    "item": "Item, A to Z",
    "-item": "Item, Z to A",
    "on_hand": "Fewest on hand first",
    "-on_hand": "Most on hand first",
    "-last": "Latest activity first",
    "last": "Longest without activity first",
    "-intake": "Most taken in first",
    "intake": "Least taken in first",
    "-consume": "Most taken out first",
    "consume": "Least taken out first",
}
filters = {
    "all": "All items",
    "low": "At or below the reorder point",
    "below_zero": "Below zero",
    "signal": "With a live signal",
}


@dataclass(frozen=True, slots=True)
class Listing:
    """`sort` is a column, with a leading `-` for descending; `page` counts from 1."""

    search: str = ""
    show: str = "all"
    sort: str = "status"
    page: int = 1

    @classmethod
    def from_url(cls, query: QueryDict) -> "Listing":
        """What the URL asks for; anything it does not know is the first page's default: a link never breaks."""
        sort = query.get("sort", "")
        page = query.get("page", "")
        return cls(
            search=query.get("q", "").replace("\x00", "").strip()[:search_characters_max],
            show=query.get("show", "") if query.get("show", "") in filters else "all",
            sort=sort if sort in orders else "status",
            page=int(page) if re.fullmatch(r"[1-9][0-9]{0,5}", page) else 1,
        )

    @property
    def column(self) -> str:
        return self.sort.removeprefix("-")

    @property
    def descending(self) -> bool:
        return self.sort.startswith("-")

    @property
    def url(self) -> str:
        """The query string, `?` included, with only what differs from the first page."""
        values = {"q": self.search, "show": self.show, "sort": self.sort, "page": self.page}
        told = {name: value for name, value in values.items() if value not in ("", "all", "status", 1)}
        return "?" + urlencode(told)

    def shown(self, show: str) -> "Listing":
        return replace(self, show=show, page=1)

    def on_page(self, page: int) -> "Listing":
        return replace(self, page=page)

    @property
    def headings(self) -> list[dict[str, str]]:
        """The columns in order: label, the link that sorts by it, and what ARIA calls the present order."""
        order = "descending" if self.descending else "ascending"
        return [
            {
                "column": column,
                "label": label,
                "url": self.sorted_by(column).url,
                "aria_sort": order if column == self.column else "none",
            }
            for column, label in columns.items()
        ]

    def sorted_by(self, column: str) -> "Listing":
        """The same rows by this column; by the column they are sorted by already, the other way round."""
        turned = "" if self.descending else "-"
        return replace(self, page=1, sort=f"{turned}{column}" if column == self.column else column)
