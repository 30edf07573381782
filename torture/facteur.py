"""A mail server on the loopback that keeps the identifier of each message it accepted."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller


class Facteur:
    """Counts, by `Message-ID` without its domain, the messages it answered 250 to."""

    def __init__(self) -> None:
        self._recus: Counter[str] = Counter()
        self._verrou = threading.Lock()

    async def handle_DATA(self, _serveur: Any, _session: Any, enveloppe: Any) -> str:  # noqa: N802
        """Accept a message (aiosmtpd's name)."""
        entetes = message_from_bytes(enveloppe.content, policy=default)
        cle = str(entetes["Message-ID"]).strip("<>").partition("@")[0].replace("-", "")
        with self._verrou:
            self._recus[cle] += 1
        return "250 OK"

    def recus(self) -> Counter[str]:
        """What was accepted until now."""
        with self._verrou:
            return Counter(self._recus)


@contextmanager
def distribuer(port: int) -> Iterator[Facteur]:
    """A mail server on this port."""
    facteur = Facteur()
    controle = Controller(facteur, hostname="127.0.0.1", port=port)
    controle.start()
    try:
        yield facteur
    finally:
        controle.stop()
