"""The review: every change is kept at once, nobody overwrites anybody silently, nothing counts as checked by itself."""

import csv
import io
import re
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from inventory.bookings import INTAKE, Scan
from inventory.models import ScanEvent
from linesync.testing import at_once
from slips.models import Slip, SlipLine
from slips.tests.conftest import line_fields, receive_fields, to_review
from slips.values import AddedBefore, ChangedMeanwhile, Edit, Head

HTMX: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}


def post_line(client: Client, line: SlipLine, *, htmx: bool = True, **changes: Any) -> Any:
    return client.post(
        f"/slips/{line.slip_id}/lines/{line.line_id}", line_fields(line, **changes), **(HTMX if htmx else {})
    )


def the_line(slip: Slip) -> SlipLine:
    line: SlipLine | None = SlipLine.objects.filter(slip=slip).first()
    assert line
    return line


def test_an_edit_is_saved_and_uncheckes_the_line(db: None, client: Client) -> None:
    slip = to_review(("PART-1", 12))
    post_line(client, the_line(slip), do="check")
    answer = post_line(client, the_line(slip), qty="13")
    line = the_line(slip)
    assert (line.qty, line.checked_at, line.changed_by) == (Decimal(13), None, "dana@example.com")
    assert "Read as PART-1, 12." in answer.content.decode()


def test_checking_says_who(db: None, client: Client) -> None:
    slip = to_review(("PART-1", 12))
    answer = post_line(client, the_line(slip), do="check", found_qty="10")
    assert "✓ Checked by dana@example.com" in answer.content.decode()
    assert "2 fewer than the paper says" in answer.content.decode()
    assert the_line(slip).found_qty == 10


def test_the_answer_brings_the_new_version_sums_and_revision(db: None, client: Client) -> None:
    slip = to_review(("PART-1", 12), ("PART-2", 1))
    slip.refresh_from_db()
    text = post_line(client, the_line(slip), qty="20", revision=slip.revision).content.decode()
    slip.refresh_from_db()
    assert 'name="version" value="2"' in text
    assert "2 lines, 21 pieces" in text
    assert f'id="revision" name="revision" value="{slip.revision}"' in text


def test_someone_elses_change_is_not_overwritten(db: None, client: Client) -> None:
    slip = to_review(("PART-1", 12))
    line = the_line(slip)
    with Slip.objects.changing(slip.slip_id, by="kim@example.com"):
        SlipLine.objects.change(
            line.line_id, Edit("PART-9", Decimal(3), "", None, check=False), version=1, by="kim@example.com"
        )
    answer = post_line(client, line, qty="99")
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "kim@example.com changed this line at" in text
    assert "It now says PART-9, 3" in text
    assert the_line(slip).item_id == "PART-9"
    again = post_line(client, line, qty="99")
    assert again.status_code == 409
    kept = post_line(client, line, qty="99", do="keep", over=2)
    assert kept.status_code == 200
    assert (the_line(slip).item_id, the_line(slip).qty) == ("PART-1", Decimal(99))


def test_a_page_that_does_not_show_anothers_change_cannot_receive_it(db: None, client: Client) -> None:
    slip = to_review(("PART-1", 12), ("PART-2", 5))
    first, second = SlipLine.objects.draft(slip.slip_id)
    slip.refresh_from_db()
    seen = slip.revision
    post_line(client, first, qty="50")
    text = post_line(client, second, do="check", revision=seen).content.decode()
    assert "This slip was changed elsewhere" in text
    assert 'id="revision"' not in text
    received = client.post(f"/slips/{slip.slip_id}/receive", {"revision": seen, "check_all": "1"}, **HTMX)
    assert received.status_code == 409
    assert "Nothing was received; look again." in received.content.decode()
    assert "Show the slip as it stands now" in received.content.decode()
    text = client.get(f"/slips/{slip.slip_id}/").content.decode()
    slip.refresh_from_db()
    assert f'id="revision" name="revision" value="{slip.revision}"' in text
    assert "This slip was changed elsewhere" not in text


