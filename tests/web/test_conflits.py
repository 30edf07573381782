"""Two people change the same thing: both versions are shown, and a person chooses."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from cordeau.core.db import Database
from cordeau.web.conflits import LigneLue, aligner, resumer
from tests.chantiers.builders import un_chantier
from tests.clients.builders import un_client
from tests.devis.builders import un_devis, un_devis_accepte, un_devis_envoye, une_ligne
from tests.devis.formulaire import Formulaire
from tests.facturation.builders import facturer, une_entreprise, une_facture
from tests.gens import Navigateur

Ouvrir = Callable[..., Navigateur]


class Cas(NamedTuple):
    """One form that two people open at once."""

    preparer: Callable[[Session], str]
    #: A field one changes, and its name on the page.
    champ: str
    libelle: str
    #: A field the other changes.
    autre: str
    formulaire: str = ""


def _client(session: Session) -> str:
    return f"/clients/{un_client(session).id}/modifier"


def _contact(session: Session) -> str:
    client = un_client(session, contacts=[{"nom": "Léa", "telephone": "1"}])
    return f"/clients/{client.id}/contacts/{client.contacts[0].id}"


def _site(session: Session) -> str:
    client = un_client(session, sites=[{"nom": "Dépôt"}])
    return f"/clients/{client.id}/sites/{client.sites[0].id}"


def _chantier(session: Session) -> str:
    return f"/chantiers/{un_chantier(session).id}/modifier"


def _entreprise(session: Session) -> str:
    une_entreprise(session)
    return "/parametres/entreprise"


def _devis(session: Session) -> str:
    return f"/devis/{un_devis(session).id}/modifier"


def _facture(session: Session) -> str:
    return f"/factures/{une_facture(session).id}/modifier"


def _termes(session: Session) -> str:
    une_entreprise(session)
    return f"/factures/{facturer(session, un_devis_accepte(session)).id}/modifier"


CAS = {
    "client": Cas(_client, "telephone", "Téléphone", "notes"),
    "contact": Cas(_contact, "telephone", "Téléphone", "fonction"),
    "site": Cas(_site, "ville", "Ville", "ligne1"),
    "chantier": Cas(_chantier, "responsable", "Responsable", "notes"),
    "entreprise": Cas(_entreprise, "telephone", "Téléphone", "site"),
    "devis": Cas(_devis, "objet", "Objet", "conditions", "editeur"),
    "facture": Cas(_facture, "objet", "Objet", "conditions", "facture"),
    "termes": Cas(_termes, "objet", "Objet", "conditions"),
}


class Banc:
    """A form opened by one person, saved meanwhile by another."""

    def __init__(self, app: FastAPI, ouvrir: Ouvrir, cas: Cas) -> None:
        self.cas = cas
        with app.state.database.write() as session:
            self.url = cas.preparer(session)
        self.moi, self.autre = ouvrir("admin"), ouvrir("gestionnaire")
        self.lus = self.lire(self.moi.get(self.url), cas.formulaire)
        self.enregistrer(self.autre, {cas.champ: "Leur valeur", cas.autre: "Leur ajout"})

    def lire(self, page: Response, formulaire: str) -> dict[str, Any]:
        """What a browser without script would send; each time under a new key."""
        champs = Formulaire(page.text, formulaire).champs
        for nom in ("csrf", "cle_operation", "q"):
            champs.pop(nom, None)
        return {nom: v if nom.startswith("ligne_") else v[0] for nom, v in champs.items()}

    def enregistrer(self, qui: Navigateur, changes: dict[str, Any]) -> Response:
        """Send the form as it was read, with these changes."""
        return qui.soumettre(self.url, {**self.lus, **changes})

    def etat(self) -> dict[str, Any]:
        """The form as it is saved now."""
        lu = self.lire(self.moi.get(self.url), self.cas.formulaire)
        return {nom: lu[nom] for nom in (self.cas.champ, self.cas.autre)}


@pytest.fixture(params=CAS)
def banc(app: FastAPI, navigateur: Ouvrir, request: pytest.FixtureRequest) -> Banc:
    """Each form in turn."""
    return Banc(app, navigateur, CAS[request.param])


def test_les_deux_versions_se_voient_et_rien_n_est_ecrase(banc: Banc) -> None:
    cas = banc.cas
    avant = banc.etat()

    page = banc.enregistrer(banc.moi, {cas.champ: "Ma valeur"})

    assert avant == {cas.champ: "Leur valeur", cas.autre: "Leur ajout"} == banc.etat()
    assert page.status_code == 412
    assert "Camille Gestionnaire" in page.text
    for attendu in (cas.libelle, "Ma valeur", "Leur valeur", "Leur ajout", "Votre saisie"):
        assert attendu in page.text


def test_garder_la_mienne_la_renvoie_entiere(banc: Banc) -> None:
    cas = banc.cas
    page = banc.enregistrer(banc.moi, {cas.champ: "Ma valeur"})

    suite = banc.moi.soumettre(banc.url, banc.lire(page, "conflit"))

    assert suite.status_code == 303, suite.text
    assert banc.etat() == {cas.champ: "Ma valeur", cas.autre: banc.lus[cas.autre]}


def test_chaque_champ_se_choisit(banc: Banc) -> None:
    """Mine for one field, theirs for another: nobody's work is lost."""
    cas = banc.cas
    page = banc.enregistrer(banc.moi, {cas.champ: "Ma valeur"})
    assert f'name="{cas.autre}" value="Leur ajout"' in page.text

    suite = banc.moi.soumettre(banc.url, {**banc.lire(page, "conflit"), cas.autre: "Leur ajout"})

    assert suite.status_code == 303
    assert banc.etat() == {cas.champ: "Ma valeur", cas.autre: "Leur ajout"}


