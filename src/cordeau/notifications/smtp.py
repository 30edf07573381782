"""The mail server."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

DELAI_SECONDES = 30
PORTS = {"smtp": 25, "smtps": 465}


def send(url: str, message: EmailMessage) -> None:
    """Deliver by `smtp://user:password@host:port` (STARTTLS when offered) or `smtps://`.

    Raises `OSError` or `smtplib.SMTPException` when the server does not take it.
    """
    with connect(url, DELAI_SECONDES) as server:
        server.send_message(message)


@contextmanager
def connect(url: str, delai: float) -> Iterator[smtplib.SMTP]:
    """A session with the mail server, signed in when the address says so."""
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port or PORTS[parts.scheme]
    context = ssl.create_default_context()
    with (
        smtplib.SMTP_SSL(host, port, timeout=delai, context=context)
        if parts.scheme == "smtps"
        else smtplib.SMTP(host, port, timeout=delai)
    ) as server:
        server.ehlo_or_helo_if_needed()  # what is offered is known only then
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield server
