"""The words of a row follow it, and find it whatever the size of the base."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.dialects import mysql
from sqlalchemy.orm import Session

from cordeau.chantiers.commands import modifier_chantier
from cordeau.chantiers.models import Chantier
from cordeau.clients.commands import modifier_client
from cordeau.clients.models import Client
from cordeau.core import recherche
from cordeau.core.adresse import Adresse
from cordeau.core.db import Database
from cordeau.core.permissions import SYSTEME
from cordeau.core.recherche import (
    Mot,
    contient,
    mots_cherches,
    mots_de,
    parmi_les_premiers,
    restreindre,
)
from cordeau.devis.models import Devis
from cordeau.facturation.models import Facture
from tests.analytics.builders import un_devis
from tests.chantiers.builders import un_chantier
from tests.clients.builders import un_client
from tests.devis.builders import un_devis as un_devis_en_cours
from tests.devis.builders import un_devis_accepte
from tests.facturation.builders import facturer_et_emettre, une_entreprise, une_facture
from tests.gens import Navigateur

Ouvrir = Callable[..., Navigateur]


def test_un_mot_se_trouve_par_chacune_de_ses_parties() -> None:
    assert mots_de("FAC-2026-012 L’Été d'Œil-de-Bœuf") == {
        "fac-2026-012",
        "2026-012",
        "012",
        "l’ete",
        "ete",
        "d'oeil-de-boeuf",
        "oeil-de-boeuf",
        "de-boeuf",
        "boeuf",
    }


def test_ce_qu_un_mot_rare_trouve_se_lit_par_sa_cle(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MariaDB would rather walk a million rows in the order asked for."""
    un_client(session, "Garnier")
    un_client(session, "Garnier")
    session.flush()

    rare = _lu_par_mariadb(session, "garnier")
    monkeypatch.setattr(recherche, "RARE", 1)
    session.info.clear()
    commun = _lu_par_mariadb(session, "garnier")

    assert "FROM client FORCE INDEX (PRIMARY)" in rare
    assert "FORCE INDEX" not in commun


