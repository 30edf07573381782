"""Finding who is there."""

import hashlib
from uuid import UUID

from sqlalchemy import Result, bindparam, select
from sqlalchemy.orm import Session

from cordeau.auth.models import JetonApi, SessionWeb, Utilisateur
from cordeau.core.dates import maintenant
from cordeau.core.errors import IntrouvableError
from cordeau.core.permissions import Acteur, Role


def digest(secret: str) -> str:
    """How a cookie or a token is kept: SHA-256 of 256 random bits needs no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


#: Asked at every request: columns rather than an object, and statements built once.
_PERSONNE = select(Utilisateur.id, Utilisateur.nom, Utilisateur.email, Utilisateur.role).where(
    Utilisateur.actif.is_(True)
)
_PAR_SESSION = _PERSONNE.join(SessionWeb, SessionWeb.utilisateur_id == Utilisateur.id).where(
    SessionWeb.empreinte == bindparam("empreinte"), SessionWeb.expire_le > bindparam("instant")
)
_PAR_JETON = _PERSONNE.join(JetonApi, JetonApi.utilisateur_id == Utilisateur.id).where(
    JetonApi.empreinte == bindparam("empreinte")
)


def acteur_of_session(session: Session, cookie: str) -> Acteur | None:
    """Who holds this session cookie, if it is alive and its owner active."""
    return _acteur(
        session.execute(_PAR_SESSION, {"empreinte": digest(cookie), "instant": maintenant()})
    )


def acteur_of_token(session: Session, token: str) -> Acteur | None:
    """Who holds this API token, if its owner is active."""
    return _acteur(session.execute(_PAR_JETON, {"empreinte": digest(token)}))


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


def est_administree(session: Session) -> bool:
    """Whether somebody administers the base, or has."""
    administrateurs = select(Utilisateur.id).where(Utilisateur.role == Role.ADMIN)
    return session.scalar(administrateurs.limit(1)) is not None


def _acteur(found: Result[UUID, str, str, str]) -> Acteur | None:
    row = found.one_or_none()
    return None if row is None else Acteur(row.id, row.nom, row.email, Role(row.role))
