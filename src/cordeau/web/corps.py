"""The body of a request: in UTF-8, bounded, and large only from someone who is signed in."""

import re
from collections.abc import Callable

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from cordeau.core.errors import Faute, NonAuthentifieError, SaisieError

BODY_MAX = 25 * 1024 * 1024
#: Reading a body keeps the server busy, 25 MB of JSON for seconds: nobody asks that of it unknown.
VISITEUR_MAX = 256 * 1024
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


async def read_body(request: Request) -> bytes:
    """The whole body, unread by anything else; `SaisieError` or `NonAuthentifieError` beyond."""
    _refuser_autre_codage(request)
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > BODY_MAX:
            raise SaisieError([Faute("", "La requête est trop volumineuse (25 Mo au plus).")])
        chunks.append(chunk)
    if size > VISITEUR_MAX:
        await _refuser_un_inconnu(request)
    return b"".join(chunks)


async def _refuser_un_inconnu(request: Request) -> None:
    est_connu: Callable[[Request], bool] = request.app.state.est_connu
    if not await run_in_threadpool(est_connu, request):
        raise NonAuthentifieError


def _refuser_autre_codage(request: Request) -> None:
    """A form is UTF-8: other names of codings make characters that no base can hold."""
    genre, _, reste = request.headers.get("content-type", "").lower().partition(";")
    codages = re.findall(r"charset\s*=\s*\"?([^\s\";]*)", reste) if genre in FORM_TYPES else []
    if any(codage not in ("utf-8", "utf8") for codage in codages):
        raise SaisieError([Faute("", "Ce formulaire n’est pas en UTF-8 : rechargez la page.")])
