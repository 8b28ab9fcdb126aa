"""What stands around the table in letterheads of many makes: the buyer's order number, the day, who sent it."""

import pytest

from slips.reading import Reading
from slips.tests.drawings import ENGLISH, Drawn, rows, table
from slips.tests.laid_out import laid_out
from slips.tests.readings import read

Top = str | Drawn


def topped(*texts: Top) -> Reading:
    """A slip that begins with these texts, one below the other where no place is said."""
    words = [text if isinstance(text, tuple) else (50, 50 + 16 * n, text) for n, text in enumerate(texts)]
    return read(laid_out([*words, *table(ENGLISH, rows(), top=280)]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dealer order VOR-3316", "VOR-3316"),
        ("Your order: Mr Baird 12/6", "Mr Baird 12/6"),
        ("Your purchase order number LIB/2026/71 dated 2 February 2026, as follows", "LIB/2026/71"),
        ("Lieferschein 0512 / Ihre Bestellung vom 18. Mai, Nr. FU-233", "FU-233"),
        ('Versand zu Ihrem Auftrag "Pfarramt 26-3"', "Pfarramt 26-3"),
        ("V/encomenda n.º EC-1907", "EC-1907"),
        ("Votre commande CF-009214 du 27/03/2026 - 3 palettes", "CF-009214"),
        ("Ref. pedido: CO2610-0155 (PED-CAT/4471)", "PED-CAT/4471"),
        ("Commande: CO2609-0388 / Réf. client: CDE 55-1290", "CDE 55-1290"),
        ("Nr zamówienia odbiorcy: ZAM/88/2026", "ZAM/88/2026"),
        ("Deres rekvisition: REK-2209", "REK-2209"),
        ("BUYER'S ORDER NO.: BH-4410/26", "BH-4410/26"),
        ("Payment Method: Purchase Order (KRC-2026-15)", "KRC-2026-15"),
        ("Your PO: HL-PO-1190 Sales order: 774210", "HL-PO-1190"),
        ("O/N : KELLY JOB 61", "KELLY JOB 61"),
        ("Reference: PO 118842", "118842"),
        ("Pedido farmacia: 7418286", "7418286"),
        ("Commande ouverte 55004865", "55004865"),
        ("Via Po 12", None),
        ("8 rue de la Commande 14", None),
        ("Sales order: 774210", None),
        ("Order type: VOR 7", None),
        ("Bestelldatum: 05.05.2026", None),
        ("Customer No. 20417", None),
    ],
)
def test_whose_order_a_label_means_is_told_by_its_stems(text: str, expected: str | None) -> None:
    assert topped("Kestrel Tools", text).po_number == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([(50, 100, "(5) Bestell-/Abschluss-Nr."), (220, 100, "(6) Frankatur"), (50, 116, "5500083316")], "5500083316"),
        ([(50, 100, "Ihre Bestell-Nr."), (180, 100, "MG 26-118 / Hr. Grothe")], "MG 26-118 / Hr. Grothe"),
        ([(50, 100, "Référence commande du"), (70, 112, "client"), (60, 130, "ACH-7731/26")], "ACH-7731/26"),
        (
            [(50, 100, "Vs. ordine"), (180, 100, "Porto"), (50, 116, "ORD 2026/077"), (180, 116, "Franco")],
            "ORD 2026/077",
        ),
        ([(50, 100, "STORES ORDER"), (180, 100, "S0214407"), (50, 130, "Your ref."), (180, 130, "JS-12")], "JS-12"),
        ([(50, 100, "Your order no. / date"), (200, 100, "4500187330 / 21.10.2025")], "4500187330"),
        ([(50, 100, "1. PURCHASE ORDER NO."), (220, 100, "2. SHIPMENT NO."), (50, 112, "N69-26")], "N69-26"),
        ([(50, 100, "4 Uw inkoopordernummer"), (220, 100, "5 Porto"), (50, 112, "INK-20931")], "INK-20931"),
        ([(50, 100, "Your order"), (220, 100, "JOB 9847")], "JOB 9847"),
        ([(50, 100, "SU PEDIDO"), (220, 100, "Calle Mayor 118, bajo"), (50, 116, "PC/3972")], "PC/3972"),
        ([(50, 100, "SU PEDIDO"), (220, 100, "Paseo Mayor 118, bajo")], None),
        ([(50, 100, "CUST PO:"), (220, 100, "TERMS NET 30")], None),
        ([(50, 100, "Purchase Order:"), (220, 100, "1500 Warner Street")], None),
        (
            [(50, 100, "Docket no: 2291"), (300, 95, "To: Carrick Boatyard"), (50, 112, "Your order: 0418/TJ")],
            "0418/TJ",
        ),
    ],
)
def test_an_order_number_stands_behind_beside_or_below_its_label(words: list[Drawn], expected: str | None) -> None:
    assert topped("Kestrel Tools", *words).po_number == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("Documento di trasporto (D.P.R. 472 del 14.08.1996)", "Numero: 331 del: 30/04/2026"), "2026-04-30"),
        (("ai sensi del D.P.R. 472-96 del 14.08.1996", "Documento 331 del 30/04/2026"), "2026-04-30"),
        (("Expédié le 8 avril 2026 - Votre commande CF-9 du 27/03/2026",), "2026-04-08"),
        (("Date of Production: 24-09-2026", "PO 4500911783 / Disp. 26-09-2026"), "2026-09-26"),
        (("BL55102 21/07/26", "Votre commande du 24/06/26"), "2026-07-21"),
        (("Ship Date: Oct 28. 2025",), "2025-10-28"),
        (("Order shipped 05/27/2026",), "2026-05-27"),
        (("Order shipment due 05/27/2026", "Date: 05/12/2026"), "2026-05-12"),
    ],
)
def test_the_day_is_that_of_the_goods_not_of_a_law_or_an_order(texts: tuple[Top, ...], expected: str) -> None:
    assert topped("Kestrel Tools", *texts).ship_date == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (
            ((50, 50, "CARTOUEST", "l", 18), "Emballages Cartouest SAS", "ZI des Landes, 35530 Noyal"),
            "Emballages Cartouest SAS",
        ),
        (((50, 50, "KETTLE & CAIRN", "l", 18), "kettleandcairn.example"), "KETTLE & CAIRN"),
        (("DELIVERY DOCKET", "Kestrel Tools", "To: Carrick Boatyard Ltd", "Delivered by: our van"), "Kestrel Tools"),
        (("Wystawca", "Hurtownia MURAL Sp. z", "o.o.", "ul. Leśna 3"), "Hurtownia MURAL Sp. z o.o."),
        (("Packzettel Bergfink Versand, Lindenstr. 5, 87527 Sonthofen",), "Bergfink Versand"),
        (("Company: Café Amarante", "Sold by:Fernhill Furniture"), "Fernhill Furniture"),
        (
            (
                "Kunde: Metallbau KG",
                (50, 700, "for Corriemoor Feeds"),
                (50, 720, "Mill Wynd, Cupar KY15 4XX. Tel 01334 555018"),
            ),
            "Corriemoor Feeds",
        ),
    ],
)
def test_the_fullest_name_for_which_most_speaks_is_the_senders(texts: tuple[Top, ...], expected: str) -> None:
    assert topped(*texts).vendor == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (
            ("5. SHIPPER / PRIME SUPPLIER", "TRIDENT NAVAL SPARES INC", (300, 50, "6. SHIP TO")),
            "TRIDENT NAVAL SPARES INC",
        ),
        (("MATERIAL AND RECEIVING REPORT", "1) Prime contractor", "HALVERSON OPTICS"), "HALVERSON OPTICS"),
        (
            ("(01) Lieferant", "Polymerwerk Ansbach", "Ring 4", (300, 50, "(04) Lieferanten-Nr."), (300, 66, "771204")),
            "Polymerwerk Ansbach",
        ),
        (
            ("1 Afzender", "Transportbanden Kempen", (300, 50, "2 Vervoerder"), (300, 66, "VAN DEN HEUVEL")),
            "Transportbanden Kempen",
        ),
    ],
)
def test_a_form_numbers_its_boxes(texts: tuple[Top, ...], expected: str) -> None:
    assert topped(*texts).vendor == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (
            ("Kestrel Tools", (50, 90, "Vessel / Sailing on or about"), (50, 102, "HYUNDAI ANTWERP CO., LTD.")),
            "Kestrel Tools",
        ),
        (("Kestrel Tools", (50, 90, "Notify party"), (50, 102, "EXPEDITORS INC.")), "Kestrel Tools"),
        (("Kestrel Tools", (50, 90, "Carrier"), (200, 90, "ROADWAY INC")), "Kestrel Tools"),
        (("MAGNOLIA FOOD", "JACKSON MS 39209", "CUST 011819", (140, 82, "PELICAN'S GRILL")), "MAGNOLIA FOOD"),
        (("PRAIRIE FOOD", "OMAHA NE", "RT 6 & MAIN", "Clerk Jen"), "PRAIRIE FOOD"),
        (("Vessel: ONE HARBOUR", "From: Kobe", "To: Felixstowe"), None),
        (("From: Kestrel Tools", "To: Carrick Boatyard"), "Kestrel Tools"),
    ],
)
def test_who_carries_pays_or_receives_is_not_the_sender(texts: tuple[Top, ...], expected: str | None) -> None:
    assert topped(*texts).vendor == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (
            (
                (50, 60, "Brunnthaler GmbH · Postfach 12 · 85649 Brunnthal", "l", 6),
                *(
                    (50, 90 + 18 * n, text, "l", 14)
                    for n, text in enumerate(("Stadtwerke GmbH", "Ring 5", "83022 Ulm"))
                ),
            ),
            "Brunnthaler GmbH",
        ),
        (("Ship to", "Mara Whitlock", (50, 640, "Thank you for shopping with Tinker & Thread!")), "Tinker & Thread"),
        (
            ("Cliente:", "Muebles Ortega", (50, 640, "Firmado: J. Quintana"), (50, 652, "Quintana Herrajes")),
            "Quintana Herrajes",
        ),
        (
            ("To: Bexford Tools", (300, 640, "YAMANE SEIKI CO., LTD."), (300, 670, "Manager, Export Dept.")),
            "YAMANE SEIKI CO., LTD.",
        ),
        (((50, 740, "Rusholme Catering is a trading name of RCS Ltd. Tel 0161 555 0190"),), "Rusholme Catering"),
        (((50, 740, "Hardware Imports Pty Ltd ABN 12 345 678 901"),), "Hardware Imports Pty Ltd"),
        (("Ship to", "Mara Whitlock", (50, 640, "Your order from Kestrel Beads has shipped.")), "Kestrel Beads"),
        (("Zeeman Lagers", "Kade 4, 3011 AB Rotterdam"), "Zeeman Lagers"),
        (("ELÉCTRICA DEL BAJÍO, S.A. DE C.V.", "Blvd. Mateos 1820"), "ELÉCTRICA DEL BAJÍO, S.A. DE C.V."),
        (
            ((50, 50, "SANITHERM NÉGOCE", "l", 16), (50, 740, "SANITHERM NÉGOCE SAS au capital de 150 000 €")),
            "SANITHERM NÉGOCE",
        ),
    ],
)
def test_a_sender_may_sign_thank_or_stand_at_the_foot(texts: tuple[Top, ...], expected: str) -> None:
    assert topped(*texts).vendor == expected
