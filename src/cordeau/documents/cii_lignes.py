"""Lines of the e-invoice (BG-25): the rows that bill, each with its lot and its discount."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from cordeau.documents.cii_xml import Noeud, court, decimal, noeud, somme
from cordeau.documents.errors import RenduImpossibleError
from cordeau.documents.formats import nombre
from cordeau.documents.modele import CategorieTva, Document, LigneDocument, TypeLigne
from cordeau.documents.montants import arrondir

#: UNTDID 5189: discount.
CODE_REMISE = "95"
_FACTURABLES = (TypeLigne.LIGNE, TypeLigne.DEDUCTION)


@dataclass(frozen=True, slots=True)
class Poste:
    """A row that bills, the lots that hold it and the texts printed just above it."""

    ligne: LigneDocument
    lots: tuple[str, ...] = ()
    textes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tableau:
    """What the table of a document becomes: lines, and remarks for its notes."""

    postes: list[Poste]
    remarques: list[str]


def lire(document: Document) -> Tableau:
    """Sort the rows: priced ones bill, free ones become remarks, options are left out.

    A price of zero cannot be a line (BR-FR-DEC-03 asks for a price above zero).
    """
    postes: list[Poste] = []
    remarques: list[str] = []
    lots: list[str] = []
    textes: list[str] = []
    for ligne in document.lignes:
        if ligne.type is TypeLigne.LOT:
            lots[ligne.niveau :] = [court(f"{ligne.numero} {ligne.designation}")]
        elif ligne.type is TypeLigne.TEXTE:
            textes.append("\n".join(filter(None, (ligne.designation, ligne.description))))
        elif ligne.type in _FACTURABLES and ligne.prix_unitaire_ht:
            postes.append(Poste(ligne, tuple(lots[: ligne.niveau]), tuple(textes)))
            textes.clear()
        elif ligne.type in _FACTURABLES:
            remarques.append(_sans_prix(ligne))
    return Tableau(postes, remarques + textes)


def _sans_prix(ligne: LigneDocument) -> str:
    if ligne.montant_ht:
        message = f"« {ligne.designation} » : un montant sans prix unitaire."
        raise RenduImpossibleError(message)
    quantite = f" ({nombre(ligne.quantite, 0)} {ligne.unite})" if ligne.quantite else ""
    return f"Sans supplément : {court(ligne.designation)}{quantite}"


def lignes(document: Document, postes: Iterable[Poste]) -> list[Noeud | None]:
    """The lines, numbered from 1."""
    return [_ligne(document, rang, poste) for rang, poste in enumerate(postes, start=1)]


def _ligne(document: Document, rang: int, poste: Poste) -> Noeud | None:
    ligne = poste.ligne
    quantite = Decimal(1) if ligne.quantite is None else ligne.quantite
    return noeud(
        "ram:IncludedSupplyChainTradeLineItem",
        noeud(
            "ram:AssociatedDocumentLineDocument",
            noeud("ram:LineID", str(rang)),
            noeud("ram:IncludedNote", noeud("ram:Content", "\n".join(poste.textes))),
        ),
        _produit(poste),
        noeud(
            "ram:SpecifiedLineTradeAgreement",
            noeud(
                "ram:NetPriceProductTradePrice",
                noeud("ram:ChargeAmount", decimal(ligne.prix_unitaire_ht or Decimal(0))),
            ),
        ),
        noeud(
            "ram:SpecifiedLineTradeDelivery",
            noeud("ram:BilledQuantity", decimal(quantite), unitCode=ligne.code_unite),
        ),
        _reglement(document, ligne, quantite),
    )


def _produit(poste: Poste) -> Noeud | None:
    ligne = poste.ligne
    return noeud(
        "ram:SpecifiedTradeProduct",
        noeud("ram:Name", court(ligne.designation) or "Sans désignation"),
        noeud("ram:Description", ligne.description),
        _caracteristique("Repère", ligne.numero),
        _caracteristique("Lot", " / ".join(poste.lots)),
    )


def _caracteristique(nom: str, valeur: str) -> Noeud | None:
    """An attribute of the item (BG-32): both parts or nothing (BR-54)."""
    if not court(valeur):
        return None
    return noeud(
        "ram:ApplicableProductCharacteristic",
        noeud("ram:Description", nom),
        noeud("ram:Value", court(valeur)),
    )


def _reglement(document: Document, ligne: LigneDocument, quantite: Decimal) -> Noeud | None:
    categorie, taux = categorie_tva(document, ligne)
    net = ligne.montant_ht or Decimal(0)
    brut = arrondir(quantite * (ligne.prix_unitaire_ht or Decimal(0)))
    return noeud(
        "ram:SpecifiedLineTradeSettlement",
        noeud(
            "ram:ApplicableTradeTax",
            noeud("ram:TypeCode", "VAT"),
            noeud("ram:CategoryCode", categorie),
            noeud("ram:RateApplicablePercent", decimal(taux)),
        ),
        _ecart(brut, net, ligne.remise),
        noeud(
            "ram:SpecifiedTradeSettlementLineMonetarySummation",
            noeud("ram:LineTotalAmount", somme(net)),
        ),
    )


def _ecart(brut: Decimal, net: Decimal, remise: Decimal) -> Noeud | None:
    """From quantity × price to the line's amount: a discount (BG-27) or a rounding (BG-28)."""
    if brut == net:
        return None
    majoration = net > brut
    consentie = bool(remise) and not majoration
    return noeud(
        "ram:SpecifiedTradeAllowanceCharge",
        noeud("ram:ChargeIndicator", noeud("udt:Indicator", "true" if majoration else "false")),
        noeud("ram:CalculationPercent", decimal(remise) if consentie else None),
        noeud("ram:BasisAmount", somme(brut) if consentie else None),
        noeud("ram:ActualAmount", somme(abs(brut - net))),
        noeud("ram:ReasonCode", CODE_REMISE if consentie else None),
        noeud("ram:Reason", "Remise" if consentie else "Arrondi"),
    )


def categorie_tva(document: Document, ligne: LigneDocument) -> tuple[CategorieTva, Decimal]:
    """VAT category and rate of a row, as the VAT table of the document has them."""
    if document.autoliquidation:
        return CategorieTva.AE, Decimal(0)
    for tva in document.tva:
        if ligne.taux_tva is None or tva.taux == ligne.taux_tva:
            return tva.categorie, tva.taux
    message = f"« {ligne.designation} » : taux de TVA absent du récapitulatif."
    raise RenduImpossibleError(message)
