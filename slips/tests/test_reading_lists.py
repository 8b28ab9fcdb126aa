"""Lists without headings, and what stands around a table: the letterhead and the totals that a slip prints."""

from decimal import Decimal

import pytest

from slips.reading.dates import iso_date
from slips.tests.drawings import pdf, table
from slips.tests.test_reading_tables import ENGLISH, pairs, read, rows


def listed(*texts):
    return pdf([(50, 200 + 18 * n, text) for n, text in enumerate(texts)])


def columns(*lines, at=(50, 200, 450)):
    return pdf([(x, 200 + 18 * n, text) for n, line in enumerate(lines) for x, text in zip(at, line, strict=True)])


def test_twelve_times_a_code_is_a_line():
    assert pairs(listed("12 x DAKB2498 Hex bolt", "3 x TNTP4204 Valve")) == [("DAKB2498", 12), ("TNTP4204", 3)]


def test_packed_three_of_three_is_a_line_with_the_code_below():
    words = [(50, 200, "Office lamp"), (450, 200, "Packed 3 of 3"), (50, 214, "SKU LAMP-0099")]
    words += [(50, 240, "Chair"), (450, 240, "Packed 1 of 2"), (50, 254, "SKU CHAIR-0042")]
    assert pairs(pdf(words)) == [("LAMP-0099", 3), ("CHAIR-0042", 1)]


def test_records_told_by_labels_are_lines():
    words = []
    for n, (code, ordered, shipped) in enumerate((("UM11E4", 25, 20), ("LR94K6", 12, 12))):
        words += [(50, 200 + 40 * n, "Hex bolt zinc"), (50, 214 + 40 * n, f"Part No: {code}")]
        words += [(200, 214 + 40 * n, f"Ordered: {ordered}"), (300, 214 + 40 * n, f"Shipped: {shipped}")]
    assert pairs(pdf(words)) == [("UM11E4", 20), ("LR94K6", 12)]


ITEMS = [("VX-8810", "Hex bolt M8x25", 24), ("KT-0934", "Ball valve 1/2in", 6), ("PQ-7781", "Nitrile gloves L", 150)]


@pytest.mark.parametrize(
    "form",
    [
        "{qty} x {text} ({code})",
        "{qty} Stück {code} {text}",
        "{code} - {text} - Qty: {qty}",
        "{text}, {code}, {qty} pcs",
        "{code} {text} ... {qty} EA",
    ],
)
def test_rows_of_one_make_name_code_and_count_in_words(form):
    texts = [form.format(code=code, text=text, qty=qty) for code, text, qty in ITEMS]
    assert pairs(listed(*texts)) == [(code, qty) for code, _, qty in ITEMS]


def test_two_such_rows_or_counts_of_nothing_are_no_list():
    assert pairs(listed("VX-8810 - Hex bolt - Qty: 24", "KT-0934 - Valve - Qty: 6")) == []
    assert pairs(listed(*(f"Form W-{n}99 revised in the year {n}" for n in (1, 2, 3, 4)))) == []


def test_cards_whose_labels_stand_apart_from_their_values_are_lines():
    words = []
    for n, (code, text, qty) in enumerate(ITEMS):
        words += [(50, 200 + 60 * n, text), (50, 214 + 60 * n, "Item code"), (150, 214 + 60 * n, code)]
        words += [(50, 228 + 60 * n, "Qty sent"), (150, 228 + 60 * n, str(qty))]
    assert pairs(pdf(words)) == [(code, qty) for code, _, qty in ITEMS]


def test_a_single_card_is_a_line_and_a_date_on_it_is_no_part_of_a_count():
    card = (("Despatch date", "12/11/2025"), ("Item code", "VX-8810"), ("Quantity despatched", "24 EA"))
    words = [(x, 200 + 18 * n, text) for n, line in enumerate(card) for x, text in zip((50, 250), line, strict=True)]
    assert pairs(pdf(words)) == [("VX-8810", 24)]


def test_rules_drawn_with_letters_are_no_part_of_the_words():
    rule = "+----+---------+------------------+--------+"
    texts = [rule, "|LINE|ITEM     |DESCRIPTION       |QUANTITY|", rule]
    for n, (code, text, qty) in enumerate(ITEMS):
        texts += [f"|{n + 1:4}|{code:9}|{text:18}|{qty:8}|", rule]
    assert pairs(pdf([(50, 200 + 14 * n, text) for n, text in enumerate(texts)], font="Courier")) == [
        (code, qty) for code, _, qty in ITEMS
    ]


