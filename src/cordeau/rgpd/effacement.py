"""Erasing a person: the master record, contacts, messages, journal; issued documents stay.

The unit of work says nothing of what it erases: its lines of the journal hold no value.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import flag_modified

from cordeau.auth.commands import desactiver
from cordeau.auth.models import (
    CodeSecours,
    JetonApi,
    LienMotDePasse,
    SessionWeb,
    Utilisateur,
)
from cordeau.chantiers.models import Chantier
from cordeau.clients.models import Client, Contact
from cordeau.clients.queries import get_client
from cordeau.core import journal
from cordeau.core.adresse import Adresse
from cordeau.core.dates import maintenant
from cordeau.core.effacements import NOM_EFFACE, Effacement, EffacementObjet, chainer_effacement
from cordeau.core.errors import ConflitError
from cordeau.core.ids import new_id
from cordeau.core.journal import Evenement
from cordeau.core.operations import Operation
from cordeau.core.permissions import SYSTEME
from cordeau.core.texte import plier
from cordeau.devis.models import Devis, LigneDevis, VersionDevis
from cordeau.notifications.models import Message, PieceJointe
from cordeau.rgpd.dossier import Personne
from cordeau.rgpd.examen import Examen, examiner_client, examiner_contact, examiner_utilisateur
from cordeau.rgpd.passage import oublier_compte, oublier_reponses

ACTION = "Données personnelles effacées"
ACTION_CONTACT = "Données d’un contact effacées"
#: What stands where a site of works was named after its owner.
SANS_ADRESSE = Adresse()
#: What a line of the journal says once erased: the triggers permit exactly this.
VIDE: Mapping[str, Any] = {
    "changements": None,
    "objet_nom": None,
    "recherche": None,
    "details": {},
}


def effacer(
    session: Session, personne: Personne, *, le: date, par: str, force: bool = False
) -> Effacement:
    """Erase this person. Raises `ConflitError` with every reason not to.

    `force` erases again what a restored backup brought back: the reasons were looked at then.
    """
    session.info[journal.TAIRE] = True
    effacement = EFFACER[personne.genre](session, personne, le, par, force=force)
    chainer_effacement(session, effacement)
    return effacement


def est_effacee(personne: Personne) -> bool:
    """Whether the record is already a pseudonym."""
    return personne.nom in (NOM_EFFACE, _pseudonyme(personne.id))


def _effacer_client(
    session: Session, personne: Personne, le: date, par: str, *, force: bool
) -> Effacement:
    client = get_client(session, personne.id, for_update=True, complet=True)
    examen = examiner_client(session, client, le, individuel=personne.individuel)
    _refuser(examen, force=force)
    objets = [("client", client.id)]
    objets += [("chantier", cle) for cle in examen.chantiers]
    objets += [("devis", cle) for cle in (*examen.devis_effaces, *examen.devis_gardes)]
    objets += [("message", cle) for cle in examen.messages_effaces]
    effacement = _inscrire(session, personne, par, examen, objets)
    oublier_reponses(session, [personne.email, personne.nom, str(personne.id)])
    _effacer_messages(session, examen)
    _effacer_devis(session, examen.devis_effaces)
    _effacer_chantiers(session, examen)
    if examen.prospect:
        session.delete(client)
    else:
        _pseudonymiser(client)
        session.flush()  # what follows the client's name is written, then made shorter still
        _renommer_devis(session, examen.devis_gardes, client)
    session.flush()
    _effacer_journal(session, objets)
    journal.record(session, SYSTEME, "client", personne.id, ACTION)
    return effacement


def _effacer_contact(
    session: Session, personne: Personne, le: date, par: str, *, force: bool
) -> Effacement:
    """Delete a contact, and empty the lines of the client's journal that name them."""
    contact = session.get_one(Contact, personne.id)
    client = get_client(session, contact.client_id, for_update=True, complet=True)
    examen = examiner_contact(session, contact, client, le)
    _refuser(examen, force=force)
    messages = [("message", cle) for cle in examen.messages_effaces]
    effacement = _inscrire(session, personne, par, examen, [("client", client.id), *messages])
    mots = [mot for mot in (contact.email, contact.nom, contact.telephone) if mot]
    oublier_reponses(session, [*mots, str(contact.id)])
    _effacer_messages(session, examen)
    client.contacts.remove(contact)
    flag_modified(client, "nom")  # the ETag of the client moves
    session.flush()
    _effacer_journal(session, messages)
    _effacer_lignes(session, client.id, [*mots, str(contact.id)])
    journal.record(session, SYSTEME, "client", client.id, ACTION_CONTACT)
    return effacement


def _effacer_utilisateur(
    session: Session, personne: Personne, _le: date, par: str, *, force: bool
) -> Effacement:
    user = session.get_one(Utilisateur, personne.id)
    examen = examiner_utilisateur(session, user)
    _refuser(examen, force=force)
    objets = [("utilisateur", user.id)]
    objets += [("message", cle) for cle in examen.messages_effaces]
    effacement = _inscrire(session, personne, par, examen, objets)
    oublier_reponses(session, [user.email, str(user.id)])
    session.execute(delete(Operation).where(Operation.acteur_id == user.id))
    oublier_compte(session, user)
    for modele in (SessionWeb, JetonApi, CodeSecours, LienMotDePasse):
        session.execute(delete(modele).where(modele.utilisateur_id == user.id))
    for chantier in session.scalars(select(Chantier).where(Chantier.responsable == user.nom)):
        chantier.responsable = NOM_EFFACE
    _effacer_messages(session, examen)
    user.nom, user.email = NOM_EFFACE, f"efface-{user.id.hex}@invalide.invalid"
    if user.actif:
        desactiver(session, user, actor=SYSTEME)
    user.mot_de_passe = "!"
    user.facteur_graine = user.facteur_depuis = user.facteur_pas = None
    session.flush()
    _effacer_journal(session, objets)
    session.execute(
        update(Evenement)
        .where(Evenement.acteur_id == user.id)
        .values(acteur_nom=NOM_EFFACE, adresse=None, recherche=None)
        .execution_options(synchronize_session=False)
    )
    journal.record(session, SYSTEME, "utilisateur", user.id, ACTION)
    return effacement


