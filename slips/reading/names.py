"""What may be a sender's name, and how much of a printed text it is."""

from __future__ import annotations

import re

from .order_labels import labels
from .ship_date import is_date_label
from .vocabulary import folded, heading

_FORMS = (
    r"inc|incorporated|l\.?l\.?c|l\.?t\.?d|limited|ltda|lda|[gd]?mbh|a\.?g|k\.?g|kgaa|ohg|ug|gbr|e\. ?kfm|e\. ?[kgv]|"
    r"ek|eg|corp|corporation|co|company|p\.?l\.?c|pty|pvt|llp|s\.?a\.?r\.?l|s\.?a\.?s\.?u?|s\.?a|eurl|s\.?n\.?c|"
    r"s\.?a\.? de c\.?v|s\.? ?de r\.? ?l\.?(?: de c\.?v)?|"
    r"s\.?p\.?a|s\.?r\.?l\.?s?|s\.?l\.?u?|s\.? ?coop|c\.?b|b\.?v|n\.?v|v\.?o\.?f|oyj?|ab|a\.?s|a/s|aps|asa|hb|i/s|"
    r"sp\.? ?z ?[o0]\.? ?[o0]|spolka z [o0]\.? ?[o0]|sp\.? ?[jk]|s\.?j|s\.?c|s\.? ?r\.? ?o|kft|zrt|d\.?o\.?o|s\.r\.i"
)
_FORM = re.compile(
    rf"(?:^|[\s,&(])(?:{_FORMS})\.?(?=[\s,:;)]|$)\)?|^(?:sarl|sas|ets|etablissements|societe|f\.?h\.?u|p\.?h\.?u|pphu)\b"
)
FORM_ONLY = re.compile(rf"(?:(?:{_FORMS})\.?[\s,&]*)+")
"""Nothing but a company's form: it ends a name, from whatever the name is parted."""
_OPEN_FORM = re.compile(r"(?:\bsp\.? ?z|\bspolka z|&|\bco\.?,)$")
_TRADES = re.compile(
    r"\b(?:group|suppl(?:y|ies)|industr\w+|components|distribu\w+|technik|handel\w*|fils|sons?|sohn|bros|works?|"
    r"fratelli|f\.lli|"
    r"trading|traders|imports|services|wholesale|tools|versand|hurtownia|groothandel|grossist\w*|suministros|negoce|"
    r"ferragens|ferreteria|quincaillerie|kwekerij|company|manufactur\w+|mfg|products|electronics|medical|pharma)\b"
)
_TITLE_WORDS = (
    r"packing|packlist|slip|packliste|list|delivery|note|invoice|order|shipper|shipment|shipping|lieferschein|rechnung|"
    r"warenbegleitschein|packzettel|versandliste|lieferliste|bon|livraison|facture|colisage|bordereau|albaran|factura|"
    r"documento|trasporto|ddt|nota|entrega|bolla|consegna|specyfikacja|wysylkowa|wydanie|wz|pakbon|guia|remessa|"
    r"romaneio|carga|fattura|fatura|contents|dispatch|despatch|goods|page|seite|receipt|factuur|kopie|copie|copia|"
    r"statement|quote|copy|original|duplicate|reprint|ticket|tax|proforma|consignment|manifest|verzendnota|bill of|"
    r"foljesedel|folgeseddel|pakkeseddel|pakkseddel|leveranse|docket|advice|challan|certificate|collection|"
    r"date|phone|tel|fax|www|ship to|bill to|sold to|carrier|via|wh/out|po|address|adresse|magazyn|thank you|details"
)
_TITLE = re.compile(rf"\b(?:{_TITLE_WORDS})\b")
_TITLES_FIRST = re.compile(rf"^(?:(?!via\b)(?:{_TITLE_WORDS})\b[\s:/]*(?:(?:de|di|da)\b\s*)?)+")
_PLACE = re.compile(
    r"^(?:warehouse|lager|depot|dock|unit|magazzino|almacen|werk|tor|halle)\b|\b(?:stores?|warehouse|lager|"
    r"depot)(?: ?\d+| \w\d*)?$"
)
_ROAD = re.compile(
    r"^\d{1,5}[a-z]? .*\b(?:street|st|drive|dr|road|rd|avenue|ave|lane|blvd|boulevard|way|parkway|pkwy)\b\.?$|"
    r"(?:strasse|str\.|straat|gatan|vagen|gade|vej|weg|allee|platz|wall) ?\d{1,4} ?[a-z]?$|"
    r"^(?:rue|via|viale|corso|calle|c/|ctra|carretera|poligono|pol\.|avenida|avda|av\.|ul\.|os\.|ulica|rua|estrada|"
    r"plaza|paseo|blvd\.?|"
    r"piazza|quartier|place|quai|route|zone|zona|zi|za|p\.? ?o\.? box)[ .]|"
    r"^(?:hwy|highway|rt|rte|route|state road|county road|us|i|fm|cr|sr)[ -]\d"
)
_STATES = (
    "AL AK AZ AR CA CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA "
    "RI SC SD TN TX UT VT VA WA WV WI WY NSW VIC QLD TAS ON QC BC AB"
)
_BOXED = re.compile(r"\(\d{1,3}\)|\d{1,2}[.)] ")
"""The number of a form's box, behind which a label stands."""
_TOWN = re.compile(rf"[A-Za-z.' -]+ (?:{_STATES.replace(' ', '|')})$|.*\b[A-Z]{{1,2}}\d[A-Z\d]? ?\d[A-Z]{{2}}$")
"""A town with its state or postcode: "DULUTH MN", "Hull HU1 2DP"."""
STREET = re.compile(
    r"(?:^|[,·|–—-] ?)\d{1,5}[a-z]? [a-z]|[a-z.] \d{1,5} ?[a-z]?(?:$|[,·|/ ])|"
    r"\b(?:street|drive|road|avenue|lane|strasse|straat|rue|via|calle|ul|rua)\b"
)
POSTCODE = re.compile(
    r"(?:^|[\s,])(?:[a-z]{1,2}-)?\d{2}[ -]?\d{2,3}[ ,]+[a-z]{2}|\b[a-z]{2} \d{5}\b|"
    r"\b[a-z]{1,2}\d[a-z\d]? \d[a-z\d]{2}\b|"
    r"\b\d{4} ?[a-z]{2}\b|\b\d{4}-\d{3}\b|\b[a-z]+ \d{4,6}$"
)
"""A postcode with its town: "20457 hamburg", "flagstaff, az 86001", "s1 2ab"."""
CONTACT = re.compile(
    r"\b(?:tel|phone|ph|fax|tfno|telefono?|telefon|telephone|www|e-?mail|vat|ust-?id\w*|tva|p\.? ?iva|n\.?i\.?[fp]|"
    r"c\.?i\.?f|"
    r"kvk|btw|cvr|siret|siren|rcs|org\.? ?nr|abn|gstin|cnpj|registered|reg|handelsregister|amtsgericht|hr[ab]|"
    r"contribuinte|"
    r"steuer|capital|geschaftsfuhrer)\b|@|\+\d{2}|\(\d{3}\) ?\d{3}|\b0\d{2,4}[ /-]\d{3}|"
    r"\b\d{3}[ .-]\d{3}[ .-]\d{4}\b|\b0\d(?:[ .]\d{2}){4}\b"
)
_JOINT_WORDS = (
    "de du des la le les et d l di da do dos das del della e y i und zu zum zur von van der den het en og och of the "
    "and for in am im an na w z sp o.o. & + a s c sur sous"
)
_JOINTS = frozenset(_JOINT_WORDS.split(" "))
"""Words that join a name's other words, in small letters."""
_PARTS = re.compile(r"\s+[—–|-]\s+|\s*[·•|]\s*|;\s+|\s+/\s+")
_TRADING_AS = re.compile(r" (?:is|are) (?:a|the) (?:trading|business|division|brand|part|member|registered)\b")
_MORE = re.compile(r"[:#]|\d")
_BEHIND_NAME = re.compile(
    rf"(?<=\w),? (?:[-–] )?(?={_TITLE.pattern}|\d{{1,5}}[a-z]? [a-z]|(?:ship|bill|sold|deliver) to\b)"
)
_SET_APART = re.compile(r"(?<!\w)(?:\w ){2,}\w(?!\w)")
_ORNAMENT = re.compile(r"^[^\w(\"„“«]+|[\s,;:|·•*=_~<>-]+$")
_NUMBERED = re.compile(r"^\d{1,5}[a-z]? ?[a-z]|[a-z.] \d{1,5} ?[a-z]?$")
_SINCE = re.compile(
    r"\b(?:since|seit|depuis|desde|dal|sedan|od|est\.?) \d{4}|^(?:inh|dear|sehr|geachte|attn|mr|mrs|frau|herr|messrs|"
    r"clerk|cashier|driver|picker|packer|buyer|salesman|salesperson|operator|"
    r"(?:picked|checked|served|signed|received) by)\b"
)
_DOMAIN = re.compile(r"^\S+\.[a-z]{2,8}(?:/\S*)?$")
_words_max = 8
_letters_min = 3
_digit_share_max = 0.2


