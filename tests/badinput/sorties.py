"""Outputs held to what they should be: parsed, never searched for a word."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from httpx2 import Response
from lxml import etree
from pypdf import PdfReader

from cordeau.web.tableur import DEBUTS_DE_FORMULE

#: Elements no page of ours holds.
ETRANGERS = {
    *("iframe", "object", "embed", "applet", "base", "math", "mglyph", "mtext", "style", "image"),
    *("frame", "frameset", "noscript", "xmp", "plaintext", "x", "animate", "foreignobject"),
}
#: What an address in a page may start with: ours, a person, a picture we drew.
_ADRESSES = re.compile(r"(?:/(?!/)|#|\?|mailto:|tel:|data:image/|$)")
_NOMBRE = re.compile(r"[+-]?[\d\s\u00a0\u202f]+(?:[,.]\d+)?")
ESPACES_CII = "urn:un:unece:uncefact:"
#: What an invoice carries inside it.
JOINTES = {"factur-x.xml"}
ACTIONS = ("/OpenAction", "/AA", "/JavaScript", "/JS", "/Launch", "/URI", "/SubmitForm")


def juger(reponse: Response) -> Iterator[str]:
    """What is wrong with an answer, whatever its form."""
    if reponse.status_code >= 400:
        return
    genre = reponse.headers.get("content-type", "").partition(";")[0]
    if reponse.headers.get("x-content-type-options") != "nosniff":
        yield "nosniff manque"
    juges = {
        "text/html": _juger_page,
        "application/pdf": _juger_pdf,
        "application/xml": _juger_xml,
        "text/csv": _juger_csv,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": _juger_classeur,
    }
    if genre in juges:
        yield from juges[genre](reponse)


class Page(HTMLParser):
    """The elements and attributes of a page, as a browser sees them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fautes: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element opens."""
        valeurs = {nom: valeur or "" for nom, valeur in attrs}
        if tag in ETRANGERS or (tag == "meta" and "http-equiv" in valeurs):
            self.fautes.append(f"élément <{tag}>")
        if tag == "script" and not valeurs.get("src", "").startswith("/static/"):
            self.fautes.append("script en ligne")
        for nom, valeur in valeurs.items():
            if nom.startswith("on") or nom in {"style", "srcdoc"}:
                self.fautes.append(f"attribut {nom} de <{tag}>")
            if nom in {"href", "src", "action", "formaction", "xlink:href"} and not _ADRESSES.match(
                valeur
            ):
                self.fautes.append(f"adresse {nom}={valeur[:60]!r} de <{tag}>")


def _juger_page(reponse: Response) -> list[str]:
    return Page(reponse.text).fautes


def _juger_csv(reponse: Response) -> Iterator[str]:
    texte = reponse.content.decode("utf-8-sig")
    comptable = "/export" in str(reponse.url) and "jde" in str(reponse.url)
    for ligne in csv.reader(io.StringIO(texte, newline=""), delimiter=";"):
        for cellule in ligne:
            if comptable:  # a legal file is never marked: its texts hold no separator instead
                if re.search(r"[\t\r\n;]", cellule):
                    yield f"séparateur dans {cellule[:60]!r}"
            elif cellule.startswith(DEBUTS_DE_FORMULE) and not _NOMBRE.fullmatch(cellule):
                yield f"formule {cellule[:60]!r}"


def _juger_classeur(reponse: Response) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(reponse.content)) as archive:
        for nom in archive.namelist():
            if not nom.endswith(".xml"):
                continue
            racine = etree.fromstring(archive.read(nom))
            locaux = {str(e.tag).rpartition("}")[2] for e in racine.iter()}
            if locaux & {"f", "hyperlink", "externalReference", "ddeLink", "oleLink"}:
                yield f"formule ou lien dans {nom}"


def _juger_xml(reponse: Response) -> Iterator[str]:
    if b"<!DOCTYPE" in reponse.content:
        yield "déclaration de type"
    for element in etree.fromstring(reponse.content).iter():
        if not str(element.tag).startswith(f"{{{ESPACES_CII}"):
            yield f"élément {element.tag}"


def _juger_pdf(reponse: Response) -> Iterator[str]:
    lecteur = PdfReader(io.BytesIO(reponse.content))
    for cle in _cles(lecteur.trailer["/Root"].get_object(), set()):
        if cle in ACTIONS:
            yield f"action {cle}"
    if set(lecteur.attachments) - JOINTES:
        yield f"pièces {set(lecteur.attachments)}"


def _cles(objet: Any, vus: set[int]) -> Iterator[str]:
    """Every key of every object reached from the catalogue."""
    objet = objet.get_object() if hasattr(objet, "get_object") else objet
    if id(objet) in vus:
        return
    vus.add(id(objet))
    if isinstance(objet, dict):
        yield from objet
        for valeur in list(objet.values()):
            yield from _cles(valeur, vus)
    elif isinstance(objet, list):
        for valeur in objet:
            yield from _cles(valeur, vus)
