"""Who knocks: nobody, each role, and those whose access ended."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from fastapi import FastAPI
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from cordeau.auth import commands
from cordeau.auth.models import JetonApi, SessionWeb, Utilisateur
from cordeau.auth.queries import digest, find_user
from cordeau.auth.rules import PORTEE_LECTURE
from cordeau.core.dates import maintenant
from cordeau.core.permissions import SYSTEME, Role
from cordeau.web.signing import sign
from tests.gens import MOT_DE_PASSE, un_utilisateur

ANONYME, DESACTIVE = "anonyme", "compte désactivé"
SESSION_EXPIREE, JETON_EXPIRE = "session expirée", "jeton expiré"
JETON_REVOQUE, JETON_LECTURE = "jeton révoqué", "jeton de lecture"


@dataclass(frozen=True, slots=True)
class Identite:
    """What a client sends to say who it is."""

    nom: str
    role: str = ""
    cookie: str = ""
    jeton: str = ""
    entetes: dict[str, str] = field(default_factory=dict)
    #: A program that may only read.
    lecture: bool = False


def identites(app: FastAPI) -> list[Identite]:
    """Everybody, with live cookies and tokens for the five roles and dead ones for the others."""
    database = app.state.database
    personnes = {role: un_utilisateur(database, role) for role in Role}
    with database.write() as session:
        vivantes = [_ouvrir(app, session, u.email, role=role) for role, u in personnes.items()]
        mortes = [_desactivee(app, session), _expiree(app, session), *_jetons(session)]
    return [Identite(ANONYME), *vivantes, *mortes]


def _ouvrir(
    app: FastAPI, session: Session, email: str, *, role: str = "", nom: str = ""
) -> Identite:
    """A cookie with the token of its forms, and an API token."""
    cookie = commands.ouvrir_session(session, email=email, password=MOT_DE_PASSE)
    user = find_user(session, email)
    assert cookie
    assert user
    jeton = commands.creer_jeton(session, user, actor=SYSTEME)
    csrf = sign(app.state.settings.secret_key, "csrf", cookie)
    return Identite(nom or str(role), str(role), cookie, jeton, {"X-CSRF-Token": csrf})


def _creer(session: Session, email: str) -> Utilisateur:
    return commands.ajouter_utilisateur(
        session, email=email, nom="Partie", role=Role.ADMIN, password=MOT_DE_PASSE, actor=SYSTEME
    )


def _desactivee(app: FastAPI, session: Session) -> Identite:
    """An administrator whose account is closed, though her cookie and token were left in place."""
    user = _creer(session, "partie@exemple.fr")
    ouverte = _ouvrir(app, session, user.email, nom=DESACTIVE)
    user.actif = False
    return ouverte


def _expiree(app: FastAPI, session: Session) -> Identite:
    """An administrator whose session ended a minute ago."""
    user = _creer(session, "absente@exemple.fr")
    ouverte = _ouvrir(app, session, user.email, nom=SESSION_EXPIREE)
    session.execute(
        update(SessionWeb)
        .where(SessionWeb.empreinte == digest(ouverte.cookie))
        .values(expire_le=maintenant() - timedelta(minutes=1))
    )
    return Identite(SESSION_EXPIREE, cookie=ouverte.cookie, entetes=ouverte.entetes)


def _jetons(session: Session) -> Iterator[Identite]:
    """Programs of an administrator: one too old, one revoked, one that may only read."""
    user = _creer(session, "programmes@exemple.fr")
    expire = commands.creer_jeton(session, user, actor=SYSTEME)
    revoque = commands.creer_jeton(session, user, actor=SYSTEME)
    lecture = commands.creer_jeton(session, user, actor=SYSTEME, portee=PORTEE_LECTURE)
    session.flush()
    session.execute(
        update(JetonApi)
        .where(JetonApi.empreinte == digest(expire))
        .values(expire_le=maintenant() - timedelta(minutes=1))
    )
    session.execute(delete(JetonApi).where(JetonApi.empreinte == digest(revoque)))
    yield Identite(JETON_EXPIRE, jeton=expire)
    yield Identite(JETON_REVOQUE, jeton=revoque)
    yield Identite(JETON_LECTURE, Role.ADMIN, jeton=lecture, lecture=True)
