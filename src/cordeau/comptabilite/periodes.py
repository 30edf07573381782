"""Days, months and years that are closed and archived."""

import re
from calendar import monthrange
from datetime import date

from cordeau.core.errors import refuser_saisie
from cordeau.core.registre.states import GenreCloture

_MOIS = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
_ANNEE = re.compile(r"20[0-9]{2}")
MOIS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def bornes(genre: GenreCloture, jour: date) -> tuple[date, date]:
    """First and last day of the period of this kind that holds the day."""
    if genre == GenreCloture.JOUR:
        return jour, jour
    if genre == GenreCloture.ANNEE:
        return date(jour.year, 1, 1), date(jour.year, 12, 31)
    return jour.replace(day=1), jour.replace(day=monthrange(jour.year, jour.month)[1])


def nommer(genre: GenreCloture, debut: date) -> str:
    """A period as people say it: « Le 3 mars 2026 », « Mars 2026 », « L’année 2026 »."""
    mois = f"{MOIS[debut.month - 1]} {debut.year}"
    if genre == GenreCloture.JOUR:
        return f"Le {debut.day} {mois}"
    return f"L’année {debut.year}" if genre == GenreCloture.ANNEE else mois.capitalize()


def mois_precedent(jour: date) -> date:
    """The first day of the month before."""
    annee, mois = divmod(jour.year * 12 + jour.month - 2, 12)
    return date(annee, mois + 1, 1)


def lire_periode(genre: str, texte: str) -> tuple[GenreCloture, date]:
    """A month typed « 2026-10 » or a year typed « 2026 », by one of its days.

    Raises `SaisieError` when it is neither.
    """
    typed = texte.strip()
    if genre == GenreCloture.ANNEE and _ANNEE.fullmatch(typed):
        return GenreCloture.ANNEE, date(int(typed), 1, 1)
    if genre == GenreCloture.MOIS and est_un_mois(typed):
        return GenreCloture.MOIS, date.fromisoformat(f"{typed}-01")
    raise refuser_saisie("periode", "Écrivez le mois comme 2026-10, l’année comme 2026.")


def est_un_mois(texte: str) -> bool:
    """Whether it names a month."""
    return _MOIS.fullmatch(texte) is not None
