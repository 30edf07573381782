"""The words of an answer, whatever its form: what a person or a program could read in it."""

import io
import re
import zipfile
from html import unescape

from httpx2 import Response
from lxml import etree
from pypdf import PdfReader

#: Spaces of French amounts: « 4 321,57 » is read « 4321,57 ».
_ESPACES = re.compile(r"(?<=\d)[\s\u00a0\u202f](?=\d{3}\b)")


def lire(reponse: Response) -> str:
    """Everything that is written in an answer, headers included, figures without their spaces."""
    genre = reponse.headers.get("content-type", "")
    contenu = reponse.content
    if contenu.startswith(b"%PDF"):
        texte = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(contenu)).pages)
        texte += str(PdfReader(io.BytesIO(contenu)).metadata)
    elif contenu.startswith(b"PK"):
        texte = _lire_classeur(contenu)
    elif "html" in genre:
        texte = unescape(reponse.text)
    else:
        texte = reponse.text
    return _ESPACES.sub("", texte + "\n".join(reponse.headers.values()))


def _lire_classeur(contenu: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
        return "\n".join(
            " ".join(str(t) for t in etree.fromstring(archive.read(nom)).itertext())
            for nom in archive.namelist()
            if nom.endswith(".xml")
        )


def contient(texte: str, montant: str) -> bool:
    """Whether an amount is there, as a program or as a person writes it."""
    motif = re.escape(montant).replace(r"\.", "[.,]").removesuffix("0")
    return re.search(rf"(?<![\d.,]){motif}", texte) is not None
