"""Which column counts this shipment and which one names the item, by headings' words, contents and arithmetic."""

import pytest

from slips.reading.columns import Cell, GridRow, put_under_shipped
from slips.reading.heading_cells import HeadCell
from slips.reading.kinds import Word
from slips.reading.vocabulary import heading
from slips.tests.drawings import Column, table
from slips.tests.laid_out import laid_out
from slips.tests.readings import pairs, read


def counted(*headings: str, xs: tuple[int, ...] = (330, 400, 470, 540)) -> list[Column]:
    counts: list[Column] = [(x, "r", heading) for x, heading in zip(xs, headings, strict=False)]
    return [(50, "l", "Item No."), (130, "l", "Description"), *counts]


@pytest.mark.parametrize(
    "headings",
    [
        ("commandée", "déjà livrée", "livrée ce jour", "reste à livrer"),
        ("Bestellt", "bereits gel.", "diese Lieferung", "Rest"),
        ("Ordered", "Prev. shipped", "This shipment", "To follow"),
        ("Pedido", "Ya entregado", "Esta entrega", "Pendiente"),
        ("Ordinato", "Già consegnato", "Consegnato oggi", "Residuo"),
        ("Besteld", "Reeds geleverd", "Nu geleverd", "Nog te leveren"),
        ("Encomendado", "Já entregue", "Esta remessa", "Em falta"),
        ("Beställt", "Tidigare lev.", "Levererat idag", "Återstår"),
        ("Zamówiono", "Już wydano", "Wydano dzisiaj", "Pozostało"),
    ],
)
def test_what_comes_today_counts_and_not_what_came_before_or_is_to_follow(headings: tuple[str, ...]) -> None:
    lines = [
        ("AB-1001", "Bolt", "600", "200", "350", "50"),
        ("CD-2002", "Valve", "24", "0", "24", "0"),
        ("EF-3003", "Ring", "400", "400", "–", "0"),
        ("GH-4004", "Disc", "12", "2", "7", "3"),
    ]
    assert pairs(laid_out(table(counted(*headings), lines))) == [("AB-1001", 350), ("CD-2002", 24), ("GH-4004", 7)]


@pytest.mark.parametrize(
    "headings", [("Requested", "In this Package", "Total Shipped"), ("Requested", "Total Shipped", "In this Package")]
)
def test_what_is_in_this_package_counts_rather_than_all_that_was_shipped(headings: tuple[str, ...]) -> None:
    lines = [
        ("AB-1001", "Bolt", "12", "5", "8"),
        ("CD-2002", "Valve", "9", "3", "9"),
        ("EF-3003", "Cup", "6", "6", "6"),
    ]
    if headings[1] == "Total Shipped":
        lines = [(*line[:3], line[4], line[3]) for line in lines]
    columns = counted(*headings, xs=(330, 440, 540))
    assert pairs(laid_out(table(columns, lines))) == [("AB-1001", 5), ("CD-2002", 3), ("EF-3003", 6)]


@pytest.mark.parametrize(
    "headings",
    [
        ("CTNS", "PCS/CTN", "TOTAL QTY"),
        ("Kartons", "Stk/Karton", "Gesamtmenge"),
        ("Colis", "Pièces par colis", "Total pièces"),
        ("Cartons", "Pack", "Qty"),
        ("Cajas", "Uds/caja", "Cantidad"),
    ],
)
def test_pieces_count_where_they_are_cartons_times_what_each_holds(headings: tuple[str, ...]) -> None:
    lines = [
        ("GX-LTN", "Lantern", "20", "24", "480"),
        ("GX-STV", "Stove", "15", "12", "180"),
        ("GX-CHR", "Chair", "24", "4", "96"),
    ]
    columns = counted(*headings, xs=(340, 440, 540))
    assert pairs(laid_out(table(columns, lines))) == [("GX-LTN", 480), ("GX-STV", 180), ("GX-CHR", 96)]


