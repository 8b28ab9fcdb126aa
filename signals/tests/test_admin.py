"""Review in the admin: what it shows, what it lets people do, what it never lets them do."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from inventory.models import ScanEvent
from signals.models import Item, Signal
from signals.tests.dock import consume, dana, run_low, sam, statuses, take_in

signals = "/admin/signals/signal/"


def act(client: Client, action: str, *signal_ids: UUID) -> Any:
    asked = {"action": action, "_selected_action": [str(each) for each in signal_ids], "index": 0}
    return client.post(signals, asked, follow=True)


def items_shown(page: Any) -> list[str]:
    return [signal.item_id for signal in page.context["cl"].result_list]


def test_the_list_shows_live_signals_unless_asked_otherwise(client: Client, db: None) -> None:
    run_low("LIVE")
    run_low("SEEN")
    Signal.objects.acknowledge(Signal.objects.get(item_id="SEEN").signal_id, user_email=sam)
    run_low("DONE")
    take_in(24, "DONE")
    assert items_shown(client.get(signals)) == ["SEEN", "LIVE"]
    assert items_shown(client.get(signals, {"status": "FULFILLED"})) == ["DONE"]
    assert items_shown(client.get(signals, {"status": "all"})) == ["DONE", "SEEN", "LIVE"]
    assert items_shown(client.get(signals, {"q": "see"})) == ["SEEN"]


def test_the_age_filter_keeps_the_old_ones(client: Client, db: None) -> None:
    run_low("NEW")
    _opened("OLD", timezone.now() - timedelta(hours=5))
    assert items_shown(client.get(signals, {"older": "4"})) == ["OLD"]
    assert items_shown(client.get(signals, {"older": "24"})) == []
    assert items_shown(client.get(signals, {"older": "nonsense"})) == ["OLD", "NEW"]


def test_live_stock_stands_in_the_list(client: Client, db: None) -> None:
    run_low()
    consume(5)
    page = client.get(signals).content.decode()
    assert '<td class="field-on_hand">3</td>' in page
    assert '<td class="field-triggered_at_qty">8</td>' in page


def test_acknowledging_two_appends_two_rows_and_logs_them(client: Client, db: None) -> None:
    first, second = run_low("A"), run_low("B")
    page = act(client, "acknowledge", first, second)
    assert b"2 signals acknowledged." in page.content
    assert statuses(first) == statuses(second) == ["OPEN", "ACKNOWLEDGED"]
    assert Signal.objects.history(first)[-1].user_email == dana
    assert sorted(str(entry.object_id) for entry in LogEntry.objects.all()) == sorted([str(first), str(second)])


def test_marking_fulfilled_by_hand(client: Client, db: None) -> None:
    signal_id = run_low()
    assert b"1 signal marked fulfilled." in act(client, "mark_fulfilled", signal_id).content
    assert statuses(signal_id) == ["OPEN", "FULFILLED"]


def test_a_signal_that_other_work_holds_stops_the_rest_and_says_what_was_done(client: Client, ledger: None) -> None:
    first, held, after = run_low("A"), run_low("B"), run_low("C")
    holder = connection.copy()
    holder.set_autocommit(False)
    try:
        with holder.cursor() as cursor:
            cursor.execute("SELECT FROM signal_heads WHERE signal_id = %s FOR UPDATE", [held])
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        shown = [signal.signal_id for signal in client.get(signals).context["cl"].result_list]
        page = act(client, "acknowledge", first, held, after)
    finally:
        holder.rollback()
        holder.close()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
    done = shown[: shown.index(held)]
    assert page.status_code == 200
    assert (
        f"B: other work that is not finished holds it. Left as before: {3 - len(done)} of the 3"
        in page.content.decode()
    )
    assert f"{len(done)} signal acknowledged." in page.content.decode()
    assert [each for each in shown if statuses(each) == ["OPEN", "ACKNOWLEDGED"]] == done
    assert act(client, "acknowledge", held).content.count(b"1 signal acknowledged.") == 1


def test_who_comes_second_is_told_and_nothing_is_logged(client: Client, db: None) -> None:
    signal_id = run_low()
    Signal.objects.acknowledge(signal_id, user_email=sam)
    assert "PART-1: Acknowledged already, by sam" in act(client, "acknowledge", signal_id).content.decode()
    assert not LogEntry.objects.exists()


def test_one_signals_page_has_its_story_and_links_the_causing_event(client: Client, db: None) -> None:
    signal_id = run_low()
    Signal.objects.acknowledge(signal_id, user_email=sam)
    event = ScanEvent.objects.get(event_type="CONSUME")
    page = client.get(f"{signals}{signal_id}/change/").content.decode()
    assert f"/admin/inventory/scanevent/{event.pk}/change/" in page
    assert client.get(f"/admin/inventory/scanevent/{event.pk}/change/").status_code == 200
    assert sam in page
    assert "14 − 6 = 8 ≤ 10 at LINE-1" in page
    assert 'value="mark_fulfilled"' in page
    assert 'value="acknowledge"' not in page


@pytest.mark.parametrize("address", [f"{signals}add/", "/admin/inventory/scanevent/add/"])
def test_nothing_is_added_by_hand(client: Client, db: None, address: str) -> None:
    assert client.get(address).status_code == 403


def test_nothing_is_edited_or_deleted(client: Client, db: None) -> None:
    signal_id = run_low()
    event = ScanEvent.objects.first()
    assert event
    for address in (f"{signals}{signal_id}/", f"/admin/inventory/scanevent/{event.pk}/"):
        assert client.post(f"{address}change/", {"qty": 1, "status": "FULFILLED"}).status_code == 403
        assert client.post(f"{address}delete/", {"post": "yes"}).status_code == 403
    assert statuses(signal_id) == ["OPEN"]


def test_scan_events_are_never_counted_whole(client: Client, db: None) -> None:
    run_low()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get("/admin/inventory/scanevent/").status_code == 200
    counts = [each["sql"] for each in queries if "COUNT(*)" in each["sql"] and "scan_events" in each["sql"]]
    assert counts
    assert all("LIMIT 10000" in sql for sql in counts)
    assert not [each["sql"] for each in queries if "DISTINCT" in each["sql"] and "scan_events" in each["sql"]]


def test_scan_events_are_found_by_item_by_id_and_by_day(client: Client, db: None) -> None:
    _event("OLD", datetime(2024, 2, 29, 23, 30, tzinfo=UTC))
    _event("OLD", datetime(2025, 12, 31, 12, tzinfo=UTC))
    take_in(1, "NEW")
    events = "/admin/inventory/scanevent/"
    newest = ScanEvent.objects.first()
    assert newest
    assert items_shown(client.get(events)) == ["NEW", "OLD", "OLD"]
    assert items_shown(client.get(events, {"q": " NEW "})) == ["NEW"]
    assert items_shown(client.get(events, {"q": str(newest.pk)})) == ["NEW"]
    assert items_shown(client.get(events, {"q": "OL"})) == []
    february = {"event_ts__year": 2024, "event_ts__month": 2}
    assert items_shown(client.get(events, february)) == ["OLD"]
    assert items_shown(client.get(events, february | {"event_ts__day": 29})) == ["OLD"]
    assert items_shown(client.get(events, february | {"event_ts__day": 28})) == []


def test_the_dates_to_pick_run_from_the_first_event_to_the_last(client: Client, db: None) -> None:
    _event("OLD", datetime(2023, 12, 31, 12, tzinfo=UTC))
    _event("NEW", datetime(2026, 1, 31, 12, tzinfo=UTC))
    events = ScanEvent.objects.order_by()
    page = client.get("/admin/inventory/scanevent/")
    queryset = page.context["cl"].queryset
    assert [start.year for start in queryset.datetimes("event_ts", "year")] == [2023, 2024, 2025, 2026]
    months = [(start.year, start.month) for start in queryset.datetimes("event_ts", "month")]
    assert (months[0], months[1], months[2], months[-1], len(months)) == (
        (2023, 12), (2024, 1), (2024, 2), (2026, 1), 26,
    )  # fmt: skip
    assert events.count() == 2


def test_an_empty_policy_names_the_default_that_it_means(client: Client, db: None, settings: Settings) -> None:
    settings.REORDER_POINT, settings.REORDER_QTY = 1200, 7
    page = client.get("/admin/signals/item/add/").content.decode()
    assert "Empty: the site's default, 1,200." in page
    assert "Empty: the site's default, 7." in page


def test_an_items_row_is_edited_within_its_limits(client: Client, db: None) -> None:
    add = "/admin/signals/item/add/"
    assert b"An item id is 1 to 64" in client.post(add, {"item_id": "=cmd", "reorder_point": 1}).content
    assert client.post(add, {"item_id": "A/B#1", "reorder_point": -1}).status_code == 200
    assert client.post(add, {"item_id": "A/B#1", "reorder_point": 0, "reorder_qty": 0}).status_code == 200
    assert b"can be 1 or 1,000" in client.post(add, {"item_id": "A/B#1", "reorder_point": "1.000"}).content
    assert not Item.objects.exists()
    assert client.post(add, {"item_id": "A/B#1", "reorder_point": 0, "reorder_qty": 1}).status_code == 302
    changed = client.post("/admin/signals/item/A_2FB_231/change/", {"description": "Bolt", "reorder_point": ""})
    assert changed.status_code == 302
    item = Item.objects.get()
    assert (item.item_id, item.description, item.reorder_point, item.reorder_qty) == ("A/B#1", "Bolt", None, None)


def _event(item_id: str, moment: datetime) -> None:
    ScanEvent.objects.create(
        event_ts=moment, event_type="INTAKE", station_id="S", barcode_raw="x", item_id=item_id, qty=1
    )


def _opened(item_id: str, moment: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO replenishment_signals (signal_id, created_ts, item_id, triggered_at_qty)
            VALUES (gen_random_uuid(), %s, %s, 1)
            """,
            [moment, item_id],
        )
