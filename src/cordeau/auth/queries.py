"""Finding who is there."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import BindParameter, Connection, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from cordeau.auth.models import (
    CodeSecours,
    JetonApi,
    LienMotDePasse,
    ReglageAcces,
    SessionWeb,
    Utilisateur,
)
from cordeau.auth.rules import CONFIRMATION, INACTIVITE, permissions_de
from cordeau.core.columns import UtcDateTime
from cordeau.core.dates import maintenant
from cordeau.core.db import Base
from cordeau.core.errors import IntrouvableError
from cordeau.core.permissions import Acteur, Role


def digest(secret: str) -> str:
    """How a cookie or a token is kept: SHA-256 of 256 random bits needs no salt."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def digest_adresse(email: str) -> str:
    """How an address somebody typed is counted and promised: never kept in clear."""
    return digest(email.strip().lower())


@dataclass(frozen=True, slots=True)
class Presence:
    """The session or the token by which somebody is there."""

    acteur: Acteur
    #: Row of `session_web` or `jeton_api`.
    id: UUID
    #: Last seen, last use: none when never noted.
    vu_le: datetime | None
    confirme_le: datetime | None = None
    enrolement_du: bool = False
    a_un_facteur: bool = False

    @property
    def est_confirmee(self) -> bool:
        """Whether its owner proved who they are a short while ago."""
        return self.confirme_le is not None and self.confirme_le > maintenant() - CONFIRMATION


def _param(nom: str) -> BindParameter[datetime]:
    return bindparam(nom, type_=UtcDateTime())


#: Asked at every request: tables rather than objects, and statements built once.
_UTILISATEURS = Base.metadata.tables[Utilisateur.__tablename__]
_SESSIONS = Base.metadata.tables[SessionWeb.__tablename__]
_JETONS = Base.metadata.tables[JetonApi.__tablename__]
_PERSONNE = select(
    _UTILISATEURS.c.id, _UTILISATEURS.c.nom, _UTILISATEURS.c.email, _UTILISATEURS.c.role
).where(_UTILISATEURS.c.actif.is_(True))
_PAR_SESSION = (
    _PERSONNE.add_columns(
        _SESSIONS.c.id.label("presence"),
        _SESSIONS.c.vu_le,
        _SESSIONS.c.confirme_le,
        _SESSIONS.c.enrolement_du,
        _UTILISATEURS.c.facteur_depuis,
    )
    .join(_SESSIONS, _SESSIONS.c.utilisateur_id == _UTILISATEURS.c.id)
    .where(
        _SESSIONS.c.empreinte == bindparam("empreinte"),
        _SESSIONS.c.expire_le > _param("instant"),
        func.coalesce(_SESSIONS.c.vu_le, _SESSIONS.c.cree_le) > _param("inactif"),
    )
)
_PAR_JETON = (
    _PERSONNE.add_columns(_JETONS.c.id.label("presence"), _JETONS.c.utilise_le, _JETONS.c.portee)
    .join(_JETONS, _JETONS.c.utilisateur_id == _UTILISATEURS.c.id)
    .where(
        _JETONS.c.empreinte == bindparam("empreinte"),
        or_(_JETONS.c.expire_le.is_(None), _JETONS.c.expire_le > _param("instant")),
    )
)


def find_presence(base: Connection | Session, cookie: str) -> Presence | None:
    """Who holds this session cookie, if it is alive and its owner active."""
    instant = maintenant()
    qui = {"empreinte": digest(cookie), "instant": instant, "inactif": instant - INACTIVITE}
    row = base.execute(_PAR_SESSION, qui).one_or_none()
    if row is None:
        return None
    return Presence(
        Acteur(row.id, row.nom, row.email, Role(row.role)),
        row.presence,
        row.vu_le,
        row.confirme_le,
        enrolement_du=bool(row.enrolement_du),
        a_un_facteur=row.facteur_depuis is not None,
    )


