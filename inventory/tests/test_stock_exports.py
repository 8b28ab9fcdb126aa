"""CSV of stock and events: complete, streamed, no formulas."""

import csv
import io
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from inventory.exports import cell, chunk_characters_min
from inventory.tests.history import write
from signals.models import Item


def table(response: Any) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_stock_is_a_dated_csv(client: Client, still_clock: datetime) -> None:
    Item.objects.create(item_id="B", description='6" pipe, "long"', reorder_point=3)
    write("B", 24)
    write("A", -5)
    response = client.get("/stock/stock.csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert (
        response["Content-Disposition"]
        == f'attachment; filename="stock-{timezone.localdate(still_clock):%Y-%m-%d}.csv"'
    )
    low, pipe = table(response)
    assert (low["item_id"], low["on_hand_qty"], low["reorder_point"]) == ("A", "-5", "10")
    assert (pipe["description"], pipe["reorder_point"]) == ('6" pipe, "long"', "3")


@pytest.mark.parametrize(
    "hostile", ['=HYPERLINK("http://x")', "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1"]
)
def test_no_text_is_a_formula(client: Client, db: None, hostile: str) -> None:
    write(hostile, 24, station=hostile, payload=hostile, by=hostile)
    (stock,) = table(client.get("/stock/stock.csv"))
    (event,) = table(client.get("/stock/events.csv"))
    assert stock["item_id"] == f"'{hostile}"
    assert {event["item_id"], event["station_id"], event["barcode_raw"], event["user_email"]} == {f"'{hostile}"}


def test_the_stock_of_a_moment_is_what_the_events_until_then_add_up_to(client: Client, db: None) -> None:
    Item.objects.create(item_id="A", description="Hex bolt", reorder_point=3)
    write("A", 24, "2026-05-01T12:00:00Z")
    write("A", -4, "2026-05-02T12:00:00Z")
    write("A", 100, "2026-05-03T12:00:00Z")
    write("LATER", 1, "2026-05-03T12:00:00Z")
    response = client.get("/stock/stock.csv?at=2026-05-02T12:00")
    assert "stock-at-2026-05-02T1200" in response["Content-Disposition"]
    (row,) = table(response)
    assert row == {
        "item_id": "A", "description": "Hex bolt", "on_hand_qty": "20", "intake_total": "24", "consume_total": "4",
        "last_activity_ts": "2026-05-02T12:00:00+00:00", "reorder_point": "3", "reorder_qty": "24",
    }  # fmt: skip
    assert len(table(client.get("/stock/stock.csv?at="))) == 2


@pytest.mark.parametrize("at", ["x", "2999-01-01T00:00", "0001-01-01T00:00"])
def test_the_stock_of_no_moment_is_refused_with_a_sentence(client: Client, db: None, at: str) -> None:
    response = client.get("/stock/stock.csv", {"at": at})
    assert response.status_code == 422
    assert "No export" in response.content.decode()


@pytest.mark.parametrize("text", ["a,b", 'a"b', "a\nb", "a\r\nb", "ä€ß", "a;b", "<script>"])
def test_text_comes_back_as_it_was(client: Client, db: None, text: str) -> None:
    write(text, 24)
    assert table(client.get("/stock/events.csv"))[0]["item_id"] == text


@pytest.mark.parametrize(("value", "written"), [(-5, -5), (0, 0), (None, ""), ("-5", "'-5"), ("5", "5"), ("", "")])
def test_numbers_stay_numbers(value: int | str | None, written: int | str) -> None:
    assert cell(value) == written


def test_times_are_the_sites_with_their_offset(client: Client, db: None, settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    write("A", 1, "2026-05-03T12:00:00.5Z")
    assert table(client.get("/stock/events.csv"))[0]["event_ts"] == "2026-05-03T14:00:00.500000+02:00"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["1", "2", "3", "4"]), ("since=2026-05-02", ["2", "3", "4"]), ("until=2026-05-02", ["1", "2", "3"]),
        ("since=2026-05-02T12:00&until=2026-05-03T00:00", ["2", "3"]), ("until=2026-05-02T12:00", ["1"]),
        ("since=2026-05-02T14:00%2B02:00&until=2026-05-02T12:00:01Z", ["2"]),
        ("item=B", ["2"]), ("station=LINE-1", ["3"]), ("item=B&station=LINE-1", []), ("item=%20B", []),
    ],
)  # fmt: skip
def test_events_are_narrowed_by_time_item_and_station(client: Client, db: None, query: str, found: list[str]) -> None:
    write("A", 1, "2026-05-01T12:00:00Z")
    write("B", 2, "2026-05-02T12:00:00Z")
    write("A", 3, "2026-05-02T23:59:59Z", station="LINE-1")
    write("A", 4, "2026-05-03T00:00:00Z")
    assert [event["qty"] for event in table(client.get(f"/stock/events.csv?{query}"))] == found


@pytest.mark.parametrize("query", ["since=x", "until=2026-02-30", "until=9999-12-31", "item=%00", f"item={'x' * 501}"])
def test_nonsense_is_refused_with_a_sentence(client: Client, db: None, query: str) -> None:
    response = client.get(f"/stock/events.csv?{query}")
    assert response.status_code == 422
    assert query.partition("=")[0] in response.content.decode()


def test_a_long_export_comes_in_pieces(client: Client, db: None) -> None:
    for n in range(3):
        write(f"PART-{n}", 1, payload="x" * chunk_characters_min)
    response: Any = client.get("/stock/events.csv")
    assert response.streaming
    assert len(list(response.streaming_content)) >= 3


def test_a_database_lost_before_the_first_row_is_told(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    def lost(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("connection lost")

    monkeypatch.setattr("django.db.backends.postgresql.base.DatabaseWrapper.chunked_cursor", lost)
    assert client.get("/stock/stock.csv").status_code == 503
