"""What surrounds every request: its identifier, its log line, the security headers."""

import logging
import time
from uuid import uuid4

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cordeau.core.log import request_id
from cordeau.web.deps import is_secure
from cordeau.web.errors import on_accident

log = logging.getLogger("cordeau.requete")

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "object-src 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_RAW_HEADERS = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]


class Surround:
    """Adds the headers, times the request and logs it once answered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; an accident is answered here, inside the headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        token = request_id.set(uuid4().hex[:12])
        answer = _Answer(scope, send)
        try:
            await self.app(scope, receive, answer.send)
        except Exception as error:
            if not answer.status:
                await on_accident(Request(scope), error)(scope, receive, answer.send)
            raise
        finally:
            answer.log()
            request_id.reset(token)


class _Answer:
    """The answer to one request, on its way out."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.status = 0
        self._scope = scope
        self._send = send
        self._started = time.perf_counter()

    async def send(self, message: Message) -> None:
        """Pass a message on, its headers completed."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = list(message["headers"])
            _complete(message["headers"], self._scope)
        await self._send(message)

    def log(self) -> None:
        """One line, without the query: it may hold names."""
        elapsed = (time.perf_counter() - self._started) * 1000
        log.info(
            "%s %s",
            self._scope["method"],
            _sans_secret(self._scope["path"]),
            extra={"statut": self.status or 500, "ms": round(elapsed, 1)},
        )


def _sans_secret(path: str) -> str:
    """The path, without the link that opens an account."""
    tete = "/mot-de-passe/"
    lisible = not path.startswith(tete) or path == f"{tete}oublie"
    return path if lisible else f"{tete}…"


def _complete(headers: list[tuple[bytes, bytes]], scope: Scope) -> None:
    """Add what the answer does not say itself."""
    given = {name for name, _ in headers}
    headers += [header for header in _RAW_HEADERS if header[0] not in given]
    headers.append((b"x-request-id", request_id.get().encode()))
    if is_secure(Request(scope)):
        headers.append((b"strict-transport-security", b"max-age=31536000"))
    if b"cache-control" not in given:
        headers.append((b"cache-control", _cache_control(scope)))


def _cache_control(scope: Scope) -> bytes:
    """A static address that carries its version never changes; everything else is asked again."""
    if not str(scope["path"]).startswith("/static/"):
        return b"no-store"
    versioned = b"v=" in scope["query_string"]
    return b"public, max-age=31536000, immutable" if versioned else b"no-cache"
