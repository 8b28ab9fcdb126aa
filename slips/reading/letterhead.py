"""What stands around the table: who sent it, under which numbers, when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from statistics import median

from .dates import iso_date
from .kinds import Page, Row
from .rows import rows_of, runs, text_of
from .vocabulary import folded

_NO = r"(?:[ \-]*(?:number|num|no|nr|nbr|nummer|n[o°º]|n|#)(?![a-z])\.?º?)?"
_PO = (
    rf"(?:customer'?s?|cust\.?|your|client|buyer'?s?)? ?(?:p\.? ?o\.?(?![a-z])|purchase order|purch\.? order){_NO}",
    rf"(?:your|customer|cust\.?|client) (?:order|ord\.?|reference|ref\.?){_NO}",
    rf"(?:ihre )?(?:bestell(?:ung|nummer|nr|-nr)|kundenbestellung|ihr auftrag|bestellzeichen){_NO}",
    rf"(?:votre |v/ ?)?(?:commande(?: client)?|n[o°º] de commande|ref\.? commande|bon de commande){_NO}",
    rf"(?:su |vuestro |n[o°º] (?:de )?)?pedido{_NO}",
    rf"(?:vostro |vs\.? |rif\.? )?ordine(?: cliente)?{_NO}",
    rf"(?:uw )?(?:bestelling|inkooporder|bestelnummer|uw referentie|uw order){_NO}",
    rf"(?:v/ ?|sua )?encomenda{_NO}",
    rf"(?:objednavka|zamowienie){_NO}",
)
_SLIP = (
    rf"(?:packing|pack|pick) ?(?:slip|list|ticket){_NO}",
    rf"(?:delivery|dispatch|despatch|goods) ?(?:note|ticket|docket|dispatch note|advice)?{_NO}",
    rf"lieferschein(?:nummer|nr)?{_NO}",
    rf"(?:bl|bon de livraison|n[o°º] de bl|b\.l\.){_NO}",
    rf"albaran{_NO}",
    rf"(?:ddt|bolla){_NO}",
    rf"pakbon(?:nummer)?{_NO}",
    rf"(?:guia|dodaci list|dodaci|wz){_NO}",
    rf"(?:shipper|shipment|slip|gdn|ticket|list|beleg){_NO}",
    rf"(?:invoice|rechnung(?:s)?|facture|factura|fattura|factuur|fatura){_NO}",
)
_DATES = (
    r"(?:ship(?:ped|ping|ment)?|dispatch(?:ed)?|despatch(?:ed)?)[ -]?(?:date|on)|date (?:shipped|"
    r"of shipment|of dispatch)",
    r"versanddatum|versandt am|date d'?expedition|date d'?envoi|fecha de (?:envio|expedicion)|"
    r"data (?:di )?spedizione|verzenddatum|"
    r"data de envio",
    r"delivery date|delivered on|lieferdatum|liefertag|date de livraison|fecha de entrega|"
    r"data (?:di )?consegna|leverdatum|"
    r"data de entrega|dodaci datum",
    r"(?:packing (?:slip|list)|document|doc\.?|slip|delivery note|albaran|invoice|rechnungs?|beleg|"
    r"factuur)[ -]?(?:date|datum)|"
    r"rechnungsdatum|belegdatum|fecha (?:de )?(?:albaran|factura|documento)|data (?:ddt|documento|"
    r"da emissao)|date (?:de )?facture",
    r"date|datum|fecha|data",
)
_TITLE = re.compile(
    r"\b(packing|packlist|slip|packliste|list|delivery|note|invoice|order|shipper|shipment|"
    r"lieferschein|rechnung|bon de|livraison|facture|albaran|"
    r"factura|documento|trasporto|ddt|pakbon|guia|remessa|fattura|fatura|contents|dispatch|despatch|goods|page|seite|receipt|"
    r"statement|quote|copy|original|duplicate|ticket|tax|proforma|consignment|manifest|verzendnota|"
    r"bill of|date|phone|tel|fax|www|"
    r"ship to|bill to|sold to|carrier|via|wh/out|po)\b"
)
_COMPANY = re.compile(
    r"\b(inc|llc|ltd|limited|gmbh|ag|kg|ohg|co|corp|corporation|company|sarl|sas|sa|s\.a|s\.l|sl|b\.v|bv|nv|spa|s\.p\.a|srl|s\.r\.l|"
    r"lda|oy|ab|as|plc|pty|group|supply|industries|industrial|components|distribution|technik|handel|"
    r"fils|sons|bros|& co|works|"
    r"s\.r\.o|sro|sp\. z)\b\.?"
)
_ADDRESSEE = re.compile(
    r"\b(ship(?:ped)? to|bill to|sold to|deliver(?:y)? (?:to|address)|consignee|customer|"
    r"lieferadresse|rechnungsadresse|adresse de livraison|"
    r"livre a|destinatario|direccion de entrega|destinatari|afleveradres|cliente|client|empfanger|an)\b"
)
_SENDER = re.compile(
    r"^(from|ship(?:ped)? from|sold by|vendor|supplier|seller|absender|lieferant|expediteur|"
    r"fournisseur|remitente|proveedor|mittente|leverancier|afzender)\s*:?$"
)
_VALUE = re.compile(r"[A-Z0-9][A-Z0-9\-_./#]*\d[A-Z0-9\-_./#]*|\d+", re.I)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """None: not found. `ship_date` is ISO 8601."""

    vendor: str | None = None
    po_number: str | None = None
    slip_number: str | None = None
    ship_date: str | None = None


def letterhead(page: Page, day_first: bool) -> Letterhead:
    """What the slip's first page says of itself. `day_first`: whether 03/04/2025 is in April."""
    rows = rows_of(page.words)
    cells = [[(run, folded(text_of(run))) for run in runs(row, 0.9)] for row in rows]
    return Letterhead(
        _vendor(page, rows),
        _number(cells, _PO),
        _number(cells, _SLIP),
        _date(cells, day_first),
    )


