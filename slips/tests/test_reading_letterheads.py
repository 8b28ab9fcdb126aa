"""What stands around the table in letterheads of many makes: the buyer's order number, the day, who sent it."""

import pytest

from slips.tests.drawings import pdf, table
from slips.tests.test_reading_tables import ENGLISH, read, rows


def topped(*texts, at=50):
    words = [text if isinstance(text, tuple) else (at, 50 + 16 * n, text) for n, text in enumerate(texts)]
    return read(pdf([*words, *table(ENGLISH, rows(), top=280)]))


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
        ("Sales order: 774210", None),
        ("Order type: VOR 7", None),
        ("Bestelldatum: 05.05.2026", None),
        ("Customer No. 20417", None),
    ],
)
def test_whose_order_a_label_means_is_told_by_its_stems(text, expected):
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
        (
            [(50, 100, "Docket no: 2291"), (300, 95, "To: Carrick Boatyard"), (50, 112, "Your order: 0418/TJ")],
            "0418/TJ",
        ),
    ],
)
def test_an_order_number_stands_behind_beside_or_below_its_label(words, expected):
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
    ],
)
def test_the_day_is_that_of_the_goods_not_of_a_law_or_an_order(texts, expected):
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
def test_the_fullest_name_for_which_most_speaks_is_the_senders(texts, expected):
    assert topped(*texts).vendor == expected
