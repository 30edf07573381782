"""`python -m bench [NOMBRE…] [--rapide]`: measures, then prints one table."""

import argparse
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import emission, facturx, http
from bench.http import Serie
from bench.instance import preparer
from bench.mesures import Mesure
from bench.tableau import imprimer


@dataclass(frozen=True, slots=True)
class Programme:
    """How much is measured."""

    tailles: list[int]
    fois: int
    #: Rows of a Factur-X: how many times, and its target.
    facturx: dict[int, tuple[int, str]]


COMPLET = Programme([1_000, 20_000], 120, {30: (20, "≤ 1,6"), 500: (8, "≤ 2")})
RAPIDE = Programme([200], 10, {30: (3, "≤ 1,6")})


def main() -> None:
    """Read what is asked, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("tailles", nargs="*", type=int, help="devis in the base")
    parser.add_argument("--rapide", action="store_true", help="a short run, to see that it works")
    demande = parser.parse_args()
    programme = RAPIDE if demande.rapide else COMPLET
    mesures = [
        mesure
        for taille in demande.tailles or programme.tailles
        for mesure in _mesurer(taille, programme)
    ]
    with TemporaryDirectory(prefix="cordeau-bench-") as dossier:
        instance = preparer(Path(dossier) / "instance", 20, 2)
        mesures += facturx.mesurer(instance, programme.facturx, Path(dossier))
    charge, coeurs = os.getloadavg()[0], os.cpu_count()
    imprimer(mesures)
    print(f"{coeurs} cœurs, charge {charge:.1f} à la fin. Temps médians ; moins c’est mieux.")


def _mesurer(taille: int, programme: Programme) -> Iterator[Mesure]:
    a_emettre = programme.fois + 4
    with TemporaryDirectory(prefix="cordeau-bench-") as nom:
        dossier = Path(nom)
        instance = preparer(dossier / "instance", taille, 2 * a_emettre)
        lots = instance.brouillons[:a_emettre], instance.brouillons[a_emettre:]
        yield emission.mesurer(instance, taille, lots[0], dossier)
        yield from http.mesurer(Serie(instance, taille, programme.fois, lots[1]), dossier)


if __name__ == "__main__":
    main()
