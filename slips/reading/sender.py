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
    r"page|seite|receipt|factuur|pakbon|kopie|copie|copia|"
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
    r"\b((?:ship(?:ped)?|bill(?:ed)?|sold|deliver(?:ed|y)?|invoiced?|mail|charge|send|sent|consigned) to|"
    r"(?:ship(?:ping)?|bill(?:ing)?|delivery|invoice|mailing|customer) address|consignee|customer|attn|attention|"
    r"(?:liefer|rechnungs|versand|empfanger)(?:adresse|anschrift)|\w*empfanger|kunde|besteller|"
    r"adresse (?:de |d')(?:livraison|facturation|expedition)|(?:livre|facture|expedie|adresse) a|destinataire|"
    r"(?:enviar|entregar|facturar|enviado|facturado) a|(?:direccion|domicilio|lugar) (?:de |del )?(?:entrega|envio|"
    r"facturacion|cliente)|destinatari[oa]?|spett\.?(?:le|abile)?|luogo (?:di )?(?:destinazione|consegna)|destinazione|"
    r"fatturare a|indirizzo di (?:consegna|fatturazione|spedizione)|cessionario|"
    r"(?:aflever|factuur|leverings?|leverans|faktura|fakturerings|post)-?adress?e?n?|"
    r"adres (?:dostawy|wysylki)|odbiorca|nabywca|zamawiajacy|platnik|klient|klant|"
    r"(?:morada|local|endereco) (?:de )?(?:entrega|descarga|faturacao)|cliente?|mottagare|modtager|kund|"
    r"exmo)\b|^(an|to)\b"
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
_ROAD = re.compile(
    r"^\d{1,5}[a-z]? .*\b(?:street|st|drive|dr|road|rd|avenue|ave|lane|blvd|boulevard|way|parkway|pkwy)\b\.?$|"
    r"(?:strasse|str\.|straat|gatan|vagen|gade|vej|weg|allee|platz) ?\d{1,4} ?[a-z]?$|"
    r"^(?:rue|via|viale|calle|avenida|av\.|ul\.|ulica|rua|plaza|piazza) "
)
"""A street, whatever else it may look like."""
_POSTCODE = re.compile(
    r"(?:^|\s)(?:[a-z]{1,2}-)?\d{2}[ -]?\d{2,3} [a-z]{2}|\b[a-z]{2} \d{5}\b|\b[a-z]{1,2}\d[a-z\d]? \d[a-z]{2}\b"
)
"""A postcode with its town: "20457 hamburg", "flagstaff, az 86001", "s1 2ab"."""
_CONTACT = re.compile(r"\b(?:tel|phone|fax|telefon|www|e-?mail|vat|ust|tva|iva|nif|cif|kvk|siret)\b|@|\+\d{2}")
_PARTS = re.compile(r"\s*[·•|]\s*|\s+[—–-]\s+")
_BEHIND_NAME = re.compile(rf"(?<=\w),? (?:[-–] )?(?={_TITLE.pattern}|\d{{1,5}}[a-z]? [a-z]|{_ADDRESSEE.pattern})")
_MORE = re.compile(r"[:#]|\d")
_STREET = re.compile(r"^\d{1,5}[a-z]? [a-z]|[a-z.] \d{1,5}[a-z]?$|\b(?:street|drive|road|avenue|strasse|straat)$")
_REGISTERED = re.compile(
    r"\b(?:registered|reg\.?|vat|ust|siret|siren|rcs|nif|cif|p\.? ?iva|kvk|btw|handelsregister|amtsgericht)\b"
)
_letterhead_size_min = 1.25
"""A name so much larger than the page's other words is its letterhead; else the company at the foot is surer."""
_block_rows_max = 5
_top_share = 0.35
_foot_share = 0.85


def sender(page: Page, rows: list[Row], before: int) -> str | None:
    """The sender's name; None if nothing at the top can be one. `before`: the row where the table begins."""
    top = [row for row in rows[:before] if row[0].yc < rows[0][0].yc + _top_share * page.height]
    if name := _labelled(top) or _in_one_line(top):
        return name
    largest, foot = _largest(page, rows, top), _at_foot(page, rows)
    if largest is None or foot is None:
        return largest[1] if largest else foot
    size, name = largest
    stands_out = size >= _letterhead_size_min or folded(name) in folded(foot)
    return name if stands_out else foot


def _at_foot(page: Page, rows: list[Row]) -> str | None:
    """The company that a line of small print at the page's end begins with."""
    foot = [row for row in rows if row[0].yc > _foot_share * page.height]
    for row in foot:
        if not _REGISTERED.search(folded(text_of(row))):
            continue
        for run in runs(row, 1.2):
            name = _name_only(_PARTS.split(text_of(run))[0])
            if _COMPANY.search(folded(name)) and not _REGISTERED.search(folded(name)) and _worth(name, 1.0, 0):
                return name
    return None


def _in_one_line(top: list[Row]) -> str | None:
    """The name in a line that holds a whole address, as over an envelope's window: receivers' addresses have rows."""
    receivers = _receivers(top)
    for row in top:
        for run in runs(row, 1.2):
            text = re.sub(r"(?i)^(?:abs(?:ender)?|from|exp)\.?:\s*", "", text_of(run))
            parts = re.split(r",\s+", text) if len(_PARTS.split(text)) < 3 else _PARTS.split(text)
            if len(parts) < 3 or any(run[0] is word for word in receivers) or _ADDRESSEE.match(folded(text)):
                continue
            streets = [bool(_STREET.search(folded(part)) or _ROAD.search(folded(part))) for part in parts]
            name = _name_only(parts[0])
            if not streets[0] and any(streets) and _POSTCODE.search(folded(text)) and _worth(name, 1.0, 0) is not None:
                return name
    return None


