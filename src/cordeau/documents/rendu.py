"""What the other contexts ask for: the PDF of a document, the Factur-X of a facture."""

import atexit
from functools import cache

from cordeau.documents.atelier import Atelier
from cordeau.documents.errors import RenduImpossibleError
from cordeau.documents.modele import Document
from cordeau.documents.travaux import FacturX, Travail

__all__ = ["FacturX", "RenduImpossibleError", "arreter", "rendre_facturx", "rendre_pdf"]


def rendre_pdf(document: Document) -> bytes:
    """The PDF of a devis, or of a facture still in draft: no e-invoice inside."""
    resultat = _atelier().rendre(Travail.PDF, document)
    if not isinstance(resultat, bytes):
        raise _refus(resultat)
    return resultat


def rendre_facturx(document: Document) -> FacturX:
    """The PDF/A-3 and the e-invoice of a numbered facture, acompte or avoir.

    The same document gives the same bytes.
    """
    resultat = _atelier().rendre(Travail.FACTURX, document)
    if not isinstance(resultat, FacturX):
        raise _refus(resultat)
    return resultat


def arreter() -> None:
    """End the rendering processes; the next document starts new ones."""
    if _atelier.cache_info().currsize:
        _atelier().arreter()


@cache
def _atelier() -> Atelier:
    atelier = Atelier()
    atexit.register(atelier.arreter)
    return atelier


def _refus(resultat: object) -> Exception:
    if isinstance(resultat, RenduImpossibleError):
        return resultat
    return TypeError(f"unexpected answer of the rendering process: {type(resultat).__name__}")
