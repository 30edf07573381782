"""The Factur-X of an issued document: rendered once, stored, given again byte for byte."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cordeau.core.dates import maintenant
from cordeau.core.db import Database
from cordeau.core.errors import ConflitError
from cordeau.core.registre.canonique import EMPREINTE_IMPRIMEE
from cordeau.core.registre.ecriture import lire_empreinte
from cordeau.core.registre.states import Journal
from cordeau.documents.modele import Document
from cordeau.documents.rendu import FacturX, rendre_facturx, rendre_pdf
from cordeau.facturation.document import lire_document
from cordeau.facturation.models import PieceFacture
from cordeau.facturation.queries import get_facture
from cordeau.facturation.registre import chainer_piece
from cordeau.facturation.states import StatutFacture


def obtenir_piece(database: Database, facture_id: UUID) -> PieceFacture:
    """The stored Factur-X; rendered and stored now when the job has not done it yet.

    Raises `ConflitError` on a draft, which has no e-invoice.
    """
    with database.read() as session:
        piece = session.get(PieceFacture, facture_id)
        if piece is not None:
            return piece
        facture = get_facture(session, facture_id)
        if facture.statut != StatutFacture.EMISE or facture.contenu is None:
            raise ConflitError("La facture électronique existe une fois la facture émise.")
        document = Document.model_validate_json(facture.contenu).model_copy(
            update={"empreinte": _empreinte(session, facture_id)}
        )
    rendu = rendre_facturx(document)
    try:
        return database.transaction(lambda session: _garder(session, facture_id, rendu))
    except IntegrityError:  # another worker stored its own first: the first one is the true one
        with database.read() as session:
            return session.get_one(PieceFacture, facture_id)


@dataclass(frozen=True, slots=True)
class EtatPiece:
    """When the Factur-X was rendered, and what its bytes are known by."""

    rendue_le: datetime
    pdf_sha256: str
    xml_sha256: str


def etat_piece(session: Session, facture_id: UUID) -> EtatPiece | None:
    """The Factur-X without its bytes; None until it is rendered."""
    row = session.execute(
        select(PieceFacture.rendue_le, PieceFacture.pdf_sha256, PieceFacture.xml_sha256).where(
            PieceFacture.facture_id == facture_id
        )
    ).one_or_none()
    return None if row is None else EtatPiece(*row)


def apercu_pdf(session: Session, facture_id: UUID, le: date) -> bytes:
    """A draft as it would print today, marked « PROJET »."""
    return rendre_pdf(lire_document(session, get_facture(session, facture_id), le))


def _garder(session: Session, facture_id: UUID, rendu: FacturX) -> PieceFacture:
    connue = session.get(PieceFacture, facture_id)
    if connue is not None:
        return connue
    piece = PieceFacture(
        facture_id=facture_id,
        pdf=rendu.pdf,
        xml=rendu.xml,
        pdf_sha256=rendu.pdf_sha256,
        xml_sha256=rendu.xml_sha256,
        rendue_le=maintenant(),
    )
    session.add(piece)
    chainer_piece(session, piece)
    return piece


def _empreinte(session: Session, facture_id: UUID) -> str:
    """What the ledger knows the document by, as far as it is printed."""
    return lire_empreinte(session, Journal.FACTURES, facture_id)[:EMPREINTE_IMPRIMEE]
