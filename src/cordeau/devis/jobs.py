"""What happens to devis outside a request: the PDF joined to its e-mail, the daily expiry."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from cordeau.core.dates import aujourd_hui
from cordeau.core.db import Database
from cordeau.core.errors import IntrouvableError
from cordeau.devis.commands.reponse import expirer
from cordeau.devis.models import VersionDevis
from cordeau.devis.queries import list_expirables
from cordeau.documents.modele import Document
from cordeau.documents.rendu import rendre_pdf
from cordeau.notifications.commands import Piece, joindre_et_envoyer


def joindre_pdf(database: Database, parametres: Mapping[str, Any]) -> None:
    """Render the version that was sent and join it to its e-mail."""
    with database.read() as session:
        version = session.get(VersionDevis, UUID(parametres["version_id"]))
        if version is None:
            raise IntrouvableError
        document = Document.model_validate_json(version.contenu)
    piece = Piece(f"{document.numero}.pdf", "application/pdf", rendre_pdf(document))
    message_id = UUID(parametres["message_id"])
    database.transaction(lambda session: joindre_et_envoyer(session, message_id, piece))


def expirer_devis(database: Database, _parametres: Mapping[str, Any]) -> None:
    """Close the devis whose clients did not answer in time, one transaction each."""
    le = aujourd_hui()
    with database.read() as session:
        candidats = list_expirables(session, le)
    for devis_id in candidats:
        database.transaction(partial(expirer, devis_id=devis_id, le=le))
