"""What a slip calls the buyer's order: labels told by the stems of their words, in nine languages.

Whose (yours, the customer's, ours), what (an order, a reference), a number. What says that it is ours is the seller's
own number, and no label here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from .vocabulary import folded

_KINDS = {
    "yours": (
        r"your|yr|ihr|ihre[mnrs]?|vos|votre|vtre|v|vs|su|sus|s|vuestr[oa]|vostr[oa]|sua|suo|voss[oa]|uw|ert|er|eder|"
        r"jeres|deres|din|wasz[ea]?|panstwa|vas[ea]|cust|customers?|customer's|buyer'?s?|purchaser'?s?|dealer'?s?|"
        r"external|ext|clients?|client's|cliente|klienta?|kunden?s?|odbiorcy|nabywcy|zamawiajacego|klant|afnemer|"
        r"acheteur|comprador|compratore|cessionario|besteller|correspond"
    ),
    "order": (r"orders?|ord|ordem|ordernr|orderno|ordernummer|ordrenr|ordre|orden|ordrenummer"),
    "bought": (
        r"bestell|best|bestellung|bestell(?:nr|nummer|no|zeichen)|bestellg|commandes?|cde|cmde|pedido|ordine|ordini|"
        r"encomenda|enc|bestelling|bestel|bestel(?:nr|nummer)|inkoop|inkoop(?:order|nummer|nr)|bestallning(?:s|snr|snummer)?|"
        r"bestilling(?:s|snr|snummer)?|inkops(?:order|nr)?|indkob(?:sordre)?|kundorder|innkjop(?:sordre)?|"
        r"zamowieni[ea]|zam|objednavk[ay]|rekvisition(?:snr)?|abruf|requisition"
    ),
    "task": r"auftrag(?:s|snr|snummer)?",
    "purchase": (
        r"po|p\.o|p/o|cpo|purchase|purch|bdc|oc|o\.c|o/c|o/n|compra|d'acquisto|acquisto|achat|d'achat|"
        r"kunden(?:bestellung|bestellnummer|auftrag|bestellnr)"
    ),
    "reference": (
        r"refs?|reference|refrence|referenz|referen[ct]ies?|referencia|referens|referanse|riferimento|rif|zeichen|"
        r"referencenr|kenmerk"
    ),
    "document": r"documents?|doc|dok",
    "number": (
        r"nos?|nr|nrs|num|number|numbers|nummer|numero|numer|nbr|n|n[o°º]|n\.[o°º]|c|cislo|id|code|abschluss|"
        r"[#°º]"
    ),
    "date": r"dates?|datum|fecha|data|dato|dt|dat|bestelldatum|auftragsdatum|orderdatum|ordredato|besteldatum",
    "ours": (
        r"our|sales|notre|nos|unser[emns]*|nuestr[oa]|nostr[oa]|ns|noss[oa]|ons|onze|var[at]?|vores|var[et]?|nasz[ae]?|"
        r"web|shop|work|pick|job|transfer|venta|vente|verkoop"
    ),
    "glue": r"de|del|du|des|di|da|do|la|le|of|et|and|und|y|e|the|il|dello|av|"
    r"ouverte?|ferme|abiert[oa]|open|blanket|farmacia|pharmacie|tienda|magasin|&|/|-|–|sig",
}
_KIND = {kind: re.compile(words) for kind, words in _KINDS.items()}
_DIGIT = re.compile(r"\d")
_BOX = re.compile(r"(?:\(\d{1,3}\)|\d{1,2}[.)]?(?=\s))\s*(?=[^\W\d]{2})")
"""The number of a form's box before its label: "(5) Bestell-Nr.", "2. SHIPMENT NO", "9 Your order"."""
_LETTERS_FOR_DIGITS = re.compile(r"(?i)p\.?0\.?:?|0/n:?|[po]/[ocn]\.?:?")
"""P.O. and O/N as optical reading may give them, and what is not parted at its stroke."""

BARE, REFERENCE, BOUGHT, YOUR_REFERENCE, YOURS = range(1, 6)
"""How surely a label means the buyer's order: "Order", "Order ref.", "Pedido", "Your ref.", "Your order"."""


