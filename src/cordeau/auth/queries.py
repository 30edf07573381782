"""Finding who is there."""

import hashlib

from sqlalchemy import select
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
        session.scalar(
            select(Utilisateur)
            .join(SessionWeb, SessionWeb.utilisateur_id == Utilisateur.id)
            .where(SessionWeb.empreinte == digest(cookie), SessionWeb.expire_le > maintenant())
        )
    )


def acteur_of_token(session: Session, token: str) -> Acteur | None:
    """Who holds this API token, if its owner is active."""
    return _acteur(
        session.scalar(
            select(Utilisateur)
            .join(JetonApi, JetonApi.utilisateur_id == Utilisateur.id)
            .where(JetonApi.empreinte == digest(token))
        )
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


def _acteur(user: Utilisateur | None) -> Acteur | None:
    return user.en_acteur() if user is not None and user.actif else None
