"""Lists without headings, and what stands around a table: the letterhead and the totals that a slip prints."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from slips.paper.pages import PageSource
from slips.reading import Reading
from slips.reading.dates import iso_date
from slips.tests.drawings import ENGLISH, Drawn, rows, table
from slips.tests.laid_out import laid_out
from slips.tests.readings import items, pairs, read

LETTERHEAD: Drawn = (50, 60, "Kestrel Tools Ltd")


def listed(*texts: str) -> list[PageSource]:
    return columns(*((text,) for text in texts), at=(50,))


def columns(*lines: Sequence[str], at: tuple[int, ...] = (50, 200, 450)) -> list[PageSource]:
    words = [(x, 200 + 18 * n, text) for n, line in enumerate(lines) for x, text in zip(at, line, strict=True)]
    return laid_out([LETTERHEAD, *words])


def test_twelve_times_a_code_is_a_line() -> None:
    assert pairs(listed("12 x DAKB2498 Hex bolt", "3 x TNTP4204 Valve")) == [("DAKB2498", 12), ("TNTP4204", 3)]


def test_packed_three_of_three_is_a_line_with_the_code_below() -> None:
    words = [(50, 200, "Office lamp"), (450, 200, "Packed 3 of 3"), (50, 214, "SKU LAMP-0099")]
    words += [(50, 240, "Chair"), (450, 240, "Packed 1 of 2"), (50, 254, "SKU CHAIR-0042")]
    assert pairs(laid_out(words)) == [("LAMP-0099", 3), ("CHAIR-0042", 1)]


def test_records_told_by_labels_are_lines() -> None:
    words = []
    for n, (code, ordered, shipped) in enumerate((("UM11E4", 25, 20), ("LR94K6", 12, 12))):
        words += [(50, 200 + 40 * n, "Hex bolt zinc"), (50, 214 + 40 * n, f"Part No: {code}")]
        words += [(200, 214 + 40 * n, f"Ordered: {ordered}"), (300, 214 + 40 * n, f"Shipped: {shipped}")]
    assert pairs(laid_out(words)) == [("UM11E4", 20), ("LR94K6", 12)]


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
def test_rows_of_one_make_name_code_and_count_in_words(form: str) -> None:
    texts = [form.format(code=code, text=text, qty=qty) for code, text, qty in ITEMS]
    assert pairs(listed(*texts)) == [(code, qty) for code, _, qty in ITEMS]


def test_two_such_rows_or_counts_of_nothing_are_no_list() -> None:
    assert pairs(listed("VX-8810 - Hex bolt - Qty: 24", "KT-0934 - Valve - Qty: 6")) == []
    assert pairs(listed(*(f"Form W-{n}99 revised in the year {n}" for n in (1, 2, 3, 4)))) == []


def test_cards_whose_labels_stand_apart_from_their_values_are_lines() -> None:
    words = []
    for n, (code, text, qty) in enumerate(ITEMS):
        words += [(50, 200 + 60 * n, text), (50, 214 + 60 * n, "Item code"), (150, 214 + 60 * n, code)]
        words += [(50, 228 + 60 * n, "Qty sent"), (150, 228 + 60 * n, str(qty))]
    assert pairs(laid_out(words)) == [(code, qty) for code, _, qty in ITEMS]


def test_a_single_card_is_a_line_and_a_date_on_it_is_no_part_of_a_count() -> None:
    card = (("Despatch date", "12/11/2025"), ("Item code", "VX-8810"), ("Quantity despatched", "24 EA"))
    words = [(x, 200 + 18 * n, text) for n, line in enumerate(card) for x, text in zip((50, 250), line, strict=True)]
    assert pairs(laid_out([LETTERHEAD, *words])) == [("VX-8810", 24)]


def test_columns_without_headings_explain_themselves() -> None:
    lines = [
        ("SKU-237591", "Label direct", "15 ea"),
        ("SKU-492887", "Sandpaper", "6 ea"),
        ("SKU-000811", "Box", "59 ea"),
    ]
    assert pairs(columns(*lines)) == [("SKU-237591", 15), ("SKU-492887", 6), ("SKU-000811", 59)]


def test_whole_numbers_without_heading_or_unit_are_not_called_sure() -> None:
    lines = [("SKU-237591", "Label direct", "15"), ("SKU-492887", "Sandpaper", "6"), ("SKU-000811", "Box", "59")]
    assert [line.confidence for line in read(columns(*lines)).lines] == ["medium"] * 3
    with_units = columns(*((code, text, f"{count} pcs") for code, text, count in lines))
    assert [line.confidence for line in read(with_units).lines] == ["high"] * 3


def test_columns_without_headings_are_told_apart_by_what_multiplies() -> None:
    lines = [
        ("718186", "Bolt", "5", "2.50", "12.50"),
        ("423699", "Nut", "8", "1.25", "10.00"),
        ("61368", "Ring", "2", "3.00", "6.00"),
    ]
    assert pairs(columns(*lines, at=(50, 130, 380, 450, 530))) == [("718186", 5), ("423699", 8), ("61368", 2)]


def headed(*labels: str) -> Reading:
    words: list[Drawn] = [(50, 50, "Harbor Freightline Parts Inc.", "l", 16), (560, 50, "Packing Slip", "r", 16)]
    words += [(560, 80 + 14 * n, label, "r") for n, label in enumerate(labels)]
    words += [
        (50, 110 + 12 * n, text)
        for n, text in enumerate(("Ship To", "Midwest Manufacturing Co.", "Columbus, OH 43215"))
    ]
    return read(laid_out([*words, *table(ENGLISH, rows())]))


def test_vendor_order_slip_number_and_ship_date_are_found() -> None:
    result = headed(
        "Packing Slip No.: 464422", "PO Number: 450093171", "Order Date: 01/05/2025", "Ship Date: 02/01/2025"
    )
    assert result.vendor == "Harbor Freightline Parts Inc."
    assert (result.slip_number, result.po_number, result.ship_date) == ("464422", "450093171", "2025-02-01")


def test_what_is_not_on_the_paper_is_none() -> None:
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
def test_labels_in_other_languages_are_known(labels: tuple[str, ...], expected: tuple[str, str]) -> None:
    result = headed(*labels)
    assert (result.slip_number, result.po_number) == expected
    assert result.ship_date == "2025-03-14"


def test_values_may_stand_below_their_labels() -> None:
    words = [(50, 120, "P.O. NUMBER"), (200, 120, "SHIP DATE"), (50, 136, "450077652"), (200, 136, "10/08/2025")]
    result = read(laid_out([*words, *table(ENGLISH, rows())]))
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
        ("25/11/25", False, "2025-11-25"),
        ("2025.11.25", False, "2025-11-25"),
        ("2025. 11. 25.", False, "2025-11-25"),
        ("25-Nov-25", False, "2025-11-25"),
        ("25/Nov/2025", False, "2025-11-25"),
        ("Nov-25-2025", False, "2025-11-25"),
        ("2025-Nov-25", False, "2025-11-25"),
        ("25 Nov '25", False, "2025-11-25"),
        ("25 novembre 2025", True, "2025-11-25"),
        ("25 listopada 2025", True, "2025-11-25"),
        ("31/02/2025", True, None),
        ("no date", False, None),
    ],
)
def test_dates_in_many_forms_become_iso(text: str, day_first: bool, expected: str | None) -> None:
    assert iso_date(text, day_first) == expected


def test_printed_totals_are_told_and_not_believed() -> None:
    result = read(
        laid_out([*table(ENGLISH, rows()), (400, 300, "Total lines: 3"), (400, 320, "Total quantity: 1,030")])
    )
    assert (result.printed_lines, result.printed_pieces) == (3, Decimal(1030))
    assert len(result.lines) == 2
    assert "3 lines" in result.notes


def topped(*texts: str) -> Reading:
    return read(laid_out([*((50, 50 + 16 * n, text) for n, text in enumerate(texts)), *table(ENGLISH, rows())]))


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
        (("Blue Mesa Distributing PO #: BM-4017 Shipped: 11/20/2025",), "Blue Mesa Distributing"),
        (("Blue Mesa Distributing Packing Slip 88123",), "Blue Mesa Distributing"),
        (("Blue Mesa Distributing, 12 Canyon Road, Flagstaff",), "Blue Mesa Distributing"),
        (("Blue Mesa Distributing Tel: 928 555 0100",), "Blue Mesa Distributing"),
        (("Vendor: Blue Mesa Distributing PO #: BM-4017",), "Blue Mesa Distributing"),
        (("12 Canyon Road", "Blue Mesa Distributing"), "Blue Mesa Distributing"),
        (("Blue Mesa, S.A.", "Ctra. Norte km 4 – 50011 Zaragoza – CIF A50112233"), "Blue Mesa, S.A."),
    ],
)
def test_the_sender_is_found_by_a_label_or_as_the_name_that_receives_nothing(
    texts: tuple[str, ...], vendor: str
) -> None:
    assert topped(*texts).vendor == vendor


def test_the_small_print_at_the_foot_names_the_sender_where_nothing_else_does() -> None:
    words: list[Drawn] = [(300, 60, "DELIVERY NOTE", "c", 18), (50, 90, "Deliver to: Midwest Co.")]
    words.append((300, 760, "Granite Peak Parts Ltd, Registered in England 123456", "c", 8))
    assert read(laid_out([*words, *table(ENGLISH, rows())])).vendor == "Granite Peak Parts Ltd"


def test_who_stands_beside_ship_to_is_no_sender() -> None:
    words = [(220, 50, "Kestrel Tools"), (50, 80, "Sold To"), (120, 80, "Midwest Motor Company Inc.")]
    words += [(50, 94, "Ship To"), (120, 94, "Midwest Receiving Inc.")]
    assert read(laid_out([*words, *table(ENGLISH, rows())])).vendor == "Kestrel Tools"


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
        (("P.O. Box 1234",), None),
        (("Our order no.: SO-5512", "Kunden-Nr.: 10023", "Notre référence: FR-12"), None),
        (("Your ref.: JS-12", "Ihre Bestellung: 450077"), "450077"),
    ],
)
def test_order_numbers_are_found_behind_more_labels(texts: tuple[str, ...], expected: str | None) -> None:
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
        (("Date de commande: 03/11/2025", "Date expédition: 25/11/2025"), "2025-11-25"),
        (("Fecha pedido: 03/11/2025", "Fecha envío: 25/11/2025"), "2025-11-25"),
        (("Bestelldatum: 03.11.2025", "Versand am 25.11.2025"), "2025-11-25"),
        (("Datum 27.10.2025", "Bestellnummer: 4500033178", "vom 13.10.2025"), "2025-10-27"),
        (("Ship Dt: 25-Nov-25", "Due date: 27-Nov-25"), "2025-11-25"),
        (("Order date: 10/01/2025",), None),
    ],
)
def test_the_shipping_date_is_found_by_its_label_or_as_the_only_one(
    texts: tuple[str, ...], expected: str | None
) -> None:
    assert topped(*texts).ship_date == expected


LABELS = [
    *("Votre commande n°", "V/Commande", "Vos réf.", "Réf. client", "Commande client", "BdC n°"),
    *("Su pedido nº", "S/Pedido", "Su referencia", "Orden de compra", "O/C"),
    *("Uw order", "Uw bestelnr.", "Uw ref.", "Inkoopnr."),
    *("Vs. ordine n.", "Vs. rif.", "Vostro riferimento", "Ordine d'acquisto"),
    *("Ert ordernr", "Ert inköpsnr", "Er referens", "Kundens ordernr"),
    *("Vossa encomenda", "V. Ref.", "Nr zamowienia", "Zam. klienta"),
    *("Kundenbestellung", "Kunden-Bestellnr.", "Ihre Bestell-Nr.", "Ihr Zeichen", "Ihre Ref.", "Best.-Nr."),
    *("Cust. ref.", "Order ref", "Customer order", "P.O.", "PO No.", "PO Ref", "Buyer's order no."),
]


@pytest.mark.parametrize("label", LABELS)
def test_the_order_number_stands_behind_beside_or_below_its_label(label: str) -> None:
    behind = [(50, 90, f"{label}: KB-77120")]
    beside = [(50, 90, label), (200, 90, "KB-77120")]
    below = [(50, 90, label), (200, 90, "Packing Slip No"), (50, 104, "KB-77120"), (200, 104, "LS-3390")]
    for words in (behind, beside, below):
        drawn = laid_out([(50, 50, "Harbor Parts Inc"), *words, *table(ENGLISH, rows())])
        assert read(drawn).po_number == "KB-77120"


SENDER = ("Blue Mesa Distributing", "12 Canyon Road", "Flagstaff, AZ 86001")
RECEIVER = ("Orion Assembly Works Inc", "900 Mill Street", "Toledo, OH 43604")


def address(x: float, y: float, lines: Sequence[str], side: str = "l") -> list[Drawn]:
    return [(x, y + 13 * n, text, side) for n, text in enumerate(lines)]


def sender_of(*words: Drawn) -> str | None:
    return read(laid_out([*words, *table(ENGLISH, rows())])).vendor


@pytest.mark.parametrize("place", [(40, 140), (330, 60)])
def test_of_two_addresses_without_labels_the_first_is_the_senders(place: tuple[int, int]) -> None:
    assert sender_of(*address(40, 60, SENDER), *address(*place, RECEIVER)) == SENDER[0]


@pytest.mark.parametrize("side", ["l", "r"])
def test_an_address_set_flush_right_or_above_is_a_letterhead(side: str) -> None:
    receiver = address(40, 60 if side == "r" else 120, RECEIVER)
    assert sender_of(*receiver, *address(570 if side == "r" else 400, 60, SENDER, side)) == SENDER[0]


@pytest.mark.parametrize(
    "label",
    [
        *("Bill to", "Ship To:", "Sold to", "Deliver to", "Invoice to", "Consignee", "Delivery address", "Attn"),
        *("Lieferanschrift", "Rechnungsadresse", "Warenempfänger", "Kunde", "Facturé à", "Adresse de facturation"),
        *("Enviar a", "Dirección de envío", "Spett.le", "Luogo di destinazione", "Factuuradres", "Leveransadress"),
        *("Adres dostawy", "Nabywca", "Local de entrega"),
    ],
)
def test_the_receiver_of_a_slip_is_never_its_sender(label: str) -> None:
    receiver = [(40, 90, label), *address(40, 104, RECEIVER)]
    foot = (300, 770, "Blue Mesa Ltd · 12 Canyon Road · VAT GB811220033", "c", 7)
    assert sender_of(*receiver) is None
    assert sender_of((40, 60, SENDER[0]), *receiver) == SENDER[0]
    assert sender_of(*receiver, foot) == "Blue Mesa Ltd"


@pytest.mark.parametrize(
    "line",
    ["{} · Hafenstr. 7 · 20457 Hamburg", "{}, Hafenstr. 7, 20457 Hamburg", "Abs.: {} - Hafenstr. 7 - 20457 Hamburg"],
)
def test_the_line_over_the_window_of_an_envelope_names_the_sender(line: str) -> None:
    receiver = address(40, 110, ("Maschinenbau Keller AG", "Industriestraße 9", "70565 Stuttgart"))
    assert sender_of((40, 90, line.format("Nordwind Technik"), "l", 6), *receiver) == "Nordwind Technik"


def test_a_company_at_the_foot_is_surer_than_an_address_that_nothing_sets_apart() -> None:
    receiver = address(40, 110, ("Maschinenbau Keller AG", "Industriestraße 9", "70565 Stuttgart"))
    foot = (300, 770, "Nordwind Technik GmbH · Hafenstr. 7 · 20457 Hamburg · USt-IdNr. DE123456789", "c", 7)
    assert sender_of(*receiver, foot) == "Nordwind Technik GmbH"
    assert sender_of((300, 50, "Kestrel Tools", "c", 20), *receiver, foot) == "Kestrel Tools"


@pytest.mark.parametrize(
    ("count", "label"),
    [
        ("{}", "Stück|Art. "),
        ("{} ×", "|SKU "),
        ("{}x", "|Réf. "),
        ("{}", "pcs|Part no. "),
        ("{} x", "|Code: "),
        ("{}", "uds|"),
        ("{}", "st|Artikel "),
    ],
)
def test_a_list_counts_first_and_names_the_code_on_the_line_below(count: str, label: str) -> None:
    unit, label = label.split("|")
    words: list[Drawn] = []
    for n, (code, text, qty) in enumerate(ITEMS):
        words += [(80, 200 + 34 * n, count.format(qty), "r"), (90, 200 + 34 * n, unit)]
        words += [(160, 200 + 34 * n, text), (160, 212 + 34 * n, f"{label}{code}", "l", 8)]
    lines = read(laid_out([(50, 60, "Dear customer, you will find in 2 parcels:"), *words])).lines
    assert items(lines) == [(code, qty) for code, _, qty in ITEMS]
    assert {line.confidence for line in lines} == {"high"}


def test_a_list_counts_first_and_names_the_code_in_a_column_at_the_end() -> None:
    words = []
    for n, (code, text, qty) in enumerate(ITEMS):
        words += [(60, 200 + 34 * n, f"{qty} x {text}"), (420, 200 + 34 * n, code), (90, 214 + 34 * n, "Colour: green")]
    assert pairs(laid_out(words)) == [(code, qty) for code, _, qty in ITEMS]


def test_counts_of_what_has_no_code_are_no_list() -> None:
    texts = ("200 g flour", "2 x eggs from the farm", "3 Stück Würfelzucker", "1 pack of yeast", "4 x 20 minutes")
    assert pairs(listed(*texts)) == []


def test_codes_without_a_digit_are_known_by_their_label() -> None:
    texts = ("2 × Merino beanie", "SKU MB-CHR-OS", "1 × Titanium spork", "SKU SPK-TI", "3 × Dry bag", "SKU DB-5-MOS")
    assert pairs(listed(*texts)) == [("MB-CHR-OS", 2), ("SPK-TI", 1), ("DB-5-MOS", 3)]


def test_what_follows_the_last_line_of_such_a_list_is_no_part_of_it() -> None:
    words = [(50, 100, "We send you today by parcel post, in two boxes, as you asked us to:")]
    for n, (code, text, qty) in enumerate(ITEMS):
        words += [(60, 200 + 34 * n, f"{qty} x"), (160, 200 + 34 * n, text), (160, 212 + 34 * n, f"SKU {code}")]
    words.append((60, 212 + 34 * len(ITEMS), "The pedals PE-0911 are sold out."))
    lines = read(laid_out(words)).lines
    assert [line.description for line in lines] == [text for _, text, _ in ITEMS]


def test_a_list_without_codes_is_named_by_its_descriptions() -> None:
    words = [
        (50, 120, "Bon de livraison du 12 juin"),
        (60, 150, "Gté"),
        (120, 150, "Désignation"),
        (400, 150, "Retour"),
    ]
    for n, (count, text) in enumerate(((40, "Baguette tradition"), (12, "Pain de campagne"), (30, "Croissant"))):
        words += [(60, 170 + 16 * n, str(count)), (120, 170 + 16 * n, text)]
    assert pairs(laid_out(words)) == [("Baguette tradition", 40), ("Pain de campagne", 12), ("Croissant", 30)]


@pytest.mark.parametrize("label", ["Nr.", "Art.-Nr.", "Cod.", "Ref.", "Part no."])
def test_a_label_before_the_code_says_that_groups_of_digits_are_one(label: str) -> None:
    words = []
    for n, (code, text, qty) in enumerate(
        (("2487/2", "Lochblech", 25), ("730-49", "Futter", 1), ("9784/4", "Draht", 5))
    ):
        words += [(60, 200 + 18 * n, f"{qty} Stk."), (120, 200 + 18 * n, f"{label} {code}"), (260, 200 + 18 * n, text)]
    assert pairs(laid_out(words)) == [("2487/2", 25), ("730-49", 1), ("9784/4", 5)]


@pytest.mark.parametrize("unit", ["pz", "Stk.", "pcs", "uds", "St"])
def test_a_count_and_its_unit_may_be_one_word(unit: str) -> None:
    words = []
    for n, (code, text, qty) in enumerate(ITEMS):
        words += [(60, 200 + 34 * n, f"{qty}{unit}"), (130, 200 + 34 * n, text), (130, 214 + 34 * n, f"Cod. {code}")]
    assert pairs(laid_out(words)) == [(code, qty) for code, _, qty in ITEMS]


def test_an_address_beside_a_list_without_headings_is_no_part_of_it() -> None:
    address = ("Kirchweg 3", "82418 Murnau", "Tel.: 08841 555017", "Deutschland")
    items = (("2106-44-M", "Jacke", 2), ("3390-2", "Socke", 5), ("7712-B", "Flasche", 1), ("9001-G", "Lampe", 4))
    words = []
    for n, (left, (code, text, qty)) in enumerate(zip(address, items, strict=True)):
        y = 200 + 18 * n
        words += [(50, y, left), (280, y, str(qty)), (320, y, code), (420, y, text)]
    assert pairs(laid_out(words)) == [(code, qty) for code, _, qty in items]


@pytest.mark.parametrize(
    "texts",
    [
        ("2pz al giorno", "3pz al mese", "5Stk. pro Woche"),
        ("Mon 06-14 Nr. Keller", "Tue 14-22 Nr. Hansen", "Wed 22-06 Nr. Brandt"),
        ("12 Stück per box", "Our letter Nr. 2487/2 of 3 May", "Your letter Nr. 2490/1 of 5 May"),
    ],
)
def test_rosters_terms_and_letters_with_numbers_list_nothing(texts: tuple[str, ...]) -> None:
    assert pairs(listed(*texts)) == []
