"""Chaining what was issued before the ledger existed: `exploitation.reprise_registre` says when."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, defer, selectinload

from cordeau.core.permissions import SYSTEME
from cordeau.core.registre.ecriture import inscrire
from cordeau.core.registre.models import EntreeRegistre
from cordeau.core.registre.states import Evenement, Journal
from cordeau.facturation.models import Facture, PieceFacture, Reglement
from cordeau.facturation.queries import get_facture
from cordeau.facturation.registre import chainer_facture, chainer_piece, chainer_reglement
from cordeau.facturation.states import StatutFacture


def reprendre(session: Session) -> int:
    """Chain each issued document, règlement and file that has no entry; how many there were."""
    factures = _sans_ecriture(
        session,
        Journal.FACTURES,
        Facture.id,
        Facture.statut == StatutFacture.EMISE,
        ordre=(Facture.emise_le, Facture.numero_tri),
    )
    for facture_id in factures:
        chainer_facture(session, get_facture(session, facture_id), actor=SYSTEME)
        session.expunge_all()
    reglements = _sans_ecriture(
        session, Journal.REGLEMENTS, Reglement.id, ordre=(Reglement.cree_le, Reglement.id)
    )
    for reglement_id in reglements:
        avec = [selectinload(Reglement.imputations)]
        chainer_reglement(
            session, session.get_one(Reglement, reglement_id, options=avec), actor=SYSTEME
        )
    pieces = _sans_ecriture(
        session, Journal.PIECES, PieceFacture.facture_id, ordre=(PieceFacture.rendue_le,)
    )
    for facture_id in pieces:
        sans = [defer(PieceFacture.pdf), defer(PieceFacture.xml)]
        chainer_piece(session, session.get_one(PieceFacture, facture_id, options=sans))
    nombres = {"factures": len(factures), "reglements": len(reglements), "pieces": len(pieces)}
    total = sum(nombres.values())
    if total:
        inscrire(session, Journal.TECHNIQUE, Evenement.REPRISE, nombres, actor=SYSTEME)
    return total


def reste_a_reprendre(session: Session) -> bool:
    """Whether an issued document, a règlement or a file has no entry."""
    cles: Sequence[tuple[Journal, Any, Sequence[ColumnElement[bool]]]] = (
        (Journal.FACTURES, Facture.id, [Facture.statut == StatutFacture.EMISE]),
        (Journal.REGLEMENTS, Reglement.id, []),
        (Journal.PIECES, PieceFacture.facture_id, []),
    )
    return any(
        session.scalar(select(cle).where(~_chainee(journal, cle), *conditions).limit(1)) is not None
        for journal, cle, conditions in cles
    )


def _sans_ecriture(
    session: Session,
    journal: Journal,
    cle: Any,
    *conditions: ColumnElement[bool],
    ordre: Sequence[Any],
) -> list[UUID]:
    sans = select(cle).where(~_chainee(journal, cle), *conditions)
    return list(session.scalars(sans.order_by(*ordre)))


def _chainee(journal: Journal, cle: Any) -> ColumnElement[bool]:
    return exists().where(EntreeRegistre.objet_id == cle, EntreeRegistre.journal == journal)
