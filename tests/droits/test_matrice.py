"""Every route, every method, every identity, every kind of object: what the reviewed table says."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from cordeau.app import create_app
from tests.conftest import make_settings
from tests.dossier import Dossier, deposer_archive, remplir
from tests.droits.corps import QUESTIONS, absents_de, corps_de, malformes_de, objets_de
from tests.droits.guichet import demander, sans_garder
from tests.droits.identites import Identite, identites
from tests.droits.matrice import Regle, lignes_a_ajouter, lire_table, routes


def test_chaque_route_a_sa_ligne_et_chaque_ligne_sa_route() -> None:
    with TemporaryDirectory() as dossier:
        app = create_app(make_settings(Path(dossier), "sqlite://"))
        servies = routes(app)
        app.state.database.dispose()
    table = lire_table().keys()

    assert "PUT /api/v1/entreprise" in servies
    nouvelles = "\n".join(lignes_a_ajouter(servies - table))
    assert not nouvelles, (
        "Routes absentes de tests/droits/matrice.txt. Ajoutez ces lignes, puis corrigez qui entre "
        f"et ce qui est répondu :\n{nouvelles}\n"
        "Si la route écrit, donnez-lui un corps valable dans tests/droits/corps.py (CORPS) ; si "
        "elle veut un objet dans un état, nommez-le dans ETATS."
    )
    assert not table - servies, f"Lignes sans route, à retirer de matrice.txt : {table - servies}"


@pytest.mark.parametrize(
    ("ligne", "faute"),
    [
        ("GET /devis AGCK- 200 -", "six cases"),
        ("GET /devis AGCX- 200 - -", "rôles inconnus"),
        ("GET /devis/{devis_id} AGCK- 200 404 -", "case de statut"),
        ("GET /devis AGCK- - - -", "case de statut"),
        ("GET /devis AGCK- 200 - -\nGET /devis AGCK- 200 - -", "deux fois"),
    ],
)
def test_une_case_manquante_est_refusee(ligne: str, faute: str) -> None:
    with pytest.raises(ValueError, match=faute):
        lire_table(ligne)


def test_chacun_recoit_ce_que_dit_la_table(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = remplir(app.state.database)
    deposer_archive(app.state.settings.data)
    personnes = identites(app)
    with TestClient(app) as client:
        _rendre_les_factures(client, personnes, dossier)
        sans_garder(app.state.database, monkeypatch)
        ecarts = [
            ecart
            for regle in lire_table().values()
            for essai in _essais(regle, dossier)
            for qui in personnes
            if (ecart := essai.ecart(client, qui, dossier))
        ]

    assert not ecarts, f"{len(ecarts)} écarts avec matrice.txt :\n" + "\n".join(ecarts[:40])


def _rendre_les_factures(client: TestClient, personnes: list[Identite], dossier: Dossier) -> None:
    """Have the issued document rendered and stored: what reads it then only reads."""
    admin = next(qui for qui in personnes if qui.role == "admin")
    for genre in ("pdf", "xml"):
        adresse = f"/api/v1/factures/{dossier['facture_emise']}/{genre}"
        assert demander(client, admin, "GET", adresse, {}).status_code == 200


@dataclass(frozen=True, slots=True)
class Essai:
    """One route aimed at one object."""

    regle: Regle
    objet: str
    adresse: str
    visiteur: int
    statut: int

    def ecart(self, client: TestClient, qui: Identite, dossier: Dossier) -> str:
        """Why the answer is not the one of the table; empty when it is."""
        regle = self.regle
        reponse = demander(
            client, qui, regle.methode, self.adresse, dict(corps_de(regle.cle, dossier))
        )
        attendu = self._attendu(qui)
        obtenu = _nommer(reponse)
        if obtenu == attendu:
            return ""
        corps = reponse.text[:200] if regle.chemin.startswith("/api/") else ""
        return f"{regle.cle} · {qui.nom} · objet {self.objet} : {obtenu}, attendu {attendu} {corps}"

    def _attendu(self, qui: Identite) -> str:
        if qui.lecture:
            return self._attendu_en_lecture()
        if self.regle.publique:
            return str(self.statut if qui.role or self._porte_le_formulaire(qui) else self.visiteur)
        if not qui.role:
            return "401" if self.regle.chemin.startswith("/api/") else "connexion"
        return str(self.statut) if qui.role in self.regle.roles else "403"

    def _attendu_en_lecture(self) -> str:
        """For an administrator's program that may only read: the pages are closed to it."""
        if self.regle.publique:
            return str(self.visiteur)
        if not self.regle.chemin.startswith("/api/"):
            return "connexion"
        return str(self.statut) if self.regle.methode == "GET" else "403"

    def _porte_le_formulaire(self, qui: Identite) -> bool:
        """Whether a dead session still signs the public form it posts."""
        return bool(qui.cookie) and self.regle.methode == "POST"


def _essais(regle: Regle, dossier: Dossier) -> Iterator[Essai]:
    existants = objets_de(regle.cle, regle.noms, dossier)
    question = QUESTIONS.get(regle.cle, "")
    yield Essai(
        regle,
        "existant",
        regle.chemin.format(**existants) + question,
        regle.visiteur,
        regle.existant,
    )
    for statut, objet, autres in (
        (regle.absent, "absent", absents_de(existants, dossier)),
        (regle.malforme, "malformé", malformes_de(existants)),
    ):
        for valeurs in autres if statut is not None else ():
            adresse = regle.chemin.format(**valeurs) + question
            yield Essai(regle, objet, adresse, statut or 0, statut or 0)


def _nommer(reponse: Response) -> str:
    """The status; being sent to the sign-in page is not being let in."""
    if reponse.status_code == 303 and reponse.headers["location"].startswith("/login?"):
        return "connexion"
    return str(reponse.status_code)