def test_un_mot_rare_se_compte_sans_compter_les_autres_jusqu_au_bout(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for nom in ("Garnier", "Garnier Laval", "Garnier Laval", "Garnier Laval"):
        un_client(session, nom)
    session.flush()
    monkeypatch.setattr(recherche, "RARE", 1)
    monkeypatch.setattr(recherche, "COURANT", 3)

    assert len(_trouves(session, Client, "garnier")) == 4
    assert len(_trouves(session, Client, "garnier laval")) == 3
    assert recherche.est_vague(session, Client, "garnier")
    assert not recherche.est_vague(session, Client, "garnier laval")


def test_une_connexion_compare_comme_les_colonnes(session: Session) -> None:
    if session.get_bind().dialect.name == "sqlite":
        pytest.skip("SQLite compares by code point")

    reglages = session.execute(
        text("SELECT @@collation_connection, @@in_predicate_conversion_threshold")
    ).one()
    assert tuple(reglages) == ("utf8mb4_bin", 0)


def _lu_par_mariadb(session: Session, q: str) -> str:
    statement = restreindre(session, select(Client.id), Client, q)
    return str(statement.compile(dialect=mysql.dialect()))


def test_une_page_collee_dans_la_recherche_ne_la_noie_pas() -> None:
    assert mots_cherches("a b a c " * 30) == ["a", "b", "c"]
    assert len(mots_cherches(" ".join(map(str, range(90))))) == 12


def test_les_mots_suivent_ce_qui_change(session: Session) -> None:
    client = un_client(session, "Garnier")
    un_chantier(session, "École", client_id=client.id)
    client.nom, client.nom_tri, client.recherche = "Besnard", "besnard", "besnard laval"

    session.flush()

    assert _trouves(session, Client, "garnier") == []
    assert _trouves(session, Client, "besn lav") == [client.id]
    assert len(_trouves(session, Chantier, "ecole besnard")) == 1
    assert _trouves(session, Chantier, "garnier") == []


def test_un_client_renomme_se_retrouve_avec_ses_devis_et_ses_brouillons(session: Session) -> None:
    une_entreprise(session)
    client = un_client(session, "Dupont")
    accepte = un_devis_accepte(session, client=client)
    emise = facturer_et_emettre(session, accepte)
    brouillon = une_facture(session, client=client)
    chantier = un_chantier(session, "École", client_id=client.id)
    devis = un_devis_en_cours(session, client=client, chantierId=chantier.id)
    revisions = devis.revision, brouillon.revision

    modifier_client(
        session, client, {"nom": "Durand", "adresse": Adresse(ville="Laval")}, actor=SYSTEME
    )
    modifier_chantier(session, chantier, {"nom": "Gymnase"}, actor=SYSTEME)
    session.expire_all()

    assert set(_trouves(session, Devis, "durand laval")) == {accepte.id, devis.id}
    assert _trouves(session, Devis, "durand gymnase") == [devis.id]
    assert _trouves(session, Devis, "dupont") == _trouves(session, Devis, "ecole") == []
    assert _trouves(session, Facture, "durand") == [brouillon.id]
    assert _trouves(session, Facture, "dupont") == [emise.id]
    assert devis.client_tri == brouillon.client_tri == "durand"
    assert (brouillon.client_nom, emise.client_nom) == ("Durand", "Dupont")
    assert (devis.revision, brouillon.revision) == revisions


def test_ce_qui_est_supprime_n_a_plus_de_mots(session: Session) -> None:
    client = un_client(session, "Garnier")

    session.delete(client)
    session.flush()

    assert session.scalars(select(Mot)).all() == []


def test_une_facture_emise_se_trouve_par_son_numero(session: Session) -> None:
    une_entreprise(session)
    facture = facturer_et_emettre(session, un_devis_accepte(session))

    assert _trouves(session, Facture, facture.numero or "") == [facture.id]
    assert _trouves(session, Facture, "brouillon") == []


def test_tout_ce_qui_s_ecrit_a_exactement_ses_mots(session: Session) -> None:
    une_entreprise(session)
    devis = un_devis_accepte(session)
    un_chantier(session, client_id=devis.client_id)
    facturer_et_emettre(session, devis)
    session.flush()

    for genre in (Client, Chantier, Devis, Facture):
        objets: Sequence[Any] = session.scalars(select(genre)).all()
        for objet in objets:
            gardes = session.scalars(select(Mot.mot).where(Mot.objet_id == objet.id)).all()
            assert set(gardes) == mots_de(objet.texte_cherche(session.connection()))


@pytest.mark.parametrize(
    ("rare", "courant"),
    [(100, 100), (2, 100), (2, 2)],
    ids=["mots rares", "mots courants", "mots très courants"],
)
def test_on_trouve_pareil_que_les_mots_soient_rares_ou_courants(
    database: Database, monkeypatch: pytest.MonkeyPatch, rare: int, courant: int
) -> None:
    monkeypatch.setattr(recherche, "RARE", rare)
    monkeypatch.setattr(recherche, "COURANT", courant)
    with database.write() as session:
        client = un_client(session, "Garnier")
        devis = [
            un_devis(session, client=client, objet=objet).id
            for objet in ("parquet chêne", "parquet", "parqueterie chêne", "peinture", "parquet")
        ]

        assert _trouves(session, Devis, "parquet garnier") == sorted(
            [devis[0], devis[1], devis[2], devis[4]]
        )
        assert _trouves(session, Devis, "chene parq") == [devis[0], devis[2]]
        assert _trouves(session, Devis, "parquet laval") == []
        premiers = _premiers(session, "parquet", 2)
        assert len(premiers) == 2
        assert rare == 100 or premiers == [devis[1], devis[4]], "whole words, the latest"
        assert len(_premiers(session, "parq", 9)) == 4
        assert _premiers(session, "garnier chene", 9) == [devis[0], devis[2]]


def test_des_mots_trop_courants_se_listent_sans_se_compter(
    database: Database, navigateur: Ouvrir, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.write() as session:
        une_entreprise(session)
        for _ in range(3):
            facturer_et_emettre(session, un_devis_accepte(session))
    chef = navigateur()
    pages = [f"/{liste}?q=constructeo" for liste in ("devis", "factures", "clients")]

    comptees = [chef.get(page).text for page in pages]
    monkeypatch.setattr(recherche, "RARE", 1)
    monkeypatch.setattr(recherche, "COURANT", 2)
    listees = [chef.get(page).text for page in pages]

    for comptee, listee in zip(comptees, listees, strict=True):
        assert "ajoutez-en un plus rare pour voir le total" not in comptee
        assert "ajoutez-en un plus rare pour voir le total" in listee
        assert listee.count("data-choisir>") == comptee.count("data-choisir>")


def test_un_signe_seul_ne_trouve_rien_et_le_vide_trouve_tout(session: Session) -> None:
    client = un_client(session, "Garnier")

    assert _trouves(session, Client, "%") == []
    assert _trouves(session, Client, " ") == [client.id]


def _trouves(
    session: Session, genre: type[Client | Chantier | Devis | Facture], q: str
) -> Sequence[UUID]:
    trouves, tous = (
        session.scalars(
            select(genre.id)
            .where(contient(session, genre, genre.id, q, tout=tout))
            .order_by(genre.id)
        ).all()
        for tout in (False, True)
    )
    assert trouves == tous
    return trouves


def _premiers(session: Session, q: str, limite: int) -> Sequence[UUID]:
    condition = parmi_les_premiers(session, Devis, Devis.id, q, limite)
    statement = select(Devis.id).where(condition).order_by(Devis.id).limit(limite)
    return session.scalars(statement).all()
