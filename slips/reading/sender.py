"""Who sent a slip: of the names that the paper shows, the one for which most speaks.

What speaks for a name: a sender's label, its place and size, a company's form, an address or telephone beside it, an
e-mail or web address that holds it, that it stands there twice. A logo's word gives way to the full name that holds it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from .names import CONTACT, FORM_ONLY, POSTCODE, STREET, as_printed, has_form, has_trade, is_open, names_in
from .order_labels import unboxed
from .phrases import Phrase, Sheet
from .receivers import SENDER_LABEL, SENDERS, is_receiver_label, receivers
from .vocabulary import folded

_FAINT_LABELS = r"shipped by|delivered by|packed by|warehouse|magazyn|company|societe|firma|empresa|bedrijf|ditta"
_SURE = re.compile(rf"(?:informations? |donnees |dane )?(?:{SENDER_LABEL})\s*:?")
_BEFORE = re.compile(rf"(?:(?:{SENDERS})\s*:|shipped from|on behalf of|shipped on behalf of)\s*(?=\w)")
_FAINT_BEFORE = re.compile(rf"(?:(?:{_FAINT_LABELS})\s*:|(?:delivered|packed) by)\s*(?=\w)")
_SIGNED = re.compile(r"^(?:for|pour|p\.?p\.?|i\. ?[av]\.|por|per)(?: and on behalf of)? (?=\w)")
_THANKED = re.compile(
    r"(?:thank(?:s| you) for (?:shopping|ordering|your (?:order|purchase|business|custom))|your (?:order|purchase)|"
    r"(?:vielen )?dank(?:e)? fur (?:ihren|deinen) einkauf|ihr(?:e bestellung)?|merci (?:de|pour) votre "
    r"(?:commande|achat|confiance)|votre commande|gracias por (?:su|tu) compra|tu pedido|grazie per il (?:suo|tuo) "
    r"(?:ordine|acquisto)|bedankt voor (?:uw|je) bestelling) (?:with|at|from|bei|chez|sur|en|da|su|bij|op) (?=\w)"
)
"""What a shop says to its customer before its name."""
_VERB = re.compile(r" (?:has|have|is|was|are|will)\b")
_CLOSING = re.compile(
    r"yours (?:faithfully|sincerely|truly)|(?:kind|best) regards|signed|firmado|mit freundlichen gru(?:ss|ß)en|"
    r"freundliche grusse|cordialement|atentamente|(?:un )?saludos?|distinti saluti|cordiali saluti|"
    r"met vriendelijke groet|z powazaniem|med vanlig halsning|com os melhores cumprimentos"
)
_OFFICE = re.compile(r"\b(?:manager|director|dept|department|authori[sz]ed|signatory|signature)\b")
_VOYAGE = re.compile(r"(?:ocean )?(?:vessel|voyage|flight|sailing|port of)\b")
_FAX = re.compile(r"\bp(?:age)?\.? ?\d+(?: ?/ ?\d+)?$")
_DOMAIN = re.compile(r"(?:@|www\.|https?://|(?<![\w.@-]))((?:[a-z0-9-]+\.)+[a-z]{2,8})\b")
_worth_min = -1.6
"""A page on which for no name more speaks than this names no sender."""
_signature_heights = 6.0
"""A signature takes so many heights of a line."""
_top_share = 0.35
_fax_share = 0.04
_foot_share = 0.75
_logo_letters_max = 4
_size_max = 2.4
_larger = 1.15
_stands_out = 1.25
_like_receiver = 2.0
_first_like_receiver = 1.3


@dataclass(eq=False)
class _Candidate:
    """A name on the paper and what speaks for it."""

    name: str
    phrase: Phrase
    worth: float
    is_backed: bool = False
    """Whether more than its looks says that it is the sender's."""

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(_letters(word) for word in _without_form(self.name).split()) - {""}

    @cached_property
    def letters(self) -> str:
        return _letters(_without_form(self.name))


def sender(sheet: Sheet, page_height: float, table_top: float) -> str | None:
    """The sender's name; None if nothing can be one. `table_top`: where the table begins."""
    if not sheet.phrases:
        return None
    found = _candidates(sheet, page_height, table_top)
    for one in found:
        one.worth += 0.8 * any(
            _holds(other, one) or _holds(one, other) for other in found if other.phrase is not one.phrase
        )
    best = max(found, key=lambda one: one.worth, default=None)
    if best is None or best.worth < _worth_min:
        return None
    return as_printed(_fullest(best, found).name)


