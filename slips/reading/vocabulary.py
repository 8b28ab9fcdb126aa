"""The words that head the columns of a slip, in the languages of our suppliers, and what a heading's words make it.

A heading is judged word by word, not as a phrase, so that "Shipped Qty (EA)" and "Qty. shipped" are the same thing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

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


_WORDS: dict[str, str] = {
    "quantity": """qty qnty quantity quantities qte quantite quantites quant menge mengen anzahl stuck stueck stuckzahl
        stk aantal hoeveelheid cantidad cantidades cant qta quantita qt qtd qtde quantidade mnozstvo mnozstvi ilosc
        antal pcs pieces pces pces. piezas pezzi stuks units unidades uds unid nombre count ks kolicina szt pz qtity
        maara kogus bucati
        mangd mengd leveringsmengde mnogosc sztuk szt il iloscia quants qtty qnt quan kpl nbre effectif qtes uts""",
    "shipped": """shipped shpd shp shipd ship shipment delivered deliver dlvd dlv deld supplied sent dispatched
        despatched despatch dispatch fulfilled packed picked loaded issued livre livree livrees livres lev gel expedie expediee
        expedies expediees geliefert gelief ausgeliefert lieferung entregado entregada entregados entregadas enviado
        enviada enviados enviadas servida servido servidas remitida suministrada spedito spedita spediti consegnata
        consegnato consegnati evasa evaso geleverd verzonden levering dodane dodano expedovane entregue fornecida
        fornecido invoiced facturee facturada now
        shipping levererat levererad levererade leverat leverert skickat skickad sant avsant wydano wydana dostarczono dostarczona wyslano aviada aviado expedida expedido enviadas spedite spediti consegnate fornita fornite servies servis remis sped liv geliev""",
    "ordered": """ordered ordrd ord order orders ordd req reqd requested required bestellt best besteld commande commandee
        commandees cdee cde cmd pedida pedido pedidas solicitada solicitado ordinata ordinato ordinati encomendada
        objednane objednano zamowiona agreed
        bestallt bestalld bestilt bestalt zamowiono zamowione encomendado pedidas solicitado richiesta richiesto richieste ordinate ordinat commandees commandes requis gewenst requisition requisitioned booked contract""",
    "later": """back backorder backordered backordrd bckord backord bo balance bal remaining remain outstanding outst
        open rest reste reliquat ruckstand ruckstandig offen pendiente pend prev previous previously prior already
        follow due short shortage cancelled canceled cancel restant arretrato residuo nalevering backorders unshipped
        reserve pendientes nachlieferung
        restnoterat restorder rester restanti falta faltas pendentes residua zalegle zaleglosc brakuje solde saldo backlog owing follows undelivered rupture arretrati inevaso inevasa nog""",
    "noun": """item items part parts product products prod material mat stock article articles art artikel produkt
        produkte articulo articulos produto articolo articoli prodotto prodotti goods ware waren component components
        catalog catalogue cat catlg model style mfr mfg manufacturer vendor supplier customer cust produit marchandise
        tovar tovaru teil teile artigo bestell kunden lief lieferant merchandise
        towar towaru wyrob vara varor varunr varenr bem beni merce referens comp equipment hardware stuk""",
    "number": """number numbers no nr num nro numero n # code codes cod id nbr nos""",
    "id": """sku skus partno pn itemno artnr artno reference referencia riferimento ref refs referenz ean gtin upc mpn
        asin isbn pzn ndc codigo codice kod kodas clave codart plu ean13 sachnummer identnummer ident barcode barkod
        itemcode partnumber itemnumber refcode
        artikelnr artikelnummer varenr varunr varenummer indeks symbol katalog katalogowy matnr teilenr teilenummer bestnr bestellnr codart codprod itemid productcode refno catno stockcode nomenclatura""",
    "description": """description descriptions descr desc descrip designation libelle intitule descripcion concepto
        detalle denominacion omschrijving benaming descrizione denominazione descricao designacao nazov popis nazev opis
        name names title details detail service services contents content particulars commodity beskrivning leistung
        benennung text bezeichn nazwa benamning discription descriptio
        benamning varubeskrivning varebeskrivelse artikelbenamning towaru opis specification spec specs nomenclature omschr tekst beskrivelse bezeichng artikelbez produktbez libelles natura dei""",
    "unit": """uom um unit einheit einh me unite ud unidad umis mj jm eh pack packs packaging pk per vpe emballage
        embalaje eenheid ehd ume uoms udm mesure measure unita pu/pack ve
        enhet enh jednostka miary mesures eenh""",
    "money": """price prices cost value amount amt total totals rate discount disc tax taxes ext extended extension
        preis gesamt betrag entgelt netto brutto rabatt ust mwst steuer steuersatz precio precios importe iva prix
        montant pu
        ht ttc tva prezzo importo sconto prijs bedrag btw korting preco valor desconto vat net gross eur usd gbp chf
        subtotal summe cena dph unitario unitaire unit/price dto remise ep gp gst hst pst taxable currency unitprice
        totale totaal sum msrp retail list charge charges
        hours hrs stunden heures horas pris belopp summa moms wartosc cena kwota wert stawka""",
    "other": """weight wt kg kgs lbs lb gewicht peso poids gew location loc bin lager lagerplatz condition risk serial
        serials sn lot lots batch charge los exp expiry expires expiration ctn ctns carton cartons pallet pallets plt
        box boxes case cases coo origin country ursprung hs hsn hts tariff customs zolltarif via status verified check
        checked whse warehouse wh po dims dimensions dimension size color colour notes note remarks remark comment
        comments bemerkung colis coli lote lotto serie caducidad peremption dlc date dates datum fecha data week kw eta
        received recd rec'd recv initials tracking package packages pkg pkgs pkge method terms salesperson rep sales
        job project class type volume cbm cuft days time rma return returned reason code/date ncm cfop cst sklad udi
        inspector inspected ok hazmat un mark marks signature approved schedule contract release rel suffix volumen
        pal kolli
        vikt waga masa gw nw lokalizacja partia seria uwagi anm anmarkning huomautus shelf aisle row bay slot zone hylla regal fach platz initial chk check. packer picker checked inspect licht signoff sig colli. opak opakowanie verpackung gebinde""",
    "line": """line ln lin lines pos position posit posn zeile ligne linea riga lp poz seq sr sl row rang idx index
        lfd regel por por. item# srl
        rad radnr lfdnr posn. seqno item. stt wiersz""",
    "glue": """of the a an in de des du la le et der die das und and / by for to this our your unsere ihre our's per
        del y e our/your est su votre notre di il per your/ref je s""",
}

_ENDINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"(liefer|ist|versand|ausliefer|gelief\w*)-?mengen?", ("shipped", "quantity")),
    (r"(bestell?|auftrags|soll|order)-?mengen?", ("ordered", "quantity")),
    (r"(rest|ruckstands?|offene?|fehl)-?mengen?", ("later", "quantity")),
    (r"\w*mengen?|\w*anzahl|\w+aantal", ("quantity",)),
    (r"mengen?einheit|\w*einheit|\w+eenheid", ("unit",)),
    (
        r"(artikel|material|teile?|sach|produkt|waren|product|bestell|ident|art|mat|item|part|stock)-?(nummer|nr|no|num|code)",
        ("id",),
    ),
    (r"(auftrags|liefer\w*|rechnungs|kunden|order|serien|chargen)-?(nummer|nr)", ("other",)),
    (r"\w+(bezeichnung|beschreibung|omschrijving)|bezeichnung|beschreibung", ("description",)),
    (r"\w+(preis|betrag|wert|prijs|bedrag|steuer|price|amount)", ("money",)),
    (r"\w*datum|\w+date|\w*gewicht|\w+gew|lager\w+|\w*nummer", ("other",)),
)
_LONG_FORMS = (
    (r"\bu ?[/.] ?m\b\.?|\bj\. ?m\b\.?", " uom "),
    (r"\bq'? ?ty'?", " qty "),
    (r"\bl\. ?p\b\.?", " lp "),
    (r"\bp ?/ ?n\b", " partno "),
    (r"\bs ?/ ?n\b", " serial "),
    (r"\bb ?[/.] ?o\b\.?", " backorder "),
    (r"n[°º]|№|\bn\.o\b", " no "),
    (r"\bq\.?(?: ?t[.a'`´]*| ?ta'?)(?![a-z])", " qta "),
    (r"\bp\.? ?u\.?(?= |$)", " pu "),
    (r"\bh\.?t\.?(?= |$)", " ht "),
    (r"\brec'd\b", " received "),
    (r"\breq'd\b", " required "),
    (r"\bback ?- ?ord", " backord"),
)


