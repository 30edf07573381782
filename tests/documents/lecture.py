"""Reading back what was written: the amounts of an e-invoice, the text of a PDF."""

import io
from decimal import Decimal

from lxml import etree
from pypdf import PdfReader

from cordeau.documents.cii_xml import ESPACES_DE_NOMS


def valeurs(xml: bytes, chemin: str) -> list[str]:
    """Text of every element or attribute of the path; « //ram:Name » and the like."""
    trouves = etree.fromstring(xml).xpath(chemin, namespaces=ESPACES_DE_NOMS)
    assert isinstance(trouves, list)
    return [_texte(trouve) for trouve in trouves]


def montants(xml: bytes, chemin: str) -> list[Decimal]:
    """The same, as amounts."""
    return [Decimal(valeur) for valeur in valeurs(xml, chemin)]


def notes(xml: bytes, code: str) -> list[str]:
    """Content of the notes of one subject."""
    return valeurs(xml, f"//ram:IncludedNote[ram:SubjectCode='{code}']/ram:Content")


def lire_pdf(pdf: bytes) -> str:
    """The text of every page, as a reader would copy it."""
    return "\n".join(pages(pdf))


def pages(pdf: bytes) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def _texte(trouve: object) -> str:
    texte = trouve.text if isinstance(trouve, etree._Element) else trouve
    return str(texte or "")
