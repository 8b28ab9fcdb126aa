"""Idempotency-Key: a lost reply, a second try, twenty at once: booked once, answered the same."""

import json
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from inventory.models import ScanEvent, Stock
from linesync.managers import answers_kept_hours
from linesync.models import ApiAnswer
from linesync.testing import at_once, post_json

carton = {"station_id": "DOCK_1", "barcode_raw": "ITEM=PART-1;QTY=24"}
delivery = {"items": [{"item_id": "PART-1", "qty": 12}, {"item_id": "PART-1", "qty": 12}]}


def on_hand() -> int:
    quantity: int = Stock.objects.get(item_id="PART-1").on_hand_qty
    return quantity


def age_answers(hours: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE api_answers SET answered_ts = answered_ts - make_interval(hours => %s)", [hours])


@pytest.mark.parametrize(
    ("path", "body"), [("events/intake", carton), ("events/consume", carton), ("events/bulk-intake", delivery)]
)
def test_the_same_key_and_body_again_is_the_first_answer_and_nothing_written(
    db: None, client: Client, path: str, body: dict[str, Any]
) -> None:
    first = post_json(client, path, body, key="order-7")
    events = ScanEvent.objects.count()
    post_json(client, "events/intake", carton | {"station_id": "DOCK_9"})
    again = post_json(client, path, body, key="order-7")
    assert (again.status_code, again.content) == (200, first.content)
    assert (again["Idempotent-Replayed"], first.has_header("Idempotent-Replayed")) == ("true", False)
    assert ScanEvent.objects.count() == events + 1


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("events/intake", carton | {"barcode_raw": "ITEM=PART-1;QTY=25"}),
        ("events/intake", carton | {"station_id": "DOCK_2"}),
        ("events/consume", carton),
        ("events/bulk-intake", delivery),
    ],
)
def test_the_same_key_with_another_request_is_a_conflict(
    db: None, client: Client, path: str, body: dict[str, Any]
) -> None:
    post_json(client, "events/intake", carton, key="order-7")
    conflict = post_json(client, path, body, key="order-7")
    assert (conflict.status_code, "Idempotency-Key" in conflict.json()["detail"]) == (409, True)
    assert on_hand() == 24


def test_the_body_is_compared_by_what_it_says(db: None, client: Client) -> None:
    first = post_json(client, "events/intake", carton, key="order-7")
    rewritten = json.dumps(dict(reversed(carton.items())), indent=4)
    again = client.post(
        "/api/events/intake",
        rewritten,
        content_type="application/json; charset=utf-8",
        headers={"Idempotency-Key": "order-7"},
    )
    assert again.content == first.content


def test_a_key_books_the_same_label_again_at_once(db: None, client: Client) -> None:
    answers = [post_json(client, "events/intake", carton, key=key) for key in ("a", "b", "c")]
    assert ([answer.status_code for answer in answers], on_hand()) == ([200] * 3, 72)


def test_a_refusal_leaves_the_key_free_for_the_corrected_request(db: None, client: Client) -> None:
    assert post_json(client, "events/intake", carton | {"barcode_raw": "oops"}, key="order-7").status_code == 400
    assert ApiAnswer.objects.count() == 0
    assert post_json(client, "events/intake", carton, key="order-7").status_code == 200


def test_two_people_may_choose_the_same_key(db: None, client: Client, settings: Settings) -> None:
    settings.TRUST_PROXY_HEADERS = True
    for email in ("ann@example.com", "bob@example.com", "ann@example.com"):
        assert post_json(client, "events/intake", carton, key="1", **{"X-Forwarded-Email": email}).status_code == 200
    assert on_hand() == 48


@pytest.mark.parametrize(
    ("key", "status"), [("k", 200), ("k" * 255, 200), ("k" * 256, 422), ("", 422), ("a b", 422), ("ä", 422)]
)
def test_a_key_is_1_to_255_printable_characters(db: None, client: Client, key: str, status: int) -> None:
    assert post_json(client, "events/intake", carton, key=key).status_code == status


