"""Rows and totals of a document being prepared, shared by factures, acomptes and avoirs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from cordeau.core.ids import new_id
from cordeau.core.money import ZERO
from cordeau.core.totaux import TotalTaux, Totaux, assembler_totaux
from cordeau.facturation.models import Facture, LigneFacture, TvaFacture
from cordeau.facturation.rules import Part, sommes, sous_totaux
from cordeau.facturation.states import TypeLigneFacture


@dataclass(frozen=True, slots=True)
class Gabarit:
    """A row to write: what it says and where it comes from."""

    type: TypeLigneFacture
    designation: str
    description: str = ""
    numero: str = ""
    niveau: int = 0
    part: Part | None = None
    unite: str = "UNITE"
    prix_unitaire_ht: Decimal | None = None
    remise: Decimal = ZERO
    taux_tva: Decimal | None = None
    ligne_devis_id: UUID | None = None
    ligne_origine_id: UUID | None = None
    acompte_id: UUID | None = None


def poser_lignes(facture: Facture, gabarits: Sequence[Gabarit]) -> None:
    """Write the rows of a draft, with the subtotal of each lot."""
    montants = sous_totaux(
        [(g.type, g.niveau, g.part.montant_ht if g.part else None) for g in gabarits]
    )
    facture.lignes = [
        LigneFacture(
            id=new_id(),
            position=position,
            type=gabarit.type,
            numero=gabarit.numero,
            niveau=gabarit.niveau,
            ligne_devis_id=gabarit.ligne_devis_id,
            ligne_origine_id=gabarit.ligne_origine_id,
            acompte_id=gabarit.acompte_id,
            designation=gabarit.designation,
            description=gabarit.description,
            quantite=gabarit.part.quantite if gabarit.part else None,
            unite=gabarit.unite,
            prix_unitaire_ht=gabarit.prix_unitaire_ht,
            remise=gabarit.remise,
            taux_tva=gabarit.taux_tva,
            montant_ht=montant,
        )
        for position, (gabarit, montant) in enumerate(zip(gabarits, montants, strict=True))
    ]


def lignes_par_taux(facture: Facture) -> dict[Decimal, Decimal]:
    """Σ rows per rate, deductions taken off."""
    comptees = (TypeLigneFacture.LIGNE, TypeLigneFacture.DEDUCTION)
    return sommes(
        (ligne.taux_tva or ZERO, ligne.montant_ht or ZERO)
        for ligne in facture.lignes
        if ligne.type in comptees
    )


def poser_totaux(
    facture: Facture, remises: Mapping[Decimal, Decimal], tva: Mapping[Decimal, Decimal]
) -> Totaux:
    """Write the VAT table and the totals; VAT is base × rate for the rates `tva` leaves out."""
    totaux = assembler_totaux(lignes_par_taux(facture), remises, tva)
    connues = {ligne.taux: ligne for ligne in facture.tva}
    table = [
        _poser_taux(connues.get(t.taux) or TvaFacture(taux=t.taux), t) for t in totaux.par_taux
    ]
    if table != facture.tva:
        facture.tva = table
    _poser(facture, totaux, ("lignes_ht", "remise_ht", "montant_ht", "montant_tva", "montant_ttc"))
    return totaux


def _poser_taux(ligne: TvaFacture, total: TotalTaux) -> TvaFacture:
    _poser(ligne, total, ("lignes_ht", "remise_ht", "base_ht", "montant_tva"))
    return ligne


def _poser(ligne: Facture | TvaFacture, totaux: Totaux | TotalTaux, noms: Sequence[str]) -> None:
    """Write the amounts that differ: a document that stays as it is costs the base nothing."""
    for nom in noms:
        if getattr(ligne, nom) != (montant := getattr(totaux, nom)):
            setattr(ligne, nom, montant)
