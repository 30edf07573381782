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
    #: Whether a lot stands as a header over the rows below it. One that holds none is a plain row:
    #: Typst 0.15 panics on a header that another one replaces at once.
    tete: bool


def rangees(lignes: list[LigneDocument]) -> list[Rangee]:
    """Every row, in order."""
    suivantes = [*lignes[1:], None]
    return [_rangee(ligne, suivante) for ligne, suivante in zip(lignes, suivantes, strict=True)]


def avec_remise(lignes: list[LigneDocument]) -> bool:
    """Whether the table needs a column of discounts."""
    return any(ligne.remise for ligne in lignes)


def _rangee(ligne: LigneDocument, suivante: LigneDocument | None) -> Rangee:
    longueur = len(ligne.designation) + len(ligne.description)
    secable = longueur > LONGUEUR_SECABLE or ligne.description.count("\n") > LIGNES_SECABLES
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
        secable=secable,
        tete=not secable and _tient_quelque_chose(ligne, suivante),
    )


def _tient_quelque_chose(lot: LigneDocument, suivante: LigneDocument | None) -> bool:
    """Whether the row after a lot is one it stands over."""
    if suivante is None:
        return False
    return suivante.type is not TypeLigne.LOT or suivante.niveau > lot.niveau


def _nombre(valeur: Decimal | None, decimales: int) -> str:
    return "" if valeur is None else nombre(valeur, decimales)


def _montant(ligne: LigneDocument) -> str:
    texte = _nombre(ligne.montant_ht, 2)
    return f"({texte})" if texte and ligne.type is TypeLigne.OPTION else texte
