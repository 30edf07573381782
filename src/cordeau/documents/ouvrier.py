"""The rendering process: receives a document, sends its bytes back. It never opens the database.

Typst keeps a cache for the whole life of a process and cannot live through a fork: the server
never compiles, and this process is replaced now and then.
"""

from hashlib import sha256
from multiprocessing.connection import Connection

from cordeau.documents.cii import ecrire_cii
from cordeau.documents.composition import composer
from cordeau.documents.errors import RenduImpossibleError
from cordeau.documents.facturx import assembler
from cordeau.documents.modele import Document
from cordeau.documents.travaux import FacturX, Resultat, Travail


def servir(canal: Connection) -> None:
    """Work until the other end closes."""
    while True:
        try:
            travail, document = canal.recv()
        except EOFError:
            return
        canal.send(_executer(travail, document))


def _executer(travail: Travail, document: Document) -> Resultat:
    """The result, or the refusal to raise at the other end."""
    try:
        return composer(document) if travail is Travail.PDF else _facturx(document)
    except RenduImpossibleError as erreur:
        return erreur


def _facturx(document: Document) -> FacturX:
    xml = ecrire_cii(document)
    pdf = assembler(composer(document, xml), xml)
    return FacturX(pdf, xml, sha256(pdf).hexdigest(), sha256(xml).hexdigest())
