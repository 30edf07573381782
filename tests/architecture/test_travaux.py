"""Every job that runs has a name a person can read, and every daily one is run by somebody."""

from pathlib import Path

from cordeau.app import QUOTIDIENS, make_handlers
from cordeau.exploitation.libelles import TRAVAUX
from tests.conftest import make_settings


def test_chaque_travail_a_son_nom_francais(tmp_path: Path) -> None:
    """Name a new one in `cordeau/exploitation/libelles.py`."""
    executes = set(make_handlers(make_settings(tmp_path, "sqlite://")))

    assert not executes - set(TRAVAUX), "travaux sans nom français"
    assert not set(TRAVAUX) - executes, "noms de travaux que personne n’exécute"
    assert not set(QUOTIDIENS) - executes, "travaux du jour que personne n’exécute"