def test_a_page_that_makes_its_own_changes_keeps_up_with_them(db: None, client: Client) -> None:
    slip = to_review(("PART-1", 12), ("PART-2", 5), head=Head(vendor="Akme"))
    first, second = SlipLine.objects.draft(slip.slip_id)
    slip.refresh_from_db()
    seen = slip.revision
    edits: list[tuple[SlipLine, dict[str, Any]]] = [(first, {"qty": "50"}), (second, {"do": "check"})]
    for line, fields in edits:
        text = post_line(client, line, revision=seen, **fields).content.decode()
        seen += 1
        assert f'name="revision" value="{seen}"' in text
    head = {"vendor": "Acme", "head_version": 1, "revision": seen}
    assert (
        f'name="revision" value="{seen + 1}"'
        in client.post(f"/slips/{slip.slip_id}/head", head, **HTMX).content.decode()
    )


def test_a_conflict_that_stands_on_the_page_is_not_drawn_again(db: None, client: Client) -> None:
    slip = to_review(("PART-1", 12))
    line = the_line(slip)
    post_line(client, line, qty="50")
    assert post_line(client, line, qty="99").status_code == 409
    assert post_line(client, line, qty="99", over=2).status_code == 204
    post_line(client, the_line(slip), qty="51")
    assert post_line(client, line, qty="99", over=2).status_code == 409
    assert the_line(slip).qty == 51


def test_two_people_at_once_on_one_line_save_one(ledger: None) -> None:
    slip = to_review(("PART-1", 12))
    line = the_line(slip)

    def change(qty: int) -> None:
        with Slip.objects.changing(slip.slip_id, by=f"{qty}@example.com"):
            SlipLine.objects.change(
                line.line_id, Edit("PART-1", Decimal(qty), "", None, check=False), version=1, by="x"
            )

    results = at_once([partial(change, qty) for qty in range(20)])
    assert sum(isinstance(result, ChangedMeanwhile) for result in results) == 19


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"qty": "many"}, "Enter a number of pieces"),
        ({"qty": "-1"}, "Fewer than 0"),
        ({"qty": "1000000"}, "At most 999,999"),
        ({"found_qty": "1.5"}, "1.5 is not a whole number of pieces."),
        ({"found_qty": "1.000"}, "can be 1 or 1,000"),
        ({"found_qty": "1,000"}, "can be 1 or 1,000"),
        ({"qty": "2.500"}, "can be 2.5 or 2,500"),
        ({"qty": "1_000"}, "Enter a number of pieces"),
        ({"qty": "1٣"}, "Enter a number of pieces"),
        ({"item_id": "P" * 65}, "at most 64 characters"),
        ({"do": "check", "blind": "1"}, "Count first"),
    ],
)
def test_nonsense_is_refused_with_a_sentence_and_saves_nothing(
    db: None, client: Client, changes: dict[str, Any], why: str
) -> None:
    slip = to_review(("PART-1", 12))
    answer = post_line(client, the_line(slip), **changes)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert the_line(slip).version == 1


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("1 000", 1000), ("1.000,00", 1000), ("1’250", 1250), ("24.00", 24), ("٢٤", 24), ("1000", 1000)],
)
def test_a_count_is_understood_as_it_is_typed(db: None, client: Client, typed: str, stored: int) -> None:
    slip = to_review(("PART-1", 12))
    assert post_line(client, the_line(slip), found_qty=typed).status_code == 200
    assert the_line(slip).found_qty == stored


def test_what_a_quantity_field_shows_comes_back_as_it_was(db: None, client: Client) -> None:
    slip = to_review(("PART-1", Decimal("2.125")))
    page = client.get(f"/slips/{slip.slip_id}/").content.decode()
    shown = re.search(r'name="qty" value="([^"]*)"', page)
    assert shown
    assert post_line(client, the_line(slip), qty=shown[1]).status_code == 200
    assert the_line(slip).qty == Decimal("2.125")


def test_split_puts_a_second_line_below_at_the_same_place(db: None, client: Client) -> None:
    slip = to_review(("PART-1", 12), ("PART-2", 1))
    answer = post_line(client, the_line(slip), do="split")
    assert answer["HX-Retarget"] == "#lines"
    lines = SlipLine.objects.draft(slip.slip_id)
    assert [(line.item_id, line.qty) for line in lines] == [("PART-1", 12), ("PART-1", None), ("PART-2", 1)]
    assert lines[0].box == lines[1].box


