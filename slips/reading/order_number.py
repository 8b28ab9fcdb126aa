"""The buyer's order number: what stands behind, beside or below the label that means it most surely."""

from __future__ import annotations

import re
from itertools import takewhile

from .names import is_street
from .order_labels import BARE, Label, begins_as_label, is_label, labels, unboxed
from .phrases import Phrase, Sheet

_DIGIT = re.compile(r"\d")
_BOX = re.compile(r"^(?:\(\d{1,3}\)\s*|\d{1,2}[.)]\s+(?=[^\W\d]{2}))")
"""The number of a form's box before its label: "(5) Bestell-Nr.", "2. SHIPMENT NO"."""
_DATE = re.compile(
    r"\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{2,4}\b|\d{4}-\d{2}-\d{2}\b|\d{1,2}\.? [^\W\d]{3,10}\.? \d{2,4}\b"
)
_DATED_WORDS = "vom|du|dated|del|dd|van|of|z dnia|av den|de fecha|on|from"
_DATED = re.compile(rf"(?i)\s*\b(?:{_DATED_WORDS})\s+(?=\d)|\s*/\s*(?=\d{{1,2}}[./]\d{{1,2}}[./]\d)")
_DATED_FIRST = re.compile(rf"(?i)\W*(?:{_DATED_WORDS})\s.*?\b(?:nr|no|num|numero|n°|nº)\b\W*(?=\S)")
"""The order's day before its number: "vom 18. Mai, Nr. FU-233"."""
_NESTED = re.compile(r"[\w/.-]*\d[\w/.-]* \(([\w/ .-]*\d[\w/ .-]*)\)")
"""The seller's number and behind it the buyer's: "CO2610-0155 (PED-CAT/4471)"."""
_QUOTED = re.compile(r"[\"'„“«](.{2,30}?)[\"'”“»]|\(([^()]{2,30})\)")
_STOP = re.compile(r"\s[—–|·•]\s|\s-\s|[;,](?:\s|$)|\.\s|\s\(")
_SENTENCE = re.compile(r"[():]|\.\s[a-z]|\s[—–-]\s")
_OTHER_WORDS = re.compile(
    r"(?i)(?:terms|net|tel|phone|fax|page|seite|tour|stop|route|truck|ship|carrier|weight|boxes|cartons|via)\b(?!-)"
)
"""What another field of the paper begins with, where the order's own is empty: "TERMS NET 30"."""
_STREET_WORDS = re.compile(
    r"(?:^|\d,? )(?:rue|via|viale|calle|c/|avenue|avenida|rua|ulica|ul\.|plaza|place)(?= )[^:]*$"
)
"""A street that is called so: "8 rue de la Commande 14"."""
_value_chars_max = 32
_cell_words_max = 5
_lead_words_max = 3
_short_number_chars_max = 4


def order_number(sheet: Sheet, table_top: float) -> str | None:
    """The value of the surest label; of labels as sure the first that has one. `table_top`: where the table begins."""
    found: list[tuple[int, str]] = []
    for phrase in sheet.phrases:
        if _STREET_WORDS.search(phrase.bare):
            continue
        for label in labels(phrase.text):
            value = _value(sheet, phrase, label)
            if value and (label.rank > BARE or phrase.yc < table_top):
                found.append((label.rank, value))
    return max(found, key=lambda one: one[0])[1] if found else None


def _value(sheet: Sheet, phrase: Phrase, label: Label) -> str | None:
    """The label's value: behind it, else in the next phrase, else below."""
    behind = phrase.text[label.end :].strip(" :#.=")
    if behind:
        return _in_text(behind)
    beside = _beside(sheet, phrase)
    if beside is None or _words_in(beside) > 1:
        under = _below(sheet, phrase, label)
        return under if under and (beside is None or not _words_in(under)) else beside
    return beside


def _beside(sheet: Sheet, phrase: Phrase) -> str | None:
    beside = sheet.beside(phrase)
    return _in_cell(_cell(phrase, beside)) if beside else None


