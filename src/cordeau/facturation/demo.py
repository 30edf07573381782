"""The life of the demonstration firm, told day by day through the commands people use."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cordeau.chantiers.demo import Travail, avancer, planifier
from cordeau.chantiers.states import StatutChantier
from cordeau.core.money import ZERO, pourcentage
from cordeau.core.permissions import Acteur, Role
from cordeau.devis.commands.chantier import ouvrir_depuis_devis
from cordeau.devis.commands.envoi import envoyer
from cordeau.devis.commands.redaction import modifier_devis
from cordeau.devis.commands.reponse import accepter, expirer, refuser
from cordeau.devis.demo import rediger, saisir
from cordeau.devis.rules import LigneSaisie
from cordeau.devis.states import StatutDevis, TypeLigne, Unite
from cordeau.facturation.commands.avoir import preparer_avoir
from cordeau.facturation.commands.brouillon import SaisieFacture, creer_facture, modifier_facture
from cordeau.facturation.commands.depuis_devis import Demande, facturer_devis
from cordeau.facturation.commands.emission import emettre
from cordeau.facturation.commands.reglements import (
    SaisieReglement,
    annuler,
    enregistrer,
    regler_facture,
)
from cordeau.facturation.demo_dossiers import (
    DEPANNAGES,
    DOSSIERS,
    REGIE,
    REGLEMENTS_GROUPES,
    REPRISES,
    Depannage,
    Dossier,
    Paiement,
    Piece,
)
from cordeau.facturation.models import Facture, Solde
from cordeau.facturation.queries import get_facture
from cordeau.facturation.states import ModeReglement, TypeFacture, TypeLigneFacture

#: Until the story has made it.
AUCUN = UUID(int=0)
TAUX_HORAIRE, DEPLACEMENT = Decimal("58.00"), Decimal("35.00")
REJET = "Chèque rejeté par la banque"
REFUS = "Le client a choisi une autre entreprise."

#: Something done on a day: how far from today, then what.
Etape = tuple[int, Callable[[Session, date], object]]


class Recit:
    """What every story of the year shares: the clients, who acts, and today."""

    def __init__(
        self, clients: Mapping[str, UUID], acteurs: Mapping[Role, Acteur], le: date
    ) -> None:
        self.clients = clients
        self.le = le
        self.vendeur = acteurs[Role.COMMERCIAL]
        self.comptable = acteurs[Role.COMPTABLE]
        self.gerant = acteurs[Role.GESTIONNAIRE]

    def etapes(self) -> list[Etape]:
        """All that happened, day by day; within a day, in the order of each story."""
        histoires: list[Iterator[Etape]] = [
            *(HistoireDevis(self, dossier).etapes() for dossier in DOSSIERS),
            *(HistoireDepannage(self, depannage).etapes() for depannage in (*REGIE, *DEPANNAGES)),
            self._reglements_a_part(),
        ]
        return sorted((e for h in histoires for e in h), key=lambda etape: etape[0])

    def _reglements_a_part(self) -> Iterator[Etape]:
        for client, jour in REGLEMENTS_GROUPES:
            yield jour, partial(self._tout_regler, self.clients[client])
        for client, jour, montant in REPRISES:
            yield jour, partial(self._enregistrer, self.clients[client], [(None, montant)])

    def _tout_regler(self, client_id: UUID, session: Session, le: date) -> None:
        dus = session.execute(
            select(Solde.facture_id, Solde.reste)
            .join(Facture, Facture.id == Solde.facture_id)
            .where(Solde.client_id == client_id, Solde.reste > ZERO)
            .order_by(Facture.numero_tri)
        )
        self._enregistrer(client_id, [(facture_id, du) for facture_id, du in dus], session, le)

    def _enregistrer(
        self,
        client_id: UUID,
        imputations: Sequence[tuple[UUID | None, Decimal]],
        session: Session,
        le: date,
    ) -> None:
        saisie = SaisieReglement(le, ModeReglement.VIREMENT, f"VIR {le:%d%m%y}")
        enregistrer(session, client_id, imputations, saisie, actor=self.comptable)


class Document:
    """A facture, acompte or avoir once prepared: issued, then paid."""

    def __init__(self, comptable: Acteur) -> None:
        self.comptable = comptable
        self.id = AUCUN

    def etapes(self, piece: Piece) -> Iterator[Etape]:
        """Issue it on its day, then take what comes in."""
        if piece.emise:
            yield piece.jour, self._emettre
        for paiement in piece.paiements:
            yield from Encaissement(self, paiement).etapes()

    def _emettre(self, session: Session, le: date) -> None:
        emettre(session, self.id, actor=self.comptable, le=le)


class Encaissement:
    """A payment of a document, sent back by the bank now and then."""

    def __init__(self, document: Document, paiement: Paiement) -> None:
        self.document = document
        self.paiement = paiement
        self.id = AUCUN

    def etapes(self) -> Iterator[Etape]:
        """Paid, then sent back."""
        yield self.paiement.jour, self._regler
        if self.paiement.rejet is not None:
            yield self.paiement.rejet, self._rejeter

    def _regler(self, session: Session, le: date) -> None:
        reste = session.get_one(Solde, self.document.id).reste
        montant = pourcentage(reste, Decimal(self.paiement.part))
        saisie = SaisieReglement(le, self.paiement.mode, f"{self.paiement.mode[:3]} {le:%d%m%y}")
        reglement = regler_facture(
            session, self.document.id, montant, saisie, actor=self.document.comptable
        )
        self.id = reglement.id

    def _rejeter(self, session: Session, le: date) -> None:
        annuler(session, self.id, motif=REJET, actor=self.document.comptable, le=le)


class HistoireDevis:
    """A devis, its answer, its chantier, its documents."""

    def __init__(self, recit: Recit, dossier: Dossier) -> None:
        self.recit = recit
        self.dossier = dossier
        self.client_id = recit.clients[dossier.client]
        self.devis_id = self.chantier_id = AUCUN

    def etapes(self) -> Iterator[Etape]:
        """The steps, as far as this devis went."""
        dossier = self.dossier
        yield dossier.jour, self._rediger
        if dossier.issue == StatutDevis.BROUILLON:
            return
        yield dossier.jour + 1, self._envoyer
        if dossier.repris:
            yield dossier.jour + 4, self._reprendre
            yield dossier.jour + 4, self._envoyer
        if dossier.issue == StatutDevis.ENVOYE:
            return
        yield dossier.reponse, self._repondre
        if dossier.chantier is not None:
            yield from self._etapes_chantier(dossier.chantier)
        precedent = Document(self.recit.comptable)
        for piece in dossier.pieces:
            document = Document(self.recit.comptable)
            yield piece.jour - 1, partial(self._preparer, piece, document, precedent)
            yield from document.etapes(piece)
            precedent = document

    def _etapes_chantier(self, travail: Travail) -> Iterator[Etape]:
        yield self.dossier.reponse + 1, partial(self._ouvrir_chantier, travail)
        for jour, statut in travail.suite:
            yield jour, partial(self._avancer, statut)

    def _rediger(self, session: Session, le: date) -> None:
        devis = rediger(
            session, self.client_id, self.dossier.commande, le, actor=self.recit.vendeur
        )
        self.devis_id = devis.id

    def _envoyer(self, session: Session, _le: date) -> None:
        envoyer(session, self.devis_id, actor=self.recit.vendeur)

    def _reprendre(self, session: Session, le: date) -> None:
        """The client asked for a little more."""
        commande = replace(self.dossier.commande, ampleur=self.dossier.commande.ampleur + 10)
        saisie = saisir(self.client_id, commande, le)
        lignes = replace(saisie, donnes=frozenset({"lignes"}))
        modifier_devis(session, self.devis_id, lignes, actor=self.recit.vendeur)

    def _repondre(self, session: Session, le: date) -> None:
        match self.dossier.issue:
            case StatutDevis.ACCEPTE:
                accepter(
                    session,
                    self.devis_id,
                    actor=self.recit.vendeur,
                    le=le,
                    attestation_signee=self.dossier.attestation,
                )
            case StatutDevis.REFUSE:
                refuser(session, self.devis_id, actor=self.recit.vendeur, le=le, motif=REFUS)
            case _:
                expirer(session, self.devis_id, le=le)

    def _ouvrir_chantier(self, travail: Travail, session: Session, le: date) -> None:
        gerant = self.recit.gerant
        chantier = ouvrir_depuis_devis(session, self.devis_id, actor=gerant, le=le)
        self.chantier_id = chantier.id
        planifier(session, chantier.id, travail, self.recit.le, actor=gerant)

    def _avancer(self, statut: StatutChantier, session: Session, _le: date) -> None:
        avancer(session, self.chantier_id, statut, actor=self.recit.gerant)

    def _preparer(
        self, piece: Piece, document: Document, precedent: Document, session: Session, le: date
    ) -> None:
        comptable = self.recit.comptable
        if piece.type == TypeFacture.AVOIR:
            choix = _premiere_ligne(session, precedent) if piece.premiere_ligne else ()
            facture = preparer_avoir(session, precedent.id, choix, actor=comptable, le=le)
        else:
            part = None if piece.pourcentage is None else Decimal(piece.pourcentage)
            demande = Demande(piece.type, part)
            facture = facturer_devis(session, self.devis_id, demande, actor=comptable, le=le)
        document.id = facture.id
        if piece.engagement:
            saisie = SaisieFacture(simples={"reference_commande": piece.engagement})
            modifier_facture(session, facture.id, saisie, actor=comptable)


class HistoireDepannage:
    """Works without devis: billed on their day, paid later."""

    def __init__(self, recit: Recit, depannage: Depannage) -> None:
        self.recit = recit
        self.depannage = depannage
        self.document = Document(recit.comptable)

    def etapes(self) -> Iterator[Etape]:
        """Bill, issue, be paid."""
        piece = Piece(self.depannage.jour, paiements=self.depannage.paiements)
        yield self.depannage.jour, self._facturer
        yield from self.document.etapes(piece)

    def _facturer(self, session: Session, le: date) -> None:
        travail = self.depannage
        lignes = (
            ("Main-d’œuvre", Unite.HEURE, travail.heures, TAUX_HORAIRE),
            ("Fournitures", Unite.FORFAIT, Decimal(1), travail.fournitures),
            ("Déplacement", Unite.FORFAIT, Decimal(1), DEPLACEMENT),
        )
        saisie = SaisieFacture(
            client_id=self.recit.clients[travail.client],
            simples={"objet": travail.objet, "date_prestation": le},
            lignes=[
                LigneSaisie(
                    cle,
                    TypeLigne.LIGNE,
                    designation,
                    quantite=quantite,
                    unite=unite,
                    prix_unitaire_ht=prix,
                )
                for cle, (designation, unite, quantite, prix) in enumerate(lignes)
            ],
        )
        facture = creer_facture(session, saisie, actor=self.recit.comptable, le=le)
        self.document.id = facture.id


def _premiere_ligne(session: Session, document: Document) -> list[tuple[UUID, Decimal]]:
    """The first priced row of a document, whole."""
    lignes = get_facture(session, document.id).lignes
    premiere = next(li for li in lignes if li.type == TypeLigneFacture.LIGNE)
    return [(premiere.id, premiere.quantite or Decimal(1))]
