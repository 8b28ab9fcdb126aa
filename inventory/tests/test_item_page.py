"""One item's page: its past, its events, how many there were at a moment."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from inventory.models import ScanEvent, Stock
from inventory.stock_views import event_rows
from inventory.templatetags.wording import item_url
from inventory.tests.history import write
from inventory.tests.test_stock_page import text_of
from signals.models import Item


@pytest.mark.parametrize(
    "item_id",
    ["PART-1", "A/B", "A/../B", "A//", "A#1", "A:1", "A+1", "50%", "A?b=c", "A B", "ß", "new\nline", "<script>",
     "A/events.csv"],
)  # fmt: skip
def test_every_item_has_a_page_whatever_its_id(client: Client, db: None, item_id: str) -> None:
    write(item_id, 24)
    page = client.get(item_url(item_id))
    assert page.status_code == 200
    assert page.context["level"]["item_id"] == item_id
    assert item_url(item_id) in client.get("/stock/").content.decode()


def test_an_ids_slashes_and_dots_survive_a_browser() -> None:
    assert item_url("A/../B") == "/stock/item/A%2F..%2FB/"


@pytest.mark.parametrize("url", ["/stock/item/NOPE/", "/stock/item/%00/"])
def test_an_item_that_never_moved_has_no_page(client: Client, db: None, url: str) -> None:
    assert client.get(url).status_code == 404


def test_its_policy_is_shown_with_what_is_default(client: Client, db: None) -> None:
    write("PART-1", 24)
    assert "Reorder 24 (default) at 10 (default) or fewer" in text_of(client.get("/stock/item/PART-1/"))
    Item.objects.create(item_id="PART-1", description="Hex bolt", reorder_point=50, reorder_qty=1000)
    shown = text_of(client.get("/stock/item/PART-1/"))
    assert "Reorder 1,000 at 50 or fewer" in shown
    assert "Hex bolt" in shown


def test_labels_and_the_policy_are_one_step_away(client: Client, db: None) -> None:
    write("A/B#1", 24)
    page = client.get(item_url("A/B#1")).content.decode()
    assert 'href="/labels/?pairs=A%2FB%231%3A24"' in page
    assert 'href="/admin/signals/item/add/?item_id=A%2FB%231"' in page
    assert "A/B#1:24" in client.get("/labels/?pairs=A%2FB%231%3A24").content.decode()
    assert 'value="A/B#1"' in client.get("/admin/signals/item/add/?item_id=A%2FB%231").content.decode()
    Item.objects.create(item_id="A/B#1")
    assert 'href="/admin/signals/item/A_2FB_231/change/"' in client.get(item_url("A/B#1")).content.decode()
    assert client.get("/admin/signals/item/A_2FB_231/change/").status_code == 200


def test_an_id_that_no_label_can_carry_has_no_such_steps(client: Client, db: None) -> None:
    write("A B", 24)
    page = client.get(item_url("A B")).content
    assert b"/labels/" not in page
    assert b"/admin/signals/item/" not in page


def test_below_zero_says_to_count(client: Client, db: None) -> None:
    write("PART-1", -3)
    assert "Below zero: count this item" in text_of(client.get("/stock/item/PART-1/"))


@pytest.mark.parametrize(
    ("at", "on_hand"),
    [("2026-05-01T11:59", 0), ("2026-05-01T12:00", 60), ("2026-05-03T14:05", 48), ("2026-06-01T00:00", 53)],
)
def test_stock_as_of_a_moment(client: Client, db: None, at: str, on_hand: int) -> None:
    write("PART-1", 60, "2026-05-01T12:00:00Z")
    write("PART-1", -12, "2026-05-02T12:00:00Z")
    write("PART-1", 5, "2026-05-04T12:00:00Z")
    moment = datetime.fromisoformat(at)
    shown = text_of(client.get(f"/stock/item/PART-1/?at={at}"))
    assert f"On {moment.day} {moment:%B %Y, %H:%M} there were {on_hand} ." in shown


def test_the_moment_is_the_sites(client: Client, db: None, settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    write("PART-1", 60, "2026-05-01T12:00:00Z")
    assert "there were 0 ." in text_of(client.get("/stock/item/PART-1/?at=2026-05-01T13:59"))
    assert "there were 60 ." in text_of(client.get("/stock/item/PART-1/?at=2026-05-01T14:00"))


@pytest.mark.parametrize(
    "at", ["", "yesterday", "2026-13-01T00:00", "0001-01-01T00:00", "9999-12-31T23:59", "2999-01-01T00:00"]
)
def test_a_moment_that_is_none_is_refused_with_a_sentence(client: Client, db: None, at: str) -> None:
    write("PART-1", 24)
    page = client.get("/stock/item/PART-1/", {"at": at})
    assert page.status_code == 422
    assert 'id="at-told"' in page.content.decode()


def test_a_moment_that_the_clock_skipped_is_refused(client: Client, db: None, settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    write("PART-1", 24)
    assert client.get("/stock/item/PART-1/?at=2026-03-29T02:30").status_code == 422


def test_counted_from_either_end_the_past_is_the_same(db: None) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    changes = [24, -5, -5, 40, -60, 7, 7, -1]
    for hour, change in enumerate(changes):
        write("PART-1", change, start + timedelta(hours=hour))
    for hour in range(len(changes)):
        assert ScanEvent.objects.on_hand_at("PART-1", start + timedelta(hours=hour)) == sum(changes[: hour + 1])
    assert ScanEvent.objects.on_hand_at("OTHER", start) == 0


def test_every_event_is_on_one_page_with_what_was_on_hand_after_it(client: Client, db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO scan_events (event_ts, event_type, station_id, barcode_raw, item_id, qty)
            SELECT timestamptz '2026-01-01T00:00Z' + n / 3 * interval '1 hour',
                   CASE WHEN n %% 4 = 0 THEN 'INTAKE' ELSE 'CONSUME' END, 'S', 'x', 'PART-1', 1 + n %% 7
            FROM generate_series(1, %s) AS n
            """,
            [2 * event_rows + 3],
        )
    seen: list[dict[str, Any]] = []
    url: str | None = "/stock/item/PART-1/?window=7d"
    while url:
        page = client.get(url)
        seen += page.context["events"]
        onward = re.search(r'rel="next" href="([^"#]+)#events"', page.content.decode())
        url = onward and "/stock/item/PART-1/" + onward[1].replace("&amp;", "&")
    assert len({event["event_id"] for event in seen}) == len(seen) == 2 * event_rows + 3
    on_hand = 0
    for event in reversed(seen):
        on_hand += event["change"]
        assert event["on_hand_qty"] == on_hand
    assert on_hand == Stock.objects.get(item_id="PART-1").on_hand_qty


