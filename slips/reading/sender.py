"""Who sent a slip: the name behind a sender's label, else the name at the top that looks most like a letterhead."""

from __future__ import annotations

import re
from statistics import median

from .kinds import Page, Row
from .rows import runs, text_of
from .ship_date import is_date_label
from .vocabulary import folded, heading

_TITLE = re.compile(
    r"\b(packing|packlist|slip|packliste|list|delivery|note|invoice|order|shipper|shipment|"
    r"lieferschein|rechnung|bon de|livraison|facture|albaran|"
    r"factura|documento|trasporto|ddt|nota|entrega|bolla|consegna|bordereau|specyfikacja|wysylkowa|wydanie|pakbon|guia|remessa|fattura|fatura|contents|dispatch|despatch|goods|"
    r"page|seite|receipt|"
    r"statement|quote|copy|original|duplicate|ticket|tax|proforma|consignment|manifest|verzendnota|"
    r"bill of|date|phone|tel|fax|www|"
    r"ship to|bill to|sold to|carrier|via|wh/out|po)\b"
)
_COMPANY = re.compile(
    r"\b(inc|llc|ltd|limited|gmbh|ag|kg|ohg|co|corp|corporation|company|sarl|sas|sa|s\.a|s\.l|sl|b\.v|bv|"
    r"nv|spa|s\.p\.a|srl|s\.r\.l|"
    r"lda|oy|ab|as|plc|pty|e\.k|e\. k|ek|a/s|aps|kft|gbr|etablissements|ets|group|supply|industries|"
    r"industrial|components|distribution|technik|handel|"
    r"fils|sons|bros|& co|works|"
    r"s\.r\.o|sro|sp\. z)\b\.?"
)
_ADDRESSEE = re.compile(
    r"\b(ship(?:ped)? to|bill to|sold to|deliver(?:y)? (?:to|address)|consignee|customer|"
    r"lieferadresse|rechnungsadresse|adresse de livraison|"
    r"livre a|destinatario|direccion de entrega|destinatari|afleveradres|cliente|client|empfanger|"
    r"deliver to|mottagare|modtager|odbiorca|nabywca|cessionario|exmo)\b|^(an|to)\b"
)
_SENDER_WORDS = (
    r"from|shipped (?:from|by)|ship from|shipper|sold by|delivered by|supplied by|packed by|vendor|"
    r"supplier|seller|sender|"
    r"absender|lieferant|versender|expediteur|fournisseur|remitente|proveedor|mittente|fornitore|leverancier|afzender|"
    r"remetente|fornecedor|warehouse|nadawca|dostawca|sprzedawca|avsandare|leverantor|leverandor|company|consignor"
)
_SENDER = re.compile(rf"(?:{_SENDER_WORDS})\s*:?")
_SENDER_BEFORE = re.compile(rf"(?:{_SENDER_WORDS})\s*:\s*(?=\w{{2}})|(?:\w+ed by|shipped from)\s+(?=[A-Z])", re.I)
_TITLE_WORDS = re.compile(r"(?i)(packing|delivery|dispatch|despatch|lieferschein|rechnung|invoice)")
_SET_APART = re.compile(r"(?<!\w)(?:\w ){2,}\w(?!\w)")
_STREET = re.compile(r"^\d{1,5}[a-z]? [a-z]|[a-z.] \d{1,5}[a-z]?$|\b(?:street|drive|road|avenue|strasse|straat)$")
_REGISTERED = re.compile(
    r"\b(?:registered|reg\.?|vat|ust|siret|siren|rcs|nif|cif|p\.? ?iva|kvk|btw|handelsregister|amtsgericht)\b"
)
_top_share = 0.35
_foot_share = 0.85


def sender(page: Page, rows: list[Row], before: int) -> str | None:
    """The sender's name; None if nothing at the top can be one. `before`: the row where the table begins."""
    top = [row for row in rows[:before] if row[0].yc < rows[0][0].yc + _top_share * page.height]
    return _labelled(top) or _largest(page, rows, top) or _at_foot(page, rows)


