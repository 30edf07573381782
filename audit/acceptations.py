"""The vulnerabilities accepted for a while, with their reason and their last day."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

FICHIER = Path(__file__).with_name("acceptations.toml")
RAISON_MIN = 20


@dataclass(frozen=True, slots=True)
class Acceptation:
    """One vulnerability of one package, tolerated until a day."""

    identifiant: str
    paquet: str
    raison: str
    jusqu_au: date

    def perimee(self, le: date) -> bool:
        """Whether it must be judged again."""
        return le > self.jusqu_au


def lire_acceptations(fichier: Path = FICHIER) -> list[Acceptation]:
    """The accepted ones; `ValueError` when one lacks a reason or a date."""
    lues = tomllib.loads(fichier.read_text("utf-8")).get("acceptation", [])
    return [_lire(champs) for champs in lues]


def _lire(champs: dict[str, object]) -> Acceptation:
    attendus = {"identifiant": str, "paquet": str, "raison": str, "jusqu_au": date}
    for nom, genre in attendus.items():
        if not isinstance(champs.get(nom), genre):
            raise ValueError(f"acceptations.toml : « {nom} » manque : {champs}")  # noqa: TRY004
    if champs.keys() - attendus:
        raise ValueError(f"acceptations.toml : champs inconnus dans {champs}")
    acceptation = Acceptation(**champs)  # type: ignore[arg-type]
    if len(acceptation.raison) < RAISON_MIN:
        raise ValueError(
            f"acceptations.toml : dites pourquoi {acceptation.identifiant} est acceptée"
        )
    return acceptation