def has_form(name: str) -> bool:
    """Whether a company's form stands in the name: "GmbH", "S.L.", "Pty Ltd"."""
    return bool(_FORM.search(folded(name)))


def has_trade(name: str) -> bool:
    return bool(_TRADES.search(folded(name)))


def is_street(text: str) -> bool:
    return bool(_ROAD.search(folded(text)))


def is_open(text: str) -> bool:
    """Whether a name must go on in the next line: "Sp. z", "Pumpen &"."""
    return bool(_OPEN_FORM.search(folded(text)))


def names_in(text: str) -> list[str]:
    """The parts of a text that may be a name, each without the street, number or title around it."""
    parts = [_first(part) for part in _PARTS.split(_TRADING_AS.split(text)[0])]
    return [name for part in parts if is_name(name := _bare_name(part))]


def is_name(text: str) -> bool:
    """Whether a text may be a sender's name rather than a title, a label, a street or a sentence."""
    joined = _SET_APART.sub(lambda found: found.group().replace(" ", ""), text)
    bare = folded(joined)
    words = bare.split()
    if len(re.sub(r"[\W\d_]", "", bare)) < _letters_min or not 0 < len(words) <= _words_max:
        return False
    if re.search(r"[:@]", text) or sum(char.isdigit() for char in text) > _digit_share_max * len(text):
        return False
    if re.match(r"\d{3,5} [a-z]{2}\b", bare) or (not has_form(text) and (_NUMBERED.search(bare) or labels(text))):
        return False
    if (
        any(pattern.search(bare) for pattern in (_ROAD, _SINCE, _PLACE))
        or _DOMAIN.match(bare)
        or FORM_ONLY.fullmatch(bare)
    ):
        return False
    if (
        re.search(rf"\b(?:{_TITLE_WORDS})", re.sub(r"[^a-z]", "", bare))
        and len(bare.split()) > 2
        and _SET_APART.search(text)
    ):
        return False
    if _BOXED.match(text) or (_TOWN.match(text.strip()) and not has_form(text)):
        return False
    if _is_prose(joined) or is_date_label(bare):
        return False
    meaning = heading(text)
    is_heading = bool(meaning.roles) and meaning.known == 1
    return has_form(text) or not (_TITLE.search(bare) or is_heading)


