"""Sends something bad and holds the answer to the oracle of the catalogue."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from tests.dossier import Dossier, remplir
from tests.droits.corps import QUESTIONS, corps_de, objets_de
from tests.droits.guichet import Ecritures, demander, sans_garder
from tests.droits.identites import Identite, identites
from tests.droits.matrice import parametres

#: What a refused request may leave: who knocked, how often, and when they were last seen.
TRACES = frozenset({"frein_connexion", "jeton_api", "limite", "session_web"})


@dataclass(slots=True)
class Banc:
    """A firm, an administrator, and everything that went wrong so far."""

    app: FastAPI
    client: TestClient
    dossier: Dossier
    qui: Identite
    ecritures: Ecritures
    fautes: list[str] = field(default_factory=list)
    essais: int = 0

    def adresse(self, cle: str) -> str:
        """A route aimed at objects that exist."""
        chemin = cle.split()[1]
        objets = objets_de(cle, parametres(chemin), self.dossier)
        return chemin.format(**objets)

    def corps(self, cle: str) -> dict[str, Any]:
        """What this route is sent when all is well."""
        return dict(corps_de(cle, self.dossier))

    def question(self, cle: str) -> str:
        """What follows the question mark when all is well."""
        return QUESTIONS.get(cle, "")

    def essayer(self, cle: str, quoi: str, *, adresse: str = "", **corps: Any) -> Response | None:
        """One request; notes what is wrong with the answer, None when there was none at all."""
        self.essais += 1
        methode = cle.split(maxsplit=1)[0]
        self.ecritures.prendre()
        try:
            reponse = demander(self.client, self.qui, methode, adresse or self.adresse(cle), corps)
        except Exception as accident:  # noqa: BLE001 (an accident of the application, reported)
            self.fautes.append(f"{cle} {quoi[:120]!r} : {type(accident).__name__} {accident}"[:400])
            return None
        for faute in self._juger(reponse):
            self.fautes.append(f"{cle} {quoi[:120]!r} : {reponse.status_code}, {faute}"[:600])
        return reponse

    def conclure(self) -> None:
        """Fail with all that was noted."""
        assert self.essais
        assert not self.fautes, (
            f"{len(self.fautes)} fautes sur {self.essais} essais :\n" + "\n".join(self.fautes[:40])
        )

    def _juger(self, reponse: Response) -> list[str]:
        fautes = []
        if reponse.status_code >= 500:
            fautes.append("accident")
        elif reponse.status_code >= 400:
            ecrites = self.ecritures.prendre() - TRACES
            if ecrites:
                fautes.append(f"un refus a écrit dans {sorted(ecrites)}")
            if reponse.headers.get("content-type", "").startswith("application/problem+json"):
                fautes += _juger_probleme(reponse)
        return fautes


def _juger_probleme(reponse: Response) -> list[str]:
    probleme = reponse.json()
    champs = [erreur for erreur in probleme["errors"] if not erreur["message"]]
    muet = reponse.status_code == 422 and not probleme["errors"]
    return ["refus sans explication"] if champs or muet or not probleme["detail"] else []


def dresser(app: FastAPI, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> Banc:
    """Fill the base; from then on nothing is kept of what is sent."""
    dossier = remplir(app.state.database)
    qui = next(i for i in identites(app) if i.nom == "admin")
    for genre in ("pdf", "xml"):
        adresse = f"/api/v1/factures/{dossier['facture_emise']}/{genre}"
        assert demander(client, qui, "GET", adresse, {}).status_code == 200
    return Banc(app, client, dossier, qui, sans_garder(app.state.database, monkeypatch))
