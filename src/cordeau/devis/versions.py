"""Versions of a devis as they were sent: the document is frozen, whatever becomes of the devis."""

from sqlalchemy.orm import Session

from cordeau.core.dates import maintenant
from cordeau.devis.document import composer_document
from cordeau.devis.models import Devis, VersionDevis
from cordeau.devis.queries import find_version
from cordeau.documents.modele import Document


def figer_version(session: Session, devis: Devis) -> VersionDevis:
    """Freeze the current version on its first sending; afterwards only its status follows."""
    version = find_version(session, devis.id, devis.version)
    if version is None:
        version = VersionDevis(
            devis_id=devis.id,
            version=devis.version,
            contenu=composer_document(session, devis).model_dump_json(),
            figee_le=maintenant(),
        )
        session.add(version)
    version.statut = devis.statut
    return version


def lire_document(session: Session, devis: Devis) -> Document:
    """What the devis says: as it was sent, or as it stands while it is being written."""
    version = find_version(session, devis.id, devis.version)
    return composer_document(session, devis) if version is None else lire_version(version)


def lire_version(version: VersionDevis) -> Document:
    """What a version said when it was sent."""
    return Document.model_validate_json(version.contenu)
