"""What the words of a heading make it.

A heading is judged word by word, not as a phrase, so that "Shipped Qty (EA)" and "Qty. shipped" are the same thing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from dataclasses import dataclass
from functools import cache, lru_cache

from .heading_words import ENDINGS, LONG_FORMS, WORDS

Role = str
"""shipped, quantity, ordered, later (backordered, never received), id, description, unit, money, line, other."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What a heading may mean, likeliest first, and the share of its words that are known (0..1)."""

    roles: tuple[Role, ...]
    known: float


_PLAIN = str.maketrans({"ł": "l", "ø": "o", "æ": "ae", "đ": "d"})
"""Letters that no decomposition parts from their stroke."""


@lru_cache(20_000)
def folded(text: str) -> str:
    """Lower case without accents, one blank between words."""
    bare = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).replace("’", "'").split())


def heading(text: str) -> Heading:
    """What the heading `text` may mean; no roles if it is none that we know."""
    return _heading(folded(text))


@lru_cache(20_000)
def _heading(text: str) -> Heading:
    tokens = _tokens(text)
    if not tokens:
        return Heading((), 0.0)
    if set(tokens) <= _TODAY:
        return Heading(("shipped",), 1.0)
    kinds = [_kinds(token) for token in tokens]
    telling = [kind for kind in kinds if not kind or not kind <= {"glue", "now"}]
    known = sum(bool(kind) for kind in telling) / max(1, len(telling))
    present = set().union(*kinds)
    if known < 0.5 or not telling:
        return Heading((), known)
    return Heading(_roles(set(tokens), present), known)


def is_label(text: str) -> bool:
    """Whether the text is words that say what stands beside or under them, and nothing of an item: "Sent", "Batch"."""
    meaning = heading(text)
    return bool(meaning.roles) and meaning.known == 1 and not re.search(r"[\d\-_/]", text)


def is_number_word(text: str) -> bool:
    """Whether the text is only "No.", "Nr.", "#" or "Code": it goes with the word before it."""
    return all("number" in _kinds(token) for token in _tokens(folded(text)))


def says_now(text: str) -> bool:
    """Whether the heading speaks of this delivery, today's."""
    return any("now" in _kinds(token) for token in _tokens(folded(text)))


def is_glue(text: str) -> bool:
    """Whether the text is only "of", "de", "the", "this" and the like."""
    tokens = _tokens(folded(text))
    return bool(tokens) and all(kinds and kinds <= {"glue", "now"} for kinds in map(_kinds, tokens))


@lru_cache(20_000)
def _tokens(text: str) -> tuple[str, ...]:
    for pattern, word in LONG_FORMS:
        text = re.sub(pattern, word, text)
    return tuple(re.findall(r"[a-zß]+[0-9]*|#|\d+", text))


@lru_cache(20_000)
def _kinds(token: str) -> frozenset[str]:
    found: Set[str] = {kind for kind, words in _vocabulary().items() if token in words}
    if not found:
        for pattern, kinds in ENDINGS:
            if re.fullmatch(pattern, token):
                return frozenset(kinds)
    if not found and len(token) >= 5:
        found = _nearly(token) or _run_together(token)
    return frozenset(found)


@cache
def _vocabulary() -> dict[str, frozenset[str]]:
    return {kind: frozenset(words.split()) for kind, words in WORDS.items()}


def _nearly(token: str) -> Set[str]:
    """The kinds of words that differ from `token` by one letter, as optical reading makes them differ."""
    return {kind for variant in _shortened(token) for kind in _near_index().get(variant, ())}


@lru_cache(20_000)
def seam(text: str) -> int | None:
    """Where two headings run together into one word ("PosArtikel"), or None if `text` is one word or no heading."""
    token = folded(text)
    if len(token) != len(text) or len(token) < 6 or not token.isalpha() or _exactly(token):
        return None
    for cut in range(3, len(token) - 2):
        first, second = _exactly(token[:cut]), _exactly(token[cut:])
        if first and second and not first & second and second != {"number"}:
            return cut
    return None


def _run_together(token: str) -> Set[str]:
    """The kinds of two known words that were read as one."""
    for cut in range(3, len(token) - 2):
        first, second = _exactly(token[:cut]), _exactly(token[cut:])
        if first and second:
            return first | second
    return set()


