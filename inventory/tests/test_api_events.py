"""Booking and reading events over JSON: the losses of the first service that must not return, and the lists."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from inventory import api
from inventory.models import ScanEvent, Stock
from inventory.wire import bulk_lines_max
from linesync.ground.wire import page_rows_max
from linesync.testing import at_once, post_json
from signals.models import Signal

carton = {"station_id": "DOCK_1", "barcode_raw": "ITEM=PART-88219;QTY=24"}


def intake(client: Client, **other: Any) -> Any:
    return post_json(client, "events/intake", carton | other)


def consume(client: Client, qty: int, **other: Any) -> Any:
    return post_json(client, "events/consume", carton | {"barcode_raw": f"ITEM=PART-88219;QTY={qty}"} | other)


def bulk(client: Client, items: list[Any], **other: Any) -> Any:
    return post_json(client, "events/bulk-intake", {"items": items} | other)


def recent(client: Client, **query: Any) -> Any:
    return client.get("/api/events/recent", query).json()


def on_hand(item_id: str = "PART-88219") -> int:
    pieces: int = Stock.objects.get(item_id=item_id).on_hand_qty
    return pieces


def backdate(seconds: float) -> None:
    """Let every event have happened earlier, as no program can: the guard is lifted in the test's own transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = 'replica'")
        cursor.execute("UPDATE scan_events SET event_ts = event_ts - make_interval(secs => %s)", [seconds])
        cursor.execute("SET LOCAL session_replication_role = 'origin'")


def test_an_intake_answers_with_its_event_and_what_is_on_hand(db: None, client: Client) -> None:
    event = intake(client).json()
    assert ScanEvent.objects.get().event_id.hex == event.pop("event_id").replace("-", "")
    assert event.pop("event_ts").endswith("+00:00")
    assert event == {
        "event_type": "INTAKE", "station_id": "DOCK_1", "barcode_raw": "ITEM=PART-88219;QTY=24",
        "item_id": "PART-88219", "qty": 24, "on_hand_qty": 24, "user_email": "dana@example.com",
        "triggered_signal": None,
    }  # fmt: skip


def test_a_consume_that_leaves_too_little_says_which_signal_it_opened(db: None, client: Client) -> None:
    intake(client)
    event = consume(client, 20).json()
    signal = Signal.objects.get()
    assert event["triggered_signal"] == {
        "signal_id": str(signal.signal_id), "item_id": "PART-88219", "current_qty": 4, "reorder_qty": 24,
    }  # fmt: skip


def test_a_signal_that_an_intake_fulfilled_is_not_a_triggered_one(db: None, client: Client) -> None:
    intake(client)
    consume(client, 20)
    assert intake(client, station_id="DOCK_2").json()["triggered_signal"] is None
    assert Signal.objects.get().status == "FULFILLED"
    assert [event["triggered_signal"] is None for event in recent(client)["events"]].count(False) == 1


# What was lost in the first service.


def test_two_docks_with_the_same_label_are_two_cartons(db: None, client: Client) -> None:
    assert [intake(client, station_id=station).status_code for station in ("DOCK_1", "DOCK_2")] == [200, 200]
    assert on_hand() == 48


def test_an_intake_and_then_a_consume_of_one_label_are_both_booked(db: None, client: Client) -> None:
    assert [intake(client).status_code, consume(client, 24).status_code] == [200, 200]
    assert on_hand() == 0


@pytest.fixture
def slow_guard(monkeypatch: pytest.MonkeyPatch) -> int:
    """The guard's three seconds stretched to as many minutes, so that a busy machine is never too slow for them."""
    assert vars(api)["repeat_seconds"] == 3
    monkeypatch.setattr(api, "repeat_seconds", 180)
    return 180


def test_the_same_label_at_once_is_refused_with_the_seconds_to_wait(db: None, client: Client, slow_guard: int) -> None:
    intake(client)
    repeat = intake(client)
    assert (repeat.status_code, on_hand()) == (429, 24)
    assert 1 <= int(repeat["Retry-After"]) <= slow_guard
    assert repeat["Retry-After"] in repeat.json()["detail"]


@pytest.mark.parametrize(("share", "status"), [(0.5, 429), (1, 200)])
def test_the_same_label_counts_again_after_the_guards_seconds(
    db: None, client: Client, slow_guard: int, share: float, status: int
) -> None:
    intake(client)
    backdate(slow_guard * share)
    assert intake(client).status_code == status