@pytest.mark.parametrize(
    "other", ["HS-kod", "HS code", "Customs code", "Buyer's art. no.", "Your item no.", "Old part no.", "Réf. client"]
)
@pytest.mark.parametrize("order", [1, -1])
def test_the_sellers_own_code_names_the_item(other: str, order: int) -> None:
    pair = [("Item No.", ("4410-A", "4502-B", "4611-C")), (other, ("8821.40", "1605.21", "1604.31"))][::order]
    columns = [(50, "l", pair[0][0]), (150, "l", pair[1][0]), (260, "l", "Description"), (500, "r", "Qty")]
    lines = list(zip(pair[0][1], pair[1][1], ("Salmon", "Shrimp", "Roe"), ("12", "24", "3"), strict=True))
    assert pairs(laid_out(table(columns, lines))) == [("4410-A", 12), ("4502-B", 24), ("4611-C", 3)]


def test_a_code_with_blanks_is_the_whole_of_its_cell() -> None:
    columns = [(50, "l", "Referencia"), (190, "l", "Artículo"), (420, "r", "Pedido"), (500, "r", "Servido")]
    lines = [
        ("H07Z1-K 1x2,5 AZ", "Cable unipolar azul", "300 m", "300 m"),
        ("RZ1-K 5G6", "Manguera verde", "250 m", "200 m"),
        ("UTP6-LSZH", "Cable de datos", "915 m", "610 m"),
    ]
    assert pairs(laid_out(table(columns, lines))) == [("H07Z1-K 1x2,5 AZ", 300), ("RZ1-K 5G6", 200), ("UTP6-LSZH", 610)]


def test_a_second_number_in_the_cell_is_not_part_of_the_code() -> None:
    columns = [(50, "l", "Item No."), (250, "l", "Description"), (500, "r", "Qty")]
    lines = [("AB-1001 77001234", "Bolt", "3"), ("CD-2002 77001235", "Valve", "4")]
    assert pairs(laid_out(table(columns, lines))) == [("AB-1001", 3), ("CD-2002", 4)]


@pytest.mark.parametrize("heading", ["Description", "Descripción", "Beschreibung", "Product"])
def test_a_code_in_capitals_before_a_dash_names_the_item(heading: str) -> None:
    columns = [(50, "l", heading), (400, "r", "Qty ordered"), (500, "r", "Qty shipped")]
    lines = [("VIN-RIB-CR - Vino tinto crianza", "6", "5"), ("ACE-AOVE-5L - Aceite de oliva", "8", "8")]
    assert pairs(laid_out(table(columns, lines))) == [("VIN-RIB-CR", 5), ("ACE-AOVE-5L", 8)]


def test_books_have_an_isbn_a_title_and_copies() -> None:
    columns = [(50, "l", "Copies"), (110, "l", "ISBN"), (230, "l", "Title"), (400, "l", "Author"), (540, "r", "RRP")]
    lines = [
        ("6", "978-1-55550-214-7", "The Salt Road Home", "Averill, J.", "£18.99"),
        ("12", "978-1-55550-330-4", "Small Engines", "Okonjo, T.", "£9.99"),
    ]
    assert pairs(laid_out(table(columns, lines))) == [("978-1-55550-214-7", 6), ("978-1-55550-330-4", 12)]


@pytest.mark.parametrize("group", ["Pallet 2 of 3", "Palette 2/3", "Carton 2", "Colis n° 2", "Bulto 2 de 3"])
def test_the_row_that_names_a_pallet_and_counts_its_cases_is_no_line(group: str) -> None:
    columns = [(50, "l", "Item No."), (150, "l", "Description"), (400, "l", "Batch"), (500, "r", "Cases shipped")]
    lines = [
        ("AB-1001", "Chopped tomatoes", "L6041", "84"),
        (group, "", "", "132 cases"),
        ("CD-2002", "Passata", "L6033", "36"),
    ]
    assert pairs(laid_out(table(columns, lines))) == [("AB-1001", 84), ("CD-2002", 36)]


@pytest.mark.parametrize(
    "title", ["Remaining quantities not yet delivered:", "Items to follow", "Noch ausstehend:", "Reste à livrer :"]
)
def test_a_second_table_of_what_is_to_follow_holds_no_lines(title: str) -> None:
    columns = [(50, "l", "Item No."), (150, "l", "Description"), (500, "r", "Quantity")]
    above = table(columns, [("AB-1001", "Bolt", "24"), ("CD-2002", "Valve", "6")])
    below = [(50, 290, title), *table(columns, [("EF-3003", "Ring", "4"), ("GH-4004", "Disc", "9")], top=308)]
    assert pairs(laid_out(above + below)) == [("AB-1001", 24), ("CD-2002", 6)]


