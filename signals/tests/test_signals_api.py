"""Signals over JSON: the list with the stock of now, and acknowledging."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from pytest_django import Settings

from inventory.bookings import CONSUME, INTAKE, Booking, EventType, Scan
from inventory.models import ScanEvent
from linesync.testing import at_once, post_json
from signals.models import Signal


def move(event_type: EventType, item_id: str, qty: int) -> Booking:
    return ScanEvent.objects.record(Scan(event_type, "LINE-1", f"ITEM={item_id};QTY={qty}", item_id, qty))


def run_low(item_id: str = "PART-1") -> str:
    return str(move(CONSUME, item_id, 1).signal_id)


def listed(client: Client, **query: str | int) -> Any:
    return client.get("/api/signals", query).json()


def steps(signal_id: str) -> list[str]:
    return [step.status for step in Signal.objects.history(UUID(signal_id))]


def test_the_list_shows_the_stock_of_now_beside_the_signal(db: None, client: Client) -> None:
    signal_id = run_low()
    move(INTAKE, "PART-1", 5)
    (signal,) = listed(client)["signals"]
    assert signal.pop("created_ts").endswith("+00:00")
    assert signal == {
        "signal_id": signal_id, "item_id": "PART-1", "current_qty": 4, "reorder_point": 10, "reorder_qty": 24,
        "status": "OPEN",
    }  # fmt: skip


def test_the_total_counts_every_open_signal_and_not_the_page(db: None, client: Client) -> None:
    ids = [run_low(f"PART-{n}") for n in range(5)]
    post_json(client, f"signals/{ids[0]}/acknowledge")
    first = listed(client, limit=3)
    rest = listed(client, limit=3, cursor=first["next_cursor"])
    assert (first["total_open"], rest["total_open"], first["limit"], rest["next_cursor"]) == (4, 4, 3, None)
    assert sorted(signal["signal_id"] for signal in first["signals"] + rest["signals"]) == sorted(ids)


@pytest.mark.parametrize(("status", "count"), [("OPEN", 1), ("ACKNOWLEDGED", 1), ("FULFILLED", 1), ("", 3)])
def test_the_list_is_filtered_by_status(db: None, client: Client, status: str, count: int) -> None:
    run_low("A")
    post_json(client, f"signals/{run_low('B')}/acknowledge")
    run_low("C")
    move(INTAKE, "C", 99)
    assert len(listed(client, **({"status": status} if status else {}))["signals"]) == count


@pytest.mark.parametrize("query", [{"status": "LOST"}, {"limit": "0"}, {"cursor": "x"}, {"cursor": "WyJhIl0"}])
def test_a_question_that_makes_no_sense_is_refused(db: None, client: Client, query: dict[str, str]) -> None:
    refused = client.get("/api/signals", query)
    assert (refused.status_code, list(refused.json())) == (422, ["detail"])


def test_acknowledging_answers_with_the_signal_after_its_new_row(db: None, client: Client) -> None:
    signal_id = run_low()
    answer = post_json(client, f"signals/{signal_id}/acknowledge")
    assert (answer.status_code, answer.json()["signal_id"], answer.json()["status"]) == (200, signal_id, "ACKNOWLEDGED")
    assert steps(signal_id) == ["OPEN", "ACKNOWLEDGED"]


def test_acknowledging_without_a_body_needs_no_content_type(db: None, client: Client) -> None:
    assert client.generic("POST", f"/api/signals/{run_low()}/acknowledge", content_type="").status_code == 200


def test_after_an_acknowledgement_no_second_signal_opens_and_a_restock_fulfils_the_first(
    db: None, client: Client
) -> None:
    signal_id = run_low()
    post_json(client, f"signals/{signal_id}/acknowledge")
    assert move(CONSUME, "PART-1", 1).signal_id is None
    move(INTAKE, "PART-1", 99)
    assert steps(signal_id) == ["OPEN", "ACKNOWLEDGED", "FULFILLED"]
    assert listed(client)["total_open"] == 0


def test_an_unknown_signal_is_not_found(db: None, client: Client) -> None:
    signal_id = uuid4()
    missing = post_json(client, f"signals/{signal_id}/acknowledge")
    assert (missing.status_code, missing.json()) == (404, {"detail": f"Signal not found: {signal_id}"})
    assert post_json(client, "signals/7/acknowledge").status_code == 422


def test_a_fulfilled_signal_cannot_be_acknowledged(db: None, client: Client) -> None:
    signal_id = run_low()
    move(INTAKE, "PART-1", 99)
    late = post_json(client, f"signals/{signal_id}/acknowledge")
    assert (late.status_code, "Fulfilled" in late.json()["detail"]) == (409, True)


def test_only_reviewers_acknowledge(db: None, client: Client, settings: Settings) -> None:
    settings.REVIEWERS = ["ann@example.com"]
    signal_id = run_low()
    refused = post_json(client, f"signals/{signal_id}/acknowledge")
    assert (refused.status_code, "reviewers" in refused.json()["detail"]) == (403, True)
    assert steps(signal_id) == ["OPEN"]


def test_twenty_acknowledgements_with_one_key_are_one_row(ledger: None, client: Client) -> None:
    signal_id = run_low()
    answers = at_once([lambda: post_json(client, f"signals/{signal_id}/acknowledge", key="seen")] * 20)
    assert ({answer.status_code for answer in answers}, len({answer.content for answer in answers})) == ({200}, 1)
    assert steps(signal_id) == ["OPEN", "ACKNOWLEDGED"]


def test_a_key_that_acknowledged_one_signal_does_not_acknowledge_another(db: None, client: Client) -> None:
    one, other = run_low("A"), run_low("B")
    post_json(client, f"signals/{one}/acknowledge", key="seen")
    assert post_json(client, f"signals/{other}/acknowledge", key="seen").status_code == 409
    assert steps(other) == ["OPEN"]
