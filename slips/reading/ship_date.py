"""The day a slip's goods were sent: behind, beside or below a label, or the only date above the table."""

from __future__ import annotations

import re

from .dates import iso_date
from .kinds import Row
from .rows import text_of

Cells = list[list[tuple[Row, str]]]
"""Per row the runs of words that stand together, each with its text in lower case without accents."""

_LABELS = (
    r"(?:ship(?:ped|ping|ment)?|dispatch(?:ed)?|despatch(?:ed)?)[ -]?(?:date|on)|date (?:shipped|"
    r"of shipment|of dispatch|"
    r"dispatched|despatched)",
    r"versanddatum|versandt am|versendet am|verladedatum|date d'?expedition|date d'?envoi|expedie le|"
    r"fecha de (?:envio|expedicion|salida)|data (?:di |del |de )?(?:spedizione|trasporto|carga|envio|expedicao)|"
    r"verzenddatum|verzonden op|data (?:wysylki|wydania)|utleveransdatum|avsandningsdatum|skickat|forsendelsesdato",
    r"shipped|dispatched|despatched|versandt|expedie|enviado|spedito|verzonden|skickad",
    r"delivery date|delivered on|delivered|lieferdatum|liefertag|liefertermin|date (?:de )?livraison|livre le|"
    r"fecha de entrega|data (?:di |da |de )?(?:consegna|entrega)|leverdatum|leveringsdatum|leveransdatum|leveringsdato|"
    r"data dostawy|dodaci datum",
    r"(?:packing (?:slip|list)|document|doc\.?|slip|delivery note|albaran|invoice|rechnungs?|beleg|lieferschein|"
    r"factuur)[ -]?(?:date|datum)|rechnungsdatum|belegdatum|fecha (?:de |del )?(?:albaran|factura|documento)|"
    r"data (?:ddt|documento|da emissao|wystawienia)|date (?:de |du )?(?:facture|bl|bon)",
    r"vom|dated|datiert|del|du|d\.d\.|dd|van|z dnia|av den|de fecha",
    r"date|datum|fecha|data|dato",
)
_OTHER_DATE = re.compile(
    r"\b(due|order(?:ed)?|print(?:ed)?|exp(?:iry|ires)?|required|requested|payment|valid|falligkeit|bestell|auftrags|"
    r"commande|pedido|zahlbar|promised|need)\w*\W*$"
)


def ship_date(cells: Cells, before: int, day_first: bool) -> str | None:
    """The day it was shipped, else delivered, else the document's, ISO 8601; `before`: where the table begins."""
    for label in _LABELS:
        pattern = re.compile(rf"(?:^|(?<=[\s(/]))(?:{label})(?![a-z])\s*[:.]*\s*")
        for place, row in enumerate(cells):
            for number, (run, text) in enumerate(row):
                beside = text_of(row[number + 1][0]) if number + 1 < len(row) else ""
                for found in pattern.finditer(text):
                    if _OTHER_DATE.search(text[: found.start()]):
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
    told = [iso_date(text, day_first) for row in cells for _, text in row if not _OTHER_DATE.search(text)]
    return max((day for day in told if day), default=None)


def below(cells: Cells, place: int, run: Row) -> str | None:
    """The run under this one, close by."""
    for row in cells[place + 1 : place + 3]:
        for other, _ in row:
            close = other[0].yc - run[0].yc < 3.2 * run[0].height
            if close and min(other[-1].x1, run[-1].x1) - max(other[0].x0, run[0].x0) > 0:
                return text_of(other)
    return None
