"""A request that carries an operation key acts once: its answer is stored with its effect."""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy.orm import Session

from cordeau.core.errors import Faute, SaisieError
from cordeau.core.operations import (
    CLE_MAX,
    EnCoursError,
    Operation,
    Reponse,
    keep_answer,
    reserve,
)
from cordeau.core.retries import Unit

ENTETE_CLE = "Idempotency-Key"
ENTETE_REJOUE = "Idempotency-Replayed"
CHAMP_CLE = "cle_operation"
#: A person who clicked twice is given the answer to the first click; a program asks again itself.
PATIENCE_SECONDS = 5.0
VEILLE_SECONDS = 0.05


@dataclass(slots=True)
class Keyed:
    """The key of the request in hand."""

    cle: str
    #: What tells two requests apart under one key.
    empreinte: str
    #: Whose key it is, known once they were let in.
    acteur_id: UUID | None = None
    reservation: UUID | None = None


class CleDejaServieError(SaisieError):
    """This person's key already acted, for another request (422)."""

    titre = "Formulaire déjà enregistré"

    def __init__(self, adresse: str) -> None:
        super().__init__([Faute(CHAMP_CLE, "Cette clé a déjà servi à une autre demande.")])
        #: Where the first request led.
        self.adresse = adresse


class DejaFaiteError(Exception):
    """This person's key already acted: the stored answer is given again."""

    def __init__(self, faite: Operation) -> None:
        super().__init__("already done")
        self.response = Response(faite.corps, status_code=faite.statut)
        entetes = ("content-type", faite.type_mime), ("location", faite.adresse)
        for name, value in (*entetes, ("etag", faite.etag)):
            if value:
                self.response.headers[name] = value
        self.response.headers[ENTETE_REJOUE] = "true"


def read_key(request: Request, cle: str, body: bytes) -> Keyed | None:
    """The key of this request, None when it has none."""
    if not cle:
        return None
    if len(cle) > CLE_MAX:
        raise SaisieError([Faute(CHAMP_CLE, f"{CLE_MAX} caractères au plus.")])
    lieu = f"{request.method} {request.scope['path']}\n"
    return Keyed(cle, hashlib.sha256(lieu.encode() + body).hexdigest())


@asynccontextmanager
async def alone(request: Request, keyed: Keyed | None) -> AsyncIterator[None]:
    """Let one request of this person in under this key; `EnCoursError` for the others.

    Two processes meet in the base instead, on the key reserved there.
    """
    if keyed is None:
        yield
        return
    en_cours: set[tuple[str, str]] = request.app.state.operations_en_cours
    porteur = request.headers.get("authorization") or request.headers.get("cookie", "")
    place = (porteur, keyed.cle)
    patience = 0.0 if request.scope["path"].startswith("/api/") else PATIENCE_SECONDS
    limite = time.monotonic() + patience
    while place in en_cours:
        if time.monotonic() >= limite:
            raise EnCoursError
        await asyncio.sleep(VEILLE_SECONDS)
    en_cours.add(place)
    try:
        yield
    finally:
        en_cours.discard(place)


def reserve_key(request: Request, session: Session, unit: Unit) -> None:
    """Take the key in the unit of work that will act, before anything else.

    Raises `DejaFaiteError` when it already acted, `SaisieError` when for another request.
    """
    keyed: Keyed | None = getattr(request.state, "keyed", None)
    if keyed is None or keyed.acteur_id is None:
        return
    taken = reserve(session, keyed.acteur_id, keyed.cle, keyed.empreinte, waiting=unit.tries > 1)
    if isinstance(taken, UUID):
        keyed.reservation = taken
    elif taken.empreinte != keyed.empreinte:
        raise CleDejaServieError(taken.adresse)
    else:
        raise DejaFaiteError(taken)


def keep_response(session: Session, keyed: Keyed, response: Response) -> None:
    """Store the answer with the effect, under the key reserved for it."""
    if keyed.reservation is None:
        return
    reponse = Reponse(
        statut=response.status_code,
        corps=bytes(response.body),
        type_mime=response.headers.get("content-type", ""),
        adresse=response.headers.get("location", ""),
        etag=response.headers.get("etag", ""),
    )
    keep_answer(session, keyed.reservation, reponse)