def find_porteur(base: Connection | Session, token: str) -> Presence | None:
    """Who holds this API token, if it is alive and its owner active."""
    qui = {"empreinte": digest(token), "instant": maintenant()}
    row = base.execute(_PAR_JETON, qui).one_or_none()
    if row is None:
        return None
    portee = permissions_de(row.portee)
    acteur = Acteur(row.id, row.nom, row.email, Role(row.role), portee)
    return Presence(acteur, row.presence, row.utilise_le)


def find_user(session: Session, email: str) -> Utilisateur | None:
    """The user of this address, if any."""
    return session.scalars(
        select(Utilisateur).where(Utilisateur.email == email.strip().lower())
    ).one_or_none()


def find_user_by_digest(session: Session, empreinte: str) -> Utilisateur | None:
    """The user whose address has this digest, if any; a firm has few."""
    users = session.scalars(select(Utilisateur))
    return next((user for user in users if digest_adresse(user.email) == empreinte), None)


def get_user(session: Session, email: str) -> Utilisateur:
    """The user of this address; `IntrouvableError` when there is none."""
    user = find_user(session, email)
    if user is None:
        raise IntrouvableError(f"Aucun utilisateur n’a l’adresse {email}.")
    return user


def get_user_by_id(
    session: Session, user_id: UUID | None, *, for_update: bool = False
) -> Utilisateur:
    """A user; `IntrouvableError` when there is none."""
    statement = select(Utilisateur).where(Utilisateur.id == user_id)
    user = session.scalar(statement.with_for_update() if for_update else statement)
    if user is None:
        raise IntrouvableError
    return user


def list_users(session: Session) -> list[Utilisateur]:
    """Everybody, by name."""
    return list(session.scalars(select(Utilisateur).order_by(Utilisateur.nom, Utilisateur.id)))


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


def list_sessions(session: Session, user_id: UUID) -> Sequence[SessionWeb]:
    """The sessions of a person that are alive, latest first."""
    instant = maintenant()
    return session.scalars(
        select(SessionWeb)
        .where(
            SessionWeb.utilisateur_id == user_id,
            SessionWeb.expire_le > instant,
            func.coalesce(SessionWeb.vu_le, SessionWeb.cree_le) > instant - INACTIVITE,
        )
        .order_by(SessionWeb.cree_le.desc(), SessionWeb.id.desc())
    ).all()


def list_jetons(session: Session, user_id: UUID | None) -> Sequence[tuple[JetonApi, str]]:
    """The tokens of a person, or everybody's, each with its owner's name, latest first."""
    statement = (
        select(JetonApi, Utilisateur.nom)
        .join(Utilisateur, Utilisateur.id == JetonApi.utilisateur_id)
        .order_by(JetonApi.cree_le.desc(), JetonApi.id.desc())
    )
    if user_id is not None:
        statement = statement.where(JetonApi.utilisateur_id == user_id)
    return [(jeton, nom) for jeton, nom in session.execute(statement)]


def count_codes(session: Session, user_id: UUID) -> int:
    """How many recovery codes a person has left."""
    return (
        session.scalar(
            select(func.count())
            .select_from(CodeSecours)
            .where(CodeSecours.utilisateur_id == user_id, CodeSecours.utilise_le.is_(None))
        )
        or 0
    )


def second_facteur_obligatoire(session: Session) -> bool:
    """Whether the firm obliges its administrators and accountants to a second factor."""
    return bool(session.scalar(select(ReglageAcces.second_facteur_obligatoire).limit(1)))


def find_lien(session: Session, secret: str) -> Utilisateur | None:
    """Who may choose a password by this link: alive, its owner active."""
    return session.scalar(
        select(Utilisateur)
        .join(LienMotDePasse, LienMotDePasse.utilisateur_id == Utilisateur.id)
        .where(
            and_(
                LienMotDePasse.empreinte == digest(secret),
                LienMotDePasse.expire_le > maintenant(),
                Utilisateur.actif.is_(True),
            )
        )
    )