def test_a_removed_line_can_be_put_back(db: None, client: Client) -> None:
    slip = to_review(("PART-1", 12), ("PART-2", 1))
    answer = post_line(client, the_line(slip), do="remove")
    assert "Removed by dana@example.com" in answer.content.decode()
    assert [line.item_id for line in SlipLine.objects.draft(slip.slip_id)] == ["PART-2"]
    post_line(client, the_line(slip), do="put-back")
    assert [line.item_id for line in SlipLine.objects.draft(slip.slip_id)] == ["PART-1", "PART-2"]


def test_a_line_can_be_added(db: None, client: Client) -> None:
    slip = to_review()
    address = f"/slips/{slip.slip_id}/lines"
    assert client.post(address, {"item_id": "NEW-1", "qty": "5", "line_id": uuid4()}, **HTMX).status_code == 200
    refused = client.post(address, {"item_id": "", "qty": "5", "line_id": uuid4()}, **HTMX)
    assert refused.status_code == 422
    assert "Enter the item number of the line." in refused.content.decode()
    assert [(line.item_id, line.qty, line.confidence) for line in SlipLine.objects.all()] == [("NEW-1", 5, None)]


def new_line_id(answer: Any) -> str:
    found = re.search(r'name="line_id" value="([0-9a-f-]{36})"', answer.content.decode())
    assert found
    return found[1]


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_the_same_line_posted_twice_is_added_once(db: None, client: Client, headers: dict[str, Any]) -> None:
    slip = to_review()
    fields = {"item_id": "NEW-1", "qty": "5", "line_id": new_line_id(client.get(f"/slips/{slip.slip_id}/"))}
    first = client.post(f"/slips/{slip.slip_id}/lines", fields, **headers)
    slip.refresh_from_db()
    revision = slip.revision
    again = client.post(f"/slips/{slip.slip_id}/lines", fields, **headers)
    assert (again.status_code, again.get("Location")) == (first.status_code, first.get("Location"))
    slip.refresh_from_db()
    assert (SlipLine.objects.count(), slip.revision) == (1, revision)


def test_after_adding_the_form_is_empty_and_names_the_next_line(db: None, client: Client) -> None:
    slip = to_review()
    line_id = uuid4()
    answer = client.post(f"/slips/{slip.slip_id}/lines", {"item_id": "NEW-1", "qty": "5", "line_id": line_id}, **HTMX)
    assert new_line_id(answer) != str(line_id)
    assert 'id="add-line"' in answer.content.decode()


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_another_line_under_a_used_name_is_refused_and_not_lost_silently(
    db: None, client: Client, headers: dict[str, Any]
) -> None:
    slip = to_review()
    fields = {"item_id": "NEW-1", "qty": "5", "line_id": uuid4()}
    client.post(f"/slips/{slip.slip_id}/lines", fields, **headers)
    other = client.post(f"/slips/{slip.slip_id}/lines", fields | {"item_id": "NEW-2"}, **headers)
    assert other.status_code == 409
    assert "Press Add again" in other.content.decode()
    fields |= {"item_id": "NEW-2", "line_id": new_line_id(other)}
    client.post(f"/slips/{slip.slip_id}/lines", fields, **headers)
    assert [line.item_id for line in SlipLine.objects.draft(slip.slip_id)] == ["NEW-1", "NEW-2"]


@pytest.mark.parametrize("line_id", [None, "", "no-uuid"])
def test_a_line_without_a_name_is_not_added(db: None, client: Client, line_id: str | None) -> None:
    slip = to_review()
    fields = {"item_id": "NEW-1", "qty": "5"} | ({} if line_id is None else {"line_id": line_id})
    assert client.post(f"/slips/{slip.slip_id}/lines", fields, **HTMX).status_code == 422
    assert not SlipLine.objects.exists()


