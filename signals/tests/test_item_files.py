"""The items' CSV: what goes out comes in again, and nothing comes in unseen or by half."""

import csv
import io
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from linesync.ground.cells import formula_safe, unguarded
from linesync.ground.item_ids import item_id_pattern
from linesync.ground.numbers import policy_pieces_max
from signals.imports import Moved, import_items, preview
from signals.models import Item
from signals.policies import (
    BadFile,
    Policy,
    Refusal,
    description_chars_max,
    file_bytes_max,
    file_lines_max,
    read,
    text_of,
    written,
)

address = "/admin/signals/item/import/"
header = "item_id,description,reorder_point,reorder_qty\n"


def refused(line: str, first: str = header) -> Refusal:
    (refusal,) = read(first + line).refused
    return refusal


def test_a_good_line_is_read() -> None:
    assert read(header + 'PART-1,"Bolt, 6""",5,100\n').policies == {"PART-1": Policy("PART-1", 'Bolt, 6"', 5, 100)}


def test_empty_numbers_mean_the_default_and_empty_lines_nothing() -> None:
    assert list(read(header + "\nPART-1,,,\n,,,\n").policies.values()) == [Policy("PART-1")]


@pytest.mark.parametrize("text", ["item_id;reorder_point\nA;5", "item_id\treorder_point\r\nA\t5\r\n"])
def test_semicolons_and_tabs_are_read_too(text: str) -> None:
    assert read(text).policies["A"].reorder_point == 5


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("=cmd,,,", "not an item id"), (",x,1,1", "not an item id"), ("-A,,,", "not an item id"),
        ("A" * 65 + ",,,", "not an item id"), ("ÄPFEL,,,", "not an item id"),
        ("A,,-1,", "whole number from 0"), ("A,,1.5,", "whole number from 0"), ("A,,1٣,", "whole number from 0"),
        ("A,,1E+05,", "whole number from 0"), ("A,,1_000,", "whole number from 0"),
        ("A,,1.000,", "can be 1 or 1,000"), ('A,,"1,000",', "can be 1 or 1,000"),
        ("A,,,2.500", "can be 2.5 or 2,500"), ("A,,,0", "whole number from 1"),
        (f"A,,{policy_pieces_max + 1},", "whole number from 0"), ("A,,999999999999999,", "whole number from 0"),
        ("A,,", "it has 3 cells, the header has 4"), ("A,,,,", "it has 5 cells"),
        (f"A,{'x' * (description_chars_max + 1)},,", "more than 500 characters"),
    ],
)  # fmt: skip
def test_a_refused_line_says_why(line: str, why: str) -> None:
    refusal = refused(line)
    assert refusal.line == 2
    assert why in refusal.reason


@pytest.mark.parametrize("cell", ["1000", " 1000 ", "1000.0", '"1,000.00"', "1.000.000", "1 000", "１０００", "١٠٠٠"])
def test_a_number_in_a_file_is_understood_in_anybodys_notation(cell: str) -> None:
    assert read(f"{header}A,,{cell},").policies["A"].reorder_point in (1000, 1_000_000)


@pytest.mark.parametrize("line", ["A" * 64 + ",,,", f"A,{'x' * description_chars_max},0,1", f"A,,{policy_pieces_max},"])
def test_the_limits_themselves_are_good(line: str) -> None:
    assert read(header + line).refused == []


def test_an_item_stands_in_a_file_once() -> None:
    assert read(header + "A,,1,\nB,,1,\nA,,2,").refused[0].reason == "A stands on line 2 already."


def test_a_line_break_in_a_cell_keeps_the_line_numbers_right() -> None:
    assert read(header + 'A,"two\nlines",1,\nB,,x,').refused[0].line == 4


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "first line must name"), ("sku,qty\nA,1", "first line must name"), (header, "no lines"),
        ("item_id,price\nA,1", "no column “price”"), ("item_id,item_id\nA,A", "named twice"),
        (header + "A\0,,,", "NUL"), (header + "A,,1,\n" * (file_lines_max + 1), f"more than {file_lines_max}"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_why(text: str, why: str) -> None:
    with pytest.raises(BadFile, match=why):
        read(text)


def test_bytes_have_a_limit_and_an_encoding() -> None:
    assert text_of(b"\xef\xbb\xbfitem_id\r\nA") == "item_id\nA"
    assert len(text_of(b"x" * file_bytes_max)) == file_bytes_max
    with pytest.raises(BadFile, match="larger than 2 MiB"):
        text_of(b"x" * (file_bytes_max + 1))
    with pytest.raises(BadFile, match="CSV UTF-8"):
        text_of("Größe".encode("latin-1"))


@given(st.text())
def test_no_cell_is_a_formula_and_every_cell_comes_back(cell: str) -> None:
    safe = formula_safe(cell)
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unguarded(safe) == cell


words = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=30).map(str.strip)
numbers = st.none() | st.integers(1, policy_pieces_max)
policies = st.builds(Policy, st.from_regex(item_id_pattern, fullmatch=True), words, numbers, numbers)


