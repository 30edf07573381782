"""The table, as printed."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import orjson

from bench.mesures import Mesure

ENTETES = (
    "Mesure",
    "Moteur",
    "Devis",
    "N",
    "Cordeau",
    "Plancher",
    "Rapport",
    "Au mieux",
    "Objectif",
)

NOMS = {"sqlite": "SQLite", "mariadb": "MariaDB"}


def ecrire_json(mesures: Sequence[Mesure], fichier: Path) -> None:
    """The same figures for a program."""
    fichier.write_bytes(
        orjson.dumps(
            [
                {**asdict(m), "rapport": m.rapport, "rapport_au_mieux": m.rapport_au_mieux}
                for m in mesures
            ],
            option=orjson.OPT_INDENT_2,
        )
    )


def imprimer(mesures: Sequence[Mesure]) -> None:
    """One row a measure, figures to the right."""
    lignes = [ENTETES, *(_cellules(mesure) for mesure in mesures)]
    largeurs = [max(len(cellule) for cellule in colonne) for colonne in zip(*lignes, strict=True)]
    lignes.insert(1, tuple("-" * largeur for largeur in largeurs))
    for ligne in lignes:
        debut, *suite = zip(ligne, largeurs, strict=True)
        cellules = [debut[0].ljust(debut[1]), *(c.rjust(largeur) for c, largeur in suite)]
        print(f"| {' | '.join(cellules)} |")


def en_bref(mesure: Mesure) -> str:
    """One measure as soon as it is taken: a run cut short is not lost."""
    return " · ".join(filter(None, _cellules(mesure)))


def _cellules(mesure: Mesure) -> tuple[str, ...]:
    return (
        mesure.nom,
        NOMS.get(mesure.moteur, ""),
        "" if mesure.devis is None else f"{mesure.devis:,}".replace(",", " "),
        str(mesure.fois),
        _grandeur(mesure.cordeau.mediane, mesure.unite),
        _grandeur(mesure.plancher.mediane, mesure.unite),
        *(f"{r:.2f}".replace(".", ",") for r in (mesure.rapport, mesure.rapport_au_mieux)),
        mesure.objectif,
    )


def _grandeur(valeur: float, unite: str) -> str:
    decimales = 2 if valeur < 10 else 1 if valeur < 100 else 0
    return f"{valeur:.{decimales}f} {unite}".replace(".", ",")
