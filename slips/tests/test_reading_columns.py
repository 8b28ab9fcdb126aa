"""Which column counts this shipment and which one names the item, by headings' words, contents and arithmetic."""

import pytest

from slips.pages import open_document
from slips.reading import read_pages
from slips.tests.drawings import pdf, table


def read(data):
    with open_document(data) as document:
        return read_pages(document.pages())


def pairs(data):
    return [(line.item_id, line.qty) for line in read(data).lines]


def counted(*headings, xs=(330, 400, 470, 540)):
    return [(50, "l", "Item No."), (130, "l", "Description")] + [
        (x, "r", heading) for x, heading in zip(xs, headings, strict=False)
    ]


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
def test_what_comes_today_counts_and_not_what_came_before_or_is_to_follow(headings):
    lines = [
        ("AB-1001", "Bolt", "600", "200", "350", "50"),
        ("CD-2002", "Valve", "24", "0", "24", "0"),
        ("EF-3003", "Ring", "400", "400", "–", "0"),
        ("GH-4004", "Disc", "12", "2", "7", "3"),
    ]
    assert pairs(pdf(table(counted(*headings), lines))) == [("AB-1001", 350), ("CD-2002", 24), ("GH-4004", 7)]


@pytest.mark.parametrize(
    "headings", [("Requested", "In this Package", "Total Shipped"), ("Requested", "Total Shipped", "In this Package")]
)
def test_what_is_in_this_package_counts_rather_than_all_that_was_shipped(headings):
    lines = [
        ("AB-1001", "Bolt", "12", "5", "8"),
        ("CD-2002", "Valve", "9", "3", "9"),
        ("EF-3003", "Cup", "6", "6", "6"),
    ]
    if headings[1] == "Total Shipped":
        lines = [(*line[:3], line[4], line[3]) for line in lines]
    columns = counted(*headings, xs=(330, 440, 540))
    assert pairs(pdf(table(columns, lines))) == [("AB-1001", 5), ("CD-2002", 3), ("EF-3003", 6)]


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
def test_pieces_count_where_they_are_cartons_times_what_each_holds(headings):
    lines = [
        ("GX-LTN", "Lantern", "20", "24", "480"),
        ("GX-STV", "Stove", "15", "12", "180"),
        ("GX-CHR", "Chair", "24", "4", "96"),
    ]
    columns = counted(*headings, xs=(340, 440, 540))
    assert pairs(pdf(table(columns, lines))) == [("GX-LTN", 480), ("GX-STV", 180), ("GX-CHR", 96)]


@pytest.mark.parametrize(
    "other", ["HS-kod", "HS code", "Customs code", "Buyer's art. no.", "Your item no.", "Old part no.", "Réf. client"]
)
@pytest.mark.parametrize("order", [1, -1])
def test_the_sellers_own_code_names_the_item(other, order):
    pair = [("Item No.", ("4410-A", "4502-B", "4611-C")), (other, ("8821.40", "1605.21", "1604.31"))][::order]
    columns = [(50, "l", pair[0][0]), (150, "l", pair[1][0]), (260, "l", "Description"), (500, "r", "Qty")]
    lines = list(zip(pair[0][1], pair[1][1], ("Salmon", "Shrimp", "Roe"), ("12", "24", "3"), strict=True))
    assert pairs(pdf(table(columns, lines))) == [("4410-A", 12), ("4502-B", 24), ("4611-C", 3)]


def test_a_code_with_blanks_is_the_whole_of_its_cell():
    columns = [(50, "l", "Referencia"), (190, "l", "Artículo"), (420, "r", "Pedido"), (500, "r", "Servido")]
    lines = [
        ("H07Z1-K 1x2,5 AZ", "Cable unipolar azul", "300 m", "300 m"),
        ("RZ1-K 5G6", "Manguera verde", "250 m", "200 m"),
        ("UTP6-LSZH", "Cable de datos", "915 m", "610 m"),
    ]
    assert pairs(pdf(table(columns, lines))) == [("H07Z1-K 1x2,5 AZ", 300), ("RZ1-K 5G6", 200), ("UTP6-LSZH", 610)]