Cells = list[list[tuple[Row, str]]]


def _number(cells: Cells, labels: tuple[str, ...]) -> str | None:
    """The number behind, beside or below the first of the labels that has one."""
    for label in labels:
        pattern = re.compile(rf"(?:^|(?<=[\s(]))(?:{label})\s*[:.#]*\s*(?=$|[^a-z]|[a-z]{{1,4}}[-/]?\d)")
        for place, row in enumerate(cells):
            for number, (run, text) in enumerate(row):
                found = pattern.search(text)
                if found and (value := _value(cells, place, number, text_of(run), found.end())):
                    return value
    return None


def _value(cells: Cells, place: int, number: int, text: str, end: int) -> str | None:
    """The value of a label that ends at `end` of its run: behind it, else in the next run, else below."""
    behind = text[end:].strip(" :#.") if len(folded(text)) == len(text) else text.rpartition(":")[2].strip()
    if behind:
        found = _VALUE.match(behind)
        return _bare(found.group()) if found and not _is_date(behind) else None
    if number + 1 < len(cells[place]):
        found = _VALUE.match(text_of(cells[place][number + 1][0]))
        if found and not _is_date(text_of(cells[place][number + 1][0])):
            return _bare(found.group())
    below = _below(cells, place, cells[place][number][0])
    found = _VALUE.match(below) if below else None
    return _bare(found.group()) if found and below and not _is_date(below) else None


def _is_date(text: str) -> bool:
    return bool(re.match(r"\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\d{4}-\d{2}-\d{2}\b", text))


def _bare(value: str) -> str:
    return value.rstrip(".,:;/-")


def _below(cells: Cells, place: int, run: Row) -> str | None:
    """The run under this one, close by."""
    for row in cells[place + 1 : place + 3]:
        for other, _ in row:
            close = other[0].yc - run[0].yc < 3.2 * run[0].height
            if close and min(other[-1].x1, run[-1].x1) - max(other[0].x0, run[0].x0) > 0:
                return text_of(other)
    return None


def _date(cells: Cells, day_first: bool) -> str | None:
    """The day it was shipped, else delivered, else the document's."""
    for label in _DATES:
        pattern = re.compile(rf"(?:^|(?<=[\s(/]))(?:{label})\b\s*[:.]*\s*")
        for place, row in enumerate(cells):
            for number, (run, text) in enumerate(row):
                found = pattern.search(text)
                if not found or re.search(
                    r"\b(due|order|print|exp|required|payment|valid|falligkeit)\w*\W*$", text[: found.start()]
                ):
                    continue
                beside = text_of(row[number + 1][0]) if number + 1 < len(row) else ""
                for candidate in (text[found.end() :], beside, _below(cells, place, run) or ""):
                    value = iso_date(candidate, day_first)
                    if value:
                        return value
    return None


def _vendor(page: Page, rows: list[Row]) -> str | None:
    """A name behind a sender's label, else the largest name at the top of the page."""
    top = [row for row in rows if row[0].yc < rows[0][0].yc + 0.3 * page.height]
    body = median([word.height for word in page.words]) if page.words else 1.0
    best: tuple[float, str] | None = None
    for place, row in enumerate(top):
        for run in runs(row, 1.2):
            text = text_of(run)
            if _SENDER.match(folded(text)) and place + 1 < len(top):
                return text_of(runs(top[place + 1], 1.2)[0])
            worth = _name_worth(text, median(word.height for word in run) / body, place)
            if worth is not None and (best is None or worth > best[0]):
                best = (worth, text)
    return best[1].strip(" ,;:-|·") if best else None


def _name_worth(text: str, size: float, place: int) -> float | None:
    """How much a text at the top looks like the sender's name; None if it cannot be."""
    bare = folded(text)
    letters = len(re.sub(r"[\W\d_]", "", bare))
    if letters < 3 or ":" in text or _TITLE.search(bare) or _ADDRESSEE.search(bare) or "@" in text:
        return None
    if sum(char.isdigit() for char in text) > 0.2 * len(text):
        return None
    return 2.0 * size + (1.0 if _COMPANY.search(bare) else 0.0) - 0.15 * place