def _labelled(top: list[Row]) -> str | None:
    for place, row in enumerate(top):
        for run in runs(row, 0.9):
            text = text_of(run)
            if found := _SENDER_BEFORE.match(text):
                return _name_only(_without_more(text[found.end() :]))
            if _SENDER.fullmatch(folded(text)) and (name := _name_under(top, place, run) or _name_beside(row, run)):
                return name
    return None


def _name_under(top: list[Row], place: int, label: Row) -> str | None:
    """What can be a name on the next row, below a label."""
    for run in runs(top[place + 1], 1.2) if place + 1 < len(top) else ():
        text = text_of(run)
        if abs(run[0].x0 - label[0].x0) < 2 * label[0].height and _worth(text, 1.0, 0) is not None:
            return text
    return None


def _name_beside(row: Row, label: Row) -> str | None:
    """What can be a name in the next run of the row, behind a label."""
    texts = [text_of(run) for run in runs(row, 0.9) if run[0].x0 > label[0].x0]
    return texts[0] if texts and _worth(texts[0], 1.0, 0) is not None else None


def _name_only(text: str) -> str:
    """The name without the address behind it; "Co., Ltd." belongs to the name."""
    name, *parts = re.split(r",\s*", text.strip())
    for part in parts:
        if not _COMPANY.match(folded(part)):
            break
        name += f", {part}"
    return name.strip(" ,;:-|·")


def _largest(page: Page, rows: list[Row], top: list[Row]) -> tuple[float, str] | None:
    """How large the likeliest name at the top stands, in heights of the page's words, and the name."""
    body = median([word.height for word in page.words]) if page.words else 1.0
    everything = folded("\n".join(text_of(row) for row in rows))
    receivers = _receivers(top)
    best: tuple[float, float, str] | None = None
    for place, row in enumerate(top):
        for run in runs(row, 1.2):
            if any(run[0] is word for word in receivers):
                continue
            size = median(word.height for word in run) / body
            block = _block_under(top, place, run)
            below = "\n".join(folded(text_of(other)) for other in block)
            # What is set flush right or centred is a letterhead: receivers' addresses are flush left.
            is_flush_left = all(abs(other[0].x0 - run[0].x0) < 0.6 * run[0].height for other in block)
            for text in _names_in(text_of(run)):
                worth = _worth(text, size, place, heads_address=bool(_POSTCODE.search(below)))
                if worth is None:
                    continue
                worth += 0.8 * (everything.count(folded(text)) > 1) + 0.5 * bool(_CONTACT.search(below))
                worth += 0.5 * (bool(_POSTCODE.search(below)) and not is_flush_left)
                if best is None or worth > best[0]:
                    best = (worth, size, text)
    return (best[1], best[2].strip(" ,;:-|·")) if best else None


def _block_under(top: list[Row], place: int, run: Row) -> list[Row]:
    """What stands close below a run, at the same edge or middle: the address of a name."""
    block, height = [run], run[0].height
    for row in top[place + 1 : place + 1 + _block_rows_max]:
        lined_up = [other for other in runs(row, 1.2) if _are_lined_up(run, other)]
        if not lined_up or lined_up[0][0].yc - block[-1][0].yc > 2.6 * height:
            break
        block.append(lined_up[0])
    return block[1:]


def _are_lined_up(upper: Row, lower: Row) -> bool:
    left, right = upper[0].x0 - lower[0].x0, upper[-1].x1 - lower[-1].x1
    return min(abs(left), abs(right), abs(left + right) / 2) < 0.6 * upper[0].height


def _names_in(text: str) -> list[str]:
    """The parts of a run that may be a name, without the order, date, telephone or street that stand behind it."""
    parts = re.split(r"\s+[—–|]\s+|\s*·\s*", text)
    return [_without_more(part) for part in parts]


def _without_more(text: str) -> str:
    bare = folded(text)
    if len(bare) != len(text) or not _MORE.search(text):
        return text
    ends = [found.start() for found in _BEHIND_NAME.finditer(bare) if _MORE.search(text[found.start() :])]
    name = text[: ends[0]].strip(" ,;:-|·") if ends else text
    return name if len(name.split()) > 1 else text


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


def _worth(text: str, size: float, place: int, *, heads_address: bool = False) -> float | None:
    """How much a text at the top looks like the sender's name; None if it cannot be."""
    if _SET_APART.search(text):
        text = _TITLE_WORDS.sub(r"\1 ", _SET_APART.sub(lambda found: found.group().replace(" ", ""), text))
    bare = folded(text)
    letters = len(re.sub(r"[\W\d_]", "", bare))
    if (
        letters < 3
        or ":" in text
        or _TITLE.search(bare)
        or _ADDRESSEE.search(bare)
        or "@" in text
        or _ROAD.search(bare)
    ):
        return None
    if sum(char.isdigit() for char in text) > 0.2 * len(text):
        return None
    meaning = heading(text)
    if (meaning.roles and meaning.known == 1 and not _COMPANY.search(bare)) or is_date_label(bare):
        return None
    is_company = bool(_COMPANY.search(bare)) or heads_address
    return 2.0 * size - (2.0 if _STREET.search(bare) else 0.0) + (1.0 if is_company else 0.0) - 0.15 * place