def test_a_second_number_in_the_cell_is_not_part_of_the_code():
    columns = [(50, "l", "Item No."), (250, "l", "Description"), (500, "r", "Qty")]
    lines = [("AB-1001 77001234", "Bolt", "3"), ("CD-2002 77001235", "Valve", "4")]
    assert pairs(pdf(table(columns, lines))) == [("AB-1001", 3), ("CD-2002", 4)]


@pytest.mark.parametrize("heading", ["Description", "Descripción", "Beschreibung", "Product"])
def test_a_code_in_capitals_before_a_dash_names_the_item(heading):
    columns = [(50, "l", heading), (400, "r", "Qty ordered"), (500, "r", "Qty shipped")]
    lines = [("VIN-RIB-CR - Vino tinto crianza", "6", "5"), ("ACE-AOVE-5L - Aceite de oliva", "8", "8")]
    assert pairs(pdf(table(columns, lines))) == [("VIN-RIB-CR", 5), ("ACE-AOVE-5L", 8)]


def test_books_have_an_isbn_a_title_and_copies():
    columns = [(50, "l", "Copies"), (110, "l", "ISBN"), (230, "l", "Title"), (400, "l", "Author"), (540, "r", "RRP")]
    lines = [
        ("6", "978-1-55550-214-7", "The Salt Road Home", "Averill, J.", "£18.99"),
        ("12", "978-1-55550-330-4", "Small Engines", "Okonjo, T.", "£9.99"),
    ]
    assert pairs(pdf(table(columns, lines))) == [("978-1-55550-214-7", 6), ("978-1-55550-330-4", 12)]


@pytest.mark.parametrize("group", ["Pallet 2 of 3", "Palette 2/3", "Carton 2", "Colis n° 2", "Bulto 2 de 3"])
def test_the_row_that_names_a_pallet_and_counts_its_cases_is_no_line(group):
    columns = [(50, "l", "Item No."), (150, "l", "Description"), (400, "l", "Batch"), (500, "r", "Cases shipped")]
    lines = [
        ("AB-1001", "Chopped tomatoes", "L6041", "84"),
        (group, "", "", "132 cases"),
        ("CD-2002", "Passata", "L6033", "36"),
    ]
    assert pairs(pdf(table(columns, lines))) == [("AB-1001", 84), ("CD-2002", 36)]


@pytest.mark.parametrize(
    "title", ["Remaining quantities not yet delivered:", "Items to follow", "Noch ausstehend:", "Reste à livrer :"]
)
def test_a_second_table_of_what_is_to_follow_holds_no_lines(title):
    columns = [(50, "l", "Item No."), (150, "l", "Description"), (500, "r", "Quantity")]
    above = table(columns, [("AB-1001", "Bolt", "24"), ("CD-2002", "Valve", "6")])
    below = [(50, 290, title), *table(columns, [("EF-3003", "Ring", "4"), ("GH-4004", "Disc", "9")], top=308)]
    assert pairs(pdf(above + below)) == [("AB-1001", 24), ("CD-2002", 6)]


def test_the_carriage_data_below_the_table_are_no_line():
    columns = [(50, "l", "Codice"), (150, "l", "Descrizione"), (430, "r", "Quantità"), (520, "l", "UM")]
    carriage = [(50, "l", "Aspetto dei beni"), (180, "l", "Peso lordo"), (280, "l", "Peso netto"), (430, "r", "Volume")]
    above = table(columns, [("FRZ-2201", "Kit frizione", "2", "PZ"), ("AMM-0914", "Ammortizzatore", "4", "PZ")])
    assert pairs(pdf(above + table(carriage, [("Scatole", "148,2 kg", "139 kg", "62 m³")], top=270))) == [
        ("FRZ-2201", 2),
        ("AMM-0914", 4),
    ]


def test_the_customers_data_above_the_table_are_no_line():
    info = [(50, "l", "Customer's Reference"), (200, "l", "Sales Person"), (320, "l", "Our Order No")]
    columns = [(50, "l", "Item Code"), (150, "l", "Item Description"), (430, "r", "Quantity"), (500, "l", "Unit")]
    words = table(info, [("SCI/2026/118", "J. Oakes", "1482")], top=120)
    words += table(columns, [("LG-BK-250L", "Beaker", "24", "each"), ("CH-NACL-1K", "Salt", "6", "btl.")])
    assert pairs(pdf(words)) == [("LG-BK-250L", 24), ("CH-NACL-1K", 6)]
