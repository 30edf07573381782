"""`python -m mutations [MOT…] [--rapide]`: remove each protection, see its check fail.

0: every one was seen; 1: one survives, or says nothing; 2: the tests fail before anything is
removed, or the copy is not what would be tested.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from mutations.banc import Constat, Copie, CopieError, Verdict
from mutations.catalogue import TOUTES
from mutations.modele import MARIADB, SQLITE, Mutation
from mutations.tableau import ecrire_json, imprimer

RACINE = Path(__file__).resolve().parents[1]


def main() -> int:
    """See the module."""
    demande = _lire()
    choisies = [m for m in TOUTES if _est_voulue(m, demande)]
    if not choisies:
        print("Aucune protection ne porte ce nom.")
        return 2
    with tempfile.TemporaryDirectory(prefix="cordeau-mutations-") as dossier:
        try:
            copie = Copie(RACINE, Path(dossier), delai=demande.delai)
            copie.exiger("cordeau")
            _exiger_vert(copie, choisies)
            resultats = list(_eprouver(copie, choisies))
        except CopieError as erreur:
            print(erreur)
            return 2
    imprimer(resultats)
    if demande.json:
        ecrire_json(resultats, demande.json)
    return int(any(constat.verdict is not Verdict.VU for _, constat in resultats))


def _lire() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m mutations", description=__doc__)
    parser.add_argument("mots", nargs="*", help="only the entries whose name holds one of these")
    parser.add_argument("--rapide", action="store_true", help="a few quick ones, for a minute")
    parser.add_argument("--delai", type=float, default=180.0, help="seconds for each entry")
    parser.add_argument("--json", type=Path, help="write the result there too")
    return parser.parse_args()


def _est_voulue(mutation: Mutation, demande: argparse.Namespace) -> bool:
    if demande.rapide and not mutation.rapide:
        return False
    return not demande.mots or any(mot in mutation.nom for mot in demande.mots)


def _exiger_vert(copie: Copie, choisies: list[Mutation]) -> None:
    for moteur in (SQLITE, MARIADB):
        essais = dict.fromkeys(e for m in choisies if m.moteur == moteur for e in m.essais)
        if essais:
            dit = copie.exiger_vert(list(essais), moteur)
            print(f"Rien de retiré, {moteur} : {dit}", flush=True)


def _eprouver(copie: Copie, choisies: list[Mutation]) -> Iterator[tuple[Mutation, Constat]]:
    for rang, mutation in enumerate(choisies, 1):
        constat = copie.eprouver(mutation)
        print(
            f"… {rang}/{len(choisies)} {mutation.nom} : {constat.verdict}, "
            f"{constat.secondes:.0f} s ({constat.raison[:120]})",
            flush=True,
        )
        yield mutation, constat


if __name__ == "__main__":
    sys.exit(main())
