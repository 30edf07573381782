"""Balances: what each issued document still asks for, from its règlements and its avoirs."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.attributes import set_committed_value

from cordeau.core.changement import inserer
from cordeau.core.money import ZERO
from cordeau.facturation.models import Facture, Imputation, Reglement, Solde
from cordeau.facturation.rules import Compte, EtatSolde, soldes_du_groupe
from cordeau.facturation.states import StatutFacture, TypeFacture

ZERO_CENT = Decimal("0.00")


def ouvrir_solde(session: Session, facture: Facture) -> None:
    """Start the balance of a document just issued: all of it is due."""
    solde = Solde(
        facture_id=facture.id,
        client_id=facture.client_id,
        date_echeance=facture.date_echeance,
        regle=ZERO_CENT,
        credite=ZERO_CENT,
        reste=facture.montant_ttc,
        solde_le=facture.date_emission if facture.montant_ttc == ZERO else None,
    )
    inserer(session, solde)
    set_committed_value(facture, "solde", solde)


def verrouiller_soldes(session: Session, facture_ids: Iterable[UUID]) -> dict[UUID, Solde]:
    """Lock the balances of a group of documents, in one order for everybody."""
    ids = sorted(set(facture_ids))
    return {
        solde.facture_id: solde
        for solde in session.scalars(
            select(Solde)
            .where(Solde.facture_id.in_(ids))
            .order_by(Solde.facture_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    }


def recalculer_soldes(session: Session, facture: Facture, le: date) -> None:
    """Recompute the balances of a facture and of its avoirs, from the facts alone.

    The avoirs first reduce what is due; what exceeds it is to refund, on the latest avoir first.
    A document is settled on the latest day of what settles it, in whatever order it was typed.
    """
    origine_id = facture.facture_origine_id or facture.id
    groupe = list(
        session.scalars(
            select(Facture)
            .where(
                (Facture.id == origine_id) | (Facture.facture_origine_id == origine_id),
                Facture.statut == StatutFacture.EMISE,
            )
            .order_by(Facture.emise_le)
        )
    )
    soldes = verrouiller_soldes(session, (f.id for f in groupe))
    regles, derniers = _regles(session, soldes), _derniers_jours(session, soldes)
    groupe.sort(key=lambda f: f.type == TypeFacture.AVOIR)  # the facture, then its avoirs
    comptes = [Compte(f.montant_ttc, regles.get(f.id, ZERO_CENT)) for f in groupe]
    for document, etat in zip(groupe, soldes_du_groupe(comptes[0], comptes[1:]), strict=True):
        _poser(soldes[document.id], etat, max(le, derniers.get(document.id, le)))
    session.flush()


def _poser(solde: Solde, etat: EtatSolde, le: date) -> None:
    solde.regle, solde.credite, solde.reste = etat.regle, etat.credite, etat.reste
    if etat.reste != ZERO:
        solde.solde_le = None
    elif solde.solde_le is None:
        solde.solde_le = le


def _derniers_jours(session: Session, soldes: Iterable[UUID]) -> dict[UUID, date]:
    """The latest règlement of each document, those reversed left aside."""
    contre = aliased(Reglement)
    rows = session.execute(
        select(Imputation.facture_id, func.max(Reglement.date))
        .join(Reglement, Reglement.id == Imputation.reglement_id)
        .outerjoin(contre, contre.annule_id == Reglement.id)
        .where(
            Imputation.facture_id.in_(list(soldes)),
            Reglement.annule_id.is_(None),
            contre.id.is_(None),
        )
        .group_by(Imputation.facture_id)
    )
    return {facture_id: jour for facture_id, jour in rows if facture_id is not None}


def _regles(session: Session, soldes: Iterable[UUID]) -> dict[UUID, Decimal]:
    rows = session.execute(
        select(Imputation.facture_id, func.sum(Imputation.montant))
        .where(Imputation.facture_id.in_(list(soldes)))
        .group_by(Imputation.facture_id)
    )
    return {facture_id: montant for facture_id, montant in rows if facture_id is not None}
