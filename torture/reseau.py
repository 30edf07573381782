"""One kept connection to the API, and the three ways a request may end."""

import json
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any

#: Longer than a server replays a unit of work.
DELAI = 45.0
#: uvicorn closes a connection that says nothing for five seconds.
REPOS = 3.0


class JamaisPartieError(Exception):
    """Nobody listened: the request has had no effect."""


class SansReponseError(Exception):
    """The request left and no answer came: its effect is unknown."""


@dataclass(frozen=True, slots=True)
class Reponse:
    """What the server answered."""

    statut: int
    corps: dict[str, Any]
    revision: str | None
    rejouee: bool


class Client:
    """A program that holds a token."""

    def __init__(self, port: int, jeton: str) -> None:
        self.port = port
        self.jeton = jeton
        self._connexion: HTTPConnection | None = None
        self._servi = 0.0

    def demander(
        self, methode: str, chemin: str, corps: Any = None, entetes: dict[str, str] | None = None
    ) -> Reponse:
        """Send one request, once.

        Raises `JamaisPartieError` or `SansReponseError`.
        """
        tout = {"Authorization": f"Bearer {self.jeton}", "Content-Type": "application/json"}
        contenu = None if corps is None else json.dumps(corps).encode()
        connexion = self._ouverte()
        try:
            connexion.request(methode, chemin, body=contenu, headers=tout | (entetes or {}))
            recue = connexion.getresponse()
            lu = recue.read()
        except (OSError, HTTPException) as error:
            self.fermer()
            raise SansReponseError(repr(error)) from error
        self._servi = time.monotonic()
        revision = recue.getheader("ETag")
        rejouee = recue.getheader("Idempotency-Replayed") == "true"
        return Reponse(recue.status, _en_json(lu), revision, rejouee)

    def fermer(self) -> None:
        """Close the connection; the next request opens another."""
        if self._connexion is not None:
            self._connexion.close()
            self._connexion = None

    def _ouverte(self) -> HTTPConnection:
        if time.monotonic() - self._servi > REPOS:
            self.fermer()
        if self._connexion is None:
            connexion = HTTPConnection("127.0.0.1", self.port, timeout=DELAI)
            try:
                connexion.connect()
            except OSError as error:
                raise JamaisPartieError from error
            self._connexion = connexion
        return self._connexion


def _en_json(contenu: bytes) -> dict[str, Any]:
    try:
        lu = json.loads(contenu)
    except ValueError:
        return {"texte": contenu.decode(errors="replace")[:300]}
    return lu if isinstance(lu, dict) else {"valeur": lu}
