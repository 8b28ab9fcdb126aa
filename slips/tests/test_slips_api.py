"""A packing slip over JSON: its lines in the first service's shape, refusals in a sentence, nothing kept."""

import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from inventory.models import ScanEvent
from linesync.models import ApiAnswer
from slips.models import Slip
from slips.paper.pages import slip_bytes_max
from slips.queue import read_now
from slips.tests import papers


def parse(client: Client, content: bytes, *, name: str = "slip.pdf", key: str | None = None, **headers: str) -> Any:
    file = io.BytesIO(content)
    file.name = name
    headers |= {"Idempotency-Key": key} if key else {}
    return client.post("/api/parse-packing-slip", {"file": file}, headers=headers)


def test_a_slip_is_answered_with_its_lines_and_nothing_is_kept_or_booked(db: None, client: Client) -> None:
    slip = parse(client, papers.pdf([("PART-88219", 24, "Hex bolt M8"), ("NUT-7", 100, "Nut M8")]))
    assert slip.status_code == 200, slip.content
    said = slip.json()
    assert [(item["item_id"], item["qty"]) for item in said["items"]] == [("PART-88219", 24), ("NUT-7", 100)]
    assert {item["confidence"] for item in said["items"]} <= {"high", "medium", "low"}
    assert "Hex bolt M8" in said["items"][0]["description"]
    assert (said["vendor"], said["po_number"], said["ship_date"]) == ("Acme Fasteners Inc", "PO-4711", "2026-11-20")
    assert set(said) == {"items", "vendor", "po_number", "ship_date", "notes"}
    assert (Slip.objects.count(), ScanEvent.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("content", "word"), [(b"", "empty"), (b"hello", "neither a PDF nor a picture"), (b"%PDF-1.7 broken", "")]
)
def test_what_is_no_slip_is_a_400_in_a_sentence(db: None, client: Client, content: bytes, word: str) -> None:
    refused = parse(client, content)
    assert (refused.status_code, list(refused.json())) == (400, ["detail"])
    assert word in refused.json()["detail"]


def test_a_file_has_a_largest_size(db: None, client: Client) -> None:
    refused = parse(client, b"\xff\xd8\xff" + b"x" * (slip_bytes_max - 2))
    assert (refused.status_code, "larger than 20 MB" in refused.json()["detail"]) == (400, True)
    assert parse(client, b"x" * 26 * 1024 * 1024).status_code == 413


def test_a_missing_file_and_a_json_body_are_refused(db: None, client: Client) -> None:
    assert client.post("/api/parse-packing-slip", {"other": "x"}).status_code == 422
    assert client.post("/api/parse-packing-slip", "{}", content_type="application/json").status_code == 415


def test_a_form_of_another_site_reads_nothing(db: None, client: Client) -> None:
    assert parse(client, papers.pdf(), Origin="https://evil.example").status_code == 403


def test_the_same_key_and_file_are_read_once(db: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    def said(data: bytes, name: str) -> dict[str, Any]:
        read.append(len(data))
        return {"items": [], "vendor": None, "po_number": None, "ship_date": None, "notes": ""}

    monkeypatch.setattr(read_now, "read", said)
    first, again = parse(client, b"same", key="k"), parse(client, b"same", key="k")
    assert (again.content, again["Idempotent-Replayed"], read) == (first.content, "true", [4])
    assert parse(client, b"other", key="k").status_code == 409
    assert ApiAnswer.objects.count() == 1


def test_quantities_that_cannot_be_booked_are_told_and_not_lines(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = {"item_id": "WIRE", "qty": "2.5", "description": "", "confidence": "high"}
    said = {"items": [line, line | {"item_id": "BOLT", "qty": 3}], "vendor": None, "po_number": None,
            "ship_date": None, "notes": "Page 2 is blank."}  # fmt: skip
    monkeypatch.setattr(read_now, "read", lambda data, name: said)
    answer = parse(client, b"x").json()
    assert [item["item_id"] for item in answer["items"]] == ["BOLT"]
    assert answer["notes"] == "Page 2 is blank. Not taken as lines: 2.5 of WIRE."


def test_while_another_slip_is_read_the_next_one_is_told_to_come_back(ledger: None, client: Client) -> None:
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [read_now._one_at_a_time])
        try:
            busy = parse(client, papers.pdf())
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [read_now._one_at_a_time])
    other.close()
    assert (busy.status_code, int(busy["Retry-After"])) == (503, 5)


def test_a_slip_that_takes_too_long_is_given_up_in_a_sentence(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_now, "read_seconds_max", 0.1)
    slow = parse(client, papers.pdf())
    assert (slow.status_code, "longer than" in slow.json()["detail"]) == (400, True)
    monkeypatch.undo()
    assert parse(client, papers.pdf()).status_code == 200