def _fullest(best: _Candidate, found: list[_Candidate]) -> _Candidate:
    """The fullest form of a name that the paper shows."""
    fuller = [one for one in found if one is not best and _holds(one, best) and _is_full(one, best)]
    fuller = [one for one in fuller if one.letters != best.letters or not re.search(r"\bcapital\b", one.phrase.bare)]
    if not fuller:
        return best
    return max([best, *fuller], key=lambda one: (has_form(one.name), len(one.letters) > len(best.letters), one.worth))


def _is_full(fuller: _Candidate, name: _Candidate) -> bool:
    is_logo = len(name.words) == 1 and fuller.letters.startswith(name.letters)
    return fuller.is_backed or has_form(fuller.name) or is_logo


def _holds(longer: _Candidate, shorter: _Candidate) -> bool:
    """Whether one name is the other with more words."""
    if len(shorter.letters) < _logo_letters_max:
        return False
    return shorter.words <= longer.words or (shorter.letters in longer.letters and longer.letters != shorter.letters)


def _candidates(sheet: Sheet, page_height: float, table_top: float) -> list[_Candidate]:
    body = [phrase for phrase in sheet.phrases if not _is_fax_line(sheet, phrase, page_height)]
    receiving = receivers(sheet)
    own = [phrase for phrase in body if id(phrase) not in receiving]
    domains = {name for phrase in own for name in _domains(phrase.bare)}
    top = body[0].yc if body else 0.0
    foot = top + _foot_share * (sheet.phrases[-1].yc - top)
    found = []
    for phrase in own:
        is_top = phrase.yc < min(table_top, top + _top_share * page_height)
        label, text = _labelled(sheet, phrase)
        if label <= 0 and not is_top and phrase.yc < foot:
            continue
        for number, name in enumerate(names_in(_whole(sheet, phrase, text))):
            if _is_town(phrase, name):
                continue
            backing = _backing(sheet, phrase, name, domains, is_top=is_top) + label
            if is_top and label <= 0 and _is_like_receiver(sheet, phrase):
                backing -= _first_like_receiver if phrase is own[0] else _like_receiver
            if _is_under_larger(sheet, phrase, name):
                backing = min(backing, label)
            if not is_top and backing <= 0:
                continue
            place = (phrase.yc - top) / (_top_share * page_height) if is_top else 1.5 + (phrase.yc - foot) / page_height
            found.append(
                _Candidate(
                    name,
                    phrase,
                    backing + _looks(sheet, phrase, name) - place - 0.8 * (number > 0 and not has_form(name)),
                    backing > 0,
                )
            )
    return found


def _looks(sheet: Sheet, phrase: Phrase, name: str) -> float:
    """What a name's own letters say for it: their size, a company's form, a trade."""
    size = min(phrase.height / _usual_height(sheet, phrase), _size_max)
    letters = _letters(name)
    is_initials = len(letters) <= _logo_letters_max and not has_form(name)
    return (
        2.0 * (size - 1)
        + 1.2 * has_form(name)
        + 0.5 * (has_trade(name) and not has_form(name))
        - 2.0 * is_initials
        - 0.5 * (len(letters) < 4)
    )


def _backing(sheet: Sheet, phrase: Phrase, name: str, domains: set[str], *, is_top: bool) -> float:
    """What around a name says that the sender's address is there."""
    block = sheet.block(phrase)
    rest = phrase.bare[phrase.bare.find(folded(name)) + len(folded(name)) :] if folded(name) in phrase.bare else ""
    if not is_top and (beside := sheet.beside(phrase)):
        rest += f" {beside.bare}"
    below = "\n".join(one.bare for one in block)
    is_flush_left = all(abs(one.x0 - phrase.x0) < 0.6 * phrase.height for one in block)
    worth = 0.7 * bool(CONTACT.search(f"{rest}\n{below}"))
    worth += 0.4 * (not is_top and bool(STREET.search(below)))
    worth += 0.9 * bool(STREET.search(rest) and (POSTCODE.search(rest) or CONTACT.search(rest)))
    worth += 0.5 * (bool(POSTCODE.search(below)) and not is_flush_left)
    return worth + 1.5 * any(_is_of(name, domain) for domain in domains)


def _is_like_receiver(sheet: Sheet, phrase: Phrase) -> bool:
    """Whether a phrase heads an address that nothing sets apart: no size, no telephone, flush left."""
    block = sheet.block(phrase)
    below = "\n".join(one.bare for one in block)
    is_flush_left = all(abs(one.x0 - phrase.x0) < 0.6 * phrase.height for one in block)
    is_plain = phrase.height < _stands_out * _usual_height(sheet, phrase) and is_flush_left
    return is_plain and bool(POSTCODE.search(below)) and not CONTACT.search(f"{phrase.bare}\n{below}")


