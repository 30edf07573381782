"""What a list of documents is narrowed by, in SQL."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from cordeau.core.money import ZERO
from cordeau.devis.models import Devis
from cordeau.facturation.models import Facture, Solde
from cordeau.facturation.states import StatutPaiement, TypeFacture


def entre(colonne: Any, du: date | None, au: date | None) -> Iterator[ColumnElement[bool]]:
    """From a day to another, both counted."""
    if du:
        yield colonne >= du
    if au:
        yield colonne <= au


def du_chantier(chantier_id: UUID) -> ColumnElement[bool]:
    """Billed for a chantier, or for a devis whose chantier was opened since."""
    ses_devis = select(Devis.id).where(Devis.chantier_id == chantier_id)
    return or_(
        Facture.chantier_id == chantier_id,
        and_(Facture.chantier_id.is_(None), Facture.devis_id.in_(ses_devis)),
    )


def paiement_parmi(paiements: Sequence[StatutPaiement], le: date) -> ColumnElement[bool]:
    """The derived payment states: the same cases as `states.statut_paiement`."""
    document = aliased(Facture)
    avoir = document.type == TypeFacture.AVOIR
    tard = and_(Solde.date_echeance < le, ~avoir)
    a_l_heure = or_(Solde.date_echeance.is_(None), Solde.date_echeance >= le, avoir)
    cas: dict[StatutPaiement, ColumnElement[bool]] = {
        StatutPaiement.PAYE: Solde.reste == ZERO,
        StatutPaiement.EN_RETARD: and_(Solde.reste > ZERO, tard),
        StatutPaiement.PARTIEL: and_(
            Solde.reste > ZERO, a_l_heure, Solde.reste < document.montant_ttc
        ),
        StatutPaiement.IMPAYE: and_(
            Solde.reste > ZERO, a_l_heure, Solde.reste >= document.montant_ttc
        ),
    }
    soldes = (
        select(Solde.facture_id)
        .join(document, document.id == Solde.facture_id)
        .where(or_(*(cas[paiement] for paiement in paiements)))
    )
    if StatutPaiement.PAYE not in paiements:  # few: the list starts from them
        return Facture.id.in_(soldes)
    return soldes.where(Solde.facture_id == Facture.id).correlate(Facture).exists()
