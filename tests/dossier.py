"""One firm with an object of each kind in each state, for tests that walk every route or field."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cordeau.auth import liens, sessions
from cordeau.auth.commands import CONSOLE, ajouter_utilisateur, creer_jeton
from cordeau.auth.models import JetonApi, SessionWeb
from cordeau.chantiers.models import Chantier
from cordeau.clients.models import Client, Contact, Site
from cordeau.core.db import Database
from cordeau.core.jobs import Job
from cordeau.core.permissions import SYSTEME, Role
from cordeau.devis.commands.modeles import creer_modele
from cordeau.entreprise import commands as entreprise
from cordeau.entreprise.mentions import CodeMention
from cordeau.entreprise.models import Entreprise
from cordeau.notifications.commands import Piece, ecrire
from tests.chantiers.builders import un_chantier
from tests.clients.builders import SIREN, un_client
from tests.devis.builders import un_devis, un_devis_accepte, un_devis_envoye, une_ligne
from tests.entreprise.builders import COMPLETE, une_image
from tests.facturation.builders import regler, une_facture, une_facture_emise

Dossier = Mapping[str, str]

#: Figures found nowhere else: seeing one of them tells which field leaked.
PRIX, COUT = "4321.57", "2719.83"
IBAN, BIC = "FR7630006000011234567890189", "AGRIFRPP"
INCONNU = "01900000-0000-7000-8000-000000000000"


def deposer_archive(data: Path) -> None:
    """The archive of a month, as far as its download is concerned."""
    dossier = data / "archives"
    dossier.mkdir(exist_ok=True)
    (dossier / "registre-2020-01.zip").write_bytes(b"PK")


def remplir(database: Database) -> Dossier:
    """Fill the base; the identifiers of what it holds, by name."""
    with database.write() as session:
        entreprise.definir(session, COMPLETE | {"iban": IBAN, "bic": BIC}, actor=SYSTEME)
        entreprise.definir_logo(session, une_image(), actor=SYSTEME)
        client = un_client(
            session,
            "Maison Lavandier",
            siren=SIREN,
            email="lavandier@exemple.fr",
            contacts=[{"nom": "Rose Lavandier"}],
            sites=[{"nom": "Longère", "adresse": COMPLETE["adresse"]}],
        )
        autre = un_client(session, "Autre client", contacts=[{"nom": "Autre contact"}])
        objets = dict(_objets(session, client))
        objets |= {
            "entreprise": session.scalars(select(Entreprise.id)).one(),
            "client": client.id,
            "contact": _premier(session, Contact, client),
            "site": _premier(session, Site, client),
            "autre_contact": _premier(session, Contact, autre),
            "autre_client": autre.id,
        }
        acces = dict(_acces(session))
    return {nom: str(ident) for nom, ident in objets.items()} | {
        **acces,
        "mention": CodeMention.PENALITES.value,
    }


def _acces(session: Session) -> Iterable[tuple[str, str]]:
    """A person who is none of the roles' own, signed in, with a token and a link."""
    user = ajouter_utilisateur(
        session,
        email="tiers@exemple.fr",
        nom="Tiers",
        role=Role.TECHNICIEN,
        password=None,
        actor=SYSTEME,
    )
    sessions.ouvrir(session, user, CONSOLE)
    creer_jeton(session, user, actor=SYSTEME)
    yield "lien", liens.creer(session, user)
    session.flush()
    yield "utilisateur", str(user.id)
    yield "session", str(session.scalars(select(SessionWeb.id)).one())
    yield "jeton", str(session.scalars(select(JetonApi.id)).one())


def _premier(session: Session, genre: type[Contact | Site], client: Client) -> UUID:
    return session.scalars(select(genre.id).where(genre.client_id == client.id)).one()


def _objets(session: Session, client: Client) -> Iterator[tuple[str, UUID]]:
    chantier = un_chantier(session, client_id=client.id)
    yield from _devis(session, client, chantier)
    yield "chantier", chantier.id
    yield "chantier_vide", un_chantier(session, "Abri de jardin", client_id=client.id).id
    yield "facture", une_facture(session, client=client, lignes=_lignes()).id
    emise = une_facture_emise(session, client=client, chantierId=chantier.id, lignes=_lignes())
    yield "facture_emise", emise.id
    yield "reglement", regler(session, emise, "12.34").id
    piece = Piece("devis.txt", "text/plain", b"Devis")
    message = ecrire(
        session,
        destinataire="lavandier@exemple.fr",
        sujet="Votre devis",
        corps=f"Montant : {PRIX}",
        objet=("facture", emise.id),
        pieces=[piece],
    )
    yield "message", message.id
    yield "piece", message.pieces[0].id
    yield "travail", session.scalars(select(Job.id).limit(1)).one()


def _devis(session: Session, client: Client, chantier: Chantier) -> Iterator[tuple[str, UUID]]:
    champs: dict[str, Any] = {"client": client, "lignes": _lignes(), "chantierId": chantier.id}
    yield "devis", un_devis(session, **champs).id
    yield "devis_envoye", un_devis_envoye(session, **champs).id
    yield "devis_accepte", un_devis_accepte(session, client=client, lignes=_lignes()).id
    yield "modele", creer_modele(session, "Toiture", {"lignes": _lignes()}, actor=SYSTEME).id


def _lignes() -> list[dict[str, Any]]:
    return [une_ligne(PRIX, coutUnitaireHT=COUT, designation="Charpente")]