def _words_in(value: str) -> int:
    """How many of a value's words are nothing but letters, as in a street: "Paseo Marítimo 118, bajo"."""
    return sum(word.strip(",.").isalpha() for word in value.split())


def _below(sheet: Sheet, phrase: Phrase, label: Label) -> str | None:
    below = sheet.below(phrase)
    if below and label.rank > BARE and is_label(below.text):
        below = sheet.below(below)  # a label of two lines
    if below is None or (label.rank == BARE and _is_in_column(sheet, below)):
        return None
    return _in_cell(_cell(phrase, below))


def _cell(label: Phrase, phrase: Phrase) -> str:
    """The phrase, without the number of its box where the label's box has one."""
    return phrase.text if unboxed(label.text) == label.text else unboxed(phrase.text)


def _is_in_column(sheet: Sheet, phrase: Phrase) -> bool:
    """Whether more of the same stands below, as in a table's column."""
    below = sheet.below(phrase)
    return below is not None and bool(_DIGIT.search(below.text)) and sheet.beside(phrase) is not None


def _in_cell(text: str) -> str | None:
    """The value that a phrase of its own is: all of it where it is short, less a date behind."""
    text = _BOX.sub("", text).removeprefix(":").strip()
    if (
        not text
        or not _DIGIT.search(text.partition(":")[0])
        or begins_as_label(text)
        or is_street(text)
        or _OTHER_WORDS.match(text)
    ):
        return None
    whole = _DATED.split(text)[0].strip(" .,;\"'„“”")
    if _DATE.match(whole):
        return None
    is_short = len(whole) <= _value_chars_max and len(whole.split()) <= _cell_words_max
    if _DIGIT.search(whole) and is_short and not _SENTENCE.search(whole):
        return whole
    return _in_text(text)


def _in_text(behind: str) -> str | None:
    """The value that a text begins with."""
    if re.match(r"(?i)box\b", behind):
        return None  # "P.O. Box 1234"
    if quoted := _QUOTED.match(behind):
        value = quoted[1] or quoted[2]
        return value if _DIGIT.search(value) else None
    if nested := _NESTED.match(behind):
        return nested[1]
    if dated := _DATED_FIRST.match(behind):
        behind = behind[dated.end() :]
    if _DATE.match(behind):
        return None
    return _leading(_STOP.split(behind)[0].split(), is_all=not _STOP.search(behind))


def _leading(words: list[str], *, is_all: bool) -> str | None:
    """The words up to the one that has a digit, and those that belong to it. `is_all`: whether nothing follows them."""
    lead = list(takewhile(lambda word: not _DIGIT.search(word), words))
    if len(lead) == len(words) or len(lead) > _lead_words_max or any(_is_prose(word) for word in lead):
        return None
    value, rest = [*lead, words[len(lead)]], words[len(lead) + 1 :]
    if is_all and (_is_remark(rest) or (not lead and _is_rest_of_number(value[0], rest))):
        value += rest
    text = re.sub(r"/\d{1,2}[./]\d{1,2}[./]\d{2,4}$", "", " ".join(value)).strip(" .,:;/\"'")
    return text if len(text) <= _value_chars_max and not _DATE.match(text) else None


def _is_remark(words: list[str]) -> bool:
    """Whether the words name the buyer's man or job behind a stroke: "/ Hr. Grothe"."""
    return words[:1] == ["/"] and len(words) <= _lead_words_max and not _DATE.match(" ".join(words[1:]))


def _is_rest_of_number(first: str, rest: list[str]) -> bool:
    """Whether the next word goes on with a number that is set with a blank: "26 118-A"."""
    is_number = len(rest) == 1 and re.fullmatch(r"[A-Z]{0,3}\d[\w/-]*", rest[0])
    return bool(is_number) and len(first) <= _short_number_chars_max


def _is_prose(word: str) -> bool:
    """Whether a word can be no part of a number: a word in lower case, or a label."""
    return word.endswith(":") or (word[:1].islower() and len(word) > 3)