def _is_prose(text: str) -> bool:
    """Whether a text is a sentence or a phrase: most of a name's words begin with a capital."""
    words = [word for word in re.findall(r"[^\W\d_][\w'’.&-]*", text) if folded(word) not in _JOINTS]
    small = sum(word[0].islower() for word in words)
    return small > 0 and len(words) > 1 and small >= 0.5 * len(words)


def _first(text: str) -> str:
    """What stands before the first comma; "Co., Ltd." belongs to the name."""
    name, *parts = re.split(r",\s*", text.strip())
    for part in parts:
        if not FORM_ONLY.fullmatch(folded(part)):
            break
        name += f", {part}"
    return name


def _bare_name(text: str) -> str:
    """The name without ornament, the title before it, and the order, telephone or street behind it."""
    text = _ORNAMENT.sub("", text)
    bare = folded(text)
    if len(bare) == len(text):
        if (title := _TITLES_FIRST.match(bare)) and len(bare[title.end() :].split()) > 1:
            text, bare = text[title.end() :], bare[title.end() :]
        if end := _end_of_form(bare):
            text, bare = text[:end], bare[:end]
        ends = [found.start() for found in _BEHIND_NAME.finditer(bare) if _MORE.search(text[found.start() :])]
        if ends and len(text[: ends[0]].split()) > 1:
            text = text[: ends[0]]
    return _ORNAMENT.sub("", text).strip()


def _end_of_form(bare: str) -> int:
    """Where a company's form ends that an address follows without a comma; 0 if none does."""
    for found in _FORM.finditer(bare):
        rest = bare[found.end() :].strip(" ,.")
        if found.start() > 0 and re.search(r"\d", rest) and not re.match(rf"(?:& )?(?:{_FORMS})\b", rest):
            return found.end()
    return 0


def as_printed(name: str) -> str:
    """The name with the form's letters that optical reading mistakes set right: "S.r.I.", "Sp. z 0.o."."""
    name = re.sub(r"(?i)(?<=\bs\.r\.)[I1|](?=\.?$)", "l", name)
    name = re.sub(r"(?<=\bS\.)[I1|](?=\.?$)", "L", name)
    name = re.sub(r"(?i)(?<=\bz )[0o]\.? ?[0o]\.?$", "o.o.", name)
    name = re.sub(r"(\w{4,})\.?[.,] ?(?=(?:[A-Z]\.){1,2}[A-Z]?\.?$)", r"\1, ", name)
    name = re.sub(r" 8\.V\.?$", " B.V.", name)
    return re.sub(r"(?<=[ .])([A-Za-z]\.[A-Z])$", r"\1.", name)
