"""Stock over JSON: the list, one item, and how it stood at an earlier moment."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from linesync.testing import post_json
from signals.models import Item

noon = datetime(2026, 3, 1, 12, tzinfo=UTC)


def history(rows: list[tuple[int, str, str, int]]) -> None:
    """Events as another writer would have left them: (hours after noon, type, item, qty)."""
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            INSERT INTO scan_events (event_ts, event_type, station_id, barcode_raw, item_id, qty)
            VALUES (%s, %s, 'psql', 'x', %s, %s)
            """,
            [(noon + timedelta(hours=hours), event_type, item_id, qty) for hours, event_type, item_id, qty in rows],
        )


def stock(client: Client, **query: Any) -> Any:
    return client.get("/api/inventory", query).json()


def test_the_list_tells_each_item_and_how_many_there_are(
    db: None, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    history([(0, "INTAKE", "B", 30), (1, "CONSUME", "B", 5), (2, "INTAKE", "A", 10), (3, "INTAKE", "C", 99)])
    with django_assert_num_queries(1):
        listed = stock(client, limit=2)
    assert listed["items"] == [
        {"item_id": "A", "on_hand_qty": 10, "intake_total": 10, "consume_total": 0,
         "last_activity_ts": "2026-03-01T14:00:00+00:00", "below_reorder_point": True},
        {"item_id": "B", "on_hand_qty": 25, "intake_total": 30, "consume_total": 5,
         "last_activity_ts": "2026-03-01T13:00:00+00:00", "below_reorder_point": False},
    ]  # fmt: skip
    assert (listed["total_items"], listed["limit"], listed["as_of"]) == (3, 2, None)
    rest = stock(client, limit=2, cursor=listed["next_cursor"])
    assert ([item["item_id"] for item in rest["items"]], rest["total_items"], rest["next_cursor"]) == (["C"], 3, None)


def test_an_items_own_reorder_point_decides_whether_it_is_low(db: None, client: Client) -> None:
    Item.objects.create(item_id="A", reorder_point=100)
    history([(0, "INTAKE", "A", 100), (0, "INTAKE", "B", 11)])
    assert [item["below_reorder_point"] for item in stock(client)["items"]] == [True, False]


def test_an_empty_ledger_is_an_empty_list(db: None, client: Client) -> None:
    assert stock(client) == {"items": [], "total_items": 0, "limit": 100, "next_cursor": None, "as_of": None}


@pytest.mark.parametrize("path", ["A/1", "A%2F1"])
def test_one_item_is_found_by_its_id_slashes_included(db: None, client: Client, path: str) -> None:
    post_json(client, "events/intake", {"station_id": "S", "barcode_raw": "ITEM=A/1;QTY=7"})
    found = client.get(f"/api/inventory/{path}")
    assert (found.status_code, found.json()["on_hand_qty"]) == (200, 7)
    assert set(found.json()) == set(client.get("/api/inventory").json()["items"][0])
    assert found.json()["below_reorder_point"] is True


def test_an_item_that_was_never_booked_is_not_found(db: None, client: Client) -> None:
    missing = client.get("/api/inventory/NOPE")
    assert (missing.status_code, missing.json()) == (404, {"detail": "Item not found: NOPE"})


@pytest.mark.parametrize(
    ("path", "status"), [("no%20such%20thing", 404), ("P" * 200, 404), ("P" * 201, 422), ("%00", 422)]
)
def test_an_item_nobody_could_have_booked_is_not_found_either(db: None, client: Client, path: str, status: int) -> None:
    assert client.get(f"/api/inventory/{path}").status_code == status


@pytest.mark.parametrize(
    ("hours", "levels"),
    [
        (-1, {}),
        (0, {"A": (30, 30, 0, 0)}),
        (0.5, {"A": (30, 30, 0, 0)}),
        (1, {"A": (5, 30, 25, 1)}),
        (2, {"A": (5, 30, 25, 1), "B": (7, 7, 0, 2)}),
        (99, {"A": (8, 33, 25, 3), "B": (7, 7, 0, 2)}),
    ],
)
def test_stock_as_of_a_moment_is_the_sum_of_the_events_until_then(
    db: None, client: Client, hours: float, levels: Any
) -> None:
    history([(0, "INTAKE", "A", 30), (1, "CONSUME", "A", 25), (2, "INTAKE", "B", 7), (3, "INTAKE", "A", 3)])
    asked = (noon + timedelta(hours=hours)).isoformat()
    listed = stock(client, as_of=asked)
    assert {
        item["item_id"]: (
            item["on_hand_qty"], item["intake_total"], item["consume_total"],
            (datetime.fromisoformat(item["last_activity_ts"]) - noon).total_seconds() / 3600,
        )
        for item in listed["items"]
    } == levels  # fmt: skip
    assert (listed["total_items"], listed["as_of"]) == (len(levels), asked)


def test_stock_as_of_needs_an_offset(db: None, client: Client) -> None:
    refused = client.get("/api/inventory", {"as_of": "2026-03-01T12:00:00"})
    assert (refused.status_code, "offset" in refused.json()["detail"]) == (422, True)
