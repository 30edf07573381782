"""Proving who one is: password, code, and both asked again.

Several short units of work rather than one: the attempt is counted even if what follows fails,
and no writer of the base waits for a password to be digested.
"""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from sqlalchemy.orm import Session

from cordeau.auth import facteur, freins, sessions
from cordeau.auth.models import Utilisateur
from cordeau.auth.passwords import needs_rehash, rehash, verify_password
from cordeau.auth.queries import Presence, find_user, get_user_by_id
from cordeau.core import journal
from cordeau.core.db import Database
from cordeau.core.permissions import SYSTEME
from cordeau.web.origine import Origine

#: What was tried at an address nobody bears is kept under this identifier.
PERSONNE_ID = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Essai:
    """A sign-in form, and what its browser is known by (empty: unknown)."""

    email: str
    password: str
    origine: Origine
    appareil: str = ""
    #: The session the browser held, ended by the new one.
    ancien: str = ""


@dataclass(frozen=True, slots=True)
class Entree:
    """Who gave the right password; the cookie of their session, None while a code is due."""

    user: Utilisateur
    cookie: str | None


def entrer(database: Database, essai: Essai) -> Entree | None:
    """Try an address and a password; None when they do not open.

    Raises `TropDeDemandesError` while the account, the browser or the client address is slowed.
    """
    cles = freins.cles_de_connexion(essai.email, essai.origine, essai.appareil)
    bloque = database.transaction(partial(freins.engager, cles=cles))
    with database.read() as session:
        user = find_user(session, essai.email)
    juste = verify_password(user.mot_de_passe if user else None, essai.password)
    if user is None or not juste or not user.actif:
        database.transaction(partial(_noter_refus, user=user, origine=essai.origine, bloque=bloque))
        return None
    return database.transaction(partial(_accueillir, user_id=user.id, essai=essai, cles=cles))


def entrer_par_code(
    database: Database, user_id: UUID, code: str, *, cle: str, origine: Origine, ancien: str = ""
) -> str | None:
    """The second step; the cookie of the session, None on a wrong code."""
    cles = freins.cles_de_code(user_id)
    bloque = database.transaction(partial(freins.engager, cles=cles))

    def essayer(session: Session) -> str | None:
        user = get_user_by_id(session, user_id, for_update=True)
        if not user.actif or not facteur.verifier(session, user, code, cle):
            _noter_refus(session, user, origine, bloque=bloque, action="Code refusé")
            return None
        freins.relacher(session, cles)
        return sessions.ouvrir(session, user, origine, ancien=ancien)

    return database.transaction(essayer)


def confirmer(
    database: Database,
    presence: Presence,
    secret: str,
    *,
    cle: str,
    origine: Origine,
    par_code: bool = True,
) -> bool:
    """Prove again who one is, by password or code; counts for this session only."""
    user_id = presence.acteur.id
    cles = freins.cles_de_code(user_id) if user_id else {}
    bloque = database.transaction(partial(freins.engager, cles=cles))
    with database.read() as session:
        user = get_user_by_id(session, user_id)
    par_mot_de_passe = verify_password(user.mot_de_passe, secret)

    def noter(session: Session) -> bool:
        if not par_mot_de_passe and not (par_code and facteur.verifier(session, user, secret, cle)):
            _noter_refus(session, user, origine, bloque=bloque, action="Confirmation refusée")
            return False
        freins.relacher(session, cles)
        sessions.confirmer(session, presence.id)
        return True

    return database.transaction(noter)


def _accueillir(session: Session, user_id: UUID, essai: Essai, cles: freins.Cles) -> Entree:
    user = get_user_by_id(session, user_id, for_update=True)
    freins.relacher(session, cles)
    if needs_rehash(user.mot_de_passe, essai.password):
        user.mot_de_passe = rehash(essai.password)
    if user.facteur_depuis is not None:
        return Entree(user, None)
    return Entree(user, sessions.ouvrir(session, user, essai.origine, ancien=essai.ancien))


def _noter_refus(
    session: Session,
    user: Utilisateur | None,
    origine: Origine,
    *,
    bloque: bool,
    action: str = "Connexion refusée",
) -> None:
    """The same row is written whether somebody bears the address or not."""
    genre, objet_id = ("connexion", PERSONNE_ID) if user is None else ("utilisateur", user.id)
    suite = {"suite": "tentatives suspendues"} if bloque else {}
    journal.record(session, SYSTEME, genre, objet_id, action, adresse=origine.adresse, **suite)
