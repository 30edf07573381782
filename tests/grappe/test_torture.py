"""A few rounds of `make torture`: processes killed at random, nothing lost."""

from pathlib import Path

from torture.seance import ouvrir_seance
from torture.temoin import Issue

TOURS = 5


def test_rien_ne_se_perd_quand_on_tue_les_processus(moteur: str, tmp_path: Path) -> None:
    with ouvrir_seance(moteur, tmp_path, graine=3) as seance:
        bilan = seance.jouer(TOURS)

    assert bilan.violations == []
    assert bilan.tours == TOURS
    assert sum(bilan.tues.values()) >= TOURS
    assert bilan.gestes[Issue.ACQUITTE] > 0
