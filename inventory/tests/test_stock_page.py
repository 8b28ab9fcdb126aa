"""The stock page: what it counts, lists and finds, and what a refresh costs."""

import contextlib
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from inventory.bookings import CONSUME, INTAKE, Booking, EventType, Scan
from inventory.listing import Listing, page_rows
from inventory.models import GoldRefresh, ScanEvent
from inventory.tests.history import write
from signals.models import Item, Signal

HTMX = {"HX-Request": "true"}


def book(event_type: EventType, item_id: str, qty: int, station_id: str = "LINE-1") -> Booking:
    return ScanEvent.objects.record(
        Scan(event_type, station_id, f"ITEM={item_id};QTY={qty}", item_id, qty, "dana@example.com")
    )


def rows_of(page: Any) -> list[str]:
    return re.findall(r'<th class="item" scope="row"><a id="row-\d+" href="[^"]+">([^<]+)</a>', page.content.decode())


def text_of(page: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def poll_of(page: Any) -> str:
    """The address that the page's own refresh asks."""
    own = page.content.decode().rpartition("</template>")[2]  # behind the tickets that every page has
    values = re.findall(r'<input type="hidden"(?: id="version")? name="(\w+)" value="([^"]*)">', own)
    assert dict(values).keys() == {"q", "show", "sort", "page", "version"}
    return "/stock/?" + urlencode(values)


class Balance(HTMLParser):
    """The elements that are open, innermost last; closing any other than that one is an error."""

    alone = {"meta", "link", "input", "br"}

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open += [tag] if tag not in self.alone else []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, self.getpos()


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("url", ["/stock/", "/stock/?q=none", "/stock/item/PART-1/?at=2026-05-03T14:05"])
def test_every_element_is_closed(client: Client, db: None, url: str, headers: dict[str, str]) -> None:
    book(INTAKE, "PART-1", 14)
    book(CONSUME, "PART-1", 6)
    markup = Balance()
    markup.feed(client.get(url, headers=headers).content.decode())
    assert markup.open == []


def test_an_empty_book_leads_to_the_first_receipt(client: Client, db: None) -> None:
    page = client.get("/stock/")
    assert page.status_code == 200
    assert "Nothing was scanned yet" in text_of(page)


def test_the_counts_are_those_of_the_items(client: Client, still_clock: datetime) -> None:
    book(INTAKE, "ENOUGH", 100)
    book(INTAKE, "LOW", 10)
    book(CONSUME, "BELOW", 3)
    counted = text_of(client.get("/stock/"))
    assert "3 items" in counted
    assert "2 at or below the reorder point" in counted
    assert "1 below zero: count this item" in counted
    assert "1 live signal " in counted
    assert "3 scans today" in counted


def test_yesterdays_scans_are_not_todays(client: Client, still_clock: datetime, settings: Settings) -> None:
    settings.TIME_ZONE = "Pacific/Auckland"
    midnight = timezone.localtime(still_clock).replace(hour=0, minute=0, second=0, microsecond=0)
    write("A", 1, midnight)
    write("A", 1, midnight - timedelta(microseconds=1))
    assert "1 scan today" in text_of(client.get("/stock/"))


def test_a_row_says_all_of_its_item_in_words(client: Client, still_clock: datetime) -> None:
    Item.objects.create(item_id="PART-1", description="Hex bolt", reorder_point=50)
    book(INTAKE, "PART-1", 1200)
    book(CONSUME, "PART-1", 1160)
    line = text_of(client.get("/stock/"))
    assert re.search(r"PART-1 Hex bolt 40 1,200 1,160 \d\d:\d\d Low signal open", line)


def test_below_zero_is_loud(client: Client, db: None) -> None:
    book(CONSUME, "PART-1", 3)
    assert "−3" in text_of(client.get("/stock/"))
    assert "Below zero: count this item" in text_of(client.get("/stock/"))


def test_a_live_signal_shows_the_sum_that_caused_it(client: Client, db: None) -> None:
    book(INTAKE, "PART-1", 14)
    book(CONSUME, "PART-1", 6)
    assert "14 − 6 = 8 ≤ 10 at LINE-1, by dana, " in text_of(client.get("/stock/"))


def test_recent_activity_names_station_person_and_what_undoes_what(client: Client, db: None, in_may: None) -> None:
    wrong = write("PART-1", 24, "2026-05-03T12:00:00Z")
    write("PART-1", -24, "2026-05-03T12:01:00Z", payload=f"UNDO={wrong}", by="kim@example.com")
    shown = text_of(client.get("/stock/"))
    assert "May 3, 12:01 −24 PART-1 out at DOCK-1, by kim Undo of May 3, 12:00, by dana" in shown
    assert "May 3, 12:00 +24 PART-1 in at DOCK-1, by dana Undone May 3, 12:01, by kim" in shown


@pytest.fixture
def in_may(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day of the year of the events, so that their year is not named."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 5, 20, 12, tzinfo=UTC))


def test_an_event_of_another_year_says_so(client: Client, db: None, in_may: None) -> None:
    write("PART-1", 24, "2025-12-31T23:59:00Z")
    assert "Dec 31, 2025, 23:59 +24 PART-1" in text_of(client.get("/stock/"))


@pytest.mark.parametrize("payload", ["UNDO=", "UNDO=nonsense", "UNDO=%", "UNDO=00000000-0000-0000-0000-000000000000"])
def test_an_undo_of_nothing_breaks_no_page(client: Client, db: None, payload: str) -> None:
    write("PART-1", 24, payload=payload)
    assert client.get("/stock/").status_code == 200
    assert client.get("/stock/item/PART-1/").status_code == 200


def test_foreign_text_is_text(client: Client, db: None) -> None:
    write('<script>alert("1")</script>', 24, station="<b>", by="<i>@x")
    page = client.get("/stock/").content.decode()
    assert "<script>alert" not in page
    assert "<b>" not in page
    assert "<i>" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=bolt", ["B-2", "A-1"]), ("q=a-", ["A-1"]), ("q=%25", []), ("q=_", []), ("q=%20bolt%20", ["B-2", "A-1"]),
        ("show=low", ["C-3", "B-2"]), ("show=below_zero", ["C-3"]), ("show=signal", ["C-3", "B-2"]),
        ("sort=item", ["A-1", "B-2", "C-3"]), ("sort=-item", ["C-3", "B-2", "A-1"]),
        ("sort=on_hand", ["C-3", "B-2", "A-1"]), ("sort=-on_hand", ["A-1", "B-2", "C-3"]),
        ("sort=-intake", ["A-1", "B-2", "C-3"]), ("sort=consume", ["A-1", "C-3", "B-2"]),
        ("sort=last", ["A-1", "B-2", "C-3"]), ("sort=-last", ["C-3", "B-2", "A-1"]),
        ("sort=status", ["C-3", "B-2", "A-1"]), ("", ["C-3", "B-2", "A-1"]),
        ("sort=nonsense&show=nonsense&page=x", ["C-3", "B-2", "A-1"]),
        ("page=99999999999999999999", ["C-3", "B-2", "A-1"]),
    ],
)  # fmt: skip
def test_the_list_is_searched_filtered_and_sorted(client: Client, db: None, query: str, found: list[str]) -> None:
    Item.objects.create(item_id="A-1", description="Hex bolt")
    Item.objects.create(item_id="B-2", description="Long BOLT")
    write("A-1", 100, "2026-05-01T12:00:00Z")
    write("B-2", 20, "2026-05-02T12:00:00Z")
    book(CONSUME, "B-2", 15)
    book(CONSUME, "C-3", 5)
    # Within a test's one transaction now() stands still: only what psql wrote has a later time.
    write("C-3", 1, "2100-01-01T00:00:00Z")
    assert rows_of(client.get(f"/stock/?{query}")) == found


