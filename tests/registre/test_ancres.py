"""The copies of the anchors, when two of those who copy meet."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from cordeau.core.ids import new_id
from cordeau.core.registre.ancres import Ancre, copier, lire_copies

MODELE = Ancre("", "factures", 1, "0" * 64, "2026-11-26 10:00:00.000000", "cle", "signature")


def test_deux_ancrages_a_la_fois_ne_perdent_aucune_copie(tmp_path: Path) -> None:
    """The one of the day and the one of a closing, each with the anchors it knows."""
    ancres = [replace(MODELE, id=new_id().hex, rang=rang) for rang in range(1, 81)]

    with ThreadPoolExecutor(8) as fils:
        copiees = list(fils.map(lambda ancre: copier([ancre], tmp_path), ancres))

    assert copiees == [1] * len(ancres)
    assert {ancre.id for ancre in lire_copies(tmp_path)} == {ancre.id for ancre in ancres}