def test_columns_without_headings_explain_themselves():
    lines = [
        ("SKU-237591", "Label direct", "15 ea"),
        ("SKU-492887", "Sandpaper", "6 ea"),
        ("SKU-000811", "Box", "59 ea"),
    ]
    assert pairs(columns(*lines)) == [("SKU-237591", 15), ("SKU-492887", 6), ("SKU-000811", 59)]


def test_whole_numbers_without_heading_or_unit_are_not_called_sure():
    lines = [("SKU-237591", "Label direct", "15"), ("SKU-492887", "Sandpaper", "6"), ("SKU-000811", "Box", "59")]
    assert [line.confidence for line in read(columns(*lines)).lines] == ["medium"] * 3
    with_units = columns(*((code, text, f"{count} pcs") for code, text, count in lines))
    assert [line.confidence for line in read(with_units).lines] == ["high"] * 3


def test_columns_without_headings_are_told_apart_by_what_multiplies():
    lines = [
        ("718186", "Bolt", "5", "2.50", "12.50"),
        ("423699", "Nut", "8", "1.25", "10.00"),
        ("61368", "Ring", "2", "3.00", "6.00"),
    ]
    assert pairs(columns(*lines, at=(50, 130, 380, 450, 530))) == [("718186", 5), ("423699", 8), ("61368", 2)]


def headed(*labels):
    words = [(50, 50, "Harbor Freightline Parts Inc.", "l", 16), (560, 50, "Packing Slip", "r", 16)]
    words += [(560, 80 + 14 * n, label, "r") for n, label in enumerate(labels)]
    words += [
        (50, 110 + 12 * n, text)
        for n, text in enumerate(("Ship To", "Midwest Manufacturing Co.", "Columbus, OH 43215"))
    ]
    return read(pdf([*words, *table(ENGLISH, rows())]))


def test_vendor_order_slip_number_and_ship_date_are_found():
    result = headed(
        "Packing Slip No.: 464422", "PO Number: 450093171", "Order Date: 01/05/2025", "Ship Date: 02/01/2025"
    )
    assert result.vendor == "Harbor Freightline Parts Inc."
    assert (result.slip_number, result.po_number, result.ship_date) == ("464422", "450093171", "2025-02-01")


def test_what_is_not_on_the_paper_is_none():
    result = headed("Page 1 of 1")
    assert (result.slip_number, result.po_number, result.ship_date) == (None, None, None)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (("Lieferschein-Nr.: LS-20334", "Bestellnummer: B-99120", "Lieferdatum: 14.03.2025"), ("LS-20334", "B-99120")),
        (("BL n°: 655174", "N° de commande: C63560", "Date d'expédition: 14/03/2025"), ("655174", "C63560")),
        (("Albarán nº: A-2025", "Su pedido: P-5512", "Fecha: 14/03/2025"), ("A-2025", "P-5512")),
    ],
)
def test_labels_in_other_languages_are_known(labels, expected):
    result = headed(*labels)
    assert (result.slip_number, result.po_number) == expected
    assert result.ship_date == "2025-03-14"


def test_values_may_stand_below_their_labels():
    words = [(50, 120, "P.O. NUMBER"), (200, 120, "SHIP DATE"), (50, 136, "450077652"), (200, 136, "10/08/2025")]
    result = read(pdf([*words, *table(ENGLISH, rows())]))
    assert (result.po_number, result.ship_date) == ("450077652", "2025-10-08")


@pytest.mark.parametrize(
    ("text", "day_first", "expected"),
    [
        ("2025-03-14", False, "2025-03-14"),
        ("03/04/2025", False, "2025-03-04"),
        ("03/04/2025", True, "2025-04-03"),
        ("14/03/2025", False, "2025-03-14"),
        ("5.3.2025", False, "2025-03-05"),
        ("12-MAR-25", False, "2025-03-12"),
        ("Feb 2, 2025", False, "2025-02-02"),
        ("2. März 2025", True, "2025-03-02"),
        ("3 de enero de 2025", True, "2025-01-03"),
        ("31/02/2025", True, None),
        ("no date", False, None),
    ],
)
def test_dates_in_many_forms_become_iso(text, day_first, expected):
    assert iso_date(text, day_first) == expected