def test_of_one_status_what_is_furthest_below_its_reorder_point_is_most_urgent(client: Client, db: None) -> None:
    Item.objects.create(item_id="WIDE", reorder_point=100)
    for item_id, on_hand in (("NARROW", 5), ("WIDE", 20), ("MIDDLE", 2)):
        book(INTAKE, item_id, on_hand)
    assert rows_of(client.get("/stock/")) == ["WIDE", "MIDDLE", "NARROW"]
    assert rows_of(client.get("/stock/?sort=-status")) == ["NARROW", "MIDDLE", "WIDE"]


def test_nul_in_a_search_is_no_error(client: Client, db: None) -> None:
    assert client.get("/stock/?q=%00").status_code == 200


def test_every_item_is_on_one_page_and_the_links_lead_there(client: Client, db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO scan_events (event_type, station_id, barcode_raw, item_id, qty)
            SELECT 'INTAKE', 'S', 'x', 'P-' || lpad(n::text, 5, '0'), 1 + n %% 3
            FROM generate_series(1, %s) AS n
            """,
            [2 * page_rows + 1],
        )
    seen: list[str] = []
    url: str | None = "/stock/?sort=-on_hand"
    while url:
        page = client.get(url)
        seen += rows_of(page)
        onward = re.search(r'id="page-next"[^>]*href="([^"]+)"', page.content.decode())
        url = onward and onward[1].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 2 * page_rows + 1
    assert "Page 3 of 3" in text_of(page)
    back = re.search(r'id="page-previous"[^>]*href="([^"]+)"', page.content.decode())
    assert back
    assert "sort=-on_hand" in back[1]


def test_a_page_behind_the_end_is_the_first(client: Client, db: None) -> None:
    write("PART-1", 24)
    page = client.get("/stock/?page=7")
    assert rows_of(page) == ["PART-1"]
    assert "page=1" in poll_of(page)


def test_the_url_keeps_what_is_shown() -> None:
    listing = Listing(search="a&b", show="low", sort="-item", page=3)
    assert listing.url == "?q=a%26b&show=low&sort=-item&page=3"
    assert listing.sorted_by("item") == Listing("a&b", "low", "item", 1)
    assert listing.sorted_by("on_hand") == Listing("a&b", "low", "on_hand", 1)
    assert Listing().url == "?"


def test_a_poll_gets_204_until_something_changes(client: Client, still_clock: datetime) -> None:
    book(INTAKE, "PART-1", 14)
    poll = poll_of(client.get("/stock/"))
    unchanged = client.get(poll, headers=HTMX)
    assert (unchanged.status_code, unchanged.content) == (204, b"")
    book(INTAKE, "PART-1", 1)
    changed = client.get(poll, headers=HTMX)
    assert changed.status_code == 200
    assert b"<html" not in changed.content
    assert client.get(poll_of(changed), headers=HTMX).status_code == 204


@pytest.mark.parametrize("change", ["acknowledge", "policy", "description", "psql"])
def test_every_change_that_the_page_would_show_is_a_new_version(client: Client, ledger: None, change: str) -> None:
    book(INTAKE, "PART-1", 14)
    opened = book(CONSUME, "PART-1", 6)
    Item.objects.create(item_id="PART-1")
    poll = poll_of(client.get("/stock/"))
    if change == "acknowledge":
        assert opened.signal_id
        Signal.objects.acknowledge(opened.signal_id, user_email="kim@example.com")
    elif change == "policy":
        Item.objects.update(reorder_point=3)
    elif change == "description":
        Item.objects.update(description="Bolt")
    else:
        write("PART-1", 1, "1999-01-01T00:00:00Z")
    assert client.get(poll, headers=HTMX).status_code == 200


def test_an_event_that_commits_late_is_not_missed(client: Client, ledger: None) -> None:
    """The version is no newest time or number: a slow transaction's event is older than one already shown."""
    book(INTAKE, "PART-1", 14)
    with contextlib.closing(connection.copy()) as slow:
        slow.set_autocommit(False)
        with slow.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO scan_events (event_type, station_id, barcode_raw, item_id, qty)
                VALUES ('INTAKE', 'S', 'x', 'PART-2', 5)
                """
            )
        book(INTAKE, "PART-1", 14)
        poll = poll_of(client.get("/stock/"))
        slow.commit()
    assert client.get(poll, headers=HTMX).status_code == 200


def test_an_unchanged_poll_asks_four_cheap_questions(
    client: Client, still_clock: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    book(INTAKE, "PART-1", 14)
    poll = poll_of(client.get("/stock/"))
    with django_assert_num_queries(4):
        client.get(poll, headers=HTMX)


def test_back_in_the_browser_gets_the_whole_page(client: Client, db: None) -> None:
    poll = poll_of(client.get("/stock/"))
    page = client.get(poll, headers=HTMX | {"HX-History-Restore-Request": "true"})
    assert b"<html" in page.content


@pytest.mark.parametrize(("drift", "words"), [(0, "Gold agrees, drift 0"), (2, "Gold differs by 2")])
def test_it_says_when_gold_was_refreshed_and_whether_it_agreed(
    still_clock: datetime, client: Client, drift: int, words: str
) -> None:
    shown = re.search(r'id="version" name="version" value="([^"]*)"', client.get("/stock/").content.decode())
    assert shown
    now = timezone.now()
    GoldRefresh.objects.record(
        refreshed_ts=now, snapshot_ts=now, newest_event_ts=None, event_count=0, drift_count=drift
    )
    poll = client.get("/stock/", {"version": shown[1]}, headers={"HX-Request": "true"})
    assert poll.status_code == 200
    assert words in poll.content.decode()
