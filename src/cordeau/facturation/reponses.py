"""Answers that several edges share: the PDF of a document, what leaves as a file."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import count
from uuid import UUID

from fastapi.responses import Response

from cordeau.core.db import Database
from cordeau.core.permissions import Acteur
from cordeau.core.registre.exports import inscrire_export
from cordeau.facturation import pieces, queries
from cordeau.facturation.states import StatutFacture
from cordeau.web.tableur import Cellule, FormatTableur, repondre_tableau
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
    with database.read() as session:
        numero = queries.get_facture(session, facture_id).numero
    piece = pieces.obtenir_piece(database, facture_id)
    return piece_jointe(piece.xml, f"{numero}.xml", "application/xml")


def repondre_export(
    database: Database,
    genre: FormatTableur,
    nom: str,
    entetes: Sequence[str],
    lignes: Iterable[Sequence[Cellule]],
    *,
    actor: Acteur,
) -> Response:
    """A spreadsheet to download, once the ledger knows of it.

    What was searched for is not chained: it may name a person, and the ledger forgets nothing.
    """
    compte = count()
    comptees = (ligne for ligne, _ in zip(lignes, compte, strict=False))
    response = repondre_tableau(genre, nom, entetes, comptees)
    details = {"format": genre.value, "lignes": next(compte)}
    inscrire_export(database, nom.upper(), details, bytes(response.body), actor=actor)
    return response
