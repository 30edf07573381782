"""What slows down whoever guesses: counted before the guess, given back when it was right.

An attempt in progress counts as failed, so that fifty at once do not pass where five may.
"""

from collections.abc import Mapping
from datetime import datetime
from math import ceil
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.mysql import insert as mysql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from cordeau.auth.models import FreinConnexion
from cordeau.auth.queries import digest, digest_adresse
from cordeau.auth.rules import FREIN_ADRESSE, FREIN_PERSONNE, Frein
from cordeau.core.dates import maintenant
from cordeau.core.errors import TropDeDemandesError
from cordeau.core.ids import new_id
from cordeau.web.origine import Origine

#: Keys of an attempt, and how each is slowed.
Cles = Mapping[str, Frein]


def cle_compte(email: str) -> str:
    """The key of an address typed, whether a user bears it or not; it is not kept in clear."""
    return f"compte:{digest_adresse(email)}"


def cles_de_connexion(email: str, origine: Origine, appareil: str) -> Cles:
    """What a sign-in counts for: the account, or the browser it knows; and the client address."""
    personne = f"appareil:{digest(appareil)}" if appareil else cle_compte(email)
    return {personne: FREIN_PERSONNE, f"adresse:{origine.cle}": FREIN_ADRESSE}


def cles_de_code(user_id: UUID) -> Cles:
    """What a code, or a password asked again, counts for."""
    return {f"code:{user_id}": FREIN_PERSONNE}


def engager(session: Session, cles: Cles) -> bool:
    """Count an attempt; `TropDeDemandesError` while a key is blocked.

    Gives whether this attempt, if it fails, blocks a key.
    """
    instant = maintenant()
    lignes = [_verrouiller(session, cle, instant) for cle in sorted(cles)]
    attentes = [f.bloque_jusqu_a for f in lignes if f.bloque_jusqu_a and f.bloque_jusqu_a > instant]
    if attentes:
        raise TropDeDemandesError(
            ceil((max(attentes) - instant).total_seconds()), "Trop de tentatives de connexion."
        )
    for ligne in lignes:
        _compter(ligne, cles[ligne.cle], instant)
    return any(ligne.bloque_jusqu_a is not None for ligne in lignes)


def relacher(session: Session, cles: Cles) -> None:
    """The attempt was right: forget the person's failures, give the address its own back."""
    for ligne in session.scalars(
        select(FreinConnexion)
        .where(FreinConnexion.cle.in_(cles))
        .order_by(FreinConnexion.cle)
        .with_for_update()
    ):
        frein = cles[ligne.cle]
        ligne.echecs = ligne.echecs - 1 if frein is FREIN_ADRESSE else 0
        if frein.pause(ligne.echecs) is None:
            ligne.bloque_jusqu_a = None


def liberer(session: Session, email: str) -> None:
    """Let the owner of an address in again: their link was used."""
    session.execute(delete(FreinConnexion).where(FreinConnexion.cle == cle_compte(email)))


def purger(session: Session) -> None:
    """Forget the keys nobody tried for long."""
    limite = maintenant() - FREIN_PERSONNE.oubli
    session.execute(delete(FreinConnexion).where(FreinConnexion.dernier_le < limite))


def _compter(ligne: FreinConnexion, frein: Frein, instant: datetime) -> None:
    if ligne.dernier_le < instant - frein.oubli:
        ligne.echecs = 0
    ligne.echecs += 1
    ligne.dernier_le = instant
    pause = frein.pause(ligne.echecs)
    ligne.bloque_jusqu_a = instant + pause if pause else None


def _verrouiller(session: Session, cle: str, instant: datetime) -> FreinConnexion:
    """The row of a key, held until the unit of work ends; made when missing."""
    statement = select(FreinConnexion).where(FreinConnexion.cle == cle).with_for_update()
    ligne = session.scalar(statement)
    if ligne is not None:
        return ligne
    valeurs = {"id": new_id(), "cle": cle, "echecs": 0, "dernier_le": instant}
    if session.get_bind().dialect.name == "sqlite":
        session.execute(sqlite_insert(FreinConnexion).values(**valeurs).on_conflict_do_nothing())
    else:
        session.execute(mysql_insert(FreinConnexion).values(**valeurs).prefix_with("IGNORE"))
    return session.scalars(statement).one()
