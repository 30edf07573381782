"""A mail server for tests, on the machine itself."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Boite:
    """What the server was given; `refus` is its answer when it wants no mail."""

    def __init__(self) -> None:
        self.recus: list[EmailMessage] = []
        self.destinataires: list[list[str]] = []
        self.refus = ""

    async def handle_DATA(  # noqa: N802 (aiosmtpd's name)
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep the message."""
        if self.refus:
            return self.refus
        contenu = envelope.content
        assert isinstance(contenu, bytes)
        self.recus.append(message_from_bytes(contenu, policy=default))
        self.destinataires.append(envelope.rcpt_tos)
        return "250 OK"


@contextmanager
def un_serveur() -> Iterator[tuple[str, Boite]]:
    """A server that listens while the block runs: its address, and what it received."""
    boite, port = Boite(), _port_libre()
    serveur = Controller(boite, hostname="127.0.0.1", port=port)
    serveur.start()
    try:
        yield f"smtp://127.0.0.1:{port}", boite
    finally:
        serveur.stop()


def _port_libre() -> int:
    with socket.create_server(("127.0.0.1", 0)) as prise:
        port: int = prise.getsockname()[1]
        return port
