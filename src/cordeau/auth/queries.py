"""Finding who is there."""

import hashlib
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from cordeau.auth.models import JetonApi, SessionWeb, Utilisateur
from cordeau.core.dates import maintenant
from cordeau.core.errors import IntrouvableError
from cordeau.core.permissions import Acteur, Role


def digest(secret: str) -> str:
    """How a cookie or a token is kept: SHA-256 of 256 random bits needs no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


def acteur_of_session(session: Session, cookie: str) -> Acteur | None:
    """Who holds this session cookie, if it is alive and its owner active."""
    return _acteur(
        session,
        _PERSONNE.join(SessionWeb, SessionWeb.utilisateur_id == Utilisateur.id).where(
            SessionWeb.empreinte == digest(cookie), SessionWeb.expire_le > maintenant()
        ),
    )


def acteur_of_token(session: Session, token: str) -> Acteur | None:
    """Who holds this API token, if its owner is active."""
    return _acteur(
        session,
        _PERSONNE.join(JetonApi, JetonApi.utilisateur_id == Utilisateur.id).where(
            JetonApi.empreinte == digest(token)
        ),
    )


def find_user(session: Session, email: str) -> Utilisateur | None:
    """The user of this address, if any."""
    return session.scalars(
        select(Utilisateur).where(Utilisateur.email == email.strip().lower())
    ).one_or_none()


def get_user(session: Session, email: str) -> Utilisateur:
    """The user of this address; `IntrouvableError` when there is none."""
    user = find_user(session, email)
    if user is None:
        raise IntrouvableError(f"Aucun utilisateur n’a l’adresse {email}.")
    return user


def list_users(session: Session) -> list[Utilisateur]:
    """Everybody, by name."""
    return list(session.scalars(select(Utilisateur).order_by(Utilisateur.nom)))


def has_admin(session: Session) -> bool:
    """Whether somebody administers this instance: ends the installation."""
    return (
        session.scalar(
            select(Utilisateur.id)
            .where(Utilisateur.role == Role.ADMIN, Utilisateur.actif.is_(True))
            .limit(1)
        )
        is not None
    )


#: Asked at every request: columns rather than an object.
_PERSONNE = select(Utilisateur.id, Utilisateur.nom, Utilisateur.email, Utilisateur.role).where(
    Utilisateur.actif.is_(True)
)


def _acteur(session: Session, statement: Select[UUID, str, str, str]) -> Acteur | None:
    found = session.execute(statement).one_or_none()
    return None if found is None else Acteur(found.id, found.nom, found.email, Role(found.role))
