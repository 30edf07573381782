"""What the browser is asked to carry: its session, what it is known by, a secret shown once."""

import secrets
import time
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from cordeau.auth.deps import session_cookie_name
from cordeau.auth.models import Utilisateur
from cordeau.auth.queries import digest
from cordeau.auth.rules import ATTENTE_CODE, DUREE_APPAREIL, DUREE_SESSION
from cordeau.web.deps import get_settings, is_secure
from cordeau.web.signing import seal, unseal

COOKIE_APPAREIL = "cordeau_appareil"
COOKIE_ATTENTE = "cordeau_attente"
COOKIE_MONTRER = "cordeau_montrer"
MONTRER_SECONDES = 120


@dataclass(frozen=True, slots=True)
class Attente:
    """Who gave the right password and still owes a code."""

    user_id: UUID
    suite: str
    #: Of the digest of the password: another password ends the wait.
    empreinte: str


def poser_session(request: Request, response: Response, cookie: str) -> None:
    """Sign the browser in."""
    _poser(request, response, session_cookie_name(request), cookie, DUREE_SESSION.total_seconds())


def poser_appareil(request: Request, response: Response, email: str) -> None:
    """Know this browser again for this account, so that others' guesses do not slow it down."""
    if not appareil_connu(request, email):
        valeur = [digest(email.strip().lower()), secrets.token_urlsafe(16)]
        duree = DUREE_APPAREIL.total_seconds()
        _poser(request, response, COOKIE_APPAREIL, _seal(request, COOKIE_APPAREIL, valeur), duree)


def appareil_connu(request: Request, email: str) -> str:
    """What this browser is known by for this account; empty when it is not."""
    valeur = _unseal(request, COOKIE_APPAREIL)
    if isinstance(valeur, list) and valeur[:1] == [digest(email.strip().lower())]:
        return str(valeur[1])
    return ""


def poser_attente(request: Request, response: Response, user: Utilisateur, suite: str) -> None:
    """Remember who owes a code, for a short while."""
    duree = ATTENTE_CODE.total_seconds()
    valeur = [user.id.hex, suite, digest(user.mot_de_passe), int(time.time() + duree)]
    _poser(request, response, COOKIE_ATTENTE, _seal(request, COOKIE_ATTENTE, valeur), duree)


def lire_attente(request: Request) -> Attente | None:
    """Who owes a code; None when nobody, or for too long."""
    valeur = _unseal(request, COOKIE_ATTENTE)
    if not isinstance(valeur, list) or valeur[3] < time.time():
        return None
    return Attente(UUID(valeur[0]), str(valeur[1]), str(valeur[2]))


def montrer_une_fois(request: Request, response: Response, usage: str, valeur: object) -> None:
    """Hand a secret to the next page, by the browser alone: no base and no log keeps it."""
    scelle = _seal(request, COOKIE_MONTRER, [usage, valeur])
    _poser(request, response, COOKIE_MONTRER, scelle, MONTRER_SECONDES)


def lire_une_fois(request: Request, usage: str) -> object:
    """The secret handed by the page before, None when there is none."""
    valeur = _unseal(request, COOKIE_MONTRER)
    return valeur[1] if isinstance(valeur, list) and valeur[0] == usage else None


def oublier(request: Request, response: Response, nom: str) -> None:
    """Take a cookie back."""
    response.delete_cookie(nom, path="/", secure=is_secure(request), httponly=True)


def _seal(request: Request, usage: str, valeur: object) -> str:
    return seal(get_settings(request).secret_key, usage, valeur)


def _unseal(request: Request, nom: str) -> object:
    return unseal(get_settings(request).secret_key, nom, request.cookies.get(nom, ""))


def _poser(request: Request, response: Response, nom: str, valeur: str, duree: float) -> None:
    response.set_cookie(
        nom,
        valeur,
        max_age=int(duree),
        secure=is_secure(request),
        httponly=True,
        samesite="lax",
        path="/",
    )
