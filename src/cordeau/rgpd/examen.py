"""What an erasure would do: refused or not, what goes, what stays, why and until when."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from cordeau.auth.models import Utilisateur
from cordeau.chantiers.models import Chantier
from cordeau.chantiers.states import StatutChantier
from cordeau.clients.models import Client, Contact
from cordeau.clients.states import TypeClient
from cordeau.core.dates import a_paris
from cordeau.core.money import ZERO
from cordeau.devis.models import Devis
from cordeau.devis.states import StatutDevis
from cordeau.facturation.models import Facture, Reglement, Solde
from cordeau.facturation.reglements import soldes_clients
from cordeau.facturation.states import StatutFacture
from cordeau.notifications.models import Message
from cordeau.rgpd.delais import DELAIS, fin

#: Devis the client never signed.
NON_SIGNES = (StatutDevis.BROUILLON, StatutDevis.REFUSE, StatutDevis.EXPIRE)


@dataclass(frozen=True, slots=True)
class Garde:
    """What is kept, until when, by which text."""

    quoi: str
    jusqu_au: date
    source: str


@dataclass(slots=True)
class Examen:
    """The outcome of looking at a person before erasing them."""

    refus: list[str] = field(default_factory=list)
    gardes: list[Garde] = field(default_factory=list)
    #: Devis never signed, wiped with their versions.
    devis_effaces: list[UUID] = field(default_factory=list)
    #: Devis signed, kept: only what finds them by name goes.
    devis_gardes: list[UUID] = field(default_factory=list)
    chantiers: list[UUID] = field(default_factory=list)
    messages_effaces: list[UUID] = field(default_factory=list)
    messages_gardes: list[UUID] = field(default_factory=list)
    #: Nothing was ever signed, billed or paid: nothing is kept.
    prospect: bool = False

    @property
    def messages_echus(self) -> bool:
        """Whether some message is due to go: its delay ended since."""
        return bool(self.messages_effaces)


def examiner_client(
    session: Session, client: Client, le: date, *, individuel: bool = False
) -> Examen:
    """What erasing this client would do; `individuel`: a professional who is a natural person."""
    examen = Examen(refus=[*_societe(client, individuel=individuel), *_refus(session, client)])
    devis = session.execute(
        select(Devis.id, Devis.statut).where(Devis.client_id == client.id)
    ).all()
    examen.devis_effaces = [cle for cle, statut in devis if statut in NON_SIGNES]
    examen.devis_gardes = [cle for cle, statut in devis if statut not in NON_SIGNES]
    examen.chantiers = list(
        session.scalars(select(Chantier.id).where(Chantier.client_id == client.id))
    )
    factures = session.scalar(select(func.count()).where(Facture.client_id == client.id)) or 0
    regles = session.scalar(select(func.count()).where(Reglement.client_id == client.id)) or 0
    examen.prospect = not (factures or regles or examen.devis_gardes or client.solde_ouverture)
    _trier_messages(session, client, examen, le)
    if not examen.prospect:
        examen.gardes = list(_gardes(session, client, examen))
    return examen


def examiner_contact(session: Session, contact: Contact, client: Client, le: date) -> Examen:
    """What erasing this person, to talk to at a client's, would do."""
    examen = Examen()
    if not contact.email:
        return examen
    if contact.email.lower() == client.email.lower():
        examen.refus.append(
            f"Son adresse est aussi celle de « {client.nom} » : changez-la d’abord, sur la fiche."
        )
    _trier(session, examen, le, Message.destinataire == contact.email)
    examen.gardes = list(_messages_gardes(session, examen))
    return examen


def examiner_utilisateur(session: Session, user: Utilisateur) -> Examen:
    """What erasing this person of the firm would do."""
    examen = Examen()
    if user.actif:
        examen.refus.append("Son compte est ouvert : fermez-le d’abord (« cordeau user disable »).")
    examen.messages_effaces = list(
        session.scalars(
            select(Message.id).where(
                or_(Message.destinataire == user.email, Message.objet_id == user.id),
                Message.destinataire != "",
            )
        )
    )
    dernier = session.scalar(select(func.max(Reglement.date)).where(Reglement.cree_par == user.nom))
    if dernier is not None:
        quoi = "Nom de qui a saisi les règlements, figé avec eux"
        delai = DELAIS["comptabilite"]
        examen.gardes.append(Garde(quoi, fin("comptabilite", dernier), delai.source))
    return examen


