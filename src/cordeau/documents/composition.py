"""Laying a document out: Typst turns its view into a PDF. Runs in the rendering process."""

import json
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path

import typst

from cordeau.documents import polices
from cordeau.documents.caracteres import imprimable
from cordeau.documents.errors import RenduImpossibleError
from cordeau.documents.logo import lire_logo
from cordeau.documents.modele import Document, Genre
from cordeau.documents.vue import vue

GABARITS = Path(__file__).parent / "gabarits"


def composer(document: Document, xml: bytes | None = None) -> bytes:
    """The PDF of the document, with its e-invoice attached when given.

    PDF/A-3 with its structure (ISO 19005-3, level A), fit for screen readers (ISO 14289-1). The
    same document gives the same bytes: the only instant inside is its date of issue.
    """
    return compiler(document.genre, entrees(document, xml), document.date_emission)


def compiler(genre: Genre, lues: dict[str, str], le: date) -> bytes:
    """Typst alone: what the template reads becomes a PDF."""
    gabarit = "devis.typ" if genre is Genre.DEVIS else "facture.typ"
    compilateur = typst.Compiler(
        GABARITS / gabarit, root=GABARITS, font_paths=_polices(), sys_inputs=lues
    )
    try:
        pdf = compilateur.compile(
            format="pdf",
            pdf_standards=["a-3a", "ua-1"],
            timestamp=datetime.combine(le, time(12), UTC),
        )
    except typst.TypstError as erreur:
        message = f"La mise en page a échoué : {erreur.message}"
        raise RenduImpossibleError(message) from erreur
    return _octets(pdf)


def entrees(document: Document, xml: bytes | None = None) -> dict[str, str]:
    """What the template reads: the view of the document, its e-invoice."""
    lues = {"data": json.dumps(_donnees(document), ensure_ascii=False)}
    if xml is not None:
        lues["xml"] = xml.decode()
    return lues


def _octets(pdf: bytes | list[bytes] | None) -> bytes:
    if not isinstance(pdf, bytes):
        message = "La mise en page n’a rien produit."
        raise RenduImpossibleError(message)
    return pdf


@cache
def _polices() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[polices.dossier()],
    )


def _donnees(document: Document) -> dict[str, object]:
    glyphes = polices.glyphes()
    donnees = {cle: _imprimables(valeur, glyphes) for cle, valeur in vue(document).items()}
    logo = lire_logo(document.emetteur.logo_base64)
    if logo is not None:
        donnees["logo"] = list(logo)
    return donnees


def _imprimables(valeur: object, glyphes: frozenset[int]) -> object:
    """The view with every text reduced to what the fonts can draw."""
    if isinstance(valeur, str):
        return imprimable(valeur, glyphes)
    if isinstance(valeur, dict):
        return {cle: _imprimables(partie, glyphes) for cle, partie in valeur.items()}
    if isinstance(valeur, (list, tuple)):
        return [_imprimables(partie, glyphes) for partie in valeur]
    return valeur
