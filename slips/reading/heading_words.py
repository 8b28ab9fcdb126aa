"""The words that head columns, in the languages of our suppliers, folded to lower case without accents."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "quantity": """qty qnty quantity quantities qte quantite quantites quant menge mengen anzahl stuck stueck
        stuckzahl stk aantal hoeveelheid cantidad cantidades cant qta quantita qt qtd qtde quantidade
        mnozstvo mnozstvi ilosc antal pcs pieces pces pces. piezas pezzi stuks units unidades uds unid
        nombre count ks kolicina szt pz qtity maara kogus bucati mangd mengd leveringsmengde mnogosc sztuk
        il iloscia quants qtty qnt quan kpl nbre effectif qtes uts nb kvantitet liczba copies exemplare exemplaires
        ejemplares copie exemplar kvant mge
        gte gty oty ote auflage tirage""",
    "shipped": """taken collected
        shipped shpd shp shipd ship shipment delivered deliver dlvd dlv deld supplied sent dispatched
        despatched despatch dispatch fulfilled packed picked loaded issued livre livree livrees livres lev
        gel expedie expediee expedies expediees geliefert gelief ausgeliefert lieferung entregado
        entregada entregados entregadas enviado enviada enviados enviadas servida servido servidas
        remitida suministrada spedito spedita spediti consegnata consegnato consegnati evasa evaso
        geleverd verzonden levering dodane dodano expedovane entregue fornecida fornecido invoiced
        facturee facturada now shipping levererat levererad levererade leverat leverert skickat skickad
        sant avsant wydano wydana dostarczono dostarczona wyslano aviada aviado expedida expedido spedite
        consegnate fornita fornite servies servis remis sped liv geliev ist
        wydana wydane wyslana dostarczone forn wyd iss issd enviar expedier spedire liefern leveren""",
    "now": """this today today's heute heutige aktuell aktuelle diesmal diese dieser ce cet cette jour esta este hoy
        questa questo oggi deze dit vandaag denna detta idag hoje tej dzis dzisiaj current""",
    "ordered": """ordered ordrd ord order orders ordd req reqd requested required bestellt best besteld commande
        commandee commandees cdee cde cmd pedida pedido pedidas solicitada solicitado ordinata ordinato
        ordinati encomendada objednane objednano zamowiona agreed bestallt bestalld bestilt bestalt
        zamowiono zamowione auftrag encomendado richiesta richiesto richieste ordinate ordinat commandes requis
        gewenst requisition requisitioned booked contract soll enc zam orig original
        zamowiona""",
    "later": """back backorder backordered backordrd bckord backord bo balance bal remaining remain outstanding
        outst open rest reste reliquat ruckstand ruckstandig offen pendiente pend prev previous previously
        prior already follow due short shortage cancelled canceled cancel restant arretrato residuo
        nalevering backorders unshipped reserve pendientes nachlieferung restnoterat restorder rester
        restanti falta faltas pendentes residua zalegle zaleglosc brakuje solde saldo backlog owing
        follows undelivered rupture arretrati inevaso inevasa nog ral kvar pdte resto pozostaje noch
        brak braki deja bereits schon bisher zuvor vorher reeds eerder gia juz redan tidigare tidligere allerede
        anterior anteriores precedente precedenti wczesniej poprzednio suivre cumulative kumuliert cumul cumule""",
    "noun": """item items part parts product products prod material mat stock article articles art artikel
        produkt produkte articulo articulos produto articolo articoli prodotto prodotti goods ware waren
        component components catalog catalogue cat catlg model style mfr mfg manufacturer vendor supplier
        customer cust produit marchandise tovar tovaru teil teile artigo bestell kunden lief lieferant
        buyer buyers merchandise towar towaru wyrob vara varor varunr varenr bem beni merce referens comp equipment
        hardware stuk""",
    "number": """number numbers no nr num nro numero n # code codes cod id nbr nos""",
    "id": """sku skus partno pn itemno artnr artno reference referencia riferimento ref refs referenz ean gtin
        upc mpn asin isbn pzn ndc codigo codice kod kodas clave codart plu ean13 sachnummer identnummer
        ident barcode barkod itemcode partnumber itemnumber refcode artikelnr artikelnummer varenr varunr
        varenummer indeks symbol katalog katalogowy matnr teilenr teilenummer bestnr bestellnr codprod
        itemid productcode refno catno stockcode nomenclatura""",
    "description": """description descriptions descr desc descrip designation libelle intitule descripcion concepto
        detalle denominacion omschrijving benaming descrizione denominazione descricao designacao nazov
        popis nazev opis name names title details detail
        title titel titre titulo titolo tytul service services contents content particulars
        commodity beskrivning leistung benennung text bezeichn nazwa benamning discription descriptio
        varubeskrivning varebeskrivelse artikelbenamning towaru specification spec specs nomenclature
        omschr tekst beskrivelse bezeichng artikelbez produktbez libelles natura dei
        plant plants pflanze pflanzen plante plantes planta plantas pianta piante species variety varieties sorte sorten
        cultivar variete variedad varieta""",
    "unit": """uom um unit einheit einh me unite ud unidad umis mj jm eh pack packs packaging pk per vpe
        emballage embalaje eenheid ehd ume uoms udm mesure measure unita pu/pack ve enhet enh jednostka
        miary mesures eenh
        un ea each bx""",
    "money": """price prices cost value amount amt total totals rate discount disc tax taxes ext extended
        extension preis gesamt betrag entgelt netto brutto rabatt ust mwst steuer steuersatz precio
        precios importe iva prix montant pu ht ttc tva prezzo importo sconto prijs bedrag btw korting
        preco valor desconto vat net gross eur usd gbp chf subtotal summe cena dph unitario unitaire
        unit/price dto remise ep gp gst hst pst taxable currency unitprice totale totaal sum msrp retail
        list charge charges hours hrs stunden heures horas pris belopp summa moms wartosc kwota wert
        stawka á-pris""",
    "other": """weight wt kg kgs lbs lb gewicht peso poids gew location loc bin lager lagerplatz condition risk
        serial serials sn lot lots batch charge los exp expiry expires expiration ctn ctns carton cartons
        pallet pallets plt box boxes case cases coo origin country ursprung hs hsn hts tariff customs
        zolltarif via status verified check checked whse warehouse wh po dims dimensions dimension size
        color colour notes note remarks remark comment comments bemerkung colis coli lote lotto serie
        caducidad peremption dlc date dates datum fecha data week kw eta received recd rec'd recv initials
        tracking
        lordo lorda aspetto vettore causale vol package packages pkg pkgs pkge method terms
        salesperson rep sales job project class type
        volume cbm cuft days time rma return returned reason code/date ncm cfop cst sklad udi inspector
        inspected ok hazmat mark marks signature approved schedule contract release rel suffix volumen
        pal kolli vikt waga masa gw nw lokalizacja partia seria uwagi anm anmarkning huomautus shelf aisle
        row bay slot zone hylla regal fach platz initial chk check. packer picker inspect licht signoff
        trolley trolleys
        sig colli. opak opakowanie verpackung gebinde emplacement ubicacion ubicazione locatie lagerplats
        partij bulto bultos author auteur autor autore forfattare format fmt category kategori kategorie categorie
        categoria taric intrastat""",
    "line": """line ln lin lines pos position posit posn zeile ligne linea riga lp poz seq sr sl row rang idx
        index lfd regel por por. item# srl rad radnr lfdnr posn. seqno item. stt wiersz""",
    "delivery": """package parcel delivery colis livraison paket entrega envio consegna spedizione collo levering
        remessa leverans leverering forsandelse dostawa dostawy paczka zending""",
    "glue": """zu te til att of the a an in de des du la le et der die das und and / by for to our your unsere ihre
        our's per del y e our/your est su votre notre di il your/ref je s""",
}

ENDINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"(aus|an)?ge?liefert\w*|versend\w+|versandte\w*|verpackte?\w?", ("shipped",)),
    (r"livree?s?|expediee?s?|envoyee?s?|emballee?s?|fournie?s?|servie?s?|preparee?s?", ("shipped",)),
    (r"(entreg|envi|despach|suministr|prepar|embal|empac|avi)ad[oa]s?|(serv|expe|remit|fornec)id[oa]s?", ("shipped",)),
    (r"(consegn|invi|imball|prepar)at[oaie]|(spedi|forni|forniti|evas)t?[oaie]", ("shipped",)),
    (r"gelever[dt]\w*|verzonden|verstuurde?|ingepakte?", ("shipped",)),
    (r"(ut)?leverer?[adt]+e?[rt]?|(ut)?levert|skicka[dt]e?|packa[dt]e?|pakket|sendt", ("shipped",)),
    (r"(wydan|wyslan|dostarczon|zrealizowan|spakowan)[aeoy]", ("shipped",)),
    (r"(pedi|solicita|encomenda)d[oa]s?|(ordina|richies)t[oaie]|command\w{1,4}|demandee?s?", ("ordered",)),
    (r"bestell?[dt]\w{0,2}|bestilt\w*|bestall[dt]\w*|beordra[dt]e?|gevraagde?|zamowion[aeoy]", ("ordered",)),
    (r"(ausstehend|offen|fehlend|restlich|verbleibend)\w{0,2}|rueckst\w+|manquante?s?|pendent\w+", ("later",)),
    (
        r"pendientes?|residu[oaie]|mancant[ei]|openstaand\w?|kvarvarande|aterstar|saknas|pozostal\w+|zalegl\w+",
        ("later",),
    ),
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
    (r"\w+(varde|belopp)", ("money",)),
    (r"\w+(preis|betrag|wert|prijs|bedrag|steuer|price|amount)", ("money",)),
    (r"\w*datum|\w+date|\w*gewicht|\w+gew|lager\w+|\w*nummer", ("other",)),
)
LONG_FORMS = (
    (r"\blief\.?[ -]?(?=mge|menge)", " geliefert "),
    (r"\b(this|prev|previous) dels?\b\.?", r" \1 delivered "),
    (r"\bal (?=gelever|verzond)|\bja (?=entreg|envi|exped|forn)|\bya (?=entreg|envi|serv)", " already "),
    (r"\bbest[ -]?(?:before|by)\b|\buse[ -]?by\b", " expiry "),
    (r"\b[gn]\. ?w\b\.?", " weight "),
    (r"\bcommodity (?:code|no)\b|\bcn[ -]code\b", " hs "),
    (r"\bu ?[/.] ?m\b\.?|\bj\. ?m\b\.?", " uom "),
    (r"\bq'? ?ty'?", " qty "),
    (r"\bl\. ?p\b\.?", " lp "),
    (r"\bp ?/ ?n\b", " partno "),
    (r"\bh\. ?s\b\.?|\bh\. ?t\. ?s\b\.?", " hs "),
    (r"\bs ?/ ?n\b", " serial "),
    (r"\bb ?[/.|] ?o\b\.?|\bbio\b", " backorder "),
    (r"\bno\.? ?off\b", " qty "),
    (r"n[°º]|№|\bn\.o\b", " no "),
    (r"\bq\.?(?: ?t[.a'`´]*| ?ta'?)(?![a-z])", " qta "),
    (r"\bp\.? ?u\.?(?= |$)", " pu "),
    (r"\bh\.?t\.?(?= |$)", " ht "),
    (r"\brec'd\b", " received "),
    (r"\breq'd\b", " required "),
    (r"\bdel'd\b", " delivered "),
    (r"\bo ?/ ?s\b", " outstanding "),
    (r"\bback ?- ?ord", " backord"),
)