def test_printed_totals_are_told_and_not_believed():
    result = read(pdf([*table(ENGLISH, rows()), (400, 300, "Total lines: 3"), (400, 320, "Total quantity: 1,030")]))
    assert (result.printed_lines, result.printed_pieces) == (3, Decimal(1030))
    assert len(result.lines) == 2
    assert "3 lines" in result.notes


def topped(*texts, at=50):
    return read(pdf([*((at, 50 + 16 * n, text) for n, text in enumerate(texts)), *table(ENGLISH, rows())]))


@pytest.mark.parametrize(
    ("texts", "vendor"),
    [
        (("SHIPPING MANIFEST", "Shipper: Pacific Crest Components LLC, Tacoma WA"), "Pacific Crest Components LLC"),
        (("To: Midwest Co.", "From: Ninghai Parts Co., Ltd."), "Ninghai Parts Co., Ltd."),
        (("Delivered by Millbrook Hardware Supply", "Sept 24, 2025"), "Millbrook Hardware Supply"),
        (("Cobalt Fastening — Pick & Pack List", "Order 553071"), "Cobalt Fastening"),
        (("Juniper Ridge", "Ship to", "Midwest Manufacturing Co."), "Juniper Ridge"),
        (("P A C K I N G  L I S T", "Kestrel Tools"), "Kestrel Tools"),
        (("P A C K I N G   1 of 2", "Kestrel Tools"), "Kestrel Tools"),
        (("NOTA DE ENTREGA Nº 81", "Ferragens Pinhal", "Rua do Norte 40"), "Ferragens Pinhal"),
        (("Delivered on", "Kestrel Tools"), "Kestrel Tools"),
        (("Thorn & Co · Mill Lane 4 · Leeds", "Lieferschein 9"), "Thorn & Co"),
    ],
)
def test_the_sender_is_found_by_a_label_or_as_the_name_that_receives_nothing(texts, vendor):
    assert topped(*texts).vendor == vendor


def test_the_small_print_at_the_foot_names_the_sender_where_nothing_else_does():
    words = [(300, 60, "DELIVERY NOTE", "c", 18), (50, 90, "Deliver to: Midwest Co.")]
    words.append((300, 760, "Granite Peak Parts Ltd, Registered in England 123456", "c", 8))
    assert read(pdf([*words, *table(ENGLISH, rows())])).vendor == "Granite Peak Parts Ltd"


def test_who_stands_beside_ship_to_is_no_sender():
    words = [(220, 50, "Kestrel Tools"), (50, 80, "Sold To"), (120, 80, "Midwest Motor Company Inc.")]
    words += [(50, 94, "Ship To"), (120, 94, "Midwest Receiving Inc.")]
    assert read(pdf([*words, *table(ENGLISH, rows())])).vendor == "Kestrel Tools"


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("Purchase order no./Date", "4500187330 / 10/21/2025"), "4500187330"),
        (("Bestell-Nr. / Order no.: 70-4412",), "70-4412"),
        (("Ert ordernr 55-0912",), "55-0912"),
        (("Encomenda n.º: EC-2204",), "EC-2204"),
        (("P/O No.: MW-2025-331",), "MW-2025-331"),
        (("Nº pedido cliente: PC-4471",), "PC-4471"),
        (("Vs. ord. n. 1207/25",), "1207/25"),
        (("Pedido do cliente: 71-300",), "71-300"),
        (("Nr zamówienia klienta: ZK/88",), "ZK/88"),
        (("External Document No.: EX-551",), "EX-551"),
        (("Purchase Order: QM 30551",), "QM 30551"),
        (("Order ref: 5512",), "5512"),
        (("Purchase order no./Date: 4500187330/10/21/2025",), "4500187330"),
    ],
)
def test_order_numbers_are_found_behind_more_labels(texts, expected):
    assert topped(*texts).po_number == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("Dispatched: 05 Nov 2025",), "2025-11-05"),
        (("LIEFERSCHEIN 90344187 vom 25.09.2025",), "2025-09-25"),
        (("Leveransdatum 2025-11-07",), "2025-11-07"),
        (("Order Date: 10/01/2025", "October 3, 2025"), "2025-10-03"),
        (("14 Canal St, Leeds LS1 4AX", "06/11/2025 09:41"), "2025-11-06"),
        (("Columbus OH 43215", "06/11/2025 09:41"), "2025-06-11"),
    ],
)
def test_the_shipping_date_is_found_by_its_label_or_as_the_only_one(texts, expected):
    assert topped(*texts).ship_date == expected
