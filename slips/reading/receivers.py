"""Whom a slip is for: what stands behind, below or beside "Ship to", "Kunde", "Destinatario" and their like."""

from __future__ import annotations

import re
from itertools import takewhile

from .order_labels import labels
from .phrases import Phrase, Sheet

SENDERS = (
    r"from|ship(?:ped)? from|shipper|sold by|supplied by|supplier|seller|sender|vendor|consignor|absender|abs\.?|"
    r"lieferant|"
    r"versender|expediteur|exp\.?|fournisseur|emetteur|remitente|proveedor|emisor|mittente|fornitore|cedente|"
    r"leverancier|"
    r"afzender|remetente|fornecedor|emitente|nadawca|dostawca|sprzedawca|wystawca|avsandare|avsender|afsender|"
    r"leverantor|leverandor|verkoper|vendeur|vendedor|verkaufer|exporter|manufacturer|on behalf of"
)
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
    r"exmo|dealer"
)
_LABEL = re.compile(rf"(?:{_RECEIVERS})\b|(?:an|to|for attention)\b(?: die| den| the)?[: ]*(?=$|\S)")
_LABEL_WITHIN = re.compile(rf"^(?:\w+ )?(?:{_RECEIVERS})\W*$")
_NOT_ONE = re.compile(
    r"^(?:sign|firma|conforme|customer copy|note to|to follow|to be)|\b(?:no|nr|nummer|number|id|vat)\b\.?\W*\w*$"
)
_SENDER = re.compile(rf"(?:{SENDERS})\s*(?::|$)")
_left_heights = 2.0


def receivers(sheet: Sheet) -> set[int]:
    """The ids of the phrases that name a receiver or belong to one's address."""
    found: set[int] = set()
    for phrase in sheet.phrases:
        if is_receiver_label(phrase.bare) and not labels(phrase.text):
            found |= {id(one) for one in [phrase, *_named_by(sheet, phrase)]}
    return found


def is_receiver_label(bare: str) -> bool:
    return bool((_LABEL.match(bare) or _LABEL_WITHIN.match(bare)) and not _NOT_ONE.search(bare))


def _named_by(sheet: Sheet, label: Phrase) -> list[Phrase]:
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
