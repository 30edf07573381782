"""Pages of chantiers, as people use them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from cordeau.chantiers import extensions, panneaux, queries
from cordeau.chantiers.models import Chantier
from cordeau.core.db import Database
from cordeau.core.listing import Demande
from cordeau.core.permissions import Acteur, Role
from cordeau.web.panneaux import Panneau
from tests.chantiers.builders import un_chantier
from tests.clients.builders import un_client
from tests.gens import Navigateur

Ouvrir = Callable[..., Navigateur]


def test_le_formulaire_du_premier_cahier_ouvre_un_chantier(
    database: Database, navigateur: Ouvrir
) -> None:
    with database.write() as session:
        client_id = str(un_client(session).id)
    champs = {
        "nom": "Réfection de la toiture",
        "client_id": client_id,
        "date_debut": "2026-03-02",
        "date_fin": "2026-03-20",
        "responsable": "Karim Haddad",
    }

    page = navigateur().soumettre("/chantiers/nouveau", champs, suivre=True)

    assert "Chantier ouvert." in page.text
    assert "Réfection de la toiture" in page.text
    assert page.url.path.startswith("/chantiers/")


def test_une_saisie_refusee_garde_ce_qui_fut_tape(database: Database, navigateur: Ouvrir) -> None:
    with database.write() as session:
        client_id = str(un_client(session).id)
    champs = {
        "nom": "Toiture <b>nord</b>",
        "client_id": client_id,
        "date_debut": "2026-03-20",
        "date_fin": "2026-03-02",
    }

    page = navigateur().soumettre("/chantiers/nouveau", champs)

    assert page.status_code == 422
    assert "La fin ne peut pas précéder le début." in page.text
    assert 'value="Toiture &lt;b&gt;nord&lt;/b&gt;"' in page.text
    assert f'<option value="{client_id}" selected>' in page.text
    assert _tous(database) == []


def test_le_formulaire_demande_les_deux_jours(database: Database, navigateur: Ouvrir) -> None:
    with database.write() as session:
        client_id = str(un_client(session).id)

    page = navigateur().soumettre("/chantiers/nouveau", {"nom": "Mur", "client_id": client_id})

    assert page.status_code == 422
    assert page.text.count("Choisissez le jour.") >= 2
    assert _tous(database) == []


def test_un_client_mal_choisi_est_refuse_sans_accident(navigateur: Ouvrir) -> None:
    for client_id in ("", "abc", "00000000-0000-0000-0000-000000000000"):
        page = navigateur().soumettre(
            "/chantiers/nouveau",
            {
                "nom": "Toiture",
                "client_id": client_id,
                "date_debut": "2026-03-02",
                "date_fin": "2026-03-20",
            },
        )
        assert page.status_code == 422
        assert 'id="champ-client_id-note"' in page.text


def test_modifier_depuis_une_page_perimee_est_refuse(
    database: Database, navigateur: Ouvrir
) -> None:
    with database.write() as session:
        chantier = un_chantier(session)
    champs = {"nom": "Toiture nord", "client_id": str(chantier.client_id)}
    url, utilisateur = f"/chantiers/{chantier.id}/modifier", navigateur()

    enregistre = utilisateur.soumettre(url, {**champs, "revision": str(chantier.revision)})
    perime = utilisateur.soumettre(url, {**champs, "revision": str(chantier.revision)})
    insense = utilisateur.soumettre(url, {**champs, "revision": "9" * 5000})

    assert enregistre.status_code == 303
    assert (perime.status_code, insense.status_code) == (412, 412)


def test_le_formulaire_de_modification_montre_le_chantier(
    database: Database, navigateur: Ouvrir
) -> None:
    with database.write() as session:
        chantier = un_chantier(session, responsable="Karim Haddad")

    page = navigateur().get(f"/chantiers/{chantier.id}/modifier")

    assert 'value="Karim Haddad"' in page.text
    assert 'value="2026-03-02"' in page.text


def test_un_bouton_fait_avancer_le_chantier(database: Database, navigateur: Ouvrir) -> None:
    with database.write() as session:
        url = f"/chantiers/{un_chantier(session).id}"
    utilisateur = navigateur()

    refuse = utilisateur.soumettre(f"{url}/statut", {"statut": "TERMINE"})
    demarre = utilisateur.soumettre(f"{url}/statut", {"statut": "EN_COURS"}, suivre=True)

    assert refuse.status_code == 409
    assert "il ne peut pas passer directement" in refuse.text
    assert "Chantier en cours." in demarre.text
    assert "Chantier démarré" in demarre.text


def test_supprimer_ramene_a_la_liste(database: Database, navigateur: Ouvrir) -> None:
    with database.write() as session:
        url = f"/chantiers/{un_chantier(session).id}"

    page = navigateur().soumettre(f"{url}/suppression", suivre=True)

    assert "Chantier supprimé." in page.text
    assert _tous(database) == []


def test_la_liste_montre_filtre_et_compte(database: Database, navigateur: Ouvrir) -> None:
    with database.write() as session:
        un_chantier(session, "Toiture", responsable="Lucie")
        un_chantier(session, "Façade")
    utilisateur = navigateur()

    tout = utilisateur.get("/chantiers")
    filtree = utilisateur.get(
        "/chantiers", params={"responsable": "Lucie", "du": "", "au": "", "q": "toit"}
    )
    vide = utilisateur.get("/chantiers", params={"q": "piscine"})

    assert "2 chantiers" in tout.text
    assert "1 chantier<" in filtree.text
    assert "Façade" not in filtree.text
    assert "Aucun chantier ne correspond" in vide.text


def test_la_liste_s_exporte_telle_qu_elle_est_filtree(
    database: Database, navigateur: Ouvrir
) -> None:
    with database.write() as session:
        un_chantier(session, "=Toiture", responsable="Lucie")
        un_chantier(session, "Façade")

    fichier = navigateur().get("/chantiers/export", params={"format": "csv", "q": "lucie"})

    assert fichier.content.decode("utf-8-sig").splitlines() == [
        "Code;Nom;Client;Statut;Responsable;Début;Fin;Adresse",
        "CH-2026-001;'=Toiture;Camille Durand;Planifié;Lucie;02/03/2026;20/03/2026;",
    ]


def test_le_calendrier_lit_les_chantiers_de_la_periode(
    database: Database, navigateur: Ouvrir
) -> None:
    with database.write() as session:
        chantier = un_chantier(session)
    utilisateur = navigateur("technicien")

    mois = utilisateur.get("/chantiers/evenements?du=2026-03-01&au=2026-04-05")
    page = utilisateur.get("/chantiers?vue=calendrier")

    assert mois.json()["elements"] == [
        {
            "titre": "Réfection de la toiture · Camille Durand",
            "debut": "2026-03-02",
            "fin": "2026-03-20",
            "url": f"/chantiers/{chantier.id}",
            "statut": "PLANIFIE",
        }
    ]
    assert 'data-source="/chantiers/evenements"' in page.text


@pytest.mark.parametrize(
    "periode",
    ["", "?du=2026-03-01", "?du=2026-03-02&au=2026-03-01", "?du=2020-01-01&au=2026-01-01"],
)
def test_le_calendrier_refuse_une_periode_insensee(navigateur: Ouvrir, periode: str) -> None:
    assert navigateur().get(f"/chantiers/evenements{periode}").status_code == 422


def test_un_technicien_voit_le_chantier_sans_bouton(database: Database, navigateur: Ouvrir) -> None:
    with database.write() as session:
        url = f"/chantiers/{un_chantier(session).id}"
    technicien = navigateur("technicien")

    page = technicien.get(url)

    assert page.status_code == 200
    assert "Camille Durand" in page.text
    assert "Modifier" not in page.text
    assert f"{url}/statut" not in page.text
    assert technicien.get("/chantiers/nouveau").status_code == 403


def test_un_contexte_superieur_ajoute_son_panneau(
    database: Database, navigateur: Ouvrir, monkeypatch: pytest.MonkeyPatch
) -> None:
    def panneau(session: Session, chantier: Chantier, acteur: Acteur) -> Panneau | None:
        if acteur.role == Role.TECHNICIEN:
            return None
        client = chantier.client
        return panneaux.panneau_client(session, client, acteur)

    monkeypatch.setattr(extensions, "PANNEAUX", [panneau])
    with database.write() as session:
        url = f"/chantiers/{un_chantier(session).id}"

    assert 'id="panneau-chantiers"' in navigateur().get(url).text
    assert 'id="panneau-chantiers"' not in navigateur("technicien").get(url).text


def test_la_page_du_client_montre_ses_dix_derniers_chantiers(
    database: Database, acteur: Acteur
) -> None:
    with database.write() as session:
        client = un_client(session)
        for jour in range(1, 12):
            debut = date(2026, 3, jour)
            un_chantier(
                session, f"Lot {jour}", client_id=client.id, date_debut=debut, date_fin=debut
            )

    with database.read() as session:
        panneau = panneaux.panneau_client(session, client, acteur)

    assert panneau is not None
    assert [c.nom for c in panneau.contexte["chantiers"]] == [f"Lot {j}" for j in range(11, 1, -1)]
    assert panneau.contexte["il_y_en_a_d_autres"]


def test_la_liste_coute_autant_de_requetes_pour_un_que_pour_cent(database: Database) -> None:
    with database.write() as session:
        un_chantier(session)
    seul = _cout(database)
    with database.write() as session:
        for rang in range(20):
            un_chantier(session, f"Lot {rang}")

    assert _cout(database) == seul == 1


def _cout(database: Database) -> int:
    with database.read() as session, _compter(database) as requetes:
        for chantier in queries.list_chantiers(session, Demande()).elements:
            assert chantier.client.nom
    return len(requetes)


@contextmanager
def _compter(database: Database) -> Iterator[list[str]]:
    requetes: list[str] = []

    def noter(_c: object, _cursor: object, statement: str, *_reste: object) -> None:
        if statement.startswith("SELECT"):
            requetes.append(statement)

    event.listen(database.engine, "before_cursor_execute", noter)
    try:
        yield requetes
    finally:
        event.remove(database.engine, "before_cursor_execute", noter)


def _tous(database: Database) -> list[Chantier]:
    with database.read() as session:
        return queries.list_chantiers(session, Demande()).elements
