"""The route of every page and API call: bounded body, exact decimals, replay, no double effect.

A unit of work that collides with another is replayed whole, before anything is answered. A
request that carries an operation key acts once: its answer is stored with its effect.
"""

import asyncio
import hashlib
import json
from collections.abc import Callable, Coroutine, Iterable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, nullcontext
from functools import wraps
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session
from starlette.types import Message, Receive

from cordeau.core import jsonable
from cordeau.core.dates import maintenant
from cordeau.core.db import ReadingSession, attempts, is_retryable
from cordeau.core.errors import Faute, SaisieError
from cordeau.core.operations import CLE_MAX, Operation, find_operation
from cordeau.web.deps import get_database, unit_of_work

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
BODY_MAX = 25 * 1024 * 1024
#: A devis of 5 000 rows, sent as a plain form, has a dozen fields a row.
FIELDS_MAX = 100_000
CHAMP_CLE = "cle_operation"

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class ExactRequest(Request):
    """A request whose JSON body keeps its decimals, read once and replayable."""

    async def json(self) -> Any:
        """The parsed body; `JSONDecodeError` (answered 422) when it is not strict JSON."""
        if not hasattr(self, "_json"):
            try:
                self._json = jsonable.loads(await self.body())
            except ValueError as error:
                raise json.JSONDecodeError(str(error), "", 0) from error
        return self._json

    def form(self, *, max_fields: float = FIELDS_MAX, **limits: Any) -> Any:
        """The fields of a form; the size of the body is bounded elsewhere."""
        return super().form(max_fields=max_fields, **limits)


class CordeauRoute(APIRoute):
    """See the module."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, _closing(endpoint), **options)

    def get_route_handler(self) -> Handler:
        """Wrap FastAPI's handler; the wrapper owns the stack in which units of work commit."""
        handler = super().get_route_handler()
        writes = _depends_on(self.dependant, unit_of_work)

        async def run(request: Request) -> Response:
            body = b"" if request.method in SAFE_METHODS else await _read_body(request)
            cle = await _operation_key(request, body)
            if cle:
                request.state.empreinte = _digest(request, body)
            async with _writer_gate(request) if writes else nullcontext():
                return await _replay(handler, request, body, cle)

        return run


def _closing(endpoint: Callable[..., Response]) -> Callable[..., Response]:
    """The endpoint, which gives back the connection it read with before it leaves its thread."""

    @wraps(endpoint)
    def run(**arguments: Any) -> Response:
        try:
            return endpoint(**arguments)
        finally:
            for valeur in arguments.values():
                if isinstance(valeur, ReadingSession):
                    valeur.close()

    return run


async def _replay(handler: Handler, request: Request, body: bytes, cle: str) -> Response:
    for attempt in attempts():
        try:
            return await _once(handler, _copy(request, body), cle)
        except DBAPIError as error:
            clash = isinstance(error, IntegrityError) and cle and attempt.number == 1
            if not (clash or is_retryable(error)) or attempt.is_last:
                raise
            await asyncio.sleep(attempt.pause)
    raise AssertionError("the last attempt returns or raises")


async def _once(handler: Handler, request: Request, cle: str) -> Response:
    """One try: the effect, the stored answer and the commit, all or nothing."""
    request.state.cle_operation = cle
    async with AsyncExitStack() as stack:
        request.scope["fastapi_function_astack"] = stack
        try:
            response = await handler(request)
        except DejaFaiteError as deja:
            return deja.response
        session: Session | None = getattr(request.state, "session", None)
        if session is not None:
            if response.status_code >= 400:
                session.rollback()
            elif cle:
                _remember(session, request, response, cle)
    return response


def _remember(session: Session, request: Request, response: Response, cle: str) -> None:
    acteur_id: UUID | None = getattr(request.state, "acteur_id", None)
    if acteur_id is None:
        return
    session.add(
        Operation(
            acteur_id=acteur_id,
            cle=cle,
            empreinte=request.state.empreinte,
            statut=response.status_code,
            type_mime=response.headers.get("content-type", ""),
            adresse=response.headers.get("location", ""),
            corps=bytes(response.body),
            faite_le=maintenant(),
        )
    )


class DejaFaiteError(Exception):
    """This person's key already acted: the stored answer is given again."""

    def __init__(self, response: Response) -> None:
        super().__init__("already done")
        self.response = response


def refuse_second_effect(request: Request, acteur_id: UUID) -> None:
    """Give the stored answer again when this person's key already acted (`DejaFaiteError`).

    Raises `SaisieError` when the key was used for another request.
    """
    cle: str = getattr(request.state, "cle_operation", "")
    request.state.acteur_id = acteur_id
    if not cle:
        return
    with get_database(request).read() as session:
        faite = find_operation(session, acteur_id, cle)
    if faite is None:
        return
    if faite.empreinte != request.state.empreinte:
        raise SaisieError([Faute(CHAMP_CLE, "Cette clé a déjà servi à une autre demande.")])
    response = Response(faite.corps, status_code=faite.statut)
    for name, value in (("content-type", faite.type_mime), ("location", faite.adresse)):
        if value:
            response.headers[name] = value
    response.headers["Idempotency-Replayed"] = "true"
    raise DejaFaiteError(response)


def _digest(request: Request, body: bytes) -> str:
    """What tells two requests apart under one key."""
    lieu = f"{request.method} {request.scope['path']}\n"
    return hashlib.sha256(lieu.encode() + body).hexdigest()


def _copy(request: Request, body: bytes) -> ExactRequest:
    """The same request, its body ready to be read again."""
    copied = ExactRequest(request.scope, _receiver(body))
    copied.state.session = None
    return copied


def _receiver(body: bytes) -> Receive:
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if sent:
            return {"type": "http.disconnect"}
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _read_body(request: Request) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > BODY_MAX:
            raise SaisieError([Faute("", "La requête est trop volumineuse (25 Mo au plus).")])
        chunks.append(chunk)
    return b"".join(chunks)


async def _operation_key(request: Request, body: bytes) -> str:
    """The key sent in the header, or in the hidden field of our forms."""
    cle = request.headers.get("Idempotency-Key", "")
    kind = request.headers.get("content-type", "").split(";")[0]
    if (
        not cle
        and body
        and kind
        in (
            "application/x-www-form-urlencoded",
            "multipart/form-data",
        )
    ):
        async with ExactRequest(request.scope, _receiver(body)).form() as form:
            cle = str(form.get(CHAMP_CLE, ""))
    if len(cle) > CLE_MAX:
        raise SaisieError([Faute(CHAMP_CLE, f"{CLE_MAX} caractères au plus.")])
    return cle


def _writer_gate(request: Request) -> AbstractAsyncContextManager[Any]:
    """On SQLite, let one writing request at a time into the thread pool: none can starve it."""
    gate: AbstractAsyncContextManager[Any] = request.app.state.writer_gate
    return gate


def _depends_on(dependant: Dependant, call: Callable[..., Any]) -> bool:
    return any(found is call for found in _calls(dependant))


def _calls(dependant: Dependant) -> Iterable[object]:
    yield dependant.call
    for child in dependant.dependencies:
        yield from _calls(child)