def test_the_carriage_data_below_the_table_are_no_line() -> None:
    columns = [(50, "l", "Codice"), (150, "l", "Descrizione"), (430, "r", "Quantità"), (520, "l", "UM")]
    carriage = [(50, "l", "Aspetto dei beni"), (180, "l", "Peso lordo"), (280, "l", "Peso netto"), (430, "r", "Volume")]
    above = table(columns, [("FRZ-2201", "Kit frizione", "2", "PZ"), ("AMM-0914", "Ammortizzatore", "4", "PZ")])
    assert pairs(laid_out(above + table(carriage, [("Scatole", "148,2 kg", "139 kg", "62 m³")], top=270))) == [
        ("FRZ-2201", 2),
        ("AMM-0914", 4),
    ]


def test_the_customers_data_above_the_table_are_no_line() -> None:
    info = [(50, "l", "Customer's Reference"), (200, "l", "Sales Person"), (320, "l", "Our Order No")]
    columns = [(50, "l", "Item Code"), (150, "l", "Item Description"), (430, "r", "Quantity"), (500, "l", "Unit")]
    words = table(info, [("SCI/2026/118", "J. Oakes", "1482")], top=120)
    words += table(columns, [("LG-BK-250L", "Beaker", "24", "each"), ("CH-NACL-1K", "Salt", "6", "btl.")])
    assert pairs(laid_out(words)) == [("LG-BK-250L", 24), ("CH-NACL-1K", 6)]


@pytest.mark.parametrize("counts", [("4 x", "10 x", "1 x"), ("4", "10", "3")])
def test_counts_that_stand_under_no_heading_before_the_name_are_read(counts: tuple[str, ...]) -> None:
    columns = [(50, "r", ""), (110, "l", "Products"), (450, "l", "Model")]
    lines = list(zip(counts, ("PIR sensor", "Board", "Supply"), ("BRK-PIR", "PCB-709", "PSU-300"), strict=True))
    expected = [(code, int(count.split()[0])) for count, _, code in lines]
    assert pairs(laid_out(table([(100, *columns[0][1:]), *columns[1:]], lines))) == expected


def test_line_numbers_under_no_heading_count_nothing() -> None:
    columns = [(100, "r", ""), (110, "l", "Products"), (450, "l", "Model")]
    lines = [("1", "PIR sensor", "BRK-PIR"), ("2", "Board", "PCB-709"), ("3", "Supply", "PSU-300")]
    assert pairs(laid_out(table(columns, lines))) == []


def test_bisher_heute_offen_are_headings_of_counts() -> None:
    columns = counted("Auftrag", "bisher", "heute", "offen")
    lines = [
        ("K-881", "Lager", "20", "5", "10", "5"),
        ("K-882", "Ring", "8", "0", "8", "0"),
        ("K-883", "Bolzen", "9", "3", "2", "4"),
    ]
    assert pairs(laid_out(table(columns, lines))) == [("K-881", 10), ("K-882", 8), ("K-883", 2)]


@pytest.mark.parametrize(("bracketed", "expected"), [("[FURN-DESK] ", "FURN-DESK"), ("[REF] ", None)])
def test_capitals_in_brackets_before_the_name_are_a_code_if_they_are_long_enough(
    bracketed: str, expected: str | None
) -> None:
    columns = [(50, "l", "Product"), (450, "r", "Quantity")]
    lines = [(f"{bracketed}Standing desk", "5.0 u"), (f"{bracketed}Lamp", "12.0 u")]
    words = [(50, 60, "Northgate Supply Ltd"), (50, 75, "Packing slip 4471 of 12 March"), *table(columns, lines)]
    assert [line[0] == expected for line in pairs(laid_out(words))] == [expected is not None] * 2


