"""Whom a slip is for: what stands behind, below or beside "Ship to", "Kunde", "Destinatario" and their like."""

from __future__ import annotations

import re
from itertools import takewhile

from .order_labels import labels, unboxed
from .phrases import Phrase, Sheet

SENDERS = (
    r"from|ship(?:ped)? from|shipper|sold by|supplied by|supplier|seller|sender|vendor|consignor|absender|abs\.?|"
    r"lieferant|"
    r"versender|expediteur|exp\.?|fournisseur|emetteur|remitente|proveedor|emisor|mittente|fornitore|cedente|"
    r"leverancier|"
    r"afzender|remetente|fornecedor|emitente|nadawca|dostawca|sprzedawca|wystawca|avsandare|avsender|afsender|"
    r"leverantor|leverandor|verkoper|vendeur|vendedor|verkaufer|exporter|manufacturer|(?:prime )?contractor|dodavatel|"
    r"on behalf of"
)
SENDER_LABEL = rf"(?:name (?:and|&) address of )?(?:{SENDERS})(?: ?[/&] ?[a-z][a-z ]*)?"
"""A sender's label with what else the box names: "Shipper / Exporter"."""
_RECEIVERS = (
    r"(?:ship(?:ped)?|bill(?:ed)?|sold|deliver(?:ed|y)?|invoiced?|mail|charge|send|sent|consigned)[ -]to|"
    r"(?:ship(?:ping)?|bill(?:ing)?|delivery|invoice|mailing|customer) address|consignee|customer|attn|attention|"
    r"messrs|"
    r"(?:liefer|rechnungs|versand|empfanger)(?:adresse|anschrift)|\w*empfanger|kunde|besteller|"
    r"adresse (?:de |d')(?:livraison|facturation|expedition)|(?:livre|facture|expedie|adresse) a|destinataire|"
    r"(?:enviar|entregar|facturar|enviado|facturado) a|(?:direccion|domicilio|lugar) (?:de |del )?(?:entrega|envio|"
    r"facturacion|cliente)|destinatari[oa]?|spett\.?(?:le|abile)?|luogo (?:di )?(?:destinazione|consegna)|destinazione|"
    r"fatturare a|indirizzo di (?:consegna|fatturazione|spedizione)|cessionario|ver?zenden naar|"
    r"(?:aflever|factuur|leverings?|leverans|faktura|fakturerings|post)-?adress?e?n?|"
    r"adres (?:dostawy|wysylki)|odbiorca|nabywca|zamawiajacy|platnik|klient|klant|kontrahent|receptor|"
    r"(?:morada|local|endereco) (?:de )?(?:entrega|descarga|faturacao)|cliente?|mottagare|modtager|mottaker|kund|"
    r"exmo|dealer|odberatel|geadresseerde|cust|acct"
)
_LABEL = re.compile(rf"(?:{_RECEIVERS})\b|(?:an|to|for attention)\b(?: die| den| the)?[: ]*(?=$|\S)")
_LABEL_WITHIN = re.compile(rf"^(?:\w+ )?(?:{_RECEIVERS})\W*$")
_NOT_ONE = re.compile(
    r"^(?:sign|firma|conforme|customer copy|note to|to follow|to be)|\b(?:no|nr|nummer|number|id|vat)\b\.?\W*\w*$"
)
_SENDER = re.compile(rf"(?:{SENDER_LABEL})\s*(?::|$)")
_OTHERS = (
    r"vessel|ocean vessel|voyage|flight|carrier|ship(?:ped)? via|via|route|truck|driver|vehicle|port of \w+|"
    r"place of \w+|final destination|country of \w+|notify(?: party)?|also notify|(?:l/c )?(?:issuing )?bank|forwarder|"
    r"freight forwarder|frachtfuhrer|spediteur|spedition|fahrer|tour|transporteur|transporteu?r|chauffeur|vettore|"
    r"trasportatore|autista|porto|banca|banque|transportista|conductor|chofer|banco|transportadora|motorista|"
    r"vervoerder|bestuurder|expediteur de transport|przewoznik|kierowca|transportor|speditor|speditoer|dopravce|"
    r"from / to|sailing on or about"
)
_OTHER = re.compile(rf"(?:{_OTHERS})(?: ?[/&] ?[a-z][a-z ]*| (?:name|nr|no)\.?)?\s*(?::|$)")
"""The label of one who carries, is told or pays, or of a place on the way."""
_left_heights = 2.0


def receivers(sheet: Sheet) -> set[int]:
    """The ids of the phrases that name a receiver or belong to one's address."""
    found: set[int] = set()
    for phrase in sheet.phrases:
        if other := _OTHER.match(unboxed(phrase.bare)):
            found |= {id(one) for one in [phrase, *_of_other(sheet, phrase, other.end())]}
        if is_receiver_label(phrase.bare) and not labels(phrase.text):
            found |= {id(one) for one in [phrase, *_named_by(sheet, phrase)]}
    return found


def _of_other(sheet: Sheet, label: Phrase, end: int) -> list[Phrase]:
    """What a label of another party names, where nothing stands behind it: beside it or right below."""
    if unboxed(label.bare)[end:].strip():
        return []
    near = [sheet.below(label), sheet.beside(label)]
    return [one for one in near if one is not None and not is_receiver_label(one.bare) and not _SENDER.match(one.bare)]


def is_receiver_label(bare: str) -> bool:
    bare = unboxed(bare)
    return bool((_LABEL.match(bare) or _LABEL_WITHIN.match(bare)) and not _NOT_ONE.search(bare))


def _named_by(sheet: Sheet, label: Phrase) -> list[Phrase]:
    found = _address_of(sheet, label)
    number = re.search(r"[a-z.#:] ?\d+$", label.bare)
    name = sheet.beside(label) if number else None  # "CUST 011819   PELICAN'S GRILL"
    return [*found, name] if name is not None and not labels(name.text) else found


def _address_of(sheet: Sheet, label: Phrase) -> list[Phrase]:
    """The phrases of the address under a label; beside it where nothing stands below."""
    below = _until_sender(
        [one for one in sheet.block(label) if abs(one.x0 - label.x0) < _left_heights * max(label.height, one.height)]
    )
    if (below and not is_receiver_label(below[0].bare)) or label.bare.partition(":")[2].strip():
        return below
    beside = sheet.beside(label)
    if beside and not re.search(r"[a-z]", beside.bare):
        beside = sheet.beside(beside)  # the receiver's number stands between
    if beside is None or is_receiver_label(beside.bare) or _SENDER.match(beside.bare):
        return []
    return _until_sender([beside, *sheet.block(beside)])


def _until_sender(block: list[Phrase]) -> list[Phrase]:
    return list(takewhile(lambda one: not _SENDER.match(one.bare), block))
