"""The rendering processes: replaced, stopped when they hang, started again when they die."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from cordeau.documents import atelier as processus
from cordeau.documents.atelier import Atelier, Ouvrier
from cordeau.documents.errors import RenduImpossibleError
from cordeau.documents.modele import Document
from cordeau.documents.travaux import Travail
from tests.documents.builders import un_document


@pytest.fixture
def atelier() -> Iterator[Atelier]:
    """One process at most, ended with the test."""
    atelier = Atelier(places=1)
    yield atelier
    atelier.arreter()


def rendre(atelier: Atelier, document: Document | None = None) -> bytes:
    """The PDF of a document."""
    resultat = atelier.rendre(Travail.PDF, document or un_document())
    assert isinstance(resultat, bytes)
    return resultat


def test_le_serveur_ne_charge_jamais_le_compositeur() -> None:
    programme = "import sys, cordeau.documents.rendu; sys.exit('typst' in sys.modules)"

    subprocess.run([sys.executable, "-c", programme], check=True)


def test_un_processus_mort_est_remplace(atelier: Atelier) -> None:
    rendre(atelier)
    (ouvrier,) = atelier.libres
    assert ouvrier.pid is not None
    os.kill(ouvrier.pid, signal.SIGKILL)

    assert rendre(atelier).startswith(b"%PDF")

    assert atelier.libres != [ouvrier]


def test_deux_morts_de_suite_sont_dites(atelier: Atelier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ouvrier, "rendre", _mourir)

    with pytest.raises(RenduImpossibleError, match="deux fois"):
        rendre(atelier)

    assert atelier.libres == []


def test_un_rendu_trop_long_est_abandonne_et_son_processus_tue() -> None:
    atelier = Atelier(places=1, delai=0.001)

    with pytest.raises(RenduImpossibleError, match="dépassé"):
        rendre(atelier)

    assert atelier.libres == []


def test_un_processus_est_remplace_apres_assez_de_documents(
    atelier: Atelier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processus, "DOCUMENTS_PAR_PROCESSUS", 2)

    rendre(atelier)
    premier = atelier.libres[0].pid
    rendre(atelier)
    assert atelier.libres == []
    rendre(atelier)

    assert atelier.libres[0].pid != premier


def test_un_refus_revient_tel_quel_et_garde_le_processus(atelier: Atelier) -> None:
    refus = atelier.rendre(Travail.FACTURX, un_document(numero=""))

    assert isinstance(refus, RenduImpossibleError)
    assert "sans numéro" in str(refus)
    assert len(atelier.libres) == 1


def _mourir(_ouvrier: Ouvrier, *_: object) -> bytes:
    raise processus.ProcessusPerduError
