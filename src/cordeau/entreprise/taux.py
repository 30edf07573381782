"""VAT rates of works in metropolitan France, dated and sourced."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class TauxTva:
    """A rate, in force since a day."""

    taux: Decimal
    depuis: date
    reference_legale: str
    #: The client must certify the nature of the premises or of the works.
    exige_attestation: bool = False


TAUX_TVA: tuple[TauxTva, ...] = (
    TauxTva(Decimal(20), date(2014, 1, 1), "CGI, art. 278"),
    TauxTva(Decimal(10), date(2014, 1, 1), "CGI, art. 279-0 bis", exige_attestation=True),
    TauxTva(Decimal("5.5"), date(2014, 1, 1), "CGI, art. 278-0 bis A", exige_attestation=True),
    TauxTva(Decimal(0), date(2014, 1, 1), "exonérations et autoliquidation"),
)

#: Rates the French e-invoice accepts (BR-FR-16), overseas and former ones included.
TAUX_FACTURE_ELECTRONIQUE: frozenset[Decimal] = frozenset(
    Decimal(t)
    for t in ("0", "0.9", "1.05", "1.75", "2.1", "5.5", "7", "8.5", "9.2", "9.6", "10", "13")
) | frozenset(Decimal(t) for t in ("19.6", "20", "20.6"))

TAUX_AVEC_ATTESTATION: frozenset[Decimal] = frozenset(
    t.taux for t in TAUX_TVA if t.exige_attestation
)