@lru_cache(20_000)
def _exactly(token: str) -> frozenset[str]:
    kinds = {kind for kind, words in _vocabulary().items() if token in words and kind != "glue"}
    return frozenset(kinds or {kind for pattern, kinds in ENDINGS if re.fullmatch(pattern, token) for kind in kinds})


@cache
def _near_index() -> dict[str, frozenset[str]]:
    index: dict[str, set[str]] = {}
    for kind, words in _vocabulary().items():
        for word in words:
            for variant in _shortened(word) if len(word) >= 5 else ():
                index.setdefault(variant, set()).add(kind)
    return {variant: frozenset(kinds) for variant, kinds in index.items()}


def _shortened(word: str) -> set[str]:
    return {word} | {word[:i] + word[i + 1 :] for i in range(len(word))}


WHOLE = frozenset(
    {"total", "totale", "totaal", "totalt", "gesamt", "insgesamt", "tot", "razem", "totales", "totali", "totais"}
)
"""Before or behind a count no amount of money: "Total Qty"."""
_TODAY = frozenset({"today", "heute", "hoy", "oggi", "vandaag", "hoje", "idag", "dzis", "dzisiaj"})
_CUSTOMS = frozenset({"hs", "hts", "hsn", "taric", "tariff", "customs", "zolltarif", "intrastat", "ncm"})
"""Whose codes are the customs', not the item's."""


def _roles(tokens: set[str], kinds: set[str]) -> tuple[Role, ...]:
    """The rules of precedence between the words of one heading."""
    is_number = "number" in kinds
    is_date = bool(tokens & {"date", "datum", "fecha", "data", "eta", "week", "kw"})
    if is_date or (tokens & {"note", "slip", "ticket", "list", "address", "docket"} and "quantity" not in kinds):
        return ("other",)
    if tokens & {"via", "method", "terms", "tracking", "salesperson"}:
        return ("other",)
    if "money" in kinds and "quantity" not in kinds and not (tokens & WHOLE and kinds & {"shipped", "ordered"}):
        return ("money",)
    if "quantity" in kinds and tokens & {"price", "preis", "prix", "precio", "prezzo", "prijs", "cena"}:
        return ("money",)
    if "later" in kinds and not is_number:
        return ("later",)
    if "now" in kinds and not is_number and kinds & {"shipped", "quantity", "delivery"}:
        return ("shipped",)
    if "other" in kinds and tokens & {
        "received",
        "recd",
        "recv",
        "returned",
        "weight",
        "wt",
        "gewicht",
        "poids",
        "peso",
    }:
        return ("other",)
    if "shipped" in kinds and not is_number and "id" not in kinds and "noun" not in kinds:
        return ("shipped",)
    if "shipped" in kinds and "quantity" in kinds:
        return ("shipped",)
    if "ordered" in kinds and not is_number and ("quantity" in kinds or not kinds & {"noun", "description", "other"}):
        return ("ordered",)
    if "quantity" in kinds and not (is_number and "noun" in kinds) and not kinds & {"description"}:
        return ("quantity", "unit") if "unit" in kinds else ("quantity",)
    return _naming_roles(tokens, kinds, is_number)


def _naming_roles(tokens: set[str], kinds: set[str], is_number: bool) -> tuple[Role, ...]:
    if tokens & _CUSTOMS and not kinds & {"noun", "description"}:
        return ("other",)
    if "other" in kinds and not kinds & {"id", "noun", "description"}:
        return ("other",)
    if "ordered" in kinds and is_number and "noun" not in kinds:
        return ("other",)
    if tokens & {
        "serial",
        "lot",
        "batch",
        "sn",
        "charge",
        "hs",
        "hts",
        "hsn",
        "tariff",
        "location",
        "loc",
        "bin",
    } and not (kinds & {"id", "description"}):
        return ("other",)
    names_id = "id" in kinds or ("noun" in kinds and is_number)
    if names_id and "description" in kinds:
        return ("id", "description")
    if names_id:
        return ("id",)
    if "description" in kinds:
        return ("description",)
    if "noun" in kinds:
        return ("id", "description", "line") if tokens & {"item", "items"} else ("id", "description")
    if "line" in kinds:
        return ("line",)
    if "unit" in kinds:
        return ("unit",)
    if is_number and tokens & {"code", "codes", "cod"}:
        return ("id",)
    if is_number:
        return ("line", "id")
    return ("other",) if "other" in kinds else ()
