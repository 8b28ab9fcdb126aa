import pytest

from inventory.labels import BadLabel, Label, escaped, label_text, name_foreign, parse
from linesync.ground.item_ids import item_id_characters_max
from linesync.ground.numbers import event_pieces_max

GOOD = [
    ("ITEM=PART-88219;QTY=24", "PART-88219", 24),
    ("ITEM=part-88219;QTY=24", "part-88219", 24),
    ("  ITEM=PART-88219;QTY=24\r\n", "PART-88219", 24),
    ("\tITEM=PART-88219;QTY=24\n", "PART-88219", 24),
    ("ITEM= PART-88219 ;QTY=24", "PART-88219", 24),
    ("ITEM=A;QTY=01", "A", 1),
    ("ITEM=A;QTY=1", "A", 1),
    (f"ITEM=A;QTY={event_pieces_max}", "A", event_pieces_max),
    (f"ITEM={'x' * item_id_characters_max};QTY=1", "x" * item_id_characters_max, 1),
    ("ITEM=7-a_b.c/d+e#f:g;QTY=5", "7-a_b.c/d+e#f:g", 5),
]

BAD = [
    ("", "empty"),
    ("   \r\n", "empty"),
    ("ITEM=A;QTY=0", "out of range"),
    ("ITEM=A;QTY=000", "out of range"),
    (f"ITEM=A;QTY={event_pieces_max + 1}", "out of range"),
    ("ITEM=A;QTY=99999999999", "out of range"),
    ("ITEM=A;QTY=" + "9" * 5000, "whole number"),
    ("ITEM=A;QTY=-1", "whole number"),
    ("ITEM=A;QTY=+1", "whole number"),
    ("ITEM=A;QTY=1.5", "whole number"),
    ("ITEM=A;QTY=1e3", "whole number"),
    ("ITEM=A;QTY=1_000", "whole number"),
    ("ITEM=A;QTY=", "whole number"),
    ("ITEM=A;QTY=１２", "whole number"),
    ("ITEM=A;QTY=٣", "whole number"),
    ("ITEM=A;QTY=²", "whole number"),
    ("ITEM=A\nB;QTY=1", "not allowed"),
    ("ITEM=A;QTY=1\n2", "whole number"),
    ("ITEM=A\x00;QTY=1", "not allowed"),
    ("ITEM=A\x1d;QTY=1", "not allowed"),
    ("ITEM=;QTY=1", "names no part"),
    ("ITEM= ;QTY=1", "names no part"),
    ("QTY=1", "not one of our labels"),
    ("QTY=1;ITEM=A", "not one of our labels"),
    ("ITEM=A", "not one of our labels"),
    ("ITEM=PART-88", "not one of our labels"),
    ("ITEM=A;B;QTY=1", "not one of our labels"),
    ("ITEM=A;QTY=1;LOT=7", "not one of our labels"),
    ("ITEM=A;QTY=1;", "not one of our labels"),
    ("item=A;qty=1", "not one of our labels"),
    ("Item=A;Qty=1", "not one of our labels"),
    ("XITEM=A;QTY=1", "not one of our labels"),
    ("ITEM=A QTY=1", "not one of our labels"),
    (f"ITEM={'x' * (item_id_characters_max + 1)};QTY=1", "65 characters"),
    (f"ITEM={'x' * 500};QTY=1", "500 characters"),
    ("ITEM=<script>alert(1)</script>;QTY=1", "not allowed"),
    ('ITEM==HYPERLINK("http://x");QTY=1', "not allowed"),
    ("ITEM=A=B;QTY=1", "not allowed"),
    ("ITEM=-A;QTY=1", "not allowed"),
    ("ITEM=+A;QTY=1", "not allowed"),
    ("ITEM=@A;QTY=1", "not allowed"),
    ("ITEM=A B;QTY=1", "not allowed"),
    ("ITEM=ÄB;QTY=1", "not allowed"),
    ("ITEM=PАRT;QTY=1", "not allowed"),  # a Cyrillic А
    ("ITEM=A\u200bB;QTY=1", "not allowed"),
    ("ITEM=\u202eA;QTY=1", "not allowed"),
    ("ITEM=ＰＡＲＴ;QTY=1", "not allowed"),
    ("\u00a0ITEM=A;QTY=1", "not one of our labels"),
    ("ITEM´PARTß88219öQTZ´24", "not one of our labels"),
    ("UNDO=2f1c6a3e-6c1b-4a52-9f5e-0d2a8a6a7c11", "Undo button"),
    ("CMD=RECEIVE", "command card"),
    ("CMD=ITEM=A;QTY=1", "command card"),
    ("4006381333931", "not one of our labels"),
    ("https://example.com/?ITEM=A;QTY=1", "not one of our labels"),
]


@pytest.mark.parametrize(("payload", "item_id", "qty"), GOOD)
def test_a_label_names_its_part_and_quantity(payload: str, item_id: str, qty: int) -> None:
    assert parse(payload) == Label(item_id, qty, payload.strip())


@pytest.mark.parametrize(("payload", "why"), BAD)
def test_everything_else_is_refused_with_a_sentence(payload: str, why: str) -> None:
    with pytest.raises(BadLabel) as refused:
        parse(payload)
    sentence = str(refused.value)
    assert why in sentence
    assert sentence.endswith(".")
    assert sentence.isprintable()
    assert len(sentence) < 500


def test_the_text_of_a_label_reads_back() -> None:
    assert parse(label_text("7-a_b.c/d+e#f:g", event_pieces_max)) == Label(
        "7-a_b.c/d+e#f:g", event_pieces_max, f"ITEM=7-a_b.c/d+e#f:g;QTY={event_pieces_max}"
    )


@pytest.mark.parametrize(
    ("item_id", "qty"), [("", 1), ("A;B", 1), ("x" * 65, 1), ("A", 0), ("A", -1), ("A", event_pieces_max + 1)]
)
def test_no_label_is_written_that_would_not_read(item_id: str, qty: int) -> None:
    with pytest.raises(BadLabel):
        label_text(item_id, qty)


def test_a_foreign_symbol_is_named_with_its_text() -> None:
    assert name_foreign("EAN13", "4006381333931") == "an EAN-13 product barcode (4006381333931)"
    assert name_foreign("PDF417", "[)>\x1e01\x1d96") == "a carrier's PDF417 barcode ([)>\\x1e01\\x1d96)"
    assert name_foreign("MaxiCode", "x") == "a barcode (x)"


def test_the_name_of_a_foreign_symbol_stays_short() -> None:
    assert len(name_foreign("QRCode", "\x01" * 3000)) < 200


def test_escaped_text_is_one_printable_line() -> None:
    assert escaped("a\tb\nc\\d\x1d\x85\u202e\U000e0001é") == "a\\tb\\nc\\\\d\\x1d\\x85\\u202e\\U000e0001é"
