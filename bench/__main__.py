"""`python -m bench [NOMBRE…] [--rapide|--long]`: measures, then prints one table."""

import argparse
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import emission, facturx, http, lot, moteurs, registre, tailles
from bench.http import Serie
from bench.instance import Instance, preparer
from bench.mesures import Mesure
from bench.moteurs import Moteur
from bench.tableau import ecrire_json, en_bref, imprimer


@dataclass(frozen=True, slots=True)
class Programme:
    """How much is measured."""

    tailles: tuple[int, ...]
    fois: int
    #: Rounds of sixteen writers.
    tours: int
    #: Requests between two looks at the memory.
    demandes: int
    #: Factur-X of a batch.
    lot: int
    #: Rows of a Factur-X: how many times, and its target.
    facturx: dict[int, tuple[int, str]]


COMPLET = Programme((1_000, 20_000), 100, 6, 2_000, 200, {30: (20, "≤ 1,6"), 500: (8, "≤ 2")})
LONG = replace(COMPLET, tailles=(1_000, 10_000, 1_000_000), demandes=20_000, lot=1_000)
RAPIDE = Programme((200,), 10, 1, 100, 200, {30: (3, "≤ 1,6")})


def main() -> None:
    """Read what is asked, measure, print."""
    demande = _lire()
    programme = RAPIDE if demande.rapide else LONG if demande.long else COMPLET
    if demande.fois:
        programme = replace(programme, fois=demande.fois)
    if demande.tailles:
        programme = replace(programme, tailles=tuple(sorted(demande.tailles)))
    mesures: list[Mesure] = []
    for nom in demande.moteur or moteurs.presents():
        with moteurs.ouvrir(nom) as moteur, TemporaryDirectory(prefix="cordeau-bench-") as dossier:
            for mesure in _mesurer(moteur, programme, Path(dossier)):
                mesures.append(replace(mesure, moteur=nom))
                print(f"… {en_bref(mesures[-1])}", flush=True)
    imprimer(mesures)
    charge, coeurs = os.getloadavg()[0], os.cpu_count()
    print(f"{coeurs} cœurs, charge {charge:.1f} à la fin. Temps médians ; moins c’est mieux.")
    if demande.json:
        ecrire_json(mesures, demande.json)


def _lire() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("tailles", nargs="*", type=int, help="devis in the base")
    parser.add_argument("--rapide", action="store_true", help="a short run, to see that it works")
    parser.add_argument("--long", action="store_true", help="up to a million devis, for an hour")
    parser.add_argument(
        "--moteur", action="append", choices=[moteurs.SQLITE, moteurs.MARIADB], help="one engine"
    )
    parser.add_argument("--fois", type=int, help="rounds of each measure")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    return parser.parse_args()


def _mesurer(moteur: Moteur, programme: Programme, dossier: Path) -> Iterator[Mesure]:
    instances: dict[int, Instance] = {}
    for taille in programme.tailles:
        brouillons = _parts(programme)
        instances[taille] = preparer(moteur, dossier / str(taille), taille, sum(brouillons))
        yield from _mesurer_taille(instances[taille], programme, taille, dossier)
        if taille == programme.tailles[0]:
            yield from _mesurer_documents(moteur, instances[taille], programme, dossier)
        programme = replace(programme, demandes=programme.fois)  # memory is followed once
    yield from tailles.comparer(instances, programme.fois)


def _mesurer_documents(
    moteur: Moteur, petite: Instance, programme: Programme, dossier: Path
) -> Iterator[Mesure]:
    """What does not depend on the size, before a server still writes down a million rows."""
    yield registre.mesurer(moteur, dossier, min(programme.tailles[0], registre.MILLE), 3)
    yield from lot.mesurer(petite, programme.lot, petite.brouillons[-_parts(programme)[-1] :])
    if moteur.nom == moteurs.SQLITE:  # what is rendered never opens the base
        yield from facturx.mesurer(petite, programme.facturx)


def _parts(programme: Programme) -> tuple[int, int, int]:
    """Drafts issued by many writers, over HTTP, in a batch."""
    return (
        emission.besoin(programme.tours),
        http.besoin(programme.fois),
        lot.besoin(programme.lot),
    )


def _mesurer_taille(
    instance: Instance, programme: Programme, taille: int, dossier: Path
) -> Iterator[Mesure]:
    premiere, seconde, _ = _parts(programme)
    ensemble = instance.brouillons[:premiere]
    par_http = instance.brouillons[premiere : premiere + seconde]
    yield emission.mesurer(instance, taille, ensemble, programme.tours)
    yield from http.mesurer(
        Serie(instance, taille, programme.fois, par_http, programme.demandes), dossier
    )


if __name__ == "__main__":
    main()
