"""`python -m torture ENGINE ROUNDS`: play, print the table, leave the folder when it went wrong."""

import argparse
import secrets
import shutil
import sys
import tempfile
from pathlib import Path

from torture.seance import Bilan, ouvrir_seance
from torture.tableau import imprimer


def main() -> int:
    """0 when nothing was found."""
    demande = _lire()
    graine = secrets.randbelow(10**9) if demande.graine is None else demande.graine
    dossier = demande.dossier or Path(tempfile.mkdtemp(prefix="cordeau-torture-"))
    print(f"{demande.moteur}, {demande.tours} tours, SEED={graine}, {dossier}", flush=True)
    with ouvrir_seance(demande.moteur, dossier, graine, dire=_dire) as seance:
        bilan = seance.jouer(demande.tours)
    imprimer(bilan)
    if bilan.violations:
        print(f"Dossier gardé : {dossier} ; rejouer : SEED={graine}")
        return 1
    if demande.dossier is None:
        shutil.rmtree(dossier)
    return 0


def _lire() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m torture", description=__doc__)
    parser.add_argument("moteur", choices=["sqlite", "mariadb"])
    parser.add_argument("tours", type=int)
    parser.add_argument("--graine", type=int, help="replays the choices of a run")
    parser.add_argument("--dossier", type=Path, help="where to work; kept")
    return parser.parse_args()


def _dire(bilan: Bilan) -> None:
    """One line now and then, for whoever waits."""
    ecrites = sum(bilan.natures.values())
    print(f"  tour {bilan.tours}, {ecrites} écritures, {bilan.secondes:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