def test_twenty_posts_of_one_new_line_at_once_add_one(ledger: None) -> None:
    slip, line_id = to_review(), uuid4()

    def add() -> None:
        with Slip.objects.changing(slip.slip_id, by="kim@example.com"):
            SlipLine.objects.add(
                slip.slip_id, Edit("NEW-1", Decimal(5), "", None, check=False), line_id=line_id, by="kim"
            )

    results = at_once([add] * 20)
    assert sum(isinstance(result, AddedBefore) and result.is_same for result in results) == 19
    assert SlipLine.objects.count() == 1


def test_the_head_is_corrected_once_per_look(db: None, client: Client) -> None:
    slip = to_review(("PART-1", 1), head=Head(vendor="Akme"))
    fields = {"vendor": "Acme", "po_number": "1", "slip_number": "2", "ship_date": "", "head_version": 1}
    assert client.post(f"/slips/{slip.slip_id}/head", fields, **HTMX).status_code == 200
    assert client.post(f"/slips/{slip.slip_id}/head", fields | {"vendor": "Late"}, **HTMX).status_code == 409
    slip.refresh_from_db()
    assert (slip.vendor, slip.slip_number) == ("Acme", "2")


def test_correcting_the_head_keeps_the_printed_totals_and_notes(db: None, client: Client) -> None:
    slip = to_review(("PART-1", 1), head=Head(printed_lines=2, printed_pieces=Decimal(5), notes="Fragile"))
    fields = {"vendor": "Acme", "po_number": "", "slip_number": "", "ship_date": "", "head_version": 1}
    client.post(f"/slips/{slip.slip_id}/head", fields, **HTMX)
    slip.refresh_from_db()
    assert (slip.printed_lines, slip.printed_pieces, slip.notes) == (2, Decimal(5), "Fragile")


def test_printed_totals_that_differ_are_told_in_words(db: None, client: Client) -> None:
    slip = to_review(("PART-1", 24), ("PART-2", 100), head=Head(printed_lines=3, printed_pieces=Decimal(130)))
    text = client.get(f"/slips/{slip.slip_id}/").content.decode()
    assert "The paper says 3 lines, the table has 2." in text
    assert "The paper says 130 pieces in all, the table adds up to 124 (6 too few)." in text


def test_printed_totals_that_agree_are_told_too(db: None, client: Client) -> None:
    slip = to_review(("PART-1", 24), head=Head(printed_lines=1, printed_pieces=Decimal(24)))
    assert "The paper's totals agree" in client.get(f"/slips/{slip.slip_id}/").content.decode()


def test_an_unknown_item_is_marked_and_the_nearest_known_offered(db: None, client: Client) -> None:
    for item_id in ("PART-88219", "WSH-0042", "ZEBRA"):
        ScanEvent.objects.record(Scan(INTAKE, "DOCK-1", f"ITEM={item_id};QTY=1", item_id, 1))
    slip = to_review(("PART-882I9", 24), ("WSH-0042", 1))
    text = client.get(f"/slips/{slip.slip_id}/").content.decode()
    assert text.count("Unknown item") == 1
    assert 'data-item="PART-88219"' in text
    assert 'data-item="ZEBRA"' not in text


def test_blind_hides_what_the_paper_says(db: None, client: Client) -> None:
    slip = to_review(("PART-1", 777))
    text = client.get(f"/slips/{slip.slip_id}/?blind").content.decode()
    assert 'type="hidden" name="qty" value="777"' in text
    assert '<label for="qty-' not in text
    # Ids and tokens are random: what a person can read is what stands outside of marks.
    assert "777" not in re.sub(r"<[^>]*>", " ", text)
    assert "<summary>Show the paper, with its quantities</summary>" in text


