"""How sure a line is called: by its headings, by what else might be meant, by arithmetic and by the other lines."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from slips.reading.confidence import judged, score_high
from slips.reading.evidence import Evidence
from slips.reading.kinds import Word
from slips.reading.lines import UnjudgedLine
from slips.reading.words import with_hyphens
from slips.tests.drawings import ENGLISH, Column, Drawn, table
from slips.tests.laid_out import laid_out
from slips.tests.readings import pairs, read

MANY_SHAPES = [("3390", "Hook", "24"), ("5108-27-XL", "Jacket, grey", "6"), ("CBL/15", "Cable", "12")]
MANY_SHAPES += [("A7.20", "Ring", "5"), ("MUG", "Mug, blue", "36")]


def trusts(columns: Sequence[Column], lines: Sequence[Sequence[str]], *more: Drawn) -> set[str]:
    return {line.confidence for line in read(laid_out([*table(columns, lines), *more])).lines}


@pytest.mark.parametrize("heading", ["Item No.", "Artikel-Nr.", "Référence", "Código", "Artikelnummer"])
def test_codes_of_many_shapes_under_a_clear_heading_are_sure(heading: str) -> None:
    columns = [(50, "l", heading), *ENGLISH[1:]]
    assert trusts(columns, MANY_SHAPES) == {"high"}


def test_a_code_of_another_make_than_all_others_under_an_unknown_heading_is_not_sure() -> None:
    columns = [(50, "l", "Zzyzx"), *ENGLISH[1:]]
    lines = [(f"AB-100{n}", "Bolt", "6") for n in range(4)] + [("77/12.4", "Valve", "9")]
    assert [line.confidence for line in read(laid_out(table(columns, lines))).lines][-1] != "high"


@pytest.mark.parametrize(
    ("counts", "trust"),
    [(("Requested", "Carton", "Shipped"), "medium"), (("Requested", "Carton", "Price"), "high")],
)
def test_a_column_that_says_the_same_in_some_lines_may_be_the_count(counts: tuple[str, ...], trust: str) -> None:
    columns = [(50, "l", "Item No."), (150, "l", "Description")]
    columns += [(x, "r", text) for x, text in zip((340, 420, 500), counts, strict=True)]
    lines = [("AB-1001", "Bolt", "8", "3", "8"), ("CD-2002", "Valve", "12", "12", "12")]
    lines += [("EF-3003", "Ring", "24", "9", "21"), ("GH-4004", "Mat", "5", "5", "5")]
    if trust == "high":
        lines = [(*line[:3], str(40 + n), f"{n}.50") for n, line in enumerate(lines)]
    assert trusts(columns, lines) == {trust}


def test_what_a_pack_holds_is_no_rival_of_the_count() -> None:
    columns = [(50, "r", "Menge"), (80, "l", "Artikel-Nr."), (180, "l", "Bezeichnung"), (420, "l", "Packung")]
    lines = [("20", "05550117", "Tabletten", "50 St"), ("15", "05550421", "Salbe", "10 ml")]
    lines += [("36", "05551308", "Tropfen", "100 St"), ("5", "05552710", "Pflaster", "5 g")]
    assert trusts(columns, lines) == {"high"}


def test_prices_times_counts_prove_the_count_beside_another() -> None:
    columns = [(40, "l", "Item No."), (130, "l", "Description"), (320, "r", "Qty"), (370, "r", "Zz")]
    columns += [(440, "r", "Price"), (520, "r", "Amount")]
    lines = [("AB-1001", "Bolt", "8", "3", "2.00", "16.00"), ("CD-2002", "Valve", "12", "7", "3.00", "36.00")]
    lines.append(("EF-3003", "Ring", "24", "9", "1.50", "36.00"))
    assert trusts(columns, lines) == {"high"}
    assert trusts(columns[:4], [line[:4] for line in lines]) == {"medium"}


def test_a_part_of_what_the_column_of_codes_holds_is_not_sure() -> None:
    lines = [("AB-1001 x17", "Bolt", "24"), ("CD-2002", "Valve", "6"), ("EF-3003", "Ring", "9")]
    first, *others = read(laid_out(table(ENGLISH, lines))).lines
    assert first.confidence != "high"
    assert {line.confidence for line in others} == {"high"}


def draft(code: str, *, has_code: bool = True, score: float = 0.99, **evidence: Any) -> UnjudgedLine:
    return UnjudgedLine(code, Decimal(4), "Bolt", [], score, has_code, evidence=Evidence(code_named=True, **evidence))


@pytest.mark.parametrize(("code", "trust"), [("CL5F_9994", "medium"), ("MUG-7", "high")])
def test_a_shape_that_one_sign_misread_would_explain_is_not_sure(code: str, trust: str) -> None:
    others = ["CLSF_1204", "CLSF_3377", "BX/12", "88.41", "QQ7"]
    drafts = [draft(one, by_ocr=True) for one in [*others, code]]
    assert judged(drafts)[-1] == trust
    assert judged([draft(one) for one in [*others, code]])[-1] == "high"


@pytest.mark.parametrize(("alike", "trust"), [(6, "high"), (7, "medium")])
def test_the_only_odd_code_on_a_picture_is_not_sure(alike: int, trust: str) -> None:
    codes = [f"AB-{1000 + n}" for n in range(alike)] + ["QX", "7.1", "R/3", "9M9"][: 10 - alike]
    assert judged([draft(code, by_ocr=True) for code in codes])[-1] == trust


@pytest.mark.parametrize(("without", "trust"), [(1, "high"), (2, "medium")])
def test_lines_of_a_slip_share_their_fate(without: int, trust: str) -> None:
    drafts = [draft(f"AB-{1000 + n}") for n in range(10 - without)]
    drafts += [draft("Some text", has_code=False) for _ in range(without)]
    assert judged(drafts)[0] == trust


def test_a_table_whose_count_was_only_ordered_is_not_sure_beside_one_that_was_shipped() -> None:
    drafts = [draft("AB-1001", count_role="shipped"), draft("CD-2002", count_role="ordered")]
    assert judged(drafts) == ["high", "medium"]


@pytest.mark.parametrize("name", ["Item / Description", "Référence / Désignation", "Artikel / Bezeichnung"])
def test_a_code_above_its_text_in_a_cell_beside_a_centred_count(name: str) -> None:
    words: list[Drawn] = [(50, 200, name), (450, 200, "Qty", "r")]
    for n in range(4):
        y = 220 + 30 * n
        words += [(50, y, f"AB-100{n}"), (50, y + 10, "Hex bolt zinc"), (450, y + 5, str(3 + n), "r")]
    assert pairs(laid_out(words)) == [(f"AB-100{n}", 3 + n) for n in range(4)]


@pytest.mark.parametrize(
    ("seen", "text"),
    [("7710·M", "7710-M"), ("RV·K4x16", "RV-K4x16"), ("·12", "·12"), ("12·", "12·"), ("Murcia·Lorca", "Murcia·Lorca")],
)
def test_a_dot_at_half_height_inside_a_code_is_a_hyphen_and_not_sure(seen: str, text: str) -> None:
    word = with_hyphens(Word(seen, 0, 0, 90, 20))
    assert word.text == text
    assert (word.score < score_high) == (text != seen)


def test_numbers_of_another_kind_of_code_are_no_rival_of_the_count() -> None:
    columns = [(40, "l", "Code article"), (140, "l", "Réf. client"), (240, "l", "Désignation"), (500, "r", "Quantité")]
    lines = [("PH-48133", "6813682", "Frein", "200"), ("TT-29759", "3630696", "Gants", "24")]
    lines.append(("JK-89247", "9542218", "Vis", "1"))
    assert trusts(columns, lines) == {"high"}
