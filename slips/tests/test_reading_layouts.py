"""Tables laid out as no heading word alone explains: blank stripes, sums and the shape of codes tell what is what."""

from decimal import Decimal

import numpy as np
import pytest

from slips.reading.arithmetic import shipped, unbalanced
from slips.reading.columns import Cell, GridRow, slipped_back
from slips.reading.heading_cells import HeadCell
from slips.reading.headings import with_whole_heads
from slips.reading.kinds import Word
from slips.reading.second_look import _between_rules
from slips.reading.vocabulary import heading
from slips.tests.drawings import ENGLISH, Drawn, table
from slips.tests.laid_out import laid_out
from slips.tests.readings import items, pairs, read


def test_a_line_number_printed_against_the_code_may_stand_under_its_own_heading() -> None:
    columns = [(40, "l", "Pos."), (60, "l", "Artikel"), (150, "l", "Bezeichnung"), (400, "r", "Menge")]
    words: list[Drawn] = [(60, 211, "Nummer"), (150, 211, "Zusatztext"), (400, 211, "geliefert", "r")]
    lines = [(f"{n}NW5244{n}", "", "Kugellager", "12") for n in (1, 2, 3)]
    body = table(columns, lines, top=212)
    heads: list[Drawn] = [(x, 200, text, align) for x, align, text in columns]
    assert pairs(laid_out(heads + words + body[4:])) == [("NW52441", 12), ("NW52442", 12), ("NW52443", 12)]


def test_headings_set_close_are_parted_where_the_table_leaves_a_blank_stripe() -> None:
    words: list[Drawn] = [(40, 200, "Code"), (110, 200, "Text Location Qty")]
    for n, qty in enumerate((24, 6, 144, 3)):
        words += [(40, 218 + 18 * n, f"AB-100{n}"), (110, 218 + 18 * n, "Bolt")]
        words += [(134, 218 + 18 * n, f"C{n}-12"), (190, 218 + 18 * n, str(qty), "r")]
    assert pairs(laid_out(words)) == [("AB-1000", 24), ("AB-1001", 6), ("AB-1002", 144), ("AB-1003", 3)]


def test_a_short_text_may_stand_far_from_a_heading_centred_over_its_column() -> None:
    words: list[Drawn] = [(40, 200, "No."), (300, 200, "Name", "c"), (560, 200, "Count", "r")]
    for n in range(4):
        words += [(55, 220 + 40 * n, str(n + 1), "r"), (62, 220 + 40 * n, "Pump"), (560, 220 + 40 * n, str(5 + n), "r")]
        words += [(62, 234 + 40 * n, f"P/N: ZV-853{n}")]
    assert pairs(laid_out(words)) == [(f"ZV-853{n}", 5 + n) for n in range(4)]


@pytest.mark.parametrize("headings", [("Wanted", "In the box", "Later on"), ("", "", "")])
def test_unknown_headings_are_explained_by_counts_that_balance(headings: tuple[str, ...]) -> None:
    columns = [(50, "l", "Catalog No"), (150, "l", "Description")]
    columns += [(x, "r", text) for x, text in zip((370, 450, 530), headings, strict=True)]
    lines = [("U-22786", "Mat", "8", "8", "0"), ("Z-39093", "Wrench", "9", "3", "6")]
    lines += [("P-66285", "Washer", "12", "6", "6"), ("E-69965", "Marker", "36", "36", "0")]
    words = [word for word in table(columns, lines) if word[2]]
    assert [qty for _, qty in pairs(laid_out(words))] == [8, 3, 6, 36]


def test_what_was_shipped_and_what_follows_are_what_was_ordered() -> None:
    def counts(*numbers: int) -> dict[int, Decimal]:
        return {row: Decimal(number) for row, number in enumerate(numbers)}

    columns = [counts(9, 12, 5), counts(3, 12, 5), counts(6)]
    assert shipped(columns) == 1
    assert unbalanced(columns) == set()
    assert shipped([counts(9, 12, 5), counts(4, 12, 1), counts(6)]) is None


def test_a_count_that_breaks_the_balance_is_not_trusted() -> None:
    columns = [(50, "l", "Item No."), (150, "l", "Description")]
    columns += [(x, "r", text) for x, text in ((370, "Ordered"), (450, "Shipped"), (530, "B/O"))]
    lines = [(f"AB-100{n}", "Bolt", "9", "3", "6") for n in range(5)] + [("AB-1009", "Bolt", "9", "8", "6")]
    *others, last = read(laid_out(table(columns, lines))).lines
    assert {line.confidence for line in others} == {"high"}
    assert items([last]) == [("AB-1009", 8)]
    assert last.confidence == "medium"


