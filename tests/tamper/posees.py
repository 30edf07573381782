"""Rows that are only ever added, one of each kind."""

from datetime import date

from cordeau.core.dates import maintenant
from cordeau.core.registre.models import AncreRegistre, Cloture


def une_cloture(mois: int = 1) -> Cloture:
    """The closing of the first day of a month."""
    jour = date(2026, mois, 1)
    return Cloture(genre="JOUR", debut=jour, fin=jour, close_le=maintenant(), close_par="A")


def une_ancre() -> AncreRegistre:
    """An anchor nobody signed."""
    return AncreRegistre(
        journal="FACTURES",
        rang=1,
        empreinte="a",
        posee_le=maintenant(),
        cle_id="k",
        signature="s",
    )