def heading(text: str) -> Heading:
    """What the heading `text` may mean; no roles if it is none that we know."""
    return _heading(folded(text))


@lru_cache(20_000)
def _heading(text: str) -> Heading:
    tokens = _tokens(text)
    if not tokens:
        return Heading((), 0.0)
    kinds = [_kinds(token) for token in tokens]
    telling = [kind for kind, token in zip(kinds, tokens, strict=True) if kind != {"glue"}]
    known = sum(bool(kind) for kind in telling) / max(1, len(telling))
    present = set().union(*kinds)
    if known < 0.5 or not telling:
        return Heading((), known)
    return Heading(_roles(set(tokens), present), known)


def is_number_word(text: str) -> bool:
    """Whether the text is only "No.", "Nr.", "#" or "Code": it goes with the word before it."""
    return all("number" in _kinds(token) for token in _tokens(folded(text)))


def _tokens(text: str) -> list[str]:
    for pattern, word in _LONG_FORMS:
        text = re.sub(pattern, word, text)
    return re.findall(r"[a-zß]+[0-9]*|#|\d+", text)


@lru_cache(20_000)
def _kinds(token: str) -> frozenset[str]:
    found = {kind for kind, words in _vocabulary().items() if token in words}
    if not found:
        for pattern, kinds in _ENDINGS:
            if re.fullmatch(pattern, token):
                return frozenset(kinds)
    if not found and len(token) >= 5:
        found = _nearly(token) or _run_together(token)
    return frozenset(found)


@cache
def _vocabulary() -> dict[str, frozenset[str]]:
    return {kind: frozenset(words.split()) for kind, words in _WORDS.items()}


def _nearly(token: str) -> set[str]:
    """The kinds of words that differ from `token` by one letter, as optical reading makes them differ."""
    return {kind for variant in _shortened(token) for kind in _near_index().get(variant, ())}


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


def _run_together(token: str) -> set[str]:
    """The kinds of two known words that were read as one."""
    for cut in range(3, len(token) - 2):
        first, second = _exactly(token[:cut]), _exactly(token[cut:])
        if first and second:
            return first | second
    return set()


def _exactly(token: str) -> set[str]:
    kinds = {kind for kind, words in _vocabulary().items() if token in words and kind != "glue"}
    return kinds or {kind for pattern, kinds in _ENDINGS if re.fullmatch(pattern, token) for kind in kinds}


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


def _roles(tokens: set[str], kinds: set[str]) -> tuple[Role, ...]:
    """The rules of precedence between the words of one heading."""
    is_number = "number" in kinds
    is_date = bool(tokens & {"date", "datum", "fecha", "data", "eta", "week", "kw"})
    if is_date or (tokens & {"note", "slip", "ticket", "list", "address", "docket"} and "quantity" not in kinds):
        return ("other",)
    if tokens & {"via", "method", "terms", "tracking", "salesperson"}:
        return ("other",)
    if "money" in kinds and "quantity" not in kinds and not ({"total"} == tokens & {"total"} and "shipped" in kinds):
        return ("money",)
    if "quantity" in kinds and tokens & {"price", "preis", "prix", "precio", "prezzo", "prijs", "cena"}:
        return ("money",)
    if "later" in kinds and not is_number:
        return ("later",)
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
    if is_number:
        return ("line", "id")
    return ("other",) if "other" in kinds else ()
