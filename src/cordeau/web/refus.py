"""Denied accesses, noted in the journal: who asked for what they may not, and from where."""

import logging

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cordeau.core import journal
from cordeau.core.dates import maintenant
from cordeau.core.journal import UNE_SEANCE, Evenement
from cordeau.core.permissions import Acteur
from cordeau.core.provenance import CLE, Provenance
from cordeau.web.deps import get_database
from cordeau.web.provenance import provenance_de

log = logging.getLogger(__name__)

ACTION = "Accès refusé"


def noter_refus(request: Request) -> None:
    """Tell once in half an hour that this person was denied this route.

    An anonymous visitor leaves only a line of the log: nobody fills the base from outside.
    """
    acteur: Acteur | None = getattr(request.state, "acteur", None)
    provenance = provenance_de(request)
    log.warning("denied", extra={"lieu": provenance.lieu, "adresse": provenance.adresse})
    if acteur is None or acteur.id is None:
        return
    try:
        get_database(request).transaction(lambda session: _noter(session, acteur, provenance))
    except DBAPIError:
        log.exception("denied access not noted")


def _noter(session: Session, acteur: Acteur, provenance: Provenance) -> None:
    session.info[CLE] = provenance
    if acteur.id is not None and not _deja_note(session, acteur, provenance.lieu):
        journal.record(session, acteur, "utilisateur", acteur.id, ACTION, lieu=provenance.lieu)


def _deja_note(session: Session, acteur: Acteur, lieu: str) -> bool:
    return (
        session.scalar(
            select(Evenement.id)
            .where(
                Evenement.acteur_id == acteur.id,
                Evenement.survenu_le > maintenant() - UNE_SEANCE,
                Evenement.action == ACTION,
                Evenement.lieu == lieu[:160],
            )
            .limit(1)
        )
        is not None
    )
