"""A postal address, as five columns of whoever lives there."""

from dataclasses import dataclass, fields

from sqlalchemy import String
from sqlalchemy.orm import Composite, composite, mapped_column


@dataclass(frozen=True, slots=True)
class Adresse:
    """A postal address; empty strings for what is unknown."""

    ligne1: str = ""
    ligne2: str = ""
    code_postal: str = ""
    ville: str = ""
    #: ISO 3166-1 alpha-2.
    pays: str = "FR"

    @property
    def est_complete(self) -> bool:
        """Whether a letter would arrive: street, postcode and town (L. 441-9 C. com.)."""
        return bool(self.ligne1 and self.code_postal and self.ville)

    @property
    def en_ligne(self) -> str:
        """On one line: « 12 rue des Lilas, 49000 Angers »."""
        ville = f"{self.code_postal} {self.ville}".strip()
        return ", ".join(part for part in (self.ligne1, self.ligne2, ville) if part)

    def en_dict(self) -> dict[str, str]:
        """The five parts by name."""
        return {nom: getattr(self, nom) for nom in _PARTIES}


_PARTIES = tuple(partie.name for partie in fields(Adresse))


def adresse_column(prefixe: str = "adresse") -> Composite[Adresse]:
    """Five columns, `<prefixe>_ligne1` to `<prefixe>_pays`, read as one `Adresse`."""
    return composite(
        Adresse,
        mapped_column(f"{prefixe}_ligne1", String(255), default=""),
        mapped_column(f"{prefixe}_ligne2", String(255), default=""),
        mapped_column(f"{prefixe}_code_postal", String(20), default=""),
        mapped_column(f"{prefixe}_ville", String(255), default=""),
        mapped_column(f"{prefixe}_pays", String(2), default="FR"),
    )
