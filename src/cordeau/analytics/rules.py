"""Figures of the dashboard, from sums the database made: months, age of debts, acceptance."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cordeau.core.money import CENT_POUR_CENT

ZERO_CENT = Decimal("0.00")
DIXIEME = Decimal("0.1")
NOMS_MOIS = (
    ("janvier", "janv."),
    ("février", "févr."),
    ("mars", "mars"),
    ("avril", "avr."),
    ("mai", "mai"),
    ("juin", "juin"),
    ("juillet", "juil."),
    ("août", "août"),
    ("septembre", "sept."),
    ("octobre", "oct."),
    ("novembre", "nov."),
    ("décembre", "déc."),
)
NOMS_JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
#: Age of a debt: how many days late at most, none for the last slice.
TRANCHES: tuple[tuple[str, int | None], ...] = (
    ("À échoir", 0),
    ("1 à 30 jours", 30),
    ("31 à 60 jours", 60),
    ("61 à 90 jours", 90),
    ("Plus de 90 jours", None),
)


@dataclass(frozen=True, slots=True)
class MoisFacture:
    """What a month was billed, and the same month one year before."""

    mois: date
    montant_ht: Decimal
    annee_precedente_ht: Decimal

    @property
    def nom(self) -> str:
        """« nov. 2026 »."""
        return f"{NOMS_MOIS[self.mois.month - 1][1]} {self.mois.year}"


@dataclass(frozen=True, slots=True)
class Tranche:
    """What is owed within a slice of age."""

    libelle: str
    nombre: int
    montant: Decimal


@dataclass(frozen=True, slots=True)
class Echeance:
    """What is owed for one due date, `JAMAIS` when there is none."""

    le: date
    nombre: int
    reste: Decimal


@dataclass(frozen=True, slots=True)
class Impayes:
    """What clients owe, and how much of it is late."""

    nombre: int
    montant: Decimal
    nombre_en_retard: int
    montant_en_retard: Decimal
    #: Days of the oldest debt, 0 when none is late.
    retard_max: int
    tranches: tuple[Tranche, ...]


def nom_du_mois(jour: date) -> str:
    """« novembre »."""
    return NOMS_MOIS[jour.month - 1][0]


def jour_en_lettres(jour: date) -> str:
    """« Samedi 21 novembre 2026 »."""
    quantieme = "1er" if jour.day == 1 else str(jour.day)
    nom = NOMS_JOURS[jour.weekday()].capitalize()
    return f"{nom} {quantieme} {nom_du_mois(jour)} {jour.year}"


def premier_du_mois(jour: date, recul: int = 0) -> date:
    """The first day of the month, `recul` months before."""
    rang = jour.year * 12 + jour.month - 1 - recul
    return date(rang // 12, rang % 12 + 1, 1)


def douze_mois(montants: dict[date, Decimal], le: date) -> list[MoisFacture]:
    """The last twelve months, the current one last, each with its elder."""
    mois = [premier_du_mois(le, recul) for recul in range(11, -1, -1)]
    return [
        MoisFacture(
            debut,
            montants.get(debut, ZERO_CENT),
            montants.get(premier_du_mois(debut, 12), ZERO_CENT),
        )
        for debut in mois
    ]


def vieillir(echeances: Iterable[Echeance], le: date) -> Impayes:
    """Debts by age; a debt that is never due is not late."""
    nombres, montants = [0] * len(TRANCHES), [ZERO_CENT] * len(TRANCHES)
    retard_max = 0
    for echeance in echeances:
        retard = (le - echeance.le).days
        retard_max = max(retard_max, retard)
        rang = _tranche(retard)
        nombres[rang] += echeance.nombre
        montants[rang] += echeance.reste
    return Impayes(
        nombre=sum(nombres),
        montant=sum(montants, ZERO_CENT),
        nombre_en_retard=sum(nombres[1:]),
        montant_en_retard=sum(montants[1:], ZERO_CENT),
        retard_max=retard_max,
        tranches=tuple(
            Tranche(libelle, nombre, montant)
            for (libelle, _jours), nombre, montant in zip(TRANCHES, nombres, montants, strict=True)
        ),
    )


def taux_acceptation(acceptes: int, refuses: int, expires: int) -> Decimal | None:
    """Accepted among those that got an answer or ran out of time, in percent."""
    decides = acceptes + refuses + expires
    if not decides:
        return None
    return (acceptes * CENT_POUR_CENT / decides).quantize(DIXIEME)


def _tranche(retard: int) -> int:
    for rang, (_libelle, jours) in enumerate(TRANCHES):
        if jours is not None and retard <= jours:
            return rang
    return len(TRANCHES) - 1