@pytest.mark.parametrize(
    "codes", [["VJ 985 39", "CH 092 20", "WC 515 92"], ["01 T 186 555 38", "02 S 964 573 73", "03 F 356 719 74"]]
)
def test_codes_of_one_pattern_may_have_blanks_in_them(codes: list[str]) -> None:
    columns = [(40, "l", "Teilenummer"), (200, "l", "Benennung"), (400, "r", "Menge"), (450, "l", "Lagerort")]
    lines = [(code, "Federring", "10", f"L-43-{n}") for n, code in enumerate(codes)]
    expected = [code if code[0].isalpha() else code[3:] for code in codes]
    assert [code for code, _ in pairs(laid_out(table(columns, lines)))] == expected


def test_a_code_broken_onto_the_next_row_is_whole() -> None:
    lines = [("XG6767-", "Film", "144"), ("4D", "", ""), ("CJ4429-1A", "Label", "48"), ("BW9952-", "Block", "4")]
    lines += [("6R", "", "")]
    assert pairs(laid_out(table(ENGLISH, lines))) == [("XG6767-4D", 144), ("CJ4429-1A", 48), ("BW9952-6R", 4)]


def test_signs_before_a_code_are_not_part_of_it() -> None:
    columns = [(50, "l", "Part"), (150, "l", "Name"), (450, "r", "Dispatched")]
    lines = [("DYX672", "Chain", "4"), ("• XJJ948", "Block", "100"), ("• SST491", "Washer", "3")]
    assert pairs(laid_out(table(columns, lines))) == [("DYX672", 4), ("XJJ948", 100), ("SST491", 3)]


def test_a_word_instead_of_a_count_says_that_nothing_came() -> None:
    columns = [(50, "l", "Item No."), (150, "l", "Description"), (400, "r", "Ordered"), (500, "r", "Shipped")]
    lines = [("AB-1001", "Bolt", "9", "BACKORDERED"), ("CD-2002", "Valve", "3", "3"), ("EF-3003", "Ring", "5", "5")]
    assert pairs(laid_out(table(columns, lines))) == [("CD-2002", 3), ("EF-3003", 5)]


def test_an_item_whose_name_begins_like_a_charge_is_an_item() -> None:
    columns = [(40, "l", "Artikel-Nr."), (150, "l", "Bezeichnung"), (450, "r", "Menge")]
    lines = [("71.996.536", "Versandetikett", "12"), ("98.501.666", "Versandkosten", "1"), ("60.831.083", "Folie", "3")]
    assert pairs(laid_out(table(columns, lines))) == [("71.996.536", 12), ("60.831.083", 3)]


def test_the_decimal_convention_is_that_of_the_whole_document() -> None:
    columns = [(40, "l", "Artikel-Nr."), (150, "l", "Bezeichnung"), (450, "r", "Menge")]
    first = table(columns, [(f"7199653{n}", "Folie", "3") for n in range(5)])
    lines = [(f"7199654{n}", "Folie", "1.200") for n in range(5)]
    second = [word for word in table([(x, a, "") for x, a, _ in columns], lines) if word[2]]
    assert [qty for _, qty in pairs(laid_out(first, second))] == [3] * 5 + [1200] * 5


def test_codes_with_a_point_in_them_are_no_prices() -> None:
    columns = [(40, "l", "Cod. articolo"), (150, "l", "Descrizione"), (450, "r", "Q.tà")]
    lines = [("R162.99", "Vite", "18,000"), ("V391.59", "Dado", "240,000"), ("T123.69", "Rondella", "3,000")]
    assert [qty for _, qty in pairs(laid_out(table(columns, lines)))] == [18, 240, 3]


def test_two_tables_side_by_side_are_parted_where_the_fewest_words_stand() -> None:
    words: list[Drawn] = [
        (40, 200, "Qty"),
        (62, 200, "Stock # Product"),
        (320, 200, "Qty"),
        (342, 200, "Stock #"),
        (392, 200, "Product"),
    ]
    for n in range(5):
        y = 218 + 18 * n
        words += [(55, y, "144", "r"), (62, y, f"6741-2{n}"), (112, y, "Deep groove bearing 6205-2RS C3 open")]
        words += [(335, y, "24", "r"), (342, y, f"1709-8{n}"), (392, y, "Ball valve")]
    expected = {(f"6741-2{n}", 144) for n in range(5)} | {(f"1709-8{n}", 24) for n in range(5)}
    assert set(pairs(laid_out(words))) == expected


