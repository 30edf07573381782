"""Numbers and dates as a French document prints them."""

from datetime import date
from decimal import Decimal

#: Between groups of three digits (Imprimerie nationale): never broken, narrow.
ESPACE_FINE = "\u202f"
#: Before €, % and double punctuation.
ESPACE_INSECABLE = "\u00a0"
MOINS = "\u2212"


def nombre(valeur: Decimal, decimales: int) -> str:
    """« 12 345,60 »: at least `decimales` decimals, all of those the value has."""
    presentes = max(0, -int(valeur.normalize().as_tuple().exponent))
    texte = f"{abs(valeur):,.{max(decimales, presentes)}f}"
    texte = texte.replace(",", ESPACE_FINE).replace(".", ",")
    return f"{MOINS}{texte}" if valeur < 0 else texte


def montant(valeur: Decimal) -> str:
    """« 12 345,60 € »."""
    return f"{nombre(valeur, 2)}{ESPACE_INSECABLE}€"


def euros(valeur: Decimal) -> str:
    """« 50 000 € »: a share capital, cents only when it has some."""
    return f"{nombre(valeur, 0 if valeur == int(valeur) else 2)}{ESPACE_INSECABLE}€"


def taux(valeur: Decimal) -> str:
    """« 5,5 % »."""
    return f"{nombre(valeur, 0)}{ESPACE_INSECABLE}%"


def date_fr(jour: date) -> str:
    """« 21/11/2026 »."""
    return f"{jour:%d/%m/%Y}"


def iban(texte: str) -> str:
    """« FR76 3000 6000 … »: groups of four, as on a bank statement."""
    compact = compacter(texte)
    return ESPACE_INSECABLE.join(compact[i : i + 4] for i in range(0, len(compact), 4))


def siren(texte: str) -> str:
    """« 732 829 320 »."""
    compact = compacter(texte)
    return ESPACE_INSECABLE.join(compact[i : i + 3] for i in range(0, 9, 3)) + (
        f"{ESPACE_INSECABLE}{compact[9:]}" if compact[9:] else ""
    )


def compacter(texte: str) -> str:
    """The identifier without the spaces people type in it."""
    return "".join(texte.split())
