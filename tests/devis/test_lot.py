"""What one does with several devis of the list at once."""

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from cordeau.core.db import Database
from cordeau.core.quotas import Geste, Quota
from cordeau.devis.models import Devis
from cordeau.notifications.models import Message
from tests.clients.builders import un_client
from tests.devis.builders import un_devis, un_devis_accepte
from tests.gens import Navigateur

Ouvrir = Callable[..., Navigateur]


@pytest.fixture
def trois(database: Database) -> list[str]:
    """Two drafts and an accepted devis, by number."""
    with database.write() as session:
        client = un_client(session, email="jean@exemple.fr")
        faits = [
            un_devis(session, client=client),
            un_devis(session, client=client),
            un_devis_accepte(session, client=client),
        ]
        return [str(devis.id) for devis in faits]


def statuts(app: FastAPI) -> list[str]:
    with app.state.database.read() as session:
        return list(session.scalars(select(Devis.statut).order_by(Devis.numero_tri)))


def messages(app: FastAPI) -> int:
    with app.state.database.read() as session:
        return len(session.scalars(select(Message.id)).all())


def test_les_brouillons_coches_partent_ensemble(
    app: FastAPI, navigateur: Ouvrir, trois: list[str]
) -> None:
    avant = messages(app)
    reponse = navigateur("commercial").soumettre(
        "/devis/lot/envoi", {"ids": trois[:2], "retour": "statut=BROUILLON"}
    )

    assert (reponse.status_code, reponse.headers["location"]) == (303, "/devis?statut=BROUILLON")
    assert statuts(app) == ["ENVOYE", "ENVOYE", "ACCEPTE"]
    assert messages(app) == avant + 2


def test_ce_qui_est_refuse_ne_retient_pas_les_autres(
    app: FastAPI, navigateur: Ouvrir, trois: list[str]
) -> None:
    reponse = navigateur("commercial").soumettre("/devis/lot/envoi", {"ids": trois[1:]})

    assert reponse.status_code == 200
    assert "1 sur 2" in reponse.text
    assert "Seul un brouillon s’envoie d’ici" in reponse.text
    assert statuts(app) == ["BROUILLON", "ENVOYE", "ACCEPTE"]


def test_rien_de_coche_se_dit_sur_la_liste(navigateur: Ouvrir, trois: list[str]) -> None:
    assert len(trois) == 3
    for action in ("envoi", "pdf"):
        reponse = navigateur("commercial").soumettre(f"/devis/lot/{action}", {}, suivre=True)
        assert "Cochez d’abord au moins une ligne." in reponse.text


def test_un_devis_inconnu_arrete_tout(app: FastAPI, navigateur: Ouvrir, trois: list[str]) -> None:
    inconnu = "01900000-0000-7000-8000-000000000000"
    reponse = navigateur("commercial").soumettre("/devis/lot/envoi", {"ids": [trois[0], inconnu]})

    assert reponse.status_code == 404
    assert statuts(app) == ["BROUILLON", "BROUILLON", "ACCEPTE"]


def test_les_pdf_coches_viennent_en_une_archive(navigateur: Ouvrir, trois: list[str]) -> None:
    reponse = navigateur("comptable").soumettre("/devis/lot/pdf", {"ids": trois})

    assert reponse.headers["content-type"] == "application/zip"
    fichiers = dict(lire(reponse.content))
    assert sorted(fichiers) == [f"DEV-2026-00{rang}.pdf" for rang in (1, 2, 3)]
    assert all(contenu.startswith(b"%PDF") for contenu in fichiers.values())


def test_chaque_pdf_d_un_lot_compte(app: FastAPI, navigateur: Ouvrir, trois: list[str]) -> None:
    quotas = {**app.state.settings.quotas, Geste.PDF: Quota(5, timedelta(minutes=5))}
    app.state.settings = replace(app.state.settings, quotas=quotas)
    comptable = navigateur("comptable")

    statuts = [comptable.soumettre("/devis/lot/pdf", {"ids": trois}).status_code for _ in range(2)]

    assert statuts == [200, 429]


def test_qui_ne_peut_pas_ecrire_n_envoie_pas(
    app: FastAPI, navigateur: Ouvrir, trois: list[str]
) -> None:
    comptable = navigateur("comptable")

    assert comptable.soumettre("/devis/lot/envoi", {"ids": trois[:1]}).status_code == 403
    assert "/devis/lot/envoi" not in comptable.get("/devis").text
    assert statuts(app)[0] == "BROUILLON"


def lire(archive: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(archive)) as ouverte:
        for nom in ouverte.namelist():
            yield nom, ouverte.read(nom)
