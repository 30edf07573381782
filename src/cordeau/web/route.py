"""The route of every page and API call: bounded body, exact decimals, replay, no double effect.

A unit of work that collides with another is replayed whole, before anything is answered. A
request that carries an operation key acts once: its answer is stored with its effect. A form whose
question nobody answered is given a page that asks it.
"""

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterable
from contextlib import AbstractAsyncContextManager
from functools import partial, wraps
from typing import Any
from uuid import UUID

from fastapi import Depends, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.routing import Match
from starlette.types import Message, Receive, Scope

from cordeau.core import jsonable
from cordeau.core.db import ReadingSession, WritingSession
from cordeau.core.errors import QuestionPoseeError
from cordeau.core.provenance import depuis
from cordeau.core.retries import AlreadySavedError, Unit, attempts
from cordeau.web.corps import FORM_TYPES, read_body
from cordeau.web.deps import REQUETE, get_database, unit_of_work
from cordeau.web.idempotency import (
    CHAMP_CLE,
    ENTETE_CLE,
    CookiesRecents,
    DejaFaiteError,
    Keyed,
    alone,
    keep_response,
    read_key,
    reserve_key,
)
from cordeau.web.preconditions import unir_if_match
from cordeau.web.provenance import provenance_de

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
#: A devis of 5 000 rows, sent as a plain form, has a dozen fields a row.
FIELDS_MAX = 100_000
#: The question of a button; our script takes it away once it was answered.
CHAMP_QUESTION = "question"

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


async def _voir_la_question(request: Request) -> None:
    """Raise the question the form asks, unless the script that sent it had it answered."""
    formulaire = getattr(request.state, "formulaire", None)
    question = formulaire.get(CHAMP_QUESTION) if formulaire else None
    if isinstance(question, str):
        raise QuestionPoseeError(question)


#: Comes after what the route declares: only who may act is asked whether they are sure.
QUESTION = Depends(_voir_la_question)


class CordeauRoute(APIRoute):
    """See the module."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        dependencies = [d for d in options.pop("dependencies", None) or () if d is not QUESTION]
        if not SAFE_METHODS.issuperset(options.get("methods") or ("GET",)):
            dependencies.append(QUESTION)
        super().__init__(path, _closing(endpoint), dependencies=dependencies, **options)
        self._debut = self.path.partition("{")[0]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether this is the route asked for; most are not, and their first letters tell."""
        if scope.get("root_path") or scope["path"].startswith(self._debut):
            return super().matches(scope)
        return Match.NONE, {}

    def get_route_handler(self) -> Handler:
        """Wrap FastAPI's handler: one try of it is one unit of work."""
        handler = super().get_route_handler()
        ecrit = writes(self)

        async def run(request: Request) -> Response:
            unir_if_match(request.scope)
            body = b"" if request.method in SAFE_METHODS else await read_body(request)
            if not ecrit:
                return await _replay(handler, request, body, None)
            keyed = read_key(request, await _operation_key(request, body), body)
            async with alone(request, keyed), _writer_gate(request):
                response = await _replay(handler, request, body, keyed)
                if keyed is not None:
                    _cookies_recents(request).noter(keyed, response)
                return response

        return run


def _closing(endpoint: Callable[..., Response]) -> Callable[..., Response]:
    """The endpoint with its transaction, from beginning to end without leaving its thread."""

    @wraps(endpoint)
    def run(**arguments: Any) -> Response:
        agir = partial(endpoint, **arguments)
        for valeur in arguments.values():
            if isinstance(valeur, ReadingSession):
                agir = partial(_lire, valeur, agir)
            elif isinstance(valeur, WritingSession):
                agir = partial(_ecrire, valeur, agir)
        return agir()

    return run


def _lire(session: Session, agir: Callable[[], Response]) -> Response:
    """Give back the connection it read with."""
    try:
        return agir()
    finally:
        session.close()


def _ecrire(session: Session, agir: Callable[[], Response]) -> Response:
    """The effect, the stored answer and the commit, all or nothing."""
    request: Request = session.info[REQUETE]
    unit: Unit = request.state.unit
    keyed: Keyed | None = request.state.keyed
    with get_database(request).writing(session, unit):
        reserve_key(request, session, unit)
        response = agir()
        if response.status_code >= 400:
            session.rollback()
        elif keyed is not None:
            keep_response(session, keyed, response)
        unit.give(response)
    return response


async def _replay(handler: Handler, request: Request, body: bytes, keyed: Keyed | None) -> Response:
    unit = Unit(reading=request.method in SAFE_METHODS)
    for attempt in attempts():
        try:
            return await _once(handler, _copy(request, body), unit, keyed)
        except AlreadySavedError:
            break
        except DBAPIError as error:
            await asyncio.sleep(attempt.pause_after(error, unit))
    response: Response = unit.result
    return response


async def _once(handler: Handler, request: Request, unit: Unit, keyed: Keyed | None) -> Response:
    """One try."""
    request.state.unit, request.state.keyed = unit, keyed
    with depuis(partial(provenance_de, request)):
        try:
            return await handler(request)
        except DejaFaiteError as deja:
            if keyed is not None:
                _cookies_recents(request).rendre(keyed, deja.response)
            return deja.response
        finally:
            await _close_reading(request)


async def _close_reading(request: Request) -> None:
    """Give back a connection that a dependency read with, when the endpoint was not reached."""
    lecture: Session | None = getattr(request.state, "lecture", None)
    request.state.lecture = None
    if lecture is not None and lecture.in_transaction():
        await run_in_threadpool(lecture.close)


def refuse_second_effect(request: Request, acteur_id: UUID) -> None:
    """Have this person's key, if the request carries one, act once (`web.idempotency`)."""
    keyed: Keyed | None = getattr(request.state, "keyed", None)
    if keyed is not None:
        keyed.acteur_id = acteur_id


def _copy(request: Request, body: bytes) -> ExactRequest:
    """The same request, its body ready to be read again."""
    return ExactRequest(request.scope, _receiver(body))


def _receiver(body: bytes) -> Receive:
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if sent:
            return {"type": "http.disconnect"}
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _operation_key(request: Request, body: bytes) -> str:
    """The key sent in the header, or in the hidden field of our forms."""
    cle = request.headers.get(ENTETE_CLE, "")
    kind = request.headers.get("content-type", "").split(";")[0]
    if cle or not body or kind not in FORM_TYPES:
        return cle
    async with ExactRequest(request.scope, _receiver(body)).form() as form:
        return str(form.get(CHAMP_CLE, ""))


def _writer_gate(request: Request) -> AbstractAsyncContextManager[Any]:
    """On SQLite, let one writing request at a time into the thread pool: none can starve it."""
    gate: AbstractAsyncContextManager[Any] = request.app.state.writer_gate
    return gate


def _cookies_recents(request: Request) -> CookiesRecents:
    recents: CookiesRecents = request.app.state.cookies_recents
    return recents


def writes(route: APIRoute) -> bool:
    """Whether this route opens a unit of work: only then does an operation key mean something."""
    return _depends_on(route.dependant, unit_of_work)


def _depends_on(dependant: Dependant, call: Callable[..., Any]) -> bool:
    return any(found is call for found in _calls(dependant))


def _calls(dependant: Dependant) -> Iterable[object]:
    yield dependant.call
    for child in dependant.dependencies:
        yield from _calls(child)
