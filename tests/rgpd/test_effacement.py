"""Erasing a person: what names them goes, what the law keeps stays, and nothing else moves."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cordeau.auth import commands as auth
from cordeau.auth import freins, liens
from cordeau.auth.liens import Motif
from cordeau.auth.models import FreinConnexion, Utilisateur
from cordeau.auth.queries import digest_adresse
from cordeau.auth.rules import FREIN_PERSONNE
from cordeau.clients.commands import modifier_client
from cordeau.clients.models import Client, Contact
from cordeau.clients.queries import get_client
from cordeau.core.db import Base, Database
from cordeau.core.effacements import NOM_EFFACE, Effacement
from cordeau.core.errors import ConflitError
from cordeau.core.jobs import Job, enqueue
from cordeau.core.journal import Evenement
from cordeau.core.limites import Limite, consommer
from cordeau.core.permissions import SYSTEME, Acteur, Role
from cordeau.core.quotas import QUOTAS, Geste
from cordeau.core.recherche import Mot
from cordeau.devis.models import Devis, VersionDevis
from cordeau.facturation.models import Facture
from cordeau.notifications.commands import Piece, ecrire
from cordeau.rgpd.dossier import Personne
from cordeau.rgpd.effacement import effacer
from tests.clients.builders import un_client
from tests.devis.builders import un_devis, un_devis_accepte, un_devis_envoye
from tests.facturation.builders import facturer_et_emettre, regler, une_entreprise

LE = date(2026, 11, 26)
#: Found nowhere else: seeing one of them in the base tells what was left.
NOM, EMAIL, TELEPHONE, NOTE = "Zéphyrine", "zephyrine@exemple.fr", "0611223344", "chien méchant"
SECRETS = (NOM, EMAIL, TELEPHONE, NOTE)


def la_personne(session: Session, **champs: Any) -> Client:
    """A householder found nowhere else, changed once."""
    client = un_client(
        session,
        f"{NOM} Lavandier",
        type="PARTICULIER",
        email=EMAIL,
        telephone=TELEPHONE,
        contacts=[{"nom": f"Voisin de {NOM}"}],
        **champs,
    )
    modifier_client(
        session, get_client(session, client.id, complet=True), {"notes": NOTE}, actor=SYSTEME
    )
    return client


def oublier(database: Database, client: Client, **options: Any) -> None:
    """Erase this client in its own unit of work."""
    personne = Personne("client", client.id, client.nom, client.email)
    database.transaction(
        lambda session: effacer(session, personne, le=LE, par="cordeau rgpd", **options)
    )


def traces(database: Database, *mots: str) -> set[str]:
    """The columns of the whole base where one of these words can be read."""
    trouvees = set()
    with database.engine.connect() as connexion:
        for table in Base.metadata.sorted_tables:
            for rangee in connexion.exec_driver_sql(f"SELECT * FROM {table.name}").mappings():  # noqa: S608
                for colonne, valeur in rangee.items():
                    lu = (
                        valeur.decode(errors="replace")
                        if isinstance(valeur, bytes)
                        else str(valeur)
                    )
                    if any(mot.casefold() in lu.casefold() for mot in (*mots, "zephyrine")):
                        trouvees.add(f"{table.name}.{colonne}")
    return trouvees


def test_un_prospect_disparait_avec_ses_devis_et_ses_messages(database: Database) -> None:
    with database.write() as session:
        une_entreprise(session)
        client = la_personne(session)
        devis = un_devis_envoye(session, client=client, objet=f"Toiture de {NOM}")
        devis.statut = "REFUSE"
        un_devis(session, client=client)
        ecrire(
            session,
            destinataire=EMAIL,
            sujet=f"Devis de {NOM}",
            corps=NOTE,
            objet=("devis", devis.id),
            pieces=[Piece("devis.pdf", "application/pdf", NOM.encode())],
        )
    assert {"client.nom", "mot.mot", "version_devis.contenu"} <= traces(database, *SECRETS)

    oublier(database, client)

    assert traces(database, *SECRETS) == set()
    with database.read() as session:
        assert session.get(Client, client.id) is None
        assert not session.scalar(select(func.count()).select_from(Devis))
        assert not session.scalar(select(func.count()).select_from(VersionDevis))
        assert session.scalar(select(Effacement.personne_id)) == client.id


def facturer_et_encaisser(session: Session, client: Client) -> Facture:
    """A facture of this client, paid: nothing is due any more."""
    une_entreprise(session)
    facture = facturer_et_emettre(session, un_devis_accepte(session, client=client))
    regler(session, facture, str(facture.montant_ttc))
    return facture


@pytest.fixture
def facture_payee(database: Database) -> Client:
    """A householder billed and paid."""
    with database.write() as session:
        client = la_personne(session)
        facturer_et_encaisser(session, client)
        un_devis(session, client=client, objet=f"Véranda de {NOM}")
    return client


def test_un_client_facture_devient_un_pseudonyme_et_sa_facture_reste(
    database: Database, facture_payee: Client
) -> None:
    with database.read() as session:
        avant = session.execute(select(Facture.__table__)).mappings().all()

    oublier(database, facture_payee)

    restes = {colonne.split(".")[0] for colonne in traces(database, *SECRETS)}
    # messages of less than two years, the signed devis and the facture, as the law keeps them
    gardes = {"facture", "version_devis", "registre_entree", "evenement", "mot", "message"}
    assert restes <= gardes | {"piece_jointe"}
    with database.read() as session:
        client = session.get_one(Client, facture_payee.id)
        assert client.nom.startswith("Client effacé ")
        assert (client.email, client.telephone, client.notes, client.adresse.ligne1) == ("",) * 4
        assert not session.scalar(select(func.count()).select_from(Contact))
        assert [d.statut for d in session.scalars(select(Devis))] == ["ACCEPTE"]
        assert session.execute(select(Facture.__table__)).mappings().all() == avant
        genres = set(session.scalars(select(Mot.genre).where(Mot.mot == "zephyrine")))
        assert genres <= {"facture"}


def test_le_journal_garde_qui_et_quand_sans_les_valeurs(
    database: Database, facture_payee: Client
) -> None:
    oublier(database, facture_payee)

    with database.read() as session:
        faits = session.execute(
            select(Evenement.action, Evenement.changements, Evenement.empreinte, Evenement.details)
            .where(Evenement.objet_type == "client")
            .order_by(Evenement.survenu_le, Evenement.id)
        ).all()
    assert [fait.action for fait in faits][-1] == "Données personnelles effacées"
    assert {fait.changements for fait in faits} == {None}
    assert [bool(fait.empreinte) for fait in faits[:1]] == [True]
    assert all(fait.details == {} for fait in faits)


@pytest.mark.parametrize("genre", ["envoye", "accepte", "du", "professionnel", "public"])
def test_ce_qui_est_en_cours_ou_du_empeche_d_effacer(database: Database, genre: str) -> None:
    with database.write() as session:
        une_entreprise(session)
        client = la_personne(session)
        if genre == "envoye":
            un_devis_envoye(session, client=client)
        elif genre == "accepte":
            un_devis_accepte(session, client=client)
        elif genre == "du":
            facturer_et_emettre(session, un_devis_accepte(session, client=client))
        else:
            client.type = genre.upper()

    with pytest.raises(ConflitError, match="refusé"):
        oublier(database, client)

    with database.read() as session:
        assert session.get_one(Client, client.id).email == EMAIL
        assert not session.scalar(select(func.count()).select_from(Effacement))


VIDER = "changements = NULL, objet_nom = NULL, recherche = NULL, details = '{}'"


@pytest.mark.parametrize(
    "ordre",
    [
        "UPDATE evenement SET changements = NULL",
        f"UPDATE evenement SET {VIDER.replace('NULL', repr('x'), 1)}",  # noqa: S608
        "UPDATE evenement SET acteur_nom = 'Quelqu’un'",
        f"UPDATE evenement SET action = 'Rien', {VIDER}",  # noqa: S608
        f"UPDATE evenement SET empreinte = NULL, {VIDER}",  # noqa: S608
        "DELETE FROM evenement",
        "DELETE FROM effacement_objet",
        "UPDATE effacement SET par = 'personne'",
    ],
)
def test_meme_effacee_une_personne_ne_rouvre_pas_le_journal(
    database: Database, facture_payee: Client, ordre: str
) -> None:
    oublier(database, facture_payee)

    with pytest.raises(DBAPIError, match="document fige"), database.engine.begin() as connexion:
        connexion.execute(text(ordre))


def test_sans_inscription_rien_ne_s_efface_du_journal(
    database: Database, facture_payee: Client
) -> None:
    with pytest.raises(DBAPIError, match="document fige"), database.engine.begin() as connexion:
        connexion.execute(text(f"UPDATE evenement SET {VIDER}"))  # noqa: S608
    with pytest.raises(DBAPIError, match="document fige"), database.engine.begin() as connexion:
        connexion.execute(text("DELETE FROM version_devis"))


def test_une_personne_de_l_entreprise_s_efface_une_fois_son_compte_ferme(
    database: Database,
) -> None:
    with database.write() as session:
        user = auth.ajouter_utilisateur(
            session,
            email=EMAIL,
            nom=f"{NOM} Morin",
            role=Role.COMMERCIAL,
            password="une longue phrase",
            actor=SYSTEME,
        )
        un_client(session, actor=Acteur(user.id, user.nom, user.email, Role.COMMERCIAL))
    personne = Personne("utilisateur", user.id, user.nom, user.email)

    def oublier_user(session: Session) -> Effacement:
        return effacer(session, personne, le=LE, par="cordeau rgpd")

    with pytest.raises(ConflitError, match="fermez-le"):
        database.transaction(oublier_user)
    database.transaction(
        lambda session: auth.desactiver(
            session, session.get_one(Utilisateur, user.id), actor=SYSTEME
        )
    )
    database.transaction(oublier_user)

    assert {c.split(".")[0] for c in traces(database, *SECRETS)} <= {"registre_entree"}
    with database.read() as session:
        noms = set(
            session.scalars(select(Evenement.acteur_nom).where(Evenement.acteur_id == user.id))
        )
    assert noms == {NOM_EFFACE}


def test_un_compte_efface_ne_laisse_ni_compteur_ni_lien_promis(database: Database) -> None:
    with database.write() as session:
        user = auth.ajouter_utilisateur(
            session,
            email=EMAIL,
            nom=NOM,
            role=Role.COMMERCIAL,
            password="une longue phrase",
            actor=SYSTEME,
        )
        auth.desactiver(session, user, actor=SYSTEME)
        for qui in (EMAIL, "autre@exemple.fr"):
            freins.engager(session, {freins.cle_compte(qui): FREIN_PERSONNE})
            liens.demander(session, qui)
            enqueue(session, liens.JOB_LIEN, {"email": qui, "motif": Motif.OUBLI})
    for qui in (EMAIL, "autre@exemple.fr"):
        consommer(database, f"{Geste.COURRIEL}:{digest_adresse(qui)}", QUOTAS[Geste.COURRIEL])
    personne = Personne("utilisateur", user.id, user.nom, user.email)

    database.transaction(lambda session: effacer(session, personne, le=LE, par="cordeau rgpd"))

    with database.read() as session:
        assert [f.cle for f in session.scalars(select(FreinConnexion))] == [
            freins.cle_compte("autre@exemple.fr")
        ]
        assert [limite.cle for limite in session.scalars(select(Limite))] == [
            f"{Geste.COURRIEL}:{digest_adresse('autre@exemple.fr')}"
        ]
        promis = session.scalars(select(Job.parametres).where(Job.nom == liens.JOB_LIEN)).all()
    assert len(promis) == 2
    assert "zephyrine" not in str(promis)


def test_un_lien_demande_ne_garde_pas_l_adresse_ecrite(database: Database) -> None:
    with database.write() as session:
        liens.demander(session, f" {EMAIL.upper()} ")

    assert traces(database, EMAIL) == set()


def test_un_entrepreneur_individuel_s_efface_comme_un_particulier(database: Database) -> None:
    with database.write() as session:
        client = la_personne(session)
        client.type = "PROFESSIONNEL"
    personne = Personne("client", client.id, client.nom, client.email, individuel=True)

    database.transaction(lambda session: effacer(session, personne, le=LE, par="cordeau rgpd"))

    assert traces(database, *SECRETS) == set()
