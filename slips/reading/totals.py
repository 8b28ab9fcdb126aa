"""Rows that sum up, carry over or charge: no items; and the totals that a slip prints of itself."""

from __future__ import annotations

import re
from decimal import Decimal

from . import numbers
from .kinds import TextRow
from .rows import text_of
from .vocabulary import folded, heading

_SUM = re.compile(
    r"^(?:order |invoice |page |shipment |carton |factuur |rechnungs|importe? |montant |valor |"
    r"factura )?(?:sub ?-?totale?s?|sub ?-?totaal|"
    r"totals?|total de|totale|totaal|totaux|grand total|summe|gesamt\w*|zwischen\w*|rechnungs(?:summe|"
    r"betrag)|endsumme|end ?betrag|"
    r"net total|net amount|amount due|balance due|sous-total|base imponible|suma|celkem|spolu|razem|"
    r"warenwert|untaxed amount|\d{1,4} (?:lines?|lignes?|lineas?|linhas?|righe|regels|rader|zeilen|positionen|pozycji)|"
    r"cantidad total|quantita totale|thank you|continued|positionen netto|nettobetrag|nettosumme)\b"
)
_CHARGE = re.compile(
    r"^(?:netto\w*|brutto\w*|importe|freight|shipping|postage|handling|"
    r"(?:versand|fracht|transport|verzend)(?:kosten|pauschale|spesen|anteil|ing)?|porto|trasporto|frakt|"
    r"przesylka|frais|portes|gastos|tax|vat|sales tax|iva|tva|mwst\.?|"
    r"ust\.?|btw|discount|rabatt|"
    r"remise|descuento|sconto|less|carried forward|brought forward|ubertrag|uebertrag|a reporter|"
    r"report|suma y sigue|"
    r"leergut\w*|umsatzsteuer|items ?:|number of|no\.? of|anzahl (?:der )?(?:positionen|packstucke|kolli)|"
    r"nombre (?:total|de colis)|bultos|page \d|seite \d|signature|received by|minimum order|surcharge|"
    r"deposit|eco-?tax)\b"
)
_PIECES = re.compile(
    r"(?:total|sum|summe|gesamt|totaal|totale|totaux|razem|celkem)\s*(?:of\s+)?(?:qty|quantity|"
    r"quantities|units?|pieces?|pcs|items? shipped|"
    r"shipped|items|menge|stuck(?:zahl)?|unidades|piezas|pieces|cantidad|quantite|aantal|pezzi|quantita)?\.?\s*"
    r"(?:shipped|delivered|qty)?\s*[:=]?\s*(?P<a>\d[\d.,]*)(?![\d.,]*\s*(?:kg|lbs?|eur|usd|%|ct|cartons?))|"
    r"(?:gesamtmenge|gesamtstuckzahl|stuckzahl gesamt|quantite totale|cantidad total|total cantidad|quantita totale|"
    r"qty total|quantity total|total pcs|pieces)\s*[:=]?\s*(?P<b>\d[\d.,]*)"
)
_LINES = re.compile(
    r"(?:total lines|lines total|number of lines|no\.? of lines|line count|line items|lines|total line items|"
    r"positionen|anzahl (?:der )?positionen|nombre de lignes|lignes|lineas|numero de lineas|"
    r"righe)\s*[:=]?\s*(\d{1,4})\b(?![.,]\d)"
)


_GROUP = re.compile(
    r"(?:pallet|palette|palett?|pall|paleta|bancale|carton|karton|kartong|cartone|colis|collo|colli|kolli|bulto|caja|"
    r"volume|box|doos|case|crate|kiste|package|packstuck|paket|paczka|parcel|container)s?"
    r"\b[ .:#no°nr]*\d+\b(?![.,]\d)(?! ?[x×])"
)
_title_words_max = 7


def is_group(text: str) -> bool:
    """Whether a row begins as the name of a pallet or a carton does: "Pallet 2 of 3"."""
    return bool(_GROUP.match(re.sub(r"^[^a-z0-9]+", "", folded(text))))


def is_title_of_others(text: str) -> bool:
    """Whether a row is a title over what is still to follow or was shipped before: two words or more, no number."""
    words = text.split()
    if not (len(words) >= 2 or text.endswith(":")) or len(words) > _title_words_max or re.search(r"\d", text):
        return False
    meaning = heading(text)
    return (meaning.roles[:1] == ("later",) and meaning.known >= 0.6) or numbers.is_to_follow(text)


def is_total(text: str) -> bool:
    """Whether a row's text begins as a sum, a charge or a carry-over does."""
    return is_sum(text) or bool(_CHARGE.match(folded(text).lstrip("*-=_ ")))


def is_sum(text: str) -> bool:
    """Whether a row's text begins as a sum does: what stands above it is over, or a part of it."""
    return bool(_SUM.match(folded(text).lstrip("*-=_ ")))


def is_sum_cell(texts: list[str]) -> bool:
    """Whether a row of a few cells ends in "Total" and its number."""
    return 1 <= len(texts) <= 3 and any(is_sum(text) for text in texts[-2:])


def printed_totals(rows: list[TextRow], comma: bool) -> tuple[int | None, Decimal | None]:
    """The number of lines and of pieces that the slip says it has."""
    lines: int | None = None
    pieces: Decimal | None = None
    for row in rows:
        text = folded(text_of(row))
        if re.search(r"[$€£]|\b(?:eur|usd|gbp|chf)\b|\d[.,]\d{2}\b", text):
            continue
        found = _LINES.search(text)
        if found and lines is None:
            lines = int(found[1])
        found = _PIECES.search(text)
        if found and "subtotal" not in text.replace("-", "").replace(" ", ""):
            pieces = numbers.plain((found["a"] or found["b"]).rstrip(".,"), comma=comma)
    return lines, pieces
