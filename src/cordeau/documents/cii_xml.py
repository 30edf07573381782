"""Writing CII: the vocabulary of UN/CEFACT D22B, without an empty element (EN 16931)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from lxml import etree
from lxml.etree import _Element

from cordeau.documents.caracteres import nettoyer_xml, sur_une_ligne

ESPACES_DE_NOMS = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
}


@dataclass(frozen=True, slots=True)
class Noeud:
    """An element to write, never empty."""

    nom: str
    contenu: "tuple[Noeud | str, ...]"
    attributs: dict[str, str]


Contenu = Noeud | str | None


def noeud(nom: str, *contenu: Contenu, **attributs: str) -> Noeud | None:
    """An element and what it holds, or None when nothing is left to say."""
    presents = [
        propre
        for part in contenu
        if part and (propre := nettoyer_xml(part) if isinstance(part, str) else part)
    ]
    return Noeud(nom, tuple(presents), attributs) if presents else None


def ecrire(racine: str, *contenu: Noeud | None) -> bytes:
    """The whole document, indented so that a person may read it."""
    arbre = etree.Element(_qualifier(racine), nsmap=ESPACES_DE_NOMS)
    for part in contenu:
        if part is not None:
            _construire(arbre, part)
    return etree.tostring(arbre, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def court(texte: str) -> str:
    """A name or an identifier: one line."""
    return sur_une_ligne(nettoyer_xml(texte))


def jour(nom: str, valeur: date | None, prefixe: str = "udt") -> Noeud | None:
    """A date, format 102."""
    if valeur is None:
        return None
    return noeud(nom, noeud(f"{prefixe}:DateTimeString", f"{valeur:%Y%m%d}", format="102"))


def somme(valeur: Decimal) -> str:
    """An amount: two decimals, always (BR-DEC, BR-FR-DEC-01)."""
    return f"{valeur:.2f}"


def decimal(valeur: Decimal) -> str:
    """A quantity, a price or a rate: no useless zero, never an exponent."""
    texte = f"{valeur:f}"
    return texte.rstrip("0").rstrip(".") if "." in texte else texte


def _construire(parent: _Element, a_ecrire: Noeud) -> None:
    element = etree.SubElement(parent, _qualifier(a_ecrire.nom), a_ecrire.attributs)
    for part in a_ecrire.contenu:
        if isinstance(part, str):
            element.text = part
        else:
            _construire(element, part)


@cache
def _qualifier(nom: str) -> str:
    prefixe, _, local = nom.partition(":")
    return f"{{{ESPACES_DE_NOMS[prefixe]}}}{local}"
