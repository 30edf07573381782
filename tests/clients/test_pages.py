"""Pages of clients."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from openpyxl import load_workbook
from sqlalchemy import Select, event, select
from sqlalchemy.orm import Session

from cordeau.clients import extensions
from cordeau.clients.commands import archiver
from cordeau.clients.models import Client
from cordeau.clients.queries import get_client
from cordeau.core.adresse import Adresse
from cordeau.core.permissions import SYSTEME
from tests.clients.builders import SIRET, un_client
from tests.gens import Navigateur

Navigateurs = Callable[..., Navigateur]


@pytest.fixture
def clients(app: FastAPI) -> Callable[..., UUID]:
    def creer(nom: str = "Constructeo", **champs: Any) -> UUID:
        with app.state.database.write() as session:
            return un_client(session, nom, **champs).id

    return creer


def lire(app: FastAPI, client_id: UUID) -> Client:
    with app.state.database.read() as session:
        return get_client(session, client_id, complet=True)


def seul_client(app: FastAPI) -> Client:
    with app.state.database.read() as session:
        return get_client(session, session.scalars(select(Client.id)).one(), complet=True)


class SoldesDeTest:
    """Everybody called Débiteur owes 1 234.50 €."""

    def par_client(self, session: Session, ids: Sequence[UUID]) -> Mapping[UUID, Decimal]:
        debiteurs = set(session.scalars(self.debiteurs()))
        return {i: Decimal("1234.50") for i in ids if i in debiteurs}

    def regle_ouverture(self, _session: Session, _client_id: UUID) -> Decimal:
        return Decimal(0)

    def debiteurs(self) -> Select[UUID]:
        return select(Client.id).where(Client.nom == "Débiteur")

    def total(self, session: Session, ids: Select[UUID]) -> Decimal:
        return sum(self.par_client(session, list(session.scalars(ids))).values(), Decimal(0))


@pytest.fixture
def _soldes() -> Iterator[None]:
    avant = list(extensions.SOLDES)
    extensions.SOLDES[:] = [SoldesDeTest()]
    yield
    extensions.SOLDES[:] = avant


def test_la_liste_vide_dit_quoi_faire(navigateur: Navigateurs) -> None:
    page = navigateur().get("/clients").text

    assert "Aucun client pour le moment" in page
    assert "/clients/import" in page


def test_la_liste_montre_les_clients_en_service(
    navigateur: Navigateurs, app: FastAPI, clients: Callable[..., UUID]
) -> None:
    clients("Constructeo")
    ancien = clients("Ancien client")
    with app.state.database.write() as session:
        archiver(session, get_client(session, ancien), actor=SYSTEME)
    chef = navigateur()

    page = chef.get("/clients").text

    assert "Constructeo" in page
    assert "Ancien client" not in page
    assert "Ancien client" in chef.get("/clients?archive=1").text
    assert "1 client\n" in page or "1 client<" in page


def test_la_liste_se_filtre_par_genre_et_par_ville(
    navigateur: Navigateurs, clients: Callable[..., UUID]
) -> None:
    clients("Mairie", type="PUBLIC", adresse=Adresse(ville="Cholet"))
    clients("Dupont", adresse=Adresse(ville="Angers"))
    chef = navigateur()

    assert "Dupont" not in chef.get("/clients?type=PUBLIC").text
    assert "Mairie" not in chef.get("/clients?ville=ang").text
    assert "Aucun client ne correspond" in chef.get("/clients?q=zzz").text


@pytest.mark.usefixtures("_soldes")
def test_la_liste_montre_et_filtre_les_soldes(
    navigateur: Navigateurs, clients: Callable[..., UUID]
) -> None:
    clients("Débiteur")
    clients("Constructeo")
    chef = navigateur()

    page = chef.get("/clients").text
    assert page.count("1\u202f234,50\u00a0€") == 2
    assert "Constructeo" not in chef.get("/clients?solde=du").text


def test_un_technicien_ne_voit_pas_les_clients(
    navigateur: Navigateurs, clients: Callable[..., UUID]
) -> None:
    client_id = clients()
    technicien = navigateur("technicien")

    for url in ("/clients", f"/clients/{client_id}", "/clients/choix", "/clients/export"):
        assert technicien.get(url).status_code == 403


def test_un_comptable_lit_sans_modifier(
    navigateur: Navigateurs, clients: Callable[..., UUID]
) -> None:
    client_id = clients()
    comptable = navigateur("comptable")

    fiche = comptable.get(f"/clients/{client_id}").text

    assert f"/clients/{client_id}/modifier" not in fiche
    assert comptable.get("/clients/nouveau").status_code == 403
    assert comptable.soumettre(f"/clients/{client_id}/suppression").status_code == 403


def test_un_client_se_cree_avec_son_seul_nom(navigateur: Navigateurs, app: FastAPI) -> None:
    reponse = navigateur().soumettre("/clients/nouveau", {"nom": "  Jean   Dupont "})

    client = seul_client(app)
    assert reponse.headers["location"] == f"/clients/{client.id}"
    assert client.nom == "Jean   Dupont"
    assert client.delai_paiement is None
    assert client.solde_ouverture is None


def test_les_nombres_se_tapent_a_la_francaise(navigateur: Navigateurs, app: FastAPI) -> None:
    navigateur().soumettre(
        "/clients/nouveau",
        {"nom": "Dupont", "solde_ouverture": "1 234,5 €", "solde_ouverture_le": "01/02/2026"},
    )

    client = seul_client(app)
    assert client.solde_ouverture == Decimal("1234.50")
    assert str(client.solde_ouverture_le) == "2026-02-01"


def test_une_saisie_refusee_garde_ce_qui_etait_tape(navigateur: Navigateurs) -> None:
    reponse = navigateur().soumettre(
        "/clients/nouveau",
        {"nom": "Dupont & Fils", "siret": "123", "code_postal": "4" * 21, "delai_paiement": "x"},
    )

    assert reponse.status_code == 422
    assert "Dupont &amp; Fils" in reponse.text
    for champ in ("siret", "code_postal", "delai_paiement"):
        assert f'href="#champ-{champ}"' in reponse.text
        assert f'id="champ-{champ}-note"' in reponse.text


def test_la_fiche_dit_qui_est_le_client(
    navigateur: Navigateurs, clients: Callable[..., UUID]
) -> None:
    client_id = clients(
        "Bâtimax <b>",
        type="PROFESSIONNEL",
        siret=SIRET,
        delai_paiement=45,
        notes="Sonner\nfort",
        solde_ouverture=Decimal(12),
        contacts=[{"nom": "Léa Roy", "telephone": "06 01 02 03 04"}],
        sites=[{"nom": "Dépôt", "adresse": Adresse(ville="Trélazé")}],
    )

    fiche = navigateur().get(f"/clients/{client_id}").text

    attendus = ("Bâtimax &lt;b&gt;", SIRET, "à 45 jours", "12,00", "Léa Roy", "Trélazé", "Sonner")
    for attendu in attendus:
        assert attendu in fiche
    assert "Client créé" in fiche


@pytest.mark.usefixtures("_soldes")
def test_la_fiche_dit_ce_que_le_client_doit(
    navigateur: Navigateurs, clients: Callable[..., UUID]
) -> None:
    fiche = navigateur().get(f"/clients/{clients('Débiteur')}").text

    assert "1\u202f234,50\u00a0€" in fiche


def test_modifier_garde_ce_qui_n_est_pas_dans_le_formulaire(
    navigateur: Navigateurs, app: FastAPI, clients: Callable[..., UUID]
) -> None:
    client_id = clients(contacts=[{"nom": "Léa"}], delai_paiement=30)
    chef = navigateur()
    assert 'value="30"' in chef.get(f"/clients/{client_id}/modifier").text

    chef.soumettre(f"/clients/{client_id}/modifier", {"nom": "Constructeo SAS", "pays": ""})

    client = lire(app, client_id)
    assert client.nom == "Constructeo SAS"
    assert client.delai_paiement is None
    assert client.adresse.pays == "FR"
    assert [contact.nom for contact in client.contacts] == ["Léa"]


def test_deux_personnes_n_ecrasent_pas_leurs_changements(
    navigateur: Navigateurs, app: FastAPI, clients: Callable[..., UUID]
) -> None:
    client_id = clients()
    chef = navigateur()
    url = f"/clients/{client_id}/modifier"
    chef.soumettre(url, {"nom": "Premier", "revision": "1"})

    refus = chef.soumettre(url, {"nom": "Second", "revision": "1"})

    assert refus.status_code == 412
    assert "Second" in refus.text
    assert lire(app, client_id).nom == "Premier"


def test_contacts_et_adresses_s_ajoutent_se_changent_se_retirent(
    navigateur: Navigateurs, app: FastAPI, clients: Callable[..., UUID]
) -> None:
    client_id = clients()
    chef = navigateur()
    base = f"/clients/{client_id}"
    chef.soumettre(f"{base}/contacts/nouveau", {"nom": "Léa"})
    chef.soumettre(f"{base}/sites/nouveau", {"nom": "Dépôt", "ville": "Trélazé"})
    client = lire(app, client_id)
    contact, site = client.contacts[0].id, client.sites[0].id
    assert "Trélazé" in chef.get(f"{base}/sites/{site}").text
    assert "Léa" in chef.get(f"{base}/contacts/{contact}").text

    chef.soumettre(f"{base}/contacts/{contact}", {"nom": "Léa Roy"})
    chef.soumettre(f"{base}/sites/{site}", {"nom": "Dépôt", "ville": "Angers"})

    client = lire(app, client_id)
    assert [(c.id, c.nom) for c in client.contacts] == [(contact, "Léa Roy")]
    assert [(s.id, s.adresse.ville) for s in client.sites] == [(site, "Angers")]

    chef.soumettre(f"{base}/contacts/{contact}/suppression")
    chef.soumettre(f"{base}/sites/{site}/suppression")

    client = lire(app, client_id)
    assert (client.contacts, client.sites) == ([], [])
    assert chef.get(f"{base}/contacts/{contact}").status_code == 404


@pytest.mark.parametrize("quoi", ["contacts", "sites"])
def test_un_contact_ou_une_adresse_sans_nom_est_refuse(
    navigateur: Navigateurs, clients: Callable[..., UUID], quoi: str
) -> None:
    reponse = navigateur().soumettre(f"/clients/{clients()}/{quoi}/nouveau", {"nom": " "})

    assert reponse.status_code == 422
    assert 'href="#champ-nom"' in reponse.text


def test_archiver_remettre_en_service_supprimer(
    navigateur: Navigateurs, app: FastAPI, clients: Callable[..., UUID]
) -> None:
    client_id = clients(contacts=[{"nom": "Léa"}])
    chef = navigateur()

    chef.soumettre(f"/clients/{client_id}/archivage")
    assert "Client archivé." in chef.get(f"/clients/{client_id}").text
    chef.soumettre(f"/clients/{client_id}/restauration")
    assert not lire(app, client_id).archive

    chef.soumettre(f"/clients/{client_id}/suppression")
    assert chef.get(f"/clients/{client_id}").status_code == 404


def test_le_choix_propose_les_clients_en_service(
    navigateur: Navigateurs, clients: Callable[..., UUID]
) -> None:
    client_id = clients("Éléonore", adresse=Adresse(ville="Angers"))
    clients("Dupont")

    reponse = navigateur().get("/clients/choix?q=eleo")

    assert reponse.json() == {"elements": [{"id": str(client_id), "nom": "Éléonore (Angers)"}]}


def test_l_export_csv_ne_contient_aucune_formule(
    navigateur: Navigateurs, clients: Callable[..., UUID]
) -> None:
    clients('=HYPERLINK("http://x")', telephone="+33 2 41", solde_ouverture=Decimal("-12.5"))

    reponse = navigateur().get("/clients/export?format=csv")

    texte = reponse.content.decode("utf-8-sig")
    lignes = list(csv.DictReader(io.StringIO(texte), delimiter=";"))
    assert reponse.headers["content-disposition"] == 'attachment; filename="clients.csv"'
    assert lignes[0]["Nom"] == '\'=HYPERLINK("http://x")'
    assert lignes[0]["Téléphone"] == "'+33 2 41"
    assert lignes[0]["Solde d’ouverture"] == "-12,50"


def test_l_export_xlsx_garde_le_texte_en_texte_et_les_montants_en_nombres(
    navigateur: Navigateurs, clients: Callable[..., UUID]
) -> None:
    clients("=1+1", solde_ouverture=Decimal("1234.5"))
    for rang in range(205):
        clients(f"Client {rang}")

    reponse = navigateur().get("/clients/export?format=xlsx")

    feuille: Any = load_workbook(io.BytesIO(reponse.content)).active
    entetes = [cellule.value for cellule in feuille[1]]
    assert feuille.max_row == 207
    assert (feuille["A2"].value, feuille["A2"].data_type) == ("=1+1", "s")
    assert feuille.cell(2, entetes.index("Solde d’ouverture") + 1).value == 1234.5


def test_l_export_suit_les_filtres(navigateur: Navigateurs, clients: Callable[..., UUID]) -> None:
    clients("Constructeo")
    clients("Dupont")

    texte = navigateur().get("/clients/export?format=csv&q=dup").text

    assert "Dupont" in texte
    assert "Constructeo" not in texte


def test_la_liste_ne_lit_pas_plus_quand_elle_s_allonge(
    navigateur: Navigateurs, app: FastAPI, clients: Callable[..., UUID]
) -> None:
    chef = navigateur()
    requetes: list[str] = []

    def noter(*contexte: Any) -> None:
        requetes.append(contexte[2])

    def compter() -> int:
        requetes.clear()
        event.listen(app.state.database.engine, "before_cursor_execute", noter)
        chef.get("/clients")
        event.remove(app.state.database.engine, "before_cursor_execute", noter)
        return len(requetes)

    clients()
    courte = compter()
    for rang in range(30):
        clients(f"Client {rang}")

    assert compter() == courte <= 13
