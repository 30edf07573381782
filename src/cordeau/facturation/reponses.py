"""Answers that pages and API share: the PDF of a document."""

from datetime import date
from uuid import UUID

from fastapi.responses import Response

from cordeau.core.db import Database
from cordeau.facturation import pieces, queries
from cordeau.facturation.states import StatutFacture
from cordeau.web.templating import piece_jointe


def repondre_pdf(database: Database, facture_id: UUID, le: date) -> Response:
    """The PDF of a document, for the page and the API."""
    with database.read() as session:
        facture = queries.get_facture(session, facture_id)
        if facture.statut == StatutFacture.BROUILLON:
            contenu = pieces.apercu_pdf(session, facture_id, le)
            return piece_jointe(contenu, "projet.pdf", "application/pdf", inline=True)
    piece = pieces.obtenir_piece(database, facture_id)
    return piece_jointe(piece.pdf, f"{facture.numero}.pdf", "application/pdf", inline=True)


def repondre_xml(database: Database, facture_id: UUID) -> Response:
    """The e-invoice inside the stored Factur-X."""
    piece = pieces.obtenir_piece(database, facture_id)
    with database.read() as session:
        numero = queries.get_facture(session, facture_id).numero
    return piece_jointe(piece.xml, f"{numero}.xml", "application/xml")