def test_headings_that_go_on_in_the_next_row_are_read_to_their_end() -> None:
    words: list[Drawn] = [
        (50, 200, "PART NUMBER"),
        (330, 200, "QTY", "r"),
        (400, 200, "QTY", "r"),
        (470, 200, "BACK", "r"),
    ]
    words += [(330, 212, "ORDERED", "r"), (400, 212, "SHIPPED", "r"), (470, 212, "ORDER", "r")]
    columns = [(50, "l", ""), (330, "r", ""), (400, "r", ""), (470, "r", "")]
    lines = [("AB-1001", "500", "0", "500"), ("CD-2002", "27", "2", "25"), ("EF-3003", "4", "4", "0")]
    words += [word for word in table(columns, lines, top=212) if word[2]]
    assert pairs(laid_out(words)) == [("CD-2002", 2), ("EF-3003", 4)]


def test_a_lot_is_no_item_where_the_item_stands_under_its_text() -> None:
    columns = [(50, "l", "Désignation"), (300, "l", "N° lot"), (450, "r", "Qté expédiée")]
    words = table(columns, [("Joint torique", "L97287", "144"), ("Pompe", "L39813", "4")], pitch=36)
    words += [(50, 250, "Ref: S-61-730"), (50, 286, "Ref: R-75-861")]
    assert pairs(laid_out(words)) == [("S-61-730", 144), ("R-75-861", 4)]


def test_two_numbers_in_one_cell_are_not_trusted() -> None:
    lines = [("AB-1001", "Bolt", "156 144"), ("CD-2002", "Valve", "3"), ("EF-3003", "Ring", "5")]
    first, *others = read(laid_out(table(ENGLISH, lines))).lines
    assert first.confidence != "high"
    assert {line.confidence for line in others} == {"high"}


def test_counts_that_add_up_to_the_printed_total_are_trusted_more() -> None:
    columns = [(50, "l", "Item No."), (150, "l", "Description"), (350, "l", "Room"), (450, "r", "Qty")]
    lines = [("AB-1001", "Bolt", "7", "24"), ("CD-2002", "Valve", "3", "6"), ("EF-3003", "Ring", "5", "5")]
    columns[2] = (350, "l", "Zz")  # whole numbers under a heading that says nothing: they might be the counts
    told = {
        total: {line.confidence for line in read(laid_out([*table(columns, lines), (400, 300, total)])).lines}
        for total in ("Total pieces: 35", "Total pieces: 36")
    }
    assert told == {"Total pieces: 35": {"high"}, "Total pieces: 36": {"medium"}}


@pytest.mark.parametrize("heading", ["Hours", "Pack", "Price"])
def test_whole_numbers_under_another_heading_are_no_counts(heading: str) -> None:
    columns = [(50, "l", "Item No"), (150, "l", "Description"), (450, "r", heading)]
    assert pairs(laid_out(table(columns, [(f"PL-100{n}", "Bolt", str(8 + n % 2)) for n in range(6)]))) == []


def test_headings_that_slipped_a_row_on_a_bent_page_are_put_back() -> None:
    def word(text: str, x: float, y: float) -> Word:
        return Word(text, x, y, x + 12 * len(text), y + 20)

    head = [word("Description", 300, 100), word("Qty", 700, 100)]
    below = [word("Item", 50, 128), word("Code", 110, 128), word("Belt", 300, 130), word("3", 700, 131)]
    upper, lower = with_whole_heads([head, below])
    assert [one.text for one in upper] == ["Item", "Code", "Description", "Qty"]
    assert [one.text for one in lower] == ["Belt", "3"]


def test_a_lone_digit_is_looked_at_without_the_rule_beside_it() -> None:
    ink = np.zeros((30, 60), dtype=bool)
    ink[8:22, 20:24] = True  # the digit
    ink[:, 45] = True  # the rule
    ink[5:8, 57:59] = True  # the next cell's beginning
    assert _between_rules(ink) == (0, 44)


@pytest.mark.parametrize(
    ("headings", "label"),
    [
        (("Q.tà", "Articolo"), "Cod. art."),
        (("Quantidade", "Designação"), "Código do artigo"),
        (("Aantal", "Omschrijving"), "Art. nr"),
    ],
)
def test_a_code_behind_the_description_is_told_by_its_label(headings: tuple[str, ...], label: str) -> None:
    lines = [("15", f"Filtro W712/75 {label} 265W30"), ("60", f"Punta HSS 6,5 {label} 745S83")]
    drawn = laid_out(table([(60, "r", headings[0]), (100, "l", headings[1])], lines))
    assert pairs(drawn) == [("265W30", 15), ("745S83", 60)]


def test_three_tables_side_by_side_are_read_from_left_to_right() -> None:
    columns = [
        (x, side, text) for x0 in (40, 220, 400) for x, side, text in ((x0, "l", "Item"), (x0 + 130, "r", "Qty"))
    ]
    lines = [("P2445", "36", "S3304", "12", "D6110", "20"), ("T4964", "8", "T2894", "6", "Z2173", "144")]
    expected = [("P2445", 36), ("T4964", 8), ("S3304", 12), ("T2894", 6), ("D6110", 20), ("Z2173", 144)]
    assert pairs(laid_out(table(columns, lines))) == expected


