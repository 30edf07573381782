"""Factures of an erased client: kept by law, and seen by those who keep the accounts alone."""

import io
import zipfile
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from cordeau.clients.models import Client
from cordeau.core.db import Database
from cordeau.core.permissions import DROITS, Permission, Role
from cordeau.devis.models import Devis
from cordeau.facturation.models import Facture
from tests.clients.builders import un_client
from tests.devis.builders import un_devis_accepte
from tests.facturation.builders import facturer_et_emettre
from tests.gens import Navigateur
from tests.rgpd.test_effacement import NOM, facturer_et_encaisser, la_personne, oublier

COMPTABLES = [Role.ADMIN, Role.GESTIONNAIRE, Role.COMPTABLE]
AUTRE = "Bertille"


@pytest.fixture
def effacee(database: Database) -> Facture:
    """The facture of somebody erased, beside that of somebody else."""
    with database.write() as session:
        client = la_personne(session)
        facture = facturer_et_encaisser(session, client)
        autre = un_client(session, f"{AUTRE} Roussel")
        facturer_et_emettre(session, un_devis_accepte(session, client=autre))
    oublier(database, client)
    return facture


def _adresses(database: Database, facture: Facture) -> Iterator[str]:
    """Every address that shows factures to whoever may read them, of this one or several."""
    with database.read() as session:
        devis_id = session.scalars(select(Devis.id).where(Devis.id == facture.devis_id)).one()
        client_id = session.scalars(select(Client.id).where(Client.id == facture.client_id)).one()
    for racine in ("/factures", "/api/v1/factures"):
        yield from (racine, f"{racine}?q={NOM}", f"{racine}?clientId={client_id}")
    yield from (f"/factures/export.csv?clientId={client_id}", f"/recherche?q={NOM}")
    yield from (f"/devis/{devis_id}", f"/clients/{client_id}", "/dashboard")


def _documents(facture: Facture) -> Iterator[str]:
    for racine in ("/factures", "/api/v1/factures"):
        yield from (f"{racine}/{facture.id}{suite}" for suite in ("", "/pdf", "/xml"))
    yield f"/api/v1/factures/{facture.id}/reglements"


def _ouvrir(
    role: Role,
    navigateur: Callable[..., Navigateur],
    api: Callable[..., TestClient],
) -> Callable[[str], tuple[int, str]]:
    page, programme = navigateur(role), api(role)

    def lire(adresse: str) -> tuple[int, str]:
        reponse = (programme if adresse.startswith("/api") else page).get(adresse)
        return reponse.status_code, reponse.text

    return lire


@pytest.mark.parametrize("role", COMPTABLES)
def test_qui_tient_les_comptes_voit_les_factures_des_personnes_effacees(
    role: Role,
    effacee: Facture,
    navigateur: Callable[..., Navigateur],
    api: Callable[..., TestClient],
) -> None:
    lire = _ouvrir(role, navigateur, api)

    assert {lire(adresse)[0] for adresse in _documents(effacee)} == {200}
    assert NOM in lire(f"/factures/{effacee.id}/xml")[1]
    assert str(effacee.numero) in lire(f"/api/v1/factures?q={NOM}")[1]
    assert str(effacee.numero) in lire(f"/recherche?q={NOM}")[1]


def test_les_autres_n_en_voient_plus_rien(
    database: Database,
    effacee: Facture,
    navigateur: Callable[..., Navigateur],
    api: Callable[..., TestClient],
) -> None:
    lire = _ouvrir(Role.COMMERCIAL, navigateur, api)
    numero = str(effacee.numero)

    assert {lire(adresse)[0] for adresse in _documents(effacee)} == {404}
    for adresse in _adresses(database, effacee):
        statut, texte = lire(adresse)
        trouves = [mot for mot in (numero, str(effacee.id), f"{NOM} Lavandier") if mot in texte]
        assert (statut, trouves) == (200, []), adresse
    assert AUTRE in lire("/factures")[1]
    assert AUTRE in lire("/api/v1/factures")[1]


def test_un_lot_de_pdf_ne_les_donne_pas_non_plus(
    database: Database, effacee: Facture, navigateur: Callable[..., Navigateur]
) -> None:
    refus = navigateur(Role.COMMERCIAL).soumettre("/factures/lot/pdf", {"ids": [str(effacee.id)]})
    lot = navigateur(Role.COMPTABLE).soumettre("/factures/lot/pdf", {"ids": [str(effacee.id)]})

    assert refus.status_code == 404
    with zipfile.ZipFile(io.BytesIO(lot.content)) as archive:
        assert archive.namelist() == [f"{effacee.numero}.pdf"]


def test_seul_le_commercial_lit_des_factures_sans_tenir_les_comptes() -> None:
    """What the journal and the exports show of them needs no other guard as long as this holds."""
    sans_comptes = [r for r in Role if Permission.EXPORT_LIRE not in DROITS[r]]
    lecteurs = {r for r in sans_comptes if Permission.FACTURE_LIRE in DROITS[r]}
    assert lecteurs == {Role.COMMERCIAL}
    for role in lecteurs:
        assert not DROITS[role] & {
            Permission.JOURNAL_LIRE,
            Permission.MESSAGE_LIRE,
            Permission.REGLEMENT_LIRE,
            Permission.CLOTURE_LIRE,
        }