def _at_foot(page: Page, rows: list[Row]) -> str | None:
    """The company that a line of small print at the page's end begins with."""
    for row in rows:
        text = text_of(row)
        if row[0].yc > _foot_share * page.height and _REGISTERED.search(folded(text)):
            name = _name_only(re.split(r"\s+[—–|·-]\s+", text)[0])
            if _COMPANY.search(folded(name)) and _worth(name, 1.0, 0) is not None:
                return name
    return None


def _labelled(top: list[Row]) -> str | None:
    for place, row in enumerate(top):
        for run in runs(row, 0.9):
            text = text_of(run)
            if found := _SENDER_BEFORE.match(text):
                return _name_only(text[found.end() :])
            if _SENDER.fullmatch(folded(text)) and (name := _name_under(top, place, run)):
                return name
    return None


def _name_under(top: list[Row], place: int, label: Row) -> str | None:
    """What can be a name on the next row, below a label."""
    for run in runs(top[place + 1], 1.2) if place + 1 < len(top) else ():
        text = text_of(run)
        if abs(run[0].x0 - label[0].x0) < 2 * label[0].height and _worth(text, 1.0, 0) is not None:
            return text
    return None


def _name_only(text: str) -> str:
    """The name without the address behind it; "Co., Ltd." belongs to the name."""
    name, *parts = re.split(r",\s*", text.strip())
    for part in parts:
        if not _COMPANY.match(folded(part)):
            break
        name += f", {part}"
    return name.strip(" ,;:-|·")


def _largest(page: Page, rows: list[Row], top: list[Row]) -> str | None:
    body = median([word.height for word in page.words]) if page.words else 1.0
    everything = folded("\n".join(text_of(row) for row in rows))
    receivers = _receivers(top)
    best: tuple[float, str] | None = None
    for place, row in enumerate(top):
        for run in runs(row, 1.2):
            if any(run[0] is word for word in receivers):
                continue
            for text in re.split(r"\s+[—–|]\s+|\s*·\s*", text_of(run)):
                worth = _worth(text, median(word.height for word in run) / body, place)
                if worth is None:
                    continue
                worth += 0.8 * (everything.count(folded(text)) > 1)
                if best is None or worth > best[0]:
                    best = (worth, text)
    return best[1].strip(" ,;:-|·") if best else None


def _receivers(top: list[Row]) -> Row:
    """The first words of what stands under "Ship to" and the like."""
    under: Row = []
    for place, row in enumerate(top):
        for run in runs(row, 1.2):
            if not _ADDRESSEE.match(folded(text_of(run))):
                continue
            lefts = [run[0].x0, *_beside(top, place, run)]
            for lower in top[place : place + 4]:
                starts = [other[0] for other in runs(lower, 1.2) if other[0] is not run[0]]
                under += [word for word in starts if any(abs(word.x0 - x) < 2 * run[0].height for x in lefts)]
    return under


def _beside(top: list[Row], place: int, label: Row) -> list[float]:
    """Where the runs right of a receiver's label begin, unless the receiver stands below it."""
    lower = runs(top[place + 1], 1.2) if place + 1 < len(top) else []
    below = [run for run in lower if abs(run[0].x0 - label[0].x0) < 2 * label[0].height]
    if below and not _ADDRESSEE.match(folded(text_of(below[0]))):
        return []
    right = [run for run in runs(top[place], 1.2) if run[0].x0 > label[0].x0]
    return [run[0].x0 for run in right[:2]]


def _worth(text: str, size: float, place: int) -> float | None:
    """How much a text at the top looks like the sender's name; None if it cannot be."""
    if _SET_APART.search(text):
        text = _TITLE_WORDS.sub(r"\1 ", _SET_APART.sub(lambda found: found.group().replace(" ", ""), text))
    bare = folded(text)
    letters = len(re.sub(r"[\W\d_]", "", bare))
    if letters < 3 or ":" in text or _TITLE.search(bare) or _ADDRESSEE.search(bare) or "@" in text:
        return None
    if sum(char.isdigit() for char in text) > 0.2 * len(text):
        return None
    meaning = heading(text)
    if (meaning.roles and meaning.known == 1 and not _COMPANY.search(bare)) or is_date_label(bare):
        return None
    return 2.0 * size - (2.0 if _STREET.search(bare) else 0.0) + (1.0 if _COMPANY.search(bare) else 0.0) - 0.15 * place
