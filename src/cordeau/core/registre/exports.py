"""What leaves as a file, chained before it leaves."""

import hashlib
from collections.abc import Mapping

from cordeau.core.db import Database
from cordeau.core.permissions import Acteur
from cordeau.core.registre.ecriture import inscrire
from cordeau.core.registre.states import Evenement, Journal


def inscrire_export(
    database: Database,
    quoi: str,
    details: Mapping[str, object],
    fichier: bytes,
    *,
    actor: Acteur,
) -> None:
    """Write down which export, what it holds and its digest; it leaves only once this is saved.

    `details` holds strings and integers only (`TypeError` otherwise).
    An access log, in a transaction of its own, replayed when it collides: the request changes
    nothing else (RFC 9110 §9.2.1).
    """
    contenu = {"export": quoi, **details, "sha256": hashlib.sha256(fichier).hexdigest()}
    database.transaction(
        lambda session: inscrire(session, Journal.TECHNIQUE, Evenement.EXPORT, contenu, actor=actor)
    )
