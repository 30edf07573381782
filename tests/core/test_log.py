"""Logs a machine reads: one JSON object a line, nobody can forge one."""

import json
import logging
import sys

import pytest

from cordeau.core.log import JsonFormatter, configure_logging, request_id


def ecrire(message: str, *arguments: object, **champs: object) -> dict[str, object]:
    """The line written for a record."""
    trace = logging.LogRecord("essai", logging.INFO, "x.py", 1, message, arguments, None)
    vars(trace).update(champs)
    ligne = JsonFormatter().format(trace)
    assert "\n" not in ligne
    ecrit: dict[str, object] = json.loads(ligne)
    return ecrit


def test_une_ligne_porte_sa_demande_et_ses_champs() -> None:
    jeton = request_id.set("abc123")

    ligne = ecrire("GET %s", "/é", statut=200, color_message="x")

    request_id.reset(jeton)
    assert ligne["message"] == "GET /é"
    assert (ligne["requete"], ligne["statut"], ligne["niveau"]) == ("abc123", 200, "INFO")
    assert "color_message" not in ligne


def test_personne_ne_fabrique_une_ligne() -> None:
    ligne = ecrire("GET /\n{%s}", '"niveau": "faux"')

    assert ligne["niveau"] == "INFO"


def test_une_exception_est_gardee_sur_la_meme_ligne() -> None:
    try:
        raise ValueError("la cause")
    except ValueError:
        trace = sys.exc_info()

    assert "la cause" in str(ecrire("échec", exc_info=trace)["exception"])


def test_le_serveur_ecrit_sur_l_erreur_standard(capsys: pytest.CaptureFixture[str]) -> None:
    racine = logging.getLogger()
    avant = (racine.level, racine.handlers[:])
    configure_logging()

    logging.getLogger("essai").info("bonjour")

    racine.level, racine.handlers[:] = avant[0], avant[1]
    assert json.loads(capsys.readouterr().err)["message"] == "bonjour"