def test_prendre_l_autre_ne_demande_rien(banc: Banc) -> None:
    page = banc.enregistrer(banc.moi, {banc.cas.champ: "Ma valeur"})
    lien = page.text.split('href="')
    retour = next(x.split('"')[0] for x in lien if "Prendre la version enregistrée" in x)

    assert banc.moi.get(retour).status_code == 200
    assert "Leur valeur" in banc.moi.get(retour).text


def test_un_troisieme_change_pendant_le_choix(banc: Banc) -> None:
    cas = banc.cas
    page = banc.enregistrer(banc.moi, {cas.champ: "Ma valeur"})
    choisi = banc.lire(page, "conflit")
    banc.lus = banc.lire(banc.moi.get(banc.url), cas.formulaire)
    banc.enregistrer(banc.autre, {cas.autre: "Encore"})

    assert banc.moi.soumettre(banc.url, choisi).status_code == 412


def test_les_lignes_se_lisent_cote_a_cote(app: FastAPI, navigateur: Ouvrir, api: Any) -> None:
    with app.state.database.write() as session:
        devis = un_devis(
            session, lignes=[une_ligne(designation=d) for d in ("Un", "Deux", "Trois")]
        )
    url, moi = f"/devis/{devis.id}/modifier", navigateur()
    champs = Formulaire(moi.get(url).text, "editeur").champs
    envoi: dict[str, Any] = {
        nom: v if nom.startswith("ligne_") else v[0] for nom, v in champs.items()
    }
    lignes = [
        {"designation": "Un", "quantite": 1, "prixUnitaireHT": 100},
        {"designation": "Deux", "quantite": 7, "prixUnitaireHT": 100},
        {"designation": "Trois", "quantite": 1, "prixUnitaireHT": 100},
        {"designation": "Quatre", "quantite": 1, "prixUnitaireHT": 5},
    ]
    autre: TestClient = api("gestionnaire")
    change = autre.put(
        f"/api/v1/devis/{devis.id}", json={"lignes": lignes}, headers={"If-Match": "*"}
    )
    assert change.status_code == 200, change.text
    envoi["ligne_quantite"][1] = "3"

    page = moi.post(url, data=envoi)

    assert page.status_code == 412
    vus = page.text.split("Lignes différentes")[1]
    assert "Deux" in vus
    assert "3\u00a0u" in vus
    assert "7\u00a0u" in vus
    assert "Quatre" in vus
    assert "absente" in vus
    assert ">Trois<" not in vus


def test_un_devis_envoye_entre_temps_se_compare(app: FastAPI, navigateur: Ouvrir) -> None:
    with app.state.database.write() as session:
        devis = un_devis_envoye(session)
    moi = navigateur()
    champs = {"objet": "X", "revision": "1", "client_id": str(devis.client_id)}

    assert moi.soumettre(f"/devis/{devis.id}/modifier", champs).status_code == 412


def test_un_contact_change_n_empeche_pas_d_en_changer_un_autre(
    database: Database, navigateur: Ouvrir
) -> None:
    with database.write() as session:
        client = un_client(session, contacts=[{"nom": "Léa"}, {"nom": "Marc"}])
    moi, urls = navigateur(), [f"/clients/{client.id}/contacts/{c.id}" for c in client.contacts]
    lus = [Formulaire(moi.get(url).text, "").champs["revision"][0] for url in urls]

    for url, revision, nom in zip(urls, lus, ("Lise", "Max"), strict=True):
        assert moi.soumettre(url, {"nom": nom, "revision": revision}).status_code == 303


def test_les_lignes_s_alignent_malgre_un_ajout() -> None:
    un, deux, trois = LigneLue("un"), LigneLue("deux"), LigneLue("trois")

    vues = aligner([un, deux, trois], [LigneLue("zéro"), un, LigneLue("deux", "changée"), trois])

    assert [(v.mienne, v.sienne) for v in vues] == [
        (None, LigneLue("zéro")),
        (deux, LigneLue("deux", "changée")),
    ]
    assert aligner([un, deux], [un, deux]) == []


def test_une_ligne_se_lit_pareil_de_quelque_facon_qu_elle_soit_tapee() -> None:
    tapee = resumer("12,50", "m²", "1 045.00", "", "20,0 %", "")

    assert (
        tapee
        == resumer("12.5", "m²", "1045", "", "20", "")
        == "12,5\u00a0m² × 1045\u00a0€, TVA 20\u00a0%"
    )
    assert resumer("", "u", "", "", "", " Titre ") == "Titre"
    assert resumer("douze", "u", "", "5", "", "") == "douze\u00a0u × …\u00a0€, remise 5\u00a0%"