def _societe(client: Client, *, individuel: bool) -> Iterator[str]:
    """A company or a public body is not a person; a sole trader is."""
    if client.type == TypeClient.PUBLIC:
        yield "Ce client est un organisme public : effacez plutôt le contact (« --contact »)."
    elif client.type == TypeClient.PROFESSIONNEL and not individuel:
        yield (
            "Ce client est un professionnel. Si c’est une société, effacez plutôt le contact "
            "(« --contact ») ; si c’est une personne qui exerce en son nom, ajoutez "
            "« --entrepreneur-individuel » : ses factures et devis signés restent."
        )


def _refus(session: Session, client: Client) -> Iterator[str]:
    """Why this client cannot be erased now."""
    for numero, statut in _devis_en_cours(session, client):
        mot = (
            "attend une réponse"
            if statut == StatutDevis.ENVOYE
            else "n’est pas entièrement facturé"
        )
        yield f"Le devis {numero} {mot}."
    ouverts = (StatutChantier.PLANIFIE, StatutChantier.EN_COURS, StatutChantier.SUSPENDU)
    for code in session.scalars(
        select(Chantier.code).where(Chantier.client_id == client.id, Chantier.statut.in_(ouverts))
    ):
        yield f"Le chantier {code} n’est pas terminé."
    brouillons = session.scalar(
        select(func.count()).where(
            Facture.client_id == client.id, Facture.statut == StatutFacture.BROUILLON
        )
    )
    if brouillons:
        yield f"{brouillons} brouillon(s) de facture : émettez ou supprimez."
    restes = session.scalar(
        select(func.count()).where(Solde.client_id == client.id, Solde.reste != ZERO)
    )
    if restes or soldes_clients(session, [client.id]).get(client.id, ZERO) != ZERO:
        yield "Il reste de l’argent dû, par le client ou à lui rendre."


def _devis_en_cours(session: Session, client: Client) -> Iterator[tuple[str, str]]:
    signes = (StatutDevis.ENVOYE, StatutDevis.ACCEPTE)
    for devis in session.scalars(
        select(Devis).where(Devis.client_id == client.id, Devis.statut.in_(signes))
    ):
        if devis.statut == StatutDevis.ENVOYE or _facture_ht(session, devis) < devis.montant_ht:
            yield devis.numero, devis.statut


def _facture_ht(session: Session, devis: Devis) -> Decimal:
    """What was billed of it, avoirs taken off."""
    factures = session.scalars(
        select(Facture).where(Facture.devis_id == devis.id, Facture.statut == StatutFacture.EMISE)
    )
    return sum((f.signe * f.montant_ht for f in factures), ZERO)


def _trier_messages(session: Session, client: Client, examen: Examen, le: date) -> None:
    """Which messages go now: those of a prospect, and those older than the delay."""
    sujets = [client.id, *examen.devis_effaces, *examen.devis_gardes]
    sujets += session.scalars(select(Facture.id).where(Facture.client_id == client.id))
    adresse = client.email or None
    _trier(session, examen, le, or_(Message.objet_id.in_(sujets), Message.destinataire == adresse))


def _trier(session: Session, examen: Examen, le: date, condition: ColumnElement[bool]) -> None:
    for cle, objet_id, cree_le in session.execute(
        select(Message.id, Message.objet_id, Message.cree_le).where(
            condition, Message.destinataire != ""
        )
    ):
        echu = fin("messages", a_paris(cree_le).date()) <= le
        part = examen.prospect or echu or objet_id in examen.devis_effaces
        (examen.messages_effaces if part else examen.messages_gardes).append(cle)


def _gardes(session: Session, client: Client, examen: Examen) -> Iterator[Garde]:
    derniere = session.scalar(
        select(func.max(Facture.date_emission)).where(Facture.client_id == client.id)
    )
    dernier = session.scalar(
        select(func.max(Reglement.date)).where(Reglement.client_id == client.id)
    )
    if derniere or dernier:
        jour = max(jour for jour in (derniere, dernier) if jour is not None)
        yield _garde("comptabilite", jour)
    fin_travaux = session.scalar(
        select(func.max(Chantier.date_fin)).where(Chantier.client_id == client.id)
    )
    if examen.devis_gardes or examen.chantiers:
        depuis = fin_travaux or derniere or dernier or a_paris(client.cree_le).date()
        yield _garde("decennale", depuis)
    yield from _messages_gardes(session, examen)


def _messages_gardes(session: Session, examen: Examen) -> Iterator[Garde]:
    if examen.messages_gardes:
        envoi = session.scalar(
            select(func.max(Message.cree_le)).where(Message.id.in_(examen.messages_gardes))
        )
        if envoi is not None:
            yield _garde("messages", a_paris(envoi).date())


def _garde(code: str, depuis: date) -> Garde:
    return Garde(DELAIS[code].quoi, fin(code, depuis), DELAIS[code].source)
