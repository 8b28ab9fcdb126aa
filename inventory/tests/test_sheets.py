from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf
import pytest
from django.core.management import CommandError, call_command

from inventory.decoding.symbol import Gray
from inventory.labels import Label, label_text, parse
from inventory.sheets import BadSheet, label_sheet, sheet_labels_max
from inventory.symbols import read_symbols


def label(item_id: str, qty: int) -> Label:
    return Label(item_id, qty, label_text(item_id, qty))


def opened(pdf: bytes) -> Any:
    # It has annotations in part only.
    library: Any = pymupdf
    return library.open(stream=pdf)


def pages(pdf: bytes, *, dpi: int = 200) -> list[Gray]:
    """Each page of the PDF as a gray picture."""
    pixmaps = [page.get_pixmap(dpi=dpi, colorspace=pymupdf.csGRAY) for page in opened(pdf)]
    return [np.frombuffer(p.samples, np.uint8).reshape(p.height, p.width) for p in pixmaps]


def texts(pdf: bytes) -> Counter[str]:
    return Counter(s.text for page in pages(pdf) for s in read_symbols(page, thorough=True))


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_every_label_of_a_sheet_reads_back(paper: str) -> None:
    labels = [label(f"PART-{n:05}", n + 1) for n in range(24)]
    pdf = label_sheet(labels, paper=paper)
    assert texts(pdf) == Counter(one.payload for one in labels)
    assert len(pages(pdf)) == 1


def test_the_longest_label_reads_back_and_keeps_to_its_place() -> None:
    long = [label("W" * 64, 999_999), label("x" * 64, 1), label("A/B#1:c+d", 1)]
    assert texts(label_sheet(long, copies=8)) == Counter({one.payload: 8 for one in long})


def test_the_part_and_quantity_stand_in_words_beneath() -> None:
    words = opened(label_sheet([label("PART-88219", 24)]))[0].get_text()
    assert "PART-88219" in words
    assert "QTY 24" in words


def test_copies_run_on_over_pages() -> None:
    assert len(pages(label_sheet([label("A", 1)], copies=25), dpi=20)) == 2


def test_the_limit_of_labels_holds_on_both_sides() -> None:
    assert label_sheet([label("A", 1)], copies=sheet_labels_max).startswith(b"%PDF")
    with pytest.raises(BadSheet, match="at most"):
        label_sheet([label("A", 1)], copies=sheet_labels_max + 1)


@pytest.mark.parametrize("asked", [{"copies": 0}, {"copies": -1}, {"paper": "A0"}])
def test_an_impossible_sheet_is_refused(asked: dict[str, int] | dict[str, str]) -> None:
    with pytest.raises(BadSheet):
        label_sheet([label("A", 1)], **asked)
    with pytest.raises(BadSheet):
        label_sheet([])


def test_the_command_splits_at_the_last_colon(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "labels.pdf"
    call_command("print_labels", "BOLT:M6:250", "PART-88219:24", "-o", str(output), "--copies", "2")
    assert {(parse(text).item_id, parse(text).qty, n) for text, n in texts(output.read_bytes()).items()} == {
        ("BOLT:M6", 250, 2),
        ("PART-88219", 24, 2),
    }
    assert "4 labels" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["PART-88219", "PART-88219:0", "PART-88219:x", ":5", "a b:5"])
def test_the_command_refuses_what_no_label_can_say(text: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("print_labels", text, "-o", str(tmp_path / "labels.pdf"))
    assert not list(tmp_path.iterdir())