def test_a_write_that_failed_leaves_no_trace_that_would_refuse_the_retry(db: None, client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT before")
        intake(client)
        cursor.execute("ROLLBACK TO SAVEPOINT before")
    assert intake(client).status_code == 200


def test_twenty_docks_with_one_label_at_once_are_twenty_cartons_and_one_dock_is_one(
    ledger: None, client: Client, slow_guard: int
) -> None:
    jobs = [lambda dock=dock: intake(client, station_id=f"DOCK_{dock}").status_code for dock in range(20)]
    docks = at_once(jobs)
    assert (docks, on_hand()) == ([200] * 20, 480)
    one = at_once([lambda: intake(client, station_id="LINE_1").status_code] * 20)
    assert (sorted(one), on_hand()) == ([200] + [429] * 19, 504)


def test_two_identical_lines_of_a_slip_are_both_received(db: None, client: Client) -> None:
    answer = bulk(client, [{"item_id": "PART-1", "qty": 12}, {"item_id": "PART-1", "qty": 12}]).json()
    assert (answer["total_items"], answer["total_qty"]) == (2, 24)
    assert [(event["on_hand_qty"], event["station_id"]) for event in answer["events"]] == [
        (12, "PACKING_SLIP"), (24, "PACKING_SLIP"),
    ]  # fmt: skip
    assert len({event["event_id"] for event in answer["events"]}) == 2


@pytest.mark.parametrize(
    "line",
    [{"item_id": "PART-7", "qty": 0}, {"item_id": "PART-7", "qty": -1}, {"item_id": "PART-7", "qty": 1_000_000},
     {"item_id": "PART-7", "qty": "5"}, {"item_id": "PART-7", "qty": 1.5}, {"item_id": "PART-7", "qty": True},
     {"item_id": "", "qty": 5}, {"item_id": "no blanks", "qty": 5}, {"item_id": "P" * 65, "qty": 5}, {"qty": 5}, None],
)  # fmt: skip
def test_a_bad_line_7_of_9_is_named_and_nothing_is_booked(db: None, client: Client, line: Any) -> None:
    lines = [{"item_id": f"PART-{n}", "qty": 5} for n in range(1, 10)]
    lines[6] = line
    refused = bulk(client, lines)
    assert refused.status_code == 400
    assert refused.json()["detail"].startswith("Line 7")
    assert ScanEvent.objects.count() == 0


def test_a_thousand_lines_are_one_delivery_and_one_more_is_too_many(
    db: None, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    lines = [{"item_id": f"PART-{n % 300}", "qty": 1 + n % 7} for n in range(bulk_lines_max)]
    with django_assert_max_num_queries(6):
        answer = bulk(client, lines).json()
    assert [(event["item_id"], event["qty"]) for event in answer["events"]] == [(x["item_id"], x["qty"]) for x in lines]
    assert answer["total_items"] == bulk_lines_max
    assert bulk(client, [*lines, lines[0]]).status_code == 422
    assert bulk(client, []).status_code == 422
    assert ScanEvent.objects.count() == bulk_lines_max


def test_many_consumes_at_once_open_one_signal(ledger: None, client: Client) -> None:
    intake(client)
    jobs = [lambda dock=dock: consume(client, 20, station_id=f"LINE_{dock}").json() for dock in range(20)]
    answers = at_once(jobs)
    assert sum(answer["triggered_signal"] is not None for answer in answers) == 1
    assert Signal.objects.count() == 1


# What is refused.


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        (carton | {"barcode_raw": "ITEM=A;QTY=0"}, 400, "1 to 999,999"),
        (carton | {"barcode_raw": "4006381333931"}, 400, "not one of our labels"),
        (carton | {"barcode_raw": ""}, 400, "empty"),
        (carton | {"barcode_raw": "UNDO=1"}, 400, "Undo"),
        (carton | {"barcode_raw": "ITEM=A\0;QTY=1"}, 400, "not allowed"),
        (carton | {"barcode_raw": 5}, 422, "barcode_raw"),
        (carton | {"station_id": ""}, 422, "station"),
        (carton | {"station_id": "S" * 65}, 422, "station"),
        (carton | {"station_id": "D\n"}, 422, "station"),
        ({"station_id": "DOCK_1"}, 422, "barcode_raw"),
        ([], 422, ""),
        (None, 422, ""),
    ],
)
def test_what_cannot_be_booked_is_refused_in_a_sentence(
    db: None, client: Client, body: Any, status: int, word: str
) -> None:
    refused = post_json(client, "events/intake", body)
    assert (refused.status_code, list(refused.json())) == (status, ["detail"])
    assert word in refused.json()["detail"]
    assert ScanEvent.objects.count() == 0


