"""Factur-X: a PDF/A-3 that carries its e-invoice, and says so in its metadata (Factur-X 1.09)."""

import io

import pikepdf
from lxml import etree
from lxml.etree import _Element

from cordeau.documents.errors import RenduImpossibleError

NOM_DU_FICHIER = "factur-x.xml"
#: What the metadata declare; « EN 16931 » is the name of the profile there, with its space.
VALEURS = {
    "DocumentType": "INVOICE",
    "DocumentFileName": NOM_DU_FICHIER,
    "Version": "1.0",
    "ConformanceLevel": "EN 16931",
}

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_EXTENSION = "http://www.aiim.org/pdfa/ns/extension/"
_FX = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_DESCRIPTIONS = {
    "DocumentType": "The type of the hybrid document in capital letters, e.g. INVOICE or ORDER",
    "DocumentFileName": "The name of the embedded XML document",
    "Version": "The actual version of the standard applying to the embedded XML document",
    "ConformanceLevel": "The conformance level of the embedded XML document",
}
_PROPRIETE = """<rdf:li rdf:parseType="Resource">
<pdfaProperty:name>{nom}</pdfaProperty:name>
<pdfaProperty:valueType>Text</pdfaProperty:valueType>
<pdfaProperty:category>external</pdfaProperty:category>
<pdfaProperty:description>{description}</pdfaProperty:description>
</rdf:li>"""
#: PDF/A admits a property only when its schema is described (ISO 19005-3, 6.6.2.3).
_SCHEMA = f"""<rdf:li rdf:parseType="Resource" xmlns:rdf="{_RDF}"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{_FX}</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>fx</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq>{{proprietes}}</rdf:Seq></pdfaSchema:property>
</rdf:li>"""
_PAQUET = (
    b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>',
    b'<?xpacket end="r"?>',
)
#: A millisecond less for each document, which is a thirtieth larger.
pikepdf.settings.set_flate_compression_level(1)
#: Follows no entity and calls nobody.
_FERME = etree.XMLParser(resolve_entities=False, no_network=True)


def assembler(pdf: bytes, xml: bytes) -> bytes:
    """Complete a PDF/A-3 that already carries `xml`: metadata, and objects compressed."""
    sortie = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        joint = document.attachments.get(NOM_DU_FICHIER)
        if joint is None or joint.get_file().read_bytes() != xml:
            message = "Le PDF ne contient pas la facture électronique attendue."
            raise RenduImpossibleError(message)
        metadonnees = document.Root.Metadata
        metadonnees.write(_declarer(metadonnees.read_bytes()))
        document.save(
            sortie,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
            fix_metadata_version=False,
        )
    return sortie.getvalue()


def _declarer(paquet: bytes) -> bytes:
    """The metadata with the Factur-X values, inside the RDF element that is already there."""
    arbre = etree.fromstring(paquet, _FERME)
    rdf = arbre if arbre.tag == f"{{{_RDF}}}RDF" else arbre.find(f"{{{_RDF}}}RDF")
    if rdf is None:
        message = "Le PDF n’a pas de métadonnées XMP."
        raise RenduImpossibleError(message)
    _sac_des_schemas(rdf).append(_schema())
    valeurs = etree.SubElement(rdf, f"{{{_RDF}}}Description", nsmap={"fx": _FX})
    valeurs.set(f"{{{_RDF}}}about", "")
    for nom, valeur in VALEURS.items():
        etree.SubElement(valeurs, f"{{{_FX}}}{nom}").text = valeur
    debut, fin = _PAQUET
    return debut + etree.tostring(arbre) + fin


def _sac_des_schemas(rdf: _Element) -> _Element:
    """The bag of described schemas, made when the PDF has none yet."""
    sac = rdf.find(f".//{{{_EXTENSION}}}schemas/{{{_RDF}}}Bag")
    if sac is not None:
        return sac
    description = etree.SubElement(
        rdf, f"{{{_RDF}}}Description", nsmap={"pdfaExtension": _EXTENSION}
    )
    description.set(f"{{{_RDF}}}about", "")
    schemas = etree.SubElement(description, f"{{{_EXTENSION}}}schemas")
    return etree.SubElement(schemas, f"{{{_RDF}}}Bag")


def _schema() -> _Element:
    proprietes = "".join(
        _PROPRIETE.format(nom=nom, description=description)
        for nom, description in _DESCRIPTIONS.items()
    )
    return etree.fromstring(_SCHEMA.format(proprietes=proprietes), _FERME)
