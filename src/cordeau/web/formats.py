"""French writing of numbers and dates, for pages and e-mails."""

from datetime import date, datetime
from decimal import Decimal

from cordeau.core.dates import a_paris

FINE = "\u202f"
INSECABLE = "\u00a0"
TIRET = "\u2013"


def nombre(valeur: Decimal | int | None, decimales: int = 2) -> str:
    """« 12 345,60 »; a dash when there is nothing to show."""
    if valeur is None:
        return TIRET
    texte = f"{abs(valeur):,.{decimales}f}".replace(",", FINE).replace(".", ",")
    return f"\u2212{texte}" if valeur < 0 and any(c in "123456789" for c in texte) else texte


def montant(valeur: Decimal | int | None, decimales: int = 2) -> str:
    """« 12 345,60 € »."""
    return TIRET if valeur is None else f"{nombre(valeur, decimales)}{INSECABLE}€"


def quantite(valeur: Decimal | None) -> str:
    """As many decimals as it has: « 45 », « 2,5 »."""
    if valeur is None:
        return ""
    exposant = valeur.normalize().as_tuple().exponent
    return nombre(valeur, max(0, -exposant) if isinstance(exposant, int) else 0)


def prix(valeur: Decimal | None) -> str:
    """A unit price: two decimals at least, up to six."""
    if valeur is None:
        return ""
    exposant = valeur.normalize().as_tuple().exponent
    return nombre(valeur, max(2, -exposant) if isinstance(exposant, int) else 2)


def taux(valeur: Decimal | None, decimales: int | None = None) -> str:
    """« 5,5 % »; with so many decimals where rates stand in a column."""
    if valeur is None:
        return TIRET
    texte = quantite(valeur) if decimales is None else nombre(valeur, decimales)
    return f"{texte}{INSECABLE}%"


def saisie(valeur: object) -> str:
    """A value as typed in a field: « 1234,5 », « 2026-11-21 »."""
    if valeur is None:
        return ""
    if isinstance(valeur, Decimal):
        texte = format(valeur.normalize(), "f")
        return ("0" if texte in ("-0", "") else texte).replace(".", ",")
    if isinstance(valeur, date):
        return valeur.isoformat()
    return str(valeur)


def date_fr(valeur: date | None) -> str:
    """« 21/11/2026 »."""
    if valeur is None:
        return ""
    return f"{valeur.day:02d}/{valeur.month:02d}/{valeur.year:04d}"  # half the time of strftime


def instant_fr(valeur: datetime | None) -> str:
    """« 21/11/2026 à 21 h 14 », on a Paris clock."""
    if valeur is None:
        return ""
    local = a_paris(valeur)
    return f"{local:%d/%m/%Y} à {local:%H}{INSECABLE}h{INSECABLE}{local:%M}"
