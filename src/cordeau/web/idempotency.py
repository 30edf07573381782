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
#: How long the cookies of an answer are given again with it: that of a double click.
COOKIES_SECONDS = 30.0


@dataclass(slots=True)
class Keyed:
    """The key of the request in hand."""

    cle: str
    #: What tells two requests apart under one key.
    empreinte: str
    #: Where it came: our header, or the hidden field of a form.
    champ: str
    #: Whose key it is, known once they were let in.
    acteur_id: UUID | None = None
    reservation: UUID | None = None


class CleDejaServieError(SaisieError):
    """This person's key already acted, for another request (422)."""

    def __init__(self, adresse: str, champ: str) -> None:
        super().__init__([Faute(champ, "Cette clé a déjà servi à une autre demande.")])
        self.titre = "Clé déjà utilisée" if champ == ENTETE_CLE else "Formulaire déjà enregistré"
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
    """The key of this request, None when it has none.

    What was asked is the method, the address with its query, and the body. `If-Match` is not: it
    says what was read before, and whoever reads again to repeat a request is told it is done.
    """
    if not cle:
        return None
    champ = ENTETE_CLE if ENTETE_CLE in request.headers else CHAMP_CLE
    if len(cle) > CLE_MAX:
        raise SaisieError([Faute(champ, f"{CLE_MAX} caractères au plus.")])
    query = request.scope["query_string"]
    lieu = f"{request.method} {request.scope['path']}".encode() + (b"?" + query if query else b"")
    return Keyed(cle, hashlib.sha256(lieu + b"\n" + body).hexdigest(), champ)


class CookiesRecents:
    """The cookies of the latest keyed answers: a secret shown once outlives a double click.

    They are kept in the memory of this process, never in the base. Another process, or one asked
    later, gives the answer without them; the page it leads to says what is not shown again.
    """

    def __init__(self) -> None:
        self._poses: dict[tuple[UUID | None, str, str], tuple[float, list[str]]] = {}

    def noter(self, keyed: Keyed, response: Response) -> None:
        """Keep the cookies of an answer that was just saved."""
        limite = time.monotonic() - COOKIES_SECONDS
        self._poses = {qui: pose for qui, pose in self._poses.items() if pose[0] > limite}
        cookies = response.headers.getlist("set-cookie")
        if cookies and ENTETE_REJOUE not in response.headers:
            self._poses[_de(keyed)] = time.monotonic(), cookies

    def rendre(self, keyed: Keyed, response: Response) -> None:
        """Put them on the same answer, given again."""
        instant, cookies = self._poses.get(_de(keyed), (0.0, []))
        if time.monotonic() - instant <= COOKIES_SECONDS:
            for cookie in cookies:
                response.headers.append("set-cookie", cookie)


def _de(keyed: Keyed) -> tuple[UUID | None, str, str]:
    return keyed.acteur_id, keyed.cle, keyed.empreinte


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
        raise CleDejaServieError(taken.adresse, keyed.champ)
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
