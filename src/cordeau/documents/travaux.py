"""What the server and its rendering process say to each other."""

from dataclasses import dataclass
from enum import Enum, auto

from cordeau.documents.errors import RenduImpossibleError


class Travail(Enum):
    """What is asked."""

    #: The printed document alone: a devis, or a draft.
    PDF = auto()
    #: The printed document carrying its e-invoice.
    FACTURX = auto()


@dataclass(frozen=True, slots=True)
class FacturX:
    """An issued facture as it is kept and sent, with the print of each of its two forms."""

    pdf: bytes
    xml: bytes
    pdf_sha256: str
    xml_sha256: str


Resultat = bytes | FacturX | RenduImpossibleError
