"""The day a slip's goods were sent: behind, beside or below a label, or the only date above the table."""

from __future__ import annotations

import re

from .dates import iso_date
from .kinds import TextRow
from .rows import text_of

Cells = list[list[tuple[TextRow, str]]]
"""Per row the runs of words that stand together, each with its text in lower case without accents."""

_DATED = r"vom|dated|datiert|del|du|d\.d\.|dd|van|z dnia|av den|de fecha"
"""Words that say when that was written which stands before them or above."""
_LABELS = (
    r"(?:ship(?:ped|ping|ment)?|dispatch(?:ed)?|despatch(?:ed)?|sent|goods issue)[ -]?(?:date|dt\.?|on)|"
    r"date (?:shipped|of shipment|of dispatch|"
    r"dispatched|despatched)|dis(?:p|patch)\.|desp\.",
    r"versanddatum|versandtag|versand(?:t)? am|versendet am|verladedatum|warenausgang(?:s(?:datum|tag))?|"
    r"date (?:d'?|de )?(?:expedition|envoi|depart)|expediee? le|"
    r"fecha (?:de )?(?:envio|expedicion|salida)|enviado el|"
    r"data (?:di |del |de )?(?:spedizione|trasporto|carga|envio|expedicao)|"
    r"verzenddatum|verzonden op|wyslano(?: dnia)?|spedit[oa] il|utleveransdag|data (?:wysylki|wydania)|"
    r"utleveransdatum|avsandningsdatum|skickat|forsendelsesdato",
    r"shipped|sent|dispatched|despatched|versandt|expedie|enviado|spedito|verzonden|skickad",
    r"delivery date|delivered on|delivered|geliefert am|lieferdatum|liefertag|liefertermin|"
    r"date (?:de )?livraison|livre le|"
    r"fecha de entrega|data (?:di |da |de )?(?:consegna|entrega)|leverdatum|leveringsdatum|leveransdatum|leveringsdato|"
    r"data dostawy|dodaci datum",
    r"(?:packing (?:slip|list)|document|doc\.?|slip|delivery note|albaran|invoice|rechnungs?|beleg|lieferschein|"
    r"factuur)[ -]?(?:date|datum)|rechnungsdatum|belegdatum|fecha (?:de |del )?(?:albaran|factura|documento)|"
    r"data (?:ddt|documento|da emissao|wystawienia)|date (?:de |du )?(?:facture|bl|bon)",
    _DATED,
    r"date|datum|fecha|data|dato",
)
_SENT = _LABELS[:3]
_OTHER_DATE = re.compile(
    r"\b(due|order(?:ed)?|print(?:ed)?|exp(?:iry|ires)?|required|requested|payment|valid|falligkeit|bestell|auftrags|"
    r"commande|pedido|zahlbar|promised|need)\w*\W*$"
)


_ORDERED = re.compile(
    r"\b(?:order\w*|po|purchase|bestell\w*|auftrag\w*|commandee?|cde|pedido|ordin[ei]|ordinato|encomenda|zamowi\w*|"
    r"best\w*dat\w*|due|echeance|vencimiento|scadenza|production|manufacture|"
    r"mfg|herstell\w*|fabrication|fabricacion|birth)\b"
)
"""What a date's label says that is the day of the order, or a day to come: "Date de commande"."""


_LAW_WORDS = r"\b(?:d\.? ?p\.? ?r|d\.? ?lgs|d\.? ?m|legge|decreto|gesetz|decret|loi|ley|lei|ustaw\w*|certificado)\b"
_LAW = re.compile(rf"{_LAW_WORDS}(?!.*\d{{4}})[^:]*$")
"""What stands before the date of a law: "(D.P.R. 472 del 14.08.1996)"."""


def ship_date(cells: Cells, before: int, day_first: bool) -> str | None:
    """The day it was shipped, else delivered, else the document's, ISO 8601; `before`: where the table begins."""
    for label in _LABELS:
        pattern = re.compile(rf"(?:^|(?<=[\s(/]))(?:{label})(?![a-z])\s*[:.]*\s*")
        for place, row in enumerate(cells):
            for number, (run, text) in enumerate(row):
                beside = text_of(row[number + 1][0]) if number + 1 < len(row) else ""
                for found in pattern.finditer(text):
                    lead = text[: found.start()] or (_leading(cells, place, number) if label == _DATED else "")
                    if _is_another(label, lead, text[found.end() :]):
                        continue
                    for candidate in (text[found.end() :], beside, below(cells, place, run) or ""):
                        if value := iso_date(candidate, day_first):
                            return value
    return _only_date(cells[:before], day_first)


def is_date_label(text: str) -> bool:
    """Whether the text, in lower case without accents, is nothing but the label of a date."""
    return any(re.fullmatch(rf"(?:{label})\s*[:.]*", text) for label in _LABELS)


def _only_date(cells: Cells, day_first: bool) -> str | None:
    """The date above the table where none is labelled; the latest where there are several."""
    told = [
        iso_date(text, day_first)
        for row in cells
        for place, (_, text) in enumerate(row)
        if not _OTHER_DATE.search(text)
        and not _LAW.search(re.split(r"\b\d{1,2}[./]\d", text)[0])
        and not _is_ordered(row[place - 1][1] if place else "", text)
    ]
    return max((day for day in told if day), default=None)


def _is_another(label: str, before: str, behind: str) -> bool:
    """Whether the words around a label make it another day's: of the order, of payment, of printing."""
    if label in _SENT and re.fullmatch(r"(?:(?:your|the) )?orders? ", before):
        return False  # "Order shipped 05/27/2026"
    if label == _DATED and _ORDERED.search(before):
        return True  # "Bestellnummer: 4500033178 vom 13.10.2025"
    if _LAW.search(before) or re.search(_LAW_WORDS, re.split(r"\d", behind)[0]):
        return True
    return bool(_OTHER_DATE.search(before) or _ORDERED.search(re.split(r"\d", behind)[0]))


def _leading(cells: Cells, place: int, number: int) -> str:
    """What a date without a label of its own goes on from: the label left of it, else the run close above it."""
    run, _ = cells[place][number]
    if number and not re.search(r"\d", cells[place][number - 1][1]):
        return cells[place][number - 1][1]
    for row in reversed(cells[max(0, place - 3) : place]):
        for other, text in row:
            if abs(other[0].x0 - run[0].x0) < run[0].height and run[0].yc - other[0].yc < 2.4 * run[0].height:
                return text
    return ""


def _is_ordered(before: str, text: str) -> bool:
    """Whether a run of words, or the label before it, tells the day of the order."""
    return bool(_ORDERED.search(re.split(r"\d", text)[0]) or (_ORDERED.search(before) and not re.search(r"\d", before)))


def below(cells: Cells, place: int, run: TextRow) -> str | None:
    """The run under this one, close by."""
    for row in cells[place + 1 : place + 3]:
        for other, _ in row:
            close = other[0].yc - run[0].yc < 3.2 * run[0].height
            if close and min(other[-1].x1, run[-1].x1) - max(other[0].x0, run[0].x0) > 0:
                return text_of(other)
    return None