@pytest.mark.parametrize("station_id", ["D", "S" * 64, "camera-1", "PACKING_SLIP", "Hall 2 / Dock 3", "10.0.0.7:1"])
def test_existing_clients_keep_their_stations_names(db: None, client: Client, station_id: str) -> None:
    assert intake(client, station_id=station_id).json()["station_id"] == station_id


# The list.


def test_events_are_listed_newest_first_in_one_query(
    db: None, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for qty in (1, 2, 3):
        intake(client, barcode_raw=f"ITEM=PART-1;QTY={qty}")
        backdate(1)
    with django_assert_num_queries(1):
        listed = recent(client)
    assert ([event["qty"] for event in listed["events"]], listed["limit"], listed["next_cursor"]) == (
        [3, 2, 1],
        20,
        None,
    )
    assert [event["on_hand_qty"] for event in listed["events"]] == [6, 3, 1]


def test_a_walk_by_cursor_sees_every_event_once_while_scans_go_on(db: None, client: Client) -> None:
    lines: list[dict[str, Any]] = [{"item_id": f"PART-{n}", "qty": 1} for n in range(23)]
    bulk(client, lines)
    backdate(60)
    seen: list[str] = []
    cursor: dict[str, str] | None = {}
    while cursor is not None:
        page = recent(client, limit=5, **cursor)
        seen += [event["item_id"] for event in page["events"]]
        intake(client, barcode_raw=f"ITEM=NEW;QTY={len(seen)}")
        cursor = {"cursor": page["next_cursor"]} if page["next_cursor"] else None
    assert sorted(seen) == sorted(line["item_id"] for line in lines)


@pytest.mark.parametrize(
    ("query", "items"),
    [
        ({"item_id": "A/1"}, {"A/1"}),
        ({"station_id": "DOCK_2"}, {"B"}),
        ({"event_type": "CONSUME"}, {"C"}),
        ({"event_type": "CONSUME", "item_id": "B"}, set()),
        ({"since": timedelta(0)}, {"A/1", "B", "C"}),
        ({"since": timedelta(hours=1)}, set()),
        ({"until": timedelta(hours=1)}, {"A/1", "B", "C"}),
        ({"until": timedelta(hours=-1)}, set()),
    ],
)
def test_events_are_filtered(db: None, client: Client, query: dict[str, Any], items: set[str]) -> None:
    began = timezone.now() - timedelta(minutes=1)
    query = {name: began + value if isinstance(value, timedelta) else value for name, value in query.items()}
    query = {name: value if isinstance(value, str) else value.isoformat() for name, value in query.items()}
    intake(client, barcode_raw="ITEM=A/1;QTY=1")
    intake(client, barcode_raw="ITEM=B;QTY=1", station_id="DOCK_2")
    consume(client, 1, barcode_raw="ITEM=C;QTY=1")
    assert {event["item_id"] for event in recent(client, **query)["events"]} == items


@pytest.mark.parametrize(
    "query",
    [{"limit": "0"}, {"limit": "x"}, {"since": "yesterday"}, {"since": "2026-01-01T00:00:00"}, {"since": "0"},
     {"event_type": "LOST"}, {"cursor": "x"}, {"cursor": "W10"}, {"cursor": "é"}, {"cursor": "A" * 401},
     {"item_id": ""}, {"station_id": "\0"}],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_refused(db: None, client: Client, query: dict[str, str]) -> None:
    refused = client.get("/api/events/recent", query)
    assert (refused.status_code, list(refused.json())) == (422, ["detail"])


@pytest.mark.parametrize(
    ("asked", "given"), [(1, 1), (page_rows_max, page_rows_max), (page_rows_max + 1, page_rows_max)]
)
def test_a_limit_above_the_cap_is_capped_and_said(db: None, client: Client, asked: int, given: int) -> None:
    assert recent(client, limit=asked)["limit"] == given


def test_an_event_of_another_writer_is_listed_without_the_stock_it_left(db: None, client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO scan_events (event_type, station_id, barcode_raw, item_id, qty)
            VALUES ('INTAKE', 'psql', 'x', 'A', 1)
            """
        )
    (event,) = recent(client)["events"]
    assert (event["on_hand_qty"], event["user_email"], event["triggered_signal"]) == (None, None, None)
