"""Numbers as slips print them: "1.000,00" and "1,000.00", "144 PCS", "12 of 12", "2 Stk."."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from .vocabulary import folded

digits_max = 9

_QUANTITY = re.compile(
    r"^[^\w+\-]{0,4}(?P<number>[+\-]?\d{1,3}(?:[ .,'\u00a0]\d{3})+(?:[.,]\d+)?|[+\-]?\d+(?:[.,]\d+)?|[.,]\d+)"
    r"\s*(?:(?:of|von|de|sur|di|/)\s*\d[\d.,]*)?"
    r"\s*[x×*]?\s*(?P<unit>[A-Za-zÀ-ž²³.\-/()]{0,12}\.?| [A-Z]\d{2})\s*[^\w]{0,3}$",
    re.I,
)
_MONEY_COMMA = re.compile(r"(?<![\w.,])\d{1,3}(?:[. ]?\d{3})*,\d{2}(?![\d,.])")
_MONEY_POINT = re.compile(r"(?<![\w.,])\d{1,3}(?:[, ]?\d{3})*\.\d{2}(?![\d.,])")
_COMMA_LANGUAGES = re.compile(
    r"\b(menge|anzahl|bezeichnung|aantal|hoeveelheid|cantidad|codigo|qte|quantite|q\.?ta'?|descrizione|mnozstv[oi]|nazov|"
    r"quantidade|lieferschein|livraison|albaran|dodaci|rechnung|facture|factuur|factura|fattura|fatura|artikel|pakbon|"
    r"qtde?|entregue|expedido|encomendado|pendente|artigo|descricao|codice|quantita|consegnato|ordinato|prezzo|importo|"
    r"servido|entregado|pendiente|precio|importe|regel|prijs|beschreibung|benennung|stuck|preis|betrag|reliquat|livree|"
    r"cdee|montant|quantites|nazwy|indeks|cena|wartosc|wydano|zamowiono|artikelnr|lev|pris|mangd|kvantitet|ilosc|nazwa|zamowienie|antal|benamning|foljesedel|folgeseddel|bestallt|levererat|designacao|remessa|articolo|"
    r"cod\. art|spedizione|livre|libelle|cde|pedido|descripcion|referencia|uds|geliefert|bestellt|geleverd|besteld)\b"
)
_TO_FOLLOW = re.compile(
    r"\b(back ?-?order\w*|b/o|cancell?ed|out of stock|discontinued|nachlieferung|ruckstand|nicht lieferbar|a suivre|"
    r"en rupture|pendiente|agotado|da consegnare|esaurito|naleveren|em falta|brak|restnoter\w*)\b"
)
"""What a cell says whose count, if it has one, did not come with this delivery."""
_NONE = re.compile(r"[-–—−]{1,3}|[.,]?/[.,]?|nil", re.I)
_LOOKALIKES = str.maketrans("OoQDlI|iSsBZzεЗ", "000011115582233")


def decimal_comma(text: str) -> bool:
    """Whether the document writes 2,5 for two and a half: by its prices, else by its language."""
    commas, points = len(_MONEY_COMMA.findall(text)), len(_MONEY_POINT.findall(text))
    if commas != points and max(commas, points) >= 2:
        return commas > points
    return bool(_COMMA_LANGUAGES.search(folded(text)))


def quantity(text: str, comma: bool) -> Decimal | None:
    """The count that a cell says, with or without a unit or "of 12" behind it; None if it is not a count."""
    if re.search(r"[$€£%]", text) or is_to_follow(text):
        return None
    found = _QUANTITY.match(text.strip())
    if not found or len(re.sub(r"\D", "", found["number"])) > digits_max:
        return None
    return plain(found["number"], comma)


def is_none(text: str) -> bool:
    """Whether a cell says none by a dash."""
    return bool(_NONE.fullmatch(text.strip()))


def is_to_follow(text: str) -> bool:
    """Whether a cell says in words that nothing came of this line."""
    return bool(_TO_FOLLOW.search(folded(text)))


def quantity_misread(text: str, comma: bool) -> Decimal | None:
    """The count in a cell whose digits were read as letters of the same shape ("l2", "O")."""
    first = text.strip().split(" ")[0]
    if not re.fullmatch(r"[OoQDlI|iSsBZzεЗ\d]{1,5}", first):
        return None
    return quantity(first.translate(_LOOKALIKES), comma)


def plain(number: str, comma: bool) -> Decimal | None:
    """The value of digits with separators, under the document's convention."""
    bare = re.sub(r"[ '\u00a0]", "", number)
    if "," in bare and "." in bare:
        thousands = "." if bare.rfind(",") > bare.rfind(".") else ","
        bare = bare.replace(thousands, "").replace(",", ".")
    elif "," in bare:
        bare = _one_separator(bare, ",", is_decimal=comma)
    elif "." in bare:
        bare = _one_separator(bare, ".", is_decimal=not comma)
    try:
        return Decimal(bare)
    except InvalidOperation:
        return None


def _one_separator(bare: str, separator: str, *, is_decimal: bool) -> str:
    parts = bare.split(separator)
    groups = all(len(part) == 3 for part in parts[1:]) and 1 <= len(parts[0].lstrip("+-")) <= 3
    if len(parts) > 2 or (groups and not is_decimal):
        return "".join(parts)
    return ".".join(parts)


def money(text: str, comma: bool) -> Decimal | None:
    """The amount a cell says, currency aside; None if it says none."""
    found = re.search(r"[+\-]?\d[\d.,' \u00a0]*", re.sub(r"[$€£]|[A-Z]{3}\b", " ", text))
    return plain(found.group().strip(" .,"), comma) if found else None


def as_count(value: Decimal) -> Decimal:
    """Without the zeros behind the point that a paper prints: 24.00 is 24, 1.50 is 1.5."""
    return value.to_integral_value() if value == value.to_integral_value() else value.normalize()