@pytest.mark.parametrize("heading", ["N° de lot", "Zzyzx"])
def test_a_code_in_brackets_is_the_item_rather_than_another_number_on_its_row(heading: str) -> None:
    columns = [(60, "r", "Qté"), (100, "l", "Désignation"), (450, "l", heading)]
    lines = [("1", "Câble CAT6 5 m [PBR-9913]", "M876749"), ("20", "Batterie 12V 7Ah [EHX-8870]", "R230411")]
    assert pairs(laid_out(table(columns, lines))) == [("PBR-9913", 1), ("EHX-8870", 20)]


def test_codes_under_a_heading_that_does_not_name_them_are_not_called_sure() -> None:
    columns = [(50, "l", "Zzyzx"), (150, "l", "Qwrk"), (260, "l", "Description"), (500, "r", "Qty")]
    lines = [("AB-1001", "ZX-9171", "Hex bolt zinc", "24"), ("CD-2002", "ZX-2266", "Ball valve brass", "6")]
    assert "high" not in {line.confidence for line in read(laid_out(table(columns, lines))).lines}


def test_one_of_two_like_counts_is_not_called_sure() -> None:
    columns = [(50, "l", "Item No."), (150, "l", "Description"), (420, "r", "Quantity"), (500, "r", "Qty")]
    lines = [("AB-1001", "Hex bolt zinc", "24", "12"), ("CD-2002", "Ball valve brass", "6", "3")]
    assert "high" not in {line.confidence for line in read(laid_out(table(columns, lines))).lines}


def test_a_count_that_breaks_what_most_rows_keep_is_not_called_sure() -> None:
    columns = [(50, "l", "Item No."), (150, "l", "Description"), (360, "r", "Ordered"), (430, "r", "Shipped")]
    columns += [(500, "r", "Balance")]
    lines = [(f"AB-100{n}", "Hex bolt", "10", "7", "3") for n in range(4)]
    lines += [(f"CD-200{n}", "Valve", "51", "30", "10") for n in range(2)]
    assert [line.confidence for line in read(laid_out(table(columns, lines))).lines] == ["high"] * 4 + ["medium"] * 2


def grid_row(*texts: str) -> GridRow:
    cells = {n: Cell([Word(w, 0, 0, 9, 9) for w in text.split()]) for n, text in enumerate(texts) if text}
    return GridRow(0.0, cells, [word for cell in cells.values() for word in cell.words])


def test_counts_that_slipped_under_the_next_heading_are_put_back() -> None:
    cells = [HeadCell(text, 0, 9, heading(text)) for text in ("Part No.", "Ordered", "Shipped", "Balance", "Unit")]
    rows = [grid_row("AB-1", "", "30", "10", "20 pcs"), grid_row("AB-2", "", "4", "4", "0 pcs")]
    rows.append(grid_row("AB-3", "", "6", "5", "1 pcs"))
    told = [[row.text(n) for n in range(5)] for row in slipped_back(cells, rows)]
    assert told == [["AB-1", "30", "10", "20", "pcs"], ["AB-2", "4", "4", "0", "pcs"], ["AB-3", "6", "5", "1", "pcs"]]
    rows = [grid_row("AB-1", "30", "10", "", "20 pcs")] * 3
    assert [row.text(1) for row in slipped_back(cells, rows)] == ["30"] * 3


@pytest.mark.parametrize(("packs", "confidence"), [(("6", "5"), "high"), (("7", "9"), "medium")])
def test_what_a_pack_holds_times_the_packs_is_the_count(packs: tuple[str, str], confidence: str) -> None:
    columns = [(40, "l", "Item No."), (130, "l", "Description"), (340, "r", "Qty/Pkg"), (420, "r", "Pkgs")]
    columns.append((510, "r", "Total"))
    lines = [("AB-1001", "Hex bolt", "4", packs[0], "24"), ("CD-2002", "Valve", "3", packs[1], "15")]
    found = read(laid_out(table(columns, lines))).lines
    assert [line.qty for line in found] == ([24, 15] if confidence == "high" else [4, 3])
    assert {line.confidence for line in found} == {confidence}


def test_a_count_far_from_the_place_of_the_others_is_not_called_sure() -> None:
    columns = [(40, "l", "Item No."), (130, "l", "Description"), (480, "r", "Quantity")]
    lines = [(f"AB-100{n}", "Hex bolt", "24") for n in range(4)]
    words = [*table(columns, lines), (40, 290, "CD-2002"), (130, 290, "Valve"), (430, 290, "6", "r")]
    assert [line.confidence for line in read(laid_out(words)).lines] == ["high"] * 4 + ["medium"]
