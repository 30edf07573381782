"""The devis of the demonstration firm, written from its usual works."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from cordeau.core.permissions import Acteur
from cordeau.core.totaux import Remise
from cordeau.devis.commands.redaction import SaisieDevis, creer_devis
from cordeau.devis.demo_travaux import TRAVAUX
from cordeau.devis.models import Devis
from cordeau.devis.rules import LigneSaisie
from cordeau.devis.states import TypeLigne, Unite

UNITES = {
    "forfait": Unite.FORFAIT,
    "u": Unite.UNITE,
    "m": Unite.METRE,
    "m2": Unite.METRE_CARRE,
    "m3": Unite.METRE_CUBE,
    "j": Unite.JOUR,
    "t": Unite.TONNE,
    "ens": Unite.ENSEMBLE,
}
#: Quantities that follow the size of the works; the others are what they are.
MESURES = frozenset({Unite.METRE, Unite.METRE_CARRE, Unite.METRE_CUBE, Unite.TONNE})
DEMI = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Commande:
    """What a client asks for."""

    travaux: str
    #: Size of the works, percent of the usual ones.
    ampleur: int = 100
    objet: str = ""
    remise: Remise = field(default_factory=Remise)
    autoliquidation: bool = False
    #: Days from the devis to the start of the works; None when nothing was said.
    debut_dans: int | None = None


def rediger(
    session: Session, client_id: UUID, commande: Commande, le: date, *, actor: Acteur
) -> Devis:
    """Write the devis of these works."""
    return creer_devis(session, saisir(client_id, commande, le), actor=actor, le=le).devis


def saisir(client_id: UUID, commande: Commande, le: date) -> SaisieDevis:
    """The devis as its author types it."""
    travaux = TRAVAUX[commande.travaux]
    debut = None if commande.debut_dans is None else le + timedelta(days=commande.debut_dans)
    return SaisieDevis(
        client_id=client_id,
        date_emission=le,
        taux_tva=travaux.taux_tva,
        remise=commande.remise,
        autoliquidation=commande.autoliquidation,
        lignes=list(_lignes(travaux.lignes, commande.ampleur)),
        simples={
            "objet": commande.objet or travaux.objet,
            "duree_travaux": travaux.duree,
            "date_debut_travaux": debut,
            "dechets_quantite": "Selon les quantités du devis",
            "dechets_gestion": "Tri à la source, transport par nos soins",
            "dechets_collecte": "Déchèterie professionnelle du Val, Angers",
            "dechets_cout": "Compris dans les prix",
        },
        donnes=frozenset({"client_id", "date_emission", "remise", "autoliquidation", "lignes"}),
    )


def _lignes(texte: str, ampleur: int) -> Iterator[LigneSaisie]:
    lot: int | None = None
    for cle, ligne in enumerate(texte.strip().splitlines()):
        signe, reste = ligne[0], ligne[1:].strip()
        if signe == "#":
            lot = cle
            yield LigneSaisie(cle, TypeLigne.LOT, reste)
        elif signe == ">":
            yield LigneSaisie(cle, TypeLigne.TEXTE, reste, parent=lot)
        elif signe == "=":
            yield LigneSaisie(cle, TypeLigne.SOUS_TOTAL, "Sous-total")
        elif signe == "+":
            yield _chiffree(cle, TypeLigne.OPTION, reste, lot, ampleur)
        else:
            yield _chiffree(cle, TypeLigne.LIGNE, ligne, lot, ampleur)


def _chiffree(
    cle: int, type_ligne: TypeLigne, texte: str, lot: int | None, ampleur: int
) -> LigneSaisie:
    designation, mesure, prix, cout, *taux = (case.strip() for case in texte.split("|"))
    quantite, mot = mesure.split()
    unite = UNITES[mot]
    return LigneSaisie(
        cle,
        type_ligne,
        designation,
        parent=lot,
        quantite=_a_l_echelle(_nombre(quantite), ampleur)
        if unite in MESURES
        else _nombre(quantite),
        unite=unite,
        prix_unitaire_ht=_nombre(prix),
        taux_tva=_nombre(taux[0]) if taux else None,
        cout_unitaire_ht=_nombre(cout),
    )


def _a_l_echelle(quantite: Decimal, ampleur: int) -> Decimal:
    """A quantity in proportion, to the half unit as one measures it on site."""
    return max(DEMI, (quantite * ampleur / 100 / DEMI).quantize(Decimal(1)) * DEMI)


def _nombre(texte: str) -> Decimal:
    return Decimal(texte.replace(" ", "").replace(",", "."))
