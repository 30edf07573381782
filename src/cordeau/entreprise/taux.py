"""VAT rates of works in metropolitan France, dated and sourced."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cordeau.core.money import ZERO
from cordeau.entreprise.models import Entreprise
from cordeau.entreprise.states import RegimeTva

TAUX_TVA_DEFAUT = Decimal(20)


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


def taux_par_defaut(entreprise: Entreprise) -> Decimal:
    """The rate of what names none: 20 %, or none under the franchise (art. 293 B CGI)."""
    return _hors_franchise(entreprise, TAUX_TVA_DEFAUT)


def taux_propose(entreprise: Entreprise) -> Decimal:
    """The rate a new form offers: the firm's own setting, or none under the franchise."""
    return _hors_franchise(entreprise, entreprise.taux_tva_defaut)


def _hors_franchise(entreprise: Entreprise, taux: Decimal) -> Decimal:
    return ZERO if entreprise.regime_tva == RegimeTva.FRANCHISE else taux