def test_twenty_clients_that_share_five_keys_book_five_cartons(ledger: None, client: Client) -> None:
    answers = at_once([partial(post_json, client, "events/intake", carton, key=f"key-{key % 5}") for key in range(20)])
    assert [answer.status_code for answer in answers] == [200] * 20
    assert len({answer.content for answer in answers}) == 5
    assert sum(answer.has_header("Idempotent-Replayed") for answer in answers) == 15
    assert (on_hand(), ScanEvent.objects.count()) == (5 * 24, 5)


def test_twenty_clients_with_one_key_and_two_bodies_book_one_of_them(ledger: None, client: Client) -> None:
    bodies = [carton, carton | {"barcode_raw": "ITEM=PART-1;QTY=1"}] * 10
    answers = at_once([partial(post_json, client, "events/intake", body, key="one") for body in bodies])
    assert sorted(answer.status_code for answer in answers) == [200] * 10 + [409] * 10
    assert ScanEvent.objects.count() == 1


def test_twenty_clients_with_one_key_receive_one_delivery(ledger: None, client: Client) -> None:
    answers = at_once([lambda: post_json(client, "events/bulk-intake", delivery, key="slip-4711")] * 20)
    assert len({answer.content for answer in answers}) == 1
    assert (on_hand(), ScanEvent.objects.count()) == (24, 2)


def test_connectors_that_repeat_everything_book_everything_once(ledger: None, client: Client) -> None:
    def send_all() -> set[int]:
        bodies = [carton | {"barcode_raw": f"ITEM=PART-1;QTY={qty}"} for qty in range(1, 31)]
        return {post_json(client, "events/intake", body, key=body["barcode_raw"]).status_code for body in bodies}

    assert at_once([send_all] * 4) == [{200}] * 4
    assert on_hand() == sum(range(1, 31))


def test_an_answer_that_could_not_be_kept_books_nothing(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.raise_request_exception = False

    def fail(*args: object, **values: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("linesync.managers.ApiAnswerManager.keep", fail)
    assert post_json(client, "events/intake", carton, key="order-7").status_code == 500
    assert ScanEvent.objects.count() == 0


@pytest.mark.parametrize(("hours", "left"), [(answers_kept_hours - 1, 1), (answers_kept_hours + 1, 0)])
def test_answers_are_kept_for_a_week_and_then_forgotten(db: None, client: Client, hours: int, left: int) -> None:
    post_json(client, "events/intake", carton, key="old")
    age_answers(hours)
    call_command("forget_api_answers", verbosity=0)
    assert ApiAnswer.objects.count() == left
    assert answers_kept_hours >= 24


def test_each_new_answer_lets_two_old_ones_go(db: None, client: Client) -> None:
    for key in "abcde":
        post_json(client, "events/intake", carton, key=key)
    age_answers(answers_kept_hours + 1)
    post_json(client, "events/intake", carton, key="new")
    kept = ApiAnswer.objects.filter(answered_ts__lt=timezone.now() - timedelta(hours=answers_kept_hours))
    assert (kept.count(), ApiAnswer.objects.count()) == (3, 4)


@pytest.mark.parametrize(("path", "body"), [("events/intake", carton), ("events/bulk-intake", delivery)])
def test_long_after_its_answer_was_forgotten_a_key_still_books_nothing(
    db: None, client: Client, path: str, body: dict[str, Any]
) -> None:
    first = post_json(client, path, body, key="order-7")
    age_answers(answers_kept_hours + 1)
    ApiAnswer.objects.forget_old()
    again = post_json(client, path, body, key="order-7")
    assert (again.json(), on_hand()) == (first.json(), 24)
    ApiAnswer.objects.all().delete()
    other = post_json(client, "events/intake", carton | {"barcode_raw": "ITEM=PART-1;QTY=99"}, key="order-7")
    assert (other.status_code, on_hand()) == (409, 24)