def test_blind_stays_blind_after_each_answer_until_there_is_a_count(db: None, client: Client) -> None:
    slip = to_review(("PART-1", 777), ("PART-2", 888), head=Head(printed_pieces=Decimal(999)))
    line = the_line(slip)
    SlipLine.objects.update(evidence="A label on the paper says 555 pieces.")
    saved = post_line(client, line, blind="1", item_id="PART-9").content.decode()
    removed = post_line(client, the_line(slip), blind="1", do="remove").content.decode()
    head = client.post(f"/slips/{slip.slip_id}/head", {"vendor": "A", "head_version": 1, "blind": "1"}, **HTMX)
    for text in (saved, removed, head.content.decode()):
        assert not [number for number in ("555", "999", "1665", "777") if f"{number} " in text or f", {number}" in text]
    post_line(client, the_line(slip), blind="1", do="put-back")
    counted = post_line(client, the_line(slip), blind="1", found_qty="770").content.decode()
    assert "7 fewer than the paper says" in counted
    assert "Read as PART-1, 777." in counted
    kept = post_line(client, the_line(slip), htmx=False, blind="1", do="save")
    assert kept["Location"] == f"/slips/{slip.slip_id}/?blind#line-{line.line_id}"


def test_without_script_a_change_leads_back_to_its_line_and_a_refusal_shows_on_the_page(
    db: None, client: Client
) -> None:
    slip = to_review(("PART-1", 12))
    line = the_line(slip)
    saved = post_line(client, line, htmx=False, qty="13", do="save")
    assert (saved.status_code, saved["Location"]) == (302, f"/slips/{slip.slip_id}/#line-{line.line_id}")
    refused = post_line(client, the_line(slip), htmx=False, qty="no")
    assert refused.status_code == 422
    assert "Enter a number of pieces" in refused.content.decode()


def test_nothing_changes_after_receiving(db: None, client: Client) -> None:
    slip = to_review(("PART-1", 12))
    client.post(f"/slips/{slip.slip_id}/receive", receive_fields(slip, check_all="1"))
    assert post_line(client, the_line(slip), qty="13").status_code == 409
    assert the_line(slip).qty == 12


def test_what_is_printed_cannot_become_markup_or_a_formula(db: None, client: Client) -> None:
    slip = to_review(("<script>alert(1)</script>", 1), head=Head(vendor="=HYPERLINK(1)", notes="<b>bold</b>"))
    text = client.get(f"/slips/{slip.slip_id}/").content.decode()
    assert "<script>alert" not in text
    assert "<b>bold" not in text
    SlipLine.objects.update(item_id="+1+1", found_qty=3)
    SlipLine.objects.update(item_id="A+1", description="-cmd")
    client.post(f"/slips/{slip.slip_id}/receive", receive_fields(slip, check_all="1"))
    row = next(csv.DictReader(io.StringIO(client.get("/slips/differences.csv").content.decode())))
    assert (row["vendor"], row["description"], row["difference"]) == ("'=HYPERLINK(1)", "'-cmd", "2")
    assert "3" in client.get("/slips/differences").content.decode()


@pytest.mark.parametrize("words", ["acme", "PO-47", "part-8", "dana@", "slip.pdf"])
def test_search_finds_by_vendor_po_item_person_and_file(db: None, client: Client, words: str) -> None:
    to_review(("PART-88219", 1), head=Head(vendor="Acme", po_number="PO-4711"))
    to_review(("OTHER", 1), head=Head(vendor="Zeta"), by="kim@example.com")
    text = client.get("/slips/", {"words": words}).content.decode()
    assert "Acme" in text
    assert ("Zeta" in text) == (words == "slip.pdf")


def test_search_takes_percent_signs_literally_and_states_filter(db: None, client: Client) -> None:
    to_review(("PART-1", 1), head=Head(vendor="Acme"))
    assert "No slip fits" in client.get("/slips/", {"words": "%"}).content.decode()
    assert "No slip fits" in client.get("/slips/", {"state": "received"}).content.decode()
    assert "Acme" in client.get("/slips/", {"state": "review"}).content.decode()


def test_older_slips_are_a_page_away(db: None, client: Client) -> None:
    for number in range(51):
        to_review(("PART-1", 1), head=Head(vendor=f"V-{number:02}"))
    text = client.get("/slips/").content.decode()
    assert "V-50" in text
    assert "V-00" not in text
    older = client.get("/slips/", {"before": Slip.objects.get(vendor="V-01").uploaded_at.isoformat()})
    assert "V-00" in older.content.decode()


def test_no_slip_is_a_404(client: Client, db: None) -> None:
    assert client.get("/slips/00000000-0000-0000-0000-000000000000/").status_code == 404