def _usual_height(sheet: Sheet, phrase: Phrase) -> float:
    """How high a name is that nothing sets apart: as the address below it, as in an envelope's window, or as most."""
    towns = [one.height for one in sheet.block(phrase) if POSTCODE.search(one.bare)]
    return max([sheet.body, *(height for height in towns if height > 0.9 * phrase.height)])


def _is_town(phrase: Phrase, name: str) -> bool:
    """Whether a postcode follows: "Santa Fe, NM 87501"."""
    rest = phrase.bare.partition(folded(name))[2]
    return bool(re.match(r",? (?:[a-z]{2} )?\d{4,5}\b|,? [a-z]{1,2}\d{1,2} \d[a-z]{2}", rest)) and not has_form(name)


def _is_under_larger(sheet: Sheet, phrase: Phrase, name: str) -> bool:
    """Whether a larger name stands right above, whose address this is rather than a name of its own."""
    above = _above(sheet, phrase)
    if above is None or above.height < _larger * phrase.height or has_form(name):
        return False
    return any(_letters(other) not in _letters(name) for other in names_in(above.text))


def _labelled(sheet: Sheet, phrase: Phrase) -> tuple[float, str]:
    """How surely a label says that the phrase names the sender, and the text less the label in it."""
    text, bare = phrase.text, phrase.bare
    if len(text) == len(bare):
        if found := _BEFORE.match(bare):
            return (-2.0 if _is_of_voyage(sheet, bare) else 3.0), text[found.end() :]
        if found := _THANKED.match(bare):
            return 2.0, _VERB.split(text[found.end() :].rstrip("!."))[0]
        if found := _FAINT_BEFORE.match(bare):
            return 0.5, text[found.end() :]
        if (found := _SIGNED.match(bare)) and phrase.yc > sheet.phrases[0].yc:
            return 0.9, text[found.end() :]
    above = _above(sheet, phrase)
    before = sheet.before(phrase)
    if above is not None and _CLOSING.match(above.bare):
        return 1.5, text
    under = sheet.below(phrase, _signature_heights)
    if has_form(text) and under is not None and _OFFICE.search(under.bare):
        return 1.2, text
    is_under = (
        above is not None and _SURE.fullmatch(unboxed(above.bare)) and abs(above.x0 - phrase.x0) < 2 * phrase.height
    )
    is_behind = before is not None and _SURE.fullmatch(unboxed(before.bare))
    if before is not None and before.text.endswith(":") and not is_behind:
        return -2.0, text
    return (3.0 if is_under or is_behind else 0.0), text


def _is_of_voyage(sheet: Sheet, bare: str) -> bool:
    """Whether "From" names a port, as where a vessel is named too."""
    return bare.startswith("from") and any(_VOYAGE.match(unboxed(phrase.bare)) for phrase in sheet.phrases)


def _above(sheet: Sheet, phrase: Phrase) -> Phrase | None:
    """The phrase that has this one for the next below it."""
    near = [one for one in sheet.phrases if 0 < phrase.yc - one.yc < 3 * phrase.height and phrase.overlap(one) > 0]
    return max(near, key=lambda one: one.yc) if near else None


def _whole(sheet: Sheet, phrase: Phrase, text: str) -> str:
    """The text, with the company's form that stands alone in the next line."""
    below = next(iter(sheet.block(phrase, 1)), None)
    if below is not None and (FORM_ONLY.fullmatch(below.bare) or (is_open(text) and not is_receiver_label(below.bare))):
        return f"{text} {below.text}"
    return text


def _is_fax_line(sheet: Sheet, phrase: Phrase, page_height: float) -> bool:
    """Whether a phrase belongs to the line that a fax machine prints at the edge: its own name, a number, "P. 1"."""
    if phrase.yc > _fax_share * page_height:
        return False
    line = next(line for line in sheet.lines if any(one is phrase for one in line))
    return any(_FAX.search(one.bare) for one in line)


def _domains(bare: str) -> set[str]:
    """The names of e-mail and web addresses, without "www" and the last part."""
    return {part for found in _DOMAIN.findall(bare) for part in found.split(".")[:-1] if len(part) >= _logo_letters_max}


def _is_of(name: str, domain: str) -> bool:
    """Whether an address is a name's: the name's words make up most of it."""
    letters = domain.replace("-", "")
    words = [
        word for word in (_letters(part) for part in _without_form(name).split()) if len(word) >= _logo_letters_max
    ]
    return _letters(name) in letters or sum(len(word) for word in words if word in letters) > 0.6 * len(letters)


def _without_form(name: str) -> str:
    bare = folded(name)
    while (cut := bare.rfind(" ")) > 0 and FORM_ONLY.fullmatch(bare[cut + 1 :].strip(" ,.()")):
        bare = bare[:cut].strip(" ,")
    return bare


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", folded(text))
