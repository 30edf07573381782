"""What a unit of work leaves behind: one row per record, each field before and after."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, event, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, undefer

from cordeau.auth import commands as auth
from cordeau.auth.models import JetonApi
from cordeau.clients import commands as clients
from cordeau.clients.models import Client, Contact
from cordeau.clients.queries import get_client
from cordeau.core import detail
from cordeau.core.collecte import Ecriture, Genre
from cordeau.core.db import Database
from cordeau.core.ids import new_id
from cordeau.core.journal import Evenement
from cordeau.core.permissions import SYSTEME, Acteur, Role
from cordeau.core.provenance import Origine, Provenance, depuis
from cordeau.devis.commands import redaction
from cordeau.entreprise import commands as entreprise
from tests.clients.builders import un_client
from tests.devis.builders import un_devis, une_ligne, une_saisie
from tests.entreprise.builders import une_entreprise, une_image


def faits(database: Database, objet_type: str) -> list[Evenement]:
    """The journal of these records, oldest first."""
    with database.read() as session:
        return list(
            session.scalars(
                select(Evenement)
                .where(Evenement.objet_type == objet_type)
                .options(undefer(Evenement.changements))
                .order_by(Evenement.survenu_le, Evenement.id)
            )
        )


def champs(fait: Evenement, table: str) -> dict[str, Any]:
    """The fields changed of rows of this table, before and after."""
    assert fait.changements
    return {
        nom: valeurs
        for groupe in detail.lire(fait.changements)
        if groupe["t"] == table and groupe["o"] == "M"
        for nom, valeurs in groupe["v"].items()
    }


def test_creer_un_devis_de_trente_lignes_ecrit_un_seul_fait(database: Database) -> None:
    with database.write() as session:
        client = un_client(session)
    ordres: list[str] = []

    event.listen(database.engine, "before_cursor_execute", lambda *a: ordres.append(a[2]))
    with database.write() as session:
        un_devis(session, client=client, lignes=[une_ligne(rang) for rang in range(1, 31)])

    (fait,) = faits(database, "devis")
    tableau = {g["t"]: g for g in detail.lire(fait.changements or "")}
    assert fait.action == "Devis créé"
    assert len(tableau["ligne_devis"]["r"]) == 30
    assert len([o for o in ordres if "INTO evenement" in o]) == 1


def test_modifier_dit_chaque_champ_avant_et_apres(database: Database) -> None:
    with database.write() as session:
        client = un_client(session, nom="Lefèvre", telephone="0241000000")
    with database.write() as session:
        charge = session.get_one(Client, client.id)
        clients.archiver(session, charge, actor=SYSTEME)
        charge.telephone = "0241999999"

    fait = faits(database, "client")[-1]
    assert champs(fait, "client") == {
        "telephone": ["0241000000", "0241999999"],
        "archive": [False, True],
    }
    assert (fait.objet_nom, fait.action) == ("Lefèvre", "Client archivé")


def test_deux_ecritures_d_une_meme_unite_se_fondent(database: Database) -> None:
    with database.write() as session:
        client = un_client(session, nom="A")
        client.nom = "B"
        session.flush()
        client.nom = "C"
    with database.write() as session:
        charge = session.get_one(Client, client.id)
        charge.nom = "D"
        session.flush()
        charge.nom = "C"

    creation, *suite = faits(database, "client")
    (groupe,) = detail.lire(creation.changements or "")
    assert dict(zip(groupe["c"], groupe["r"][0][1:], strict=True))["nom"] == "C"
    assert [champs(fait, "client") for fait in suite] == [{}]


def test_ce_qu_un_point_de_reprise_defait_n_est_pas_dit(database: Database) -> None:
    with database.write() as session:
        client = un_client(session, contacts=[{"nom": "Rose"}])
        un_devis(session, client=client)
    with database.write() as session:
        charge = clients_complet(session, client)
        assert not clients.supprimer_client(session, charge, actor=SYSTEME)

    assert [f.action for f in faits(database, "client")] == ["Client créé", "Client archivé"]
    assert champs(faits(database, "client")[-1], "client") == {"archive": [False, True]}


def test_ce_qui_echoue_ne_laisse_rien(database: Database) -> None:
    def echouer(session: Session) -> None:
        un_client(session)
        session.add(Contact(id=new_id(), client_id=new_id(), nom="Personne"))

    with pytest.raises(IntegrityError):
        database.transaction(echouer)

    assert faits(database, "client") == []


def test_un_ordre_sur_plusieurs_lignes_se_dit_de_lui_meme(database: Database) -> None:
    with database.write() as session:
        user = _une_personne(session)
        auth.creer_jeton(session, user, actor=SYSTEME)
        client = un_client(session, notes="avant")
    with database.write() as session:
        session.execute(delete(JetonApi).where(JetonApi.utilisateur_id == user.id))
        session.execute(update(Client).where(Client.id == client.id).values(notes="après"))

    retrait = detail.lire(faits(database, "utilisateur")[-1].changements or "")
    assert [(g["t"], g["o"]) for g in retrait] == [("jeton_api", "S")]
    assert champs(faits(database, "client")[-1], "client") == {"notes": ["avant", "après"]}


def test_une_insertion_en_masse_donne_ses_identifiants(database: Database) -> None:
    with database.write() as session:
        client = un_client(session)
        cle = new_id()
        session.execute(
            insert(Contact),
            [
                {
                    "id": cle,
                    "client_id": client.id,
                    "nom": "Zoé",
                    "fonction": "",
                    "email": "",
                    "telephone": "",
                }
            ],
        )
        with pytest.raises(TypeError, match="contact"):
            session.execute(insert(Contact), [{"client_id": client.id, "nom": "Sans clé"}])

    (fait,) = faits(database, "client")
    tables = {g["t"]: g for g in detail.lire(fait.changements or "")}
    assert tables["contact"]["r"] == [[str(cle), "Zoé"]]


def test_un_secret_ne_parait_jamais(database: Database) -> None:
    with database.write() as session:
        user = _une_personne(session)
        jeton = auth.creer_jeton(session, user, actor=SYSTEME)
    with database.write() as session:
        charge = session.get_one(type(user), user.id)
        ancien = charge.mot_de_passe
        auth.changer_mot_de_passe(session, charge, "une autre phrase", actor=SYSTEME)

    ecrits = " ".join(f.changements or "" for f in faits(database, "utilisateur"))
    with database.read() as session:
        empreinte = session.scalars(select(JetonApi.empreinte)).one()
    assert champs(faits(database, "utilisateur")[-1], "utilisateur") == {
        "mot_de_passe": [detail.MASQUE, detail.MASQUE]
    }
    assert not [s for s in (ancien, jeton, empreinte, "phrase") if s in ecrits]


def test_un_fichier_et_un_long_texte_se_disent_par_leur_empreinte(database: Database) -> None:
    with database.write() as session:
        une_entreprise(session)
    with database.write() as session:
        entreprise.definir_logo(session, une_image(), actor=SYSTEME)
        entreprise.definir(session, {"conditions": "x" * 20_000}, actor=SYSTEME)

    changes = champs(faits(database, "entreprise")[-2], "entreprise")
    assert changes["logo"][0] is None
    assert set(changes["logo"][1]) == {"sha256", "taille"}
    assert changes["conditions"][1]["taille"] == 20_000
    assert len(changes["conditions"][1]["debut"]) == 200


def test_une_ligne_retiree_se_lit_encore(database: Database) -> None:
    with database.write() as session:
        devis = un_devis(session, lignes=[une_ligne("100", designation="Cloison"), une_ligne()])
    with database.write() as session:
        redaction.modifier_devis(
            session,
            devis.id,
            une_saisie(lignes=[une_ligne("50", designation="Autre")]),
            actor=SYSTEME,
        )

    groupes = detail.lire(faits(database, "devis")[-1].changements or "")
    retraits = [g for g in groupes if g["t"] == "ligne_devis" and g["o"] == "S"]
    assert "Cloison" in str(retraits)


def test_le_journal_dit_d_ou_vient_une_ecriture(database: Database) -> None:
    lea = Acteur(new_id(), "Léa", "lea@exemple.fr", Role.ADMIN)
    console = Provenance(Origine.CONSOLE, acteur=lea, adresse="::1", requete="r", lieu="x")
    with depuis(lambda: console), database.write() as session:
        session.add(clients.preparer_client({"nom": "Sans fait"}))

    (fait,) = faits(database, "client")
    assert (fait.action, fait.acteur_nom, fait.acteur_id) == ("Création", "Léa", lea.id)
    assert (fait.origine, fait.adresse, fait.requete, fait.lieu) == ("CONSOLE", "::1", "r", "x")


def test_l_empreinte_d_un_detail_est_salee() -> None:
    """The very same row, told twice: who guesses what it said cannot prove it by its digest."""
    objet = ("client", UUID(int=1))
    dite = Ecriture(objet, "client", UUID(int=1).hex, Genre.CREATION, {}, {"nom": "Même nom"})

    premiere, seconde = (detail.composer([dite])[objet] for _ in range(2))

    assert premiere.empreinte != seconde.empreinte


def clients_complet(session: Session, client: Client) -> Client:
    """The client with its contacts and sites, as deleting it needs."""
    return get_client(session, client.id, for_update=True, complet=True)


def _une_personne(session: Session) -> Any:
    return auth.ajouter_utilisateur(
        session,
        email="lea@exemple.fr",
        nom="Léa Morin",
        role=Role.COMMERCIAL,
        password="une longue phrase",
        actor=SYSTEME,
    )