@dataclass(frozen=True, slots=True)
class Label:
    """How surely a label means the buyer's order, and where it ends in its phrase."""

    rank: int
    end: int


def labels(text: str) -> list[Label]:
    """The labels in a phrase that may name the buyer's order."""
    found: list[Label] = []
    start = box.end() if (box := _BOX.match(text)) else 0
    span: list[set[str]] = []
    end = start
    is_first = True
    for stop, token in _tokens(text, start):
        is_river = stop > start + len(token) and not span and token.istitle() and token.lower() == "po"  # "Via Po 12"
        kinds = set() if is_river else _kinds(token)
        if kinds:
            span.append(kinds)
            end = stop
        if span and (not kinds or token.endswith(":")):
            found += _label(span, end, is_first=is_first)
            span, is_first = [], False
    return found + _label(span, end, is_first=is_first)


def _label(span: list[set[str]], end: int, *, is_first: bool) -> list[Label]:
    rank = _rank(span, is_first=is_first) if span else 0
    return [Label(rank, end)] if rank else []


def unboxed(text: str) -> str:
    """A label without the number of its box."""
    return text[found.end() :] if (found := _BOX.match(text)) else text


def is_label(text: str) -> bool:
    """Whether a text is nothing but words of labels."""
    return not _DIGIT.search(text) and all(_kinds(token) for _, token in _tokens(text, 0))


def begins_as_label(text: str) -> bool:
    """Whether a text begins with a label's word, such as a date's or a customer's, rather than with "PO" or "ORD"."""
    first, *rest = [token for _, token in _tokens(unboxed(text), 0)] or [""]
    if len(first) <= 2 or _DIGIT.search(first):
        return False
    is_job = len(rest) == 1 and bool(_DIGIT.search(rest[0]))  # "JOB 9847"
    return bool(_kinds(first) - {"glue", "purchase", "bought", "order"} - ({"ours"} if is_job else set()))


def _rank(span: list[set[str]], *, is_first: bool) -> int:
    """How surely words so kinded name the buyer's order; 0: they do not."""
    every = set().union(*span)
    number = next((n for n, kinds in enumerate(span) if "number" in kinds), None)
    date = next((n for n, kinds in enumerate(span) if "date" in kinds), None)
    if ("ours" in every and not every & {"purchase"}) or (date is not None and (number is None or date < number)):
        return 0
    if every & {"purchase"} or ("yours" in every and every & {"order", "bought", "task"}):
        return YOURS
    if "yours" in every and every & {"reference", "document"}:
        return YOUR_REFERENCE
    if "bought" in every:
        return BOUGHT
    if "order" in every:
        return REFERENCE if "reference" in every else BARE
    return BARE if "reference" in every and is_first else 0


def _tokens(text: str, start: int) -> list[tuple[int, str]]:
    """The words from `start` on, each with its end; those without digits are also parted at "/" and "-"."""
    found = []
    for part in re.finditer(r"[^:#\s]*[:#]+|[^:#\s]+", text[start:]):
        word, at = part.group(), start + part.start()
        if _LETTERS_FOR_DIGITS.fullmatch(word) or _DIGIT.search(word):
            found.append((at + len(word), word))
        else:
            found += [(at + bit.end(), bit.group()) for bit in re.finditer(r"[^/\-]+[/\-]*|[/\-]+", word)]
    return found


def _kinds(token: str) -> set[str]:
    bare = folded(token).strip(".:,#()\"'/-=_") or folded(token).strip(".:,()\"'=_")
    return _kinds_of(re.sub(r"(?<=[a-z.])0(?=\.|$)|^0(?=/n)", "o", bare))


@lru_cache(5_000)
def _kinds_of(bare: str) -> set[str]:
    found = {kind for kind, words in _KIND.items() if words.fullmatch(bare)}
    if not found and bare.isalpha():
        for place in range(2, len(bare) - 1):
            left, right = _simple(bare[:place]), _simple(bare[place:])
            if left and right and not {"glue"} & (left | right):
                return left | right
    return found


def _simple(bare: str) -> set[str]:
    return {
        kind
        for kind, words in _KIND.items()
        if (len(bare) > 2 or kind in ("number", "purchase")) and words.fullmatch(bare)
    }
