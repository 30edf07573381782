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
    """The whole body; `SaisieError` when too large, `NonAuthentifieError` when from nobody known.

    What nobody known sends is received to its end, so that they hear the answer, and not kept.
    """
    _refuser_autre_codage(request)
    chunks: list[bytes] = []
    size, inconnu = 0, False
    async for chunk in request.stream():
        if size <= VISITEUR_MAX < size + len(chunk):
            inconnu = not await _est_connu(request)
        size += len(chunk)
        if size > BODY_MAX:
            raise SaisieError([Faute("", "La requête est trop volumineuse (25 Mo au plus).")])
        if not inconnu:
            chunks.append(chunk)
    if inconnu:
        raise NonAuthentifieError
    return b"".join(chunks)


async def _est_connu(request: Request) -> bool:
    """Whether somebody signed in sends this (`auth.deps`, which the application gives)."""
    est_connu: Callable[[Request], bool] = request.app.state.est_connu
    return await run_in_threadpool(est_connu, request)


def _refuser_autre_codage(request: Request) -> None:
    """A form is UTF-8: other names of codings make characters that no base can hold."""
    genre, _, reste = request.headers.get("content-type", "").lower().partition(";")
    codages = re.findall(r"charset\s*=\s*\"?([^\s\";]*)", reste) if genre in FORM_TYPES else []
    if any(codage not in ("utf-8", "utf8") for codage in codages):
        raise SaisieError([Faute("", "Ce formulaire n’est pas en UTF-8 : rechargez la page.")])
