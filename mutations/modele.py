"""What is removed, and who should see it."""

from dataclasses import dataclass

SQLITE, MARIADB = "sqlite", "mariadb"


@dataclass(frozen=True, slots=True)
class Remplacement:
    """A text of the tree, there once, and what stands in its place without the protection."""

    fichier: str
    trouve: str
    remplace: str


@dataclass(frozen=True, slots=True)
class Mutation:
    """A protection, how it is removed, and the tests that must then fail."""

    #: Unique; `v07-…` begins with the row of the standard it belongs to.
    nom: str
    #: What is removed, in French.
    retire: str
    #: Several when a second line would hold: both are removed.
    remplacements: tuple[Remplacement, ...]
    essais: tuple[str, ...]
    moteur: str = SQLITE
    #: Played by `--rapide`.
    rapide: bool = False


def dans(fichier: str, trouve: str, remplace: str) -> Remplacement:
    """A text of the package and what takes its place."""
    return Remplacement(f"src/cordeau/{fichier}", trouve, remplace)


def sans(
    nom: str,
    retire: str,
    quoi: Remplacement | tuple[Remplacement, ...],
    *essais: str,
    moteur: str = SQLITE,
    rapide: bool = False,
) -> Mutation:
    """One entry of the catalogue; each test is named from `tests/` on."""
    remplacements = (quoi,) if isinstance(quoi, Remplacement) else quoi
    return Mutation(nom, retire, remplacements, tuple(f"tests/{e}" for e in essais), moteur, rapide)
