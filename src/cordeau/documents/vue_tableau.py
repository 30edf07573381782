"""The table of lines as a page lays it out: rows of ready text."""

from decimal import Decimal
from typing import TypedDict

from cordeau.documents.formats import MOINS, nombre, taux
from cordeau.documents.modele import LigneDocument, TypeLigne

#: Beyond this, a row may be cut between two pages; below, it stays whole.
LONGUEUR_SECABLE = 700
LIGNES_SECABLES = 8


class Rangee(TypedDict):
    """One row, every value already in French."""

    genre: str
    niveau: int
    numero: str
    designation: str
    description: str
    quantite: str
    unite: str
    prix: str
    remise: str
    tva: str
    montant: str
    secable: bool


def rangees(lignes: list[LigneDocument]) -> list[Rangee]:
    """Every row, in order."""
    return [_rangee(ligne) for ligne in lignes]


def avec_remise(lignes: list[LigneDocument]) -> bool:
    """Whether the table needs a column of discounts."""
    return any(ligne.remise for ligne in lignes)


def _rangee(ligne: LigneDocument) -> Rangee:
    longueur = len(ligne.designation) + len(ligne.description)
    return Rangee(
        genre=ligne.type,
        niveau=ligne.niveau,
        numero=ligne.numero,
        designation=ligne.designation,
        description=ligne.description,
        quantite=_nombre(ligne.quantite, 0),
        unite=ligne.unite,
        prix=_nombre(ligne.prix_unitaire_ht, 2),
        remise=f"{MOINS}{taux(ligne.remise)}" if ligne.remise else "",
        tva="" if ligne.taux_tva is None else taux(ligne.taux_tva),
        montant=_montant(ligne),
        secable=longueur > LONGUEUR_SECABLE or ligne.description.count("\n") > LIGNES_SECABLES,
    )


def _nombre(valeur: Decimal | None, decimales: int) -> str:
    return "" if valeur is None else nombre(valeur, decimales)


def _montant(ligne: LigneDocument) -> str:
    texte = _nombre(ligne.montant_ht, 2)
    return f"({texte})" if texte and ligne.type is TypeLigne.OPTION else texte
