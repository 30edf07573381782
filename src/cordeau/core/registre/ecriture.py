"""Writing in the ledger: one entry, chained to the last, in the caller's transaction."""

import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.orm import Session

from cordeau import __version__
from cordeau.core.dates import maintenant
from cordeau.core.db import Base
from cordeau.core.permissions import Acteur
from cordeau.core.registre.canonique import (
    ALGORITHME,
    GENESE,
    empreinte_contenu,
    empreinte_entree,
    serialiser,
)
from cordeau.core.registre.models import EntreeRegistre, TeteRegistre
from cordeau.core.registre.states import Evenement, Journal

#: Statements built once, on the tables: an entry is written at every issue.
_TETES = Base.metadata.tables[TeteRegistre.__tablename__]
_TETE = (
    select(_TETES.c.rang, _TETES.c.empreinte)
    .where(_TETES.c.journal == bindparam("du_journal"))
    .with_for_update()
)
_AVANCER = (
    update(_TETES)
    .where(_TETES.c.journal == bindparam("du_journal"))
    .values(rang=bindparam("au_rang"), empreinte=bindparam("sous"))
)
_INSCRIRE = insert(Base.metadata.tables[EntreeRegistre.__tablename__])
_EMPREINTE = select(EntreeRegistre.empreinte).where(
    EntreeRegistre.objet_id == bindparam("objet"), EntreeRegistre.journal == bindparam("du_journal")
)


def inscrire(
    session: Session,
    journal: Journal,
    evenement: Evenement,
    contenu: Mapping[str, Any],
    *,
    actor: Acteur,
    objet_id: UUID | None = None,
) -> str:
    """Add an entry at the end of a chain and give its digest.

    `contenu` holds strings and integers only (`TypeError` otherwise); who acts and the version of
    the software are added to it. The head of the chain is locked until the unit of work ends:
    write the entry last.
    """
    texte = serialiser({**contenu, "acteur": _nommer(actor), "logiciel": __version__})
    session.flush()
    connection = session.connection()
    rang, precedente = _prendre_la_suite(connection, journal)
    entree = _composer(journal, rang, precedente, evenement, objet_id, texte)
    connection.execute(_INSCRIRE, entree)
    empreinte: str = entree["empreinte"]
    connection.execute(_AVANCER, {"du_journal": journal, "au_rang": rang, "sous": empreinte})
    return empreinte


def prendre_la_tete(session: Session, journal: Journal) -> None:
    """Hold the end of a chain until the unit of work ends: nobody else writes there meanwhile."""
    session.connection().execute(_TETE, {"du_journal": journal})


def lire_empreinte(session: Session, journal: Journal, objet_id: UUID) -> str:
    """The digest of the entry that tells of this row; empty when there is none."""
    return session.scalar(_EMPREINTE, {"objet": objet_id, "du_journal": journal}) or ""


def _prendre_la_suite(connection: Connection, journal: Journal) -> tuple[int, str]:
    """The rank to write at and the digest to follow, the head held until the end.

    The head is then written too: on Galera a lock alone protects nothing.
    """
    tete = connection.execute(_TETE, {"du_journal": journal}).one_or_none()
    if tete is None:
        raise LookupError(f"journal {journal} has no head")
    rang: int = tete.rang + 1
    return rang, tete.empreinte or GENESE


def _nommer(actor: Acteur) -> dict[str, str]:
    return {"id": "" if actor.id is None else actor.id.hex, "nom": actor.nom}


def _composer(
    journal: Journal,
    rang: int,
    precedente: str,
    evenement: Evenement,
    objet_id: UUID | None,
    texte: str,
) -> dict[str, Any]:
    """The entry, with its digests."""
    sel, instant = secrets.token_hex(16), maintenant()
    digest = empreinte_contenu(sel, texte)
    return {
        "journal": journal,
        "rang": rang,
        "evenement": evenement,
        "objet_id": objet_id,
        "survenu_le": instant,
        "algorithme": ALGORITHME,
        "sel": sel,
        "contenu": texte,
        "contenu_sha256": digest,
        "precedente": precedente,
        "empreinte": empreinte_entree(
            algorithme=ALGORITHME,
            journal=journal,
            rang=rang,
            evenement=evenement,
            objet_id="" if objet_id is None else objet_id.hex,
            survenu_le=instant,
            precedente=precedente,
            contenu=digest,
        ),
    }
