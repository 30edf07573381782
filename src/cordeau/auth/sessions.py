"""Sessions of browsers: opened, ended, seen, confirmed."""

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from cordeau.auth import facteur
from cordeau.auth.models import SessionWeb, Utilisateur
from cordeau.auth.queries import digest
from cordeau.auth.rules import DUREE_SESSION
from cordeau.core import journal
from cordeau.core.dates import maintenant
from cordeau.core.db import rows_written
from cordeau.core.permissions import Acteur
from cordeau.web.origine import Origine


def ouvrir(session: Session, user: Utilisateur, origine: Origine, *, ancien: str = "") -> str:
    """The cookie of a new session; the one the browser held before ends."""
    cookie = secrets.token_urlsafe(32)
    instant = maintenant()
    if ancien:
        fermer(session, ancien)
    session.add(
        SessionWeb(
            empreinte=digest(cookie),
            utilisateur_id=user.id,
            cree_le=instant,
            expire_le=instant + DUREE_SESSION,
            vu_le=instant,
            confirme_le=instant,
            enrolement_du=(user.facteur_depuis is None and facteur.est_du(session, user)) or None,
            adresse=origine.adresse,
            navigateur=origine.navigateur,
        )
    )
    journal.record(
        session, user.en_acteur(), "utilisateur", user.id, "Connexion", adresse=origine.adresse
    )
    return cookie


def fermer(session: Session, cookie: str) -> None:
    """Sign out on the server: the cookie opens nothing any more."""
    session.execute(delete(SessionWeb).where(SessionWeb.empreinte == digest(cookie)))


def fermer_toutes(session: Session, user_id: UUID, *, sauf: UUID | None = None) -> int:
    """End the sessions of a person, one excepted; how many there were."""
    statement = delete(SessionWeb).where(SessionWeb.utilisateur_id == user_id)
    if sauf is not None:
        statement = statement.where(SessionWeb.id != sauf)
    return rows_written(session.execute(statement))


def revoquer(
    session: Session, user_id: UUID, session_id: UUID, *, actor: Acteur, origine: Origine
) -> bool:
    """End one session of this person; False when it is not theirs or is over."""
    fait = session.execute(
        delete(SessionWeb).where(SessionWeb.id == session_id, SessionWeb.utilisateur_id == user_id)
    )
    if not rows_written(fait):
        return False
    journal.record(
        session, actor, "utilisateur", user_id, "Session fermée", adresse=origine.adresse
    )
    return True


def revoquer_autres(
    session: Session, user_id: UUID, sauf: UUID | None, *, actor: Acteur, origine: Origine
) -> int:
    """End every session of this person, one excepted; how many there were."""
    nombre = fermer_toutes(session, user_id, sauf=sauf)
    if nombre:
        journal.record(
            session,
            actor,
            "utilisateur",
            user_id,
            "Sessions fermées",
            nombre=str(nombre),
            adresse=origine.adresse,
        )
    return nombre


def confirmer(session: Session, session_id: UUID) -> None:
    """Note that the owner of this session just proved who they are."""
    session.execute(
        update(SessionWeb)
        .where(SessionWeb.id == session_id)
        .values(confirme_le=maintenant())
        .execution_options(synchronize_session=False)
    )


def purger(session: Session, instant: datetime) -> None:
    """Forget the sessions that are over."""
    session.execute(delete(SessionWeb).where(SessionWeb.expire_le < instant))