@pytest.mark.parametrize("before", ["x", "2026-01-01_x", "2026-01-01T00:00:00_00000000-0000-0000-0000-000000000000"])
def test_a_place_that_is_none_is_the_newest(client: Client, db: None, before: str) -> None:
    write("PART-1", 24)
    assert len(client.get(f"/stock/item/PART-1/?before={quote(before)}").context["events"]) == 1


@pytest.mark.parametrize("window", ["1d", "7d", "30d", "90d", "1y"])
def test_the_charts_tell_what_happened(client: Client, db: None, window: str) -> None:
    now = timezone.now()
    write("PART-1", 100, now - timedelta(days=700))
    write("PART-1", -30, now - timedelta(minutes=10))
    write("PART-1", 5, now - timedelta(minutes=5))
    page = client.get(f"/stock/item/PART-1/?window={window}")
    shown = text_of(page)
    # Both fall into one step of the longer windows, which shows how that ended.
    assert re.search("100 at the start, lowest 7[05], highest 100, 75 now.", shown)
    assert "5 in and 30 out" in shown
    assert page.content.count(b"<rect") in (2, 3)
    assert b"style=" not in page.content


def test_a_chart_of_nothing_is_a_flat_line(client: Client, db: None) -> None:
    write("PART-1", 42, timezone.now() - timedelta(days=700))
    shown = client.get("/stock/item/PART-1/?window=nonsense")
    assert "42 at the start, lowest 42, highest 42, 42 now." in text_of(shown)
    assert "30 days" in text_of(shown)


def test_an_events_undo_is_beside_it(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    # In the year of the events, which is therefore not named.
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 5, 20, tzinfo=UTC))
    wrong = write("PART-1", 24, "2026-05-03T12:00:00Z")
    write("PART-1", -24, "2026-05-03T12:01:00Z", payload=f"UNDO={wrong}", by="kim@example.com")
    shown = text_of(client.get("/stock/item/PART-1/"))
    assert "Undo of May 3, 12:00, by dana" in shown
    assert "Undone May 3, 12:01, by kim" in shown