def _refuser(examen: Examen, *, force: bool) -> None:
    if examen.refus and not force:
        raise ConflitError("L’effacement est refusé.\n  " + "\n  ".join(examen.refus))


def _inscrire(
    session: Session,
    personne: Personne,
    par: str,
    examen: Examen,
    objets: Sequence[tuple[str, UUID]],
) -> Effacement:
    """Write the register first: the triggers look into it."""
    effacement = Effacement(
        id=new_id(),
        personne_type=personne.genre,
        personne_id=personne.id,
        fait_le=maintenant(),
        par=par[:160],
        bilan={
            "prospect": examen.prospect,
            "devis": len(examen.devis_effaces),
            "messages": len(examen.messages_effaces),
            "gardes": [[g.quoi, g.jusqu_au.isoformat()] for g in examen.gardes],
        },
    )
    session.add(effacement)
    session.flush()
    for genre, cle in objets:
        if session.get(EffacementObjet, (genre, cle)) is None:
            session.add(
                EffacementObjet(objet_type=genre, objet_id=cle, effacement_id=effacement.id)
            )
    session.flush()
    return effacement


def _effacer_messages(session: Session, examen: Examen) -> None:
    """Empty the messages; their date and state stay, their files go."""
    ids = examen.messages_effaces
    session.execute(delete(PieceJointe).where(PieceJointe.message_id.in_(ids)))
    session.execute(
        update(Message)
        .where(Message.id.in_(ids))
        .values(destinataire="", expediteur="", repondre_a="", sujet="", corps="", erreur=None)
        .execution_options(synchronize_session=False)
    )


def _effacer_devis(session: Session, ids: Sequence[UUID]) -> None:
    """Delete devis nobody signed, with the versions that were sent."""
    session.execute(delete(VersionDevis).where(VersionDevis.devis_id.in_(ids)))
    session.execute(delete(LigneDevis).where(LigneDevis.devis_id.in_(ids)))
    for devis in session.scalars(
        select(Devis).where(Devis.id.in_(ids)).options(selectinload(Devis.lignes))
    ):
        session.delete(devis)
    session.flush()


def _effacer_chantiers(session: Session, examen: Examen) -> None:
    """Forget names and notes; the place of works stays as long as they are warranted."""
    for chantier in session.scalars(select(Chantier).where(Chantier.id.in_(examen.chantiers))):
        if examen.prospect:
            session.delete(chantier)
            continue
        chantier.nom, chantier.notes = f"Chantier {chantier.code}", ""
        chantier.nom_tri = plier(chantier.nom)
        chantier.recherche = plier(f"{chantier.code} {chantier.nom} {chantier.responsable}")
    session.flush()


def _pseudonyme(client_id: UUID) -> str:
    return f"Client effacé {client_id.hex[-8:]}"


def _pseudonymiser(client: Client) -> None:
    client.nom = _pseudonyme(client.id)
    client.nom_tri = client.recherche = plier(client.nom)
    client.email = client.telephone = client.notes = ""
    client.siren = client.siret = client.numero_tva = client.code_jde = ""
    client.adresse = SANS_ADRESSE
    client.archive = True
    client.contacts, client.sites = [], []


def _renommer_devis(session: Session, ids: Sequence[UUID], client: Client) -> None:
    for devis in session.scalars(select(Devis).where(Devis.id.in_(ids))):
        devis.client_tri = client.nom_tri
        devis.recherche = plier(f"{devis.numero} {client.nom}")


def _effacer_journal(session: Session, objets: Sequence[tuple[str, UUID]]) -> None:
    """Empty the lines of these records, except of accounts: who, what and when stay."""
    for genre, cle in objets:
        session.execute(
            update(Evenement)
            .where(Evenement.objet_type == genre, Evenement.objet_id == cle)
            .values(**VIDE)
            .execution_options(synchronize_session=False)
        )


def _effacer_lignes(session: Session, client_id: UUID, mots: Sequence[str]) -> None:
    """Empty, of the journal of a client, the lines that hold one of these words."""
    faits = session.execute(
        select(Evenement.id, Evenement.changements, Evenement.details).where(
            Evenement.objet_type == "client", Evenement.objet_id == client_id
        )
    )
    connus = [mot.casefold() for mot in mots]
    nommants = [
        cle
        for cle, changements, details in faits
        if any(mot in f"{changements or ''} {details}".casefold() for mot in connus)
    ]
    session.execute(
        update(Evenement)
        .where(Evenement.id.in_(nommants))
        .values(**VIDE)
        .execution_options(synchronize_session=False)
    )


#: How each kind of person is erased.
EFFACER = {
    "client": _effacer_client,
    "contact": _effacer_contact,
    "utilisateur": _effacer_utilisateur,
}