def test_what_is_priced_per_piece_is_not_counted_by_its_amount() -> None:
    columns = [
        (50, "l", "Item No."),
        (150, "l", "Description"),
        (350, "r", "Qty"),
        (420, "r", "Tariff"),
        (500, "r", "Total"),
    ]
    lines = [
        ("AB-1001", "Bolt", "2", "3", "6"),
        ("CD-2002", "Valve", "4", "5", "20"),
        ("EF-3003", "Cup", "7", "2", "14"),
    ]
    assert pairs(laid_out(table(columns, lines))) == [("AB-1001", 2), ("CD-2002", 4), ("EF-3003", 7)]


def test_a_title_of_what_is_to_follow_ends_the_table_and_a_note_below_an_item_does_not() -> None:
    columns = [(50, "l", "Item No."), (150, "l", "Description"), (450, "r", "Qty")]
    lines = [("AB-1001", "Bolt", "4"), ("", "two backordered", ""), ("CD-2002", "Valve", "3")]
    later = [("To follow:", "", ""), ("EF-3003", "Cup", "6")]
    assert pairs(laid_out(table(columns, lines + later))) == [("AB-1001", 4), ("CD-2002", 3)]


def test_a_note_between_items_of_a_table_that_begins_with_the_description_does_not_end_it() -> None:
    columns = [(50, "l", "Description"), (300, "l", "SKU"), (450, "r", "Qty")]
    lines = [("Hex bolt", "AB-1001", "4"), ("backordered items ship later", "", ""), ("Valve", "CD-2002", "3")]
    assert pairs(laid_out(table(columns, lines))) == [("AB-1001", 4), ("CD-2002", 3)]


def test_lief_mge_is_what_was_delivered() -> None:
    columns = counted("Best-Mge", "Lief-Mge", "Rest-Mge")
    lines = [("47110", "Kugellager", "10", "6", "4"), ("47120", "Riemen", "4", "4", "0")]
    assert pairs(laid_out(table(columns, lines))) == [("47110", 6), ("47120", 4)]


def test_what_was_ordered_is_no_sure_count_beside_smaller_whole_numbers_of_another_name() -> None:
    columns = counted("Bestellt", "Art.-Teil")
    lines = [("AB-1001", "Kugellager", "10", "6"), ("CD-2002", "Riemen", "4", "4"), ("EF-3003", "Dichtung", "7", "2")]
    assert "high" not in {line.confidence for line in read(laid_out(table(columns, lines))).lines}
    lines = [("AB-1001", "Kugellager", "10", "16"), ("CD-2002", "Riemen", "4", "44"), ("EF-3003", "Dichtung", "7", "9")]
    assert {line.confidence for line in read(laid_out(table(columns, lines))).lines} == {"high"}


def test_codes_with_blanks_under_the_last_heading_name_the_items() -> None:
    columns = [(50, "l", "Cantidad"), (120, "l", "Descripción"), (400, "l", "Referencia")]
    lines = [("3", "Tubo acero", "TA 20x2"), ("12", "Codo 90", "CO 90-20"), ("4", "Racor", "RC 20")]
    words = [(50, 60, "Suministros Riera S.L."), *table(columns, lines)]
    assert pairs(laid_out(words)) == [("TA 20x2", 3), ("CO 90-20", 12), ("RC 20", 4)]


def test_counts_of_this_shipment_seen_under_the_next_heading_are_put_back() -> None:
    cells = [HeadCell(text, 0, 9, heading(text)) for text in ("Item No.", "Ordered", "This shipment", "Balance")]

    def row(*texts: str) -> GridRow:
        held = {n: Cell([Word(text, 0, 0, 9, 9)]) for n, text in enumerate(texts) if text}
        return GridRow(0.0, held, [word for cell in held.values() for word in cell.words])

    rows = [row(f"AB-{n}", "5", "", "5") for n in range(3)]
    assert [(row.text(2), row.text(3)) for row in put_under_shipped(cells, rows)] == [("5", "")] * 3
    rows = [row("AB-1", "5", "4", "1"), *(row(f"AB-{n}", "5", "", "5") for n in range(3))]
    assert [row.text(2) for row in put_under_shipped(cells, rows)] == ["4", "", "", ""]