@given(st.lists(policies, min_size=1, max_size=8, unique_by=lambda policy: policy.item_id))
def test_what_is_exported_is_imported_the_same(exported: list[Policy]) -> None:
    lines = read("".join(written(exported)))
    assert (list(lines.policies.values()), lines.refused) == (exported, [])


def test_the_preview_tells_new_changed_and_unchanged(db: None) -> None:
    Item.objects.create(item_id="A", reorder_point=5)
    Item.objects.create(item_id="B", description="Bolt", reorder_point=7)
    seen = preview(header + "A,,5,\nB,Bolt,9,\nC,,,12\n")
    assert [(change.line, change.words) for change in seen.changes] == [
        (3, ["reorder point 7 → 9"]),
        (4, ["reorder quantity default → 12"]),
    ]
    assert (seen.unchanged, seen.is_good) == (1, True)


def test_a_column_that_is_not_in_the_file_stays(db: None) -> None:
    Item.objects.create(item_id="A", description="Bolt", reorder_point=5, reorder_qty=50)
    text = "item_id,reorder_point\nA,6\n"
    import_items(text, digest=preview(text).digest)
    item = Item.objects.get()
    assert (item.description, item.reorder_point, item.reorder_qty) == ("Bolt", 6, 50)


def test_a_preview_that_is_no_longer_true_is_shown_again(db: None) -> None:
    text = "item_id,reorder_point\nA,6\n"
    seen = preview(text)
    Item.objects.create(item_id="A", reorder_point=1)
    with pytest.raises(Moved) as moved:
        import_items(text, digest=seen.digest)
    assert moved.value.preview.changes[0].words == ["reorder point 1 → 6"]
    assert Item.objects.get().reorder_point == 1


def uploaded(text: str) -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile("items.csv", text.encode())}


def test_upload_look_import(client: Client, db: None) -> None:
    Item.objects.create(item_id="A", reorder_point=5)
    look = client.post(address, uploaded(header + 'A,"Bolt\r\nM6",6,\r\nB,,,\r\n'))
    page = look.content.decode()
    assert "reorder point 5 → 6" in page
    assert "new, with the defaults" in page
    assert Item.objects.count() == 1
    done = client.post(
        address, {"text": look.context["text"].replace("\n", "\r\n"), "digest": look.context["preview"].digest}
    )
    assert done.status_code == 302
    assert sorted(Item.objects.values_list("item_id", "description", "reorder_point")) == [
        ("A", "Bolt\nM6", 6),
        ("B", "", None),
    ]
    assert sorted(LogEntry.objects.values_list("object_id", "change_message")) == [
        ("A", "Imported: description none → Bolt\nM6; reorder point 5 → 6."),
        ("B", "Imported: new, with the defaults."),
    ]


def test_one_bad_line_imports_nothing_and_each_reason_is_told(client: Client, db: None) -> None:
    look = client.post(address, uploaded(header + "A,,6,\nB,,x,\nC!,,1,\n"))
    assert look.status_code == 422
    page = look.content.decode()
    assert "its reorder_point “x” is not a whole number" in page
    assert "“C!” is not an item id" in page
    assert "Import 1 item" not in page
    forced = client.post(address, {"text": look.context["text"], "digest": look.context["preview"].digest})
    assert forced.status_code == 422
    assert not Item.objects.exists()


def test_a_file_that_is_none_is_told_so(client: Client, db: None) -> None:
    answer = client.post(address, {"file": SimpleUploadedFile("x.xlsx", b"PK\x03\x04\xff\xfe")})
    assert answer.status_code == 422
    assert "not UTF-8" in answer.content.decode()


def test_the_export_is_streamed_and_safe_to_open(client: Client, db: None) -> None:
    Item.objects.create(item_id="A", description='=HYPERLINK("http://x")', reorder_point=5)
    answer: Any = client.get("/admin/signals/item/export/")
    assert answer.streaming
    assert answer["Content-Disposition"].startswith('attachment; filename="items-')
    text = b"".join(answer.streaming_content).decode()
    assert list(csv.reader(io.StringIO(text))) == [
        ["item_id", "description", "reorder_point", "reorder_qty"],
        ["A", '\'=HYPERLINK("http://x")', "5", ""],
    ]
    assert preview(text).unchanged == 1


@pytest.mark.parametrize("page", ["import/", "export/"])
def test_files_are_for_reviewers(client: Client, db: None, settings: Settings, page: str) -> None:
    settings.REVIEWERS = []
    assert client.get(f"/admin/signals/item/{page}").status_code == 403
