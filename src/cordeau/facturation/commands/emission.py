"""Issuing: number, freeze, and nothing changes any more."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from cordeau.core import journal
from cordeau.core.changement import Changement
from cordeau.core.dates import maintenant
from cordeau.core.gardes import exiger_gardes
from cordeau.core.jobs import enqueue
from cordeau.core.numbering import next_number
from cordeau.core.permissions import Acteur
from cordeau.core.registre.clotures import exiger_non_totalise
from cordeau.core.revisions import Attendues, check_revision
from cordeau.entreprise.models import Entreprise
from cordeau.entreprise.queries import entreprise_or_blank
from cordeau.facturation.commands.avoir import exiger_non_deduit
from cordeau.facturation.commands.brouillon import exiger_brouillon
from cordeau.facturation.commands.depuis_devis import calculer_tva
from cordeau.facturation.controle import est_attestee, manques
from cordeau.facturation.document import composer_document
from cordeau.facturation.errors import EmissionImpossibleError
from cordeau.facturation.indexation import indexation
from cordeau.facturation.models import Facture
from cordeau.facturation.queries import get_facture, lire_tva_emise
from cordeau.facturation.registre import chainer_facture
from cordeau.facturation.soldes import ouvrir_solde, recalculer_soldes
from cordeau.facturation.states import StatutFacture, TypeFacture

JOB_RENDRE = "facturation.rendre"
PREFIXES = {
    TypeFacture.FACTURE: "FAC",
    TypeFacture.ACOMPTE: "FAC",
    TypeFacture.AVOIR: "AVO",
}


def emettre(
    session: Session,
    facture_id: UUID,
    *,
    actor: Acteur,
    le: date,
    revision_attendue: Attendues = None,
) -> Facture:
    """Number the document and freeze it; correct it later by an avoir.

    Everything it prints is copied into it. Number, content, balance and chain link commit together.
    Raises `EmissionImpossibleError`, listing all that is missing.
    """
    exiger_gardes(session)
    facture = get_facture(session, facture_id, for_update=True)
    check_revision(facture.revision, revision_attendue)
    exiger_brouillon(facture)
    entreprise = entreprise_or_blank(session)
    if fautes := manques(facture, entreprise, le):
        raise EmissionImpossibleError(fautes)
    if facture.devis_id is not None:
        _suivre_devis(session, facture, facture.devis_id)
    session.flush()  # the VAT table, which nothing may change once the document is issued
    _numeroter(session, facture, entreprise, le)
    ouvrir_solde(session, facture)
    if facture.origine is not None:
        recalculer_soldes(session, facture, le)
    _inscrire(session, facture, actor)
    return facture


def _inscrire(session: Session, facture: Facture, actor: Acteur) -> None:
    """Promise its Factur-X, write its history, and last of all its link in the ledger."""
    enqueue(session, JOB_RENDRE, {"facture_id": facture.id.hex})
    journal.record(
        session,
        actor,
        "facture",
        facture.id,
        "Avoir émis" if facture.type == TypeFacture.AVOIR else "Facture émise",
        numero=facture.numero or "",
        montantTTC=str(facture.montant_ttc),
    )
    chainer_facture(session, facture, actor=actor)
    if facture.date_emission is not None:
        exiger_non_totalise(session, facture.date_emission)


def _suivre_devis(session: Session, facture: Facture, devis_id: UUID) -> None:
    """What other documents of the devis changed since this one was prepared."""
    if facture.type != TypeFacture.AVOIR:
        calculer_tva(facture, lire_tva_emise(session, devis_id))
    elif facture.origine is not None and facture.origine.type == TypeFacture.ACOMPTE:
        exiger_non_deduit(session, facture.origine, devis_id)


def _numeroter(session: Session, facture: Facture, entreprise: Entreprise, le: date) -> None:
    """Take the number last, under lock, and freeze what the document says."""
    prefixe = PREFIXES[TypeFacture(facture.type)]
    numero = next_number(session, prefixe, le, chronologique=True)
    debut, annee, rang = numero.split("-")
    changement = Changement(facture)
    changement.poser(
        date_echeance=_echeance(facture, entreprise, le),
        numero=numero,
        numero_tri=f"{debut}-{annee}-{rang:0>9}",
        date_emission=le,
        date_tri=le,
        attestation_signee=est_attestee(facture),
        emise_le=maintenant(),
        statut=StatutFacture.EMISE,
    )
    document = composer_document(session, facture, entreprise, le)
    changement.poser(contenu=document.model_dump_json(), **indexation(facture))
    changement.ecrire(session)


def _echeance(facture: Facture, entreprise: Entreprise, le: date) -> date | None:
    """Due as typed, else by the client's terms, else by the firm's (art. L. 441-10 C. com.).

    An avoir asks for nothing: it has no due date, and a refund is never late.
    """
    if facture.type == TypeFacture.AVOIR:
        return None
    if facture.date_echeance is not None:
        return facture.date_echeance
    delai = facture.client.delai_paiement
    return le + timedelta(days=entreprise.delai_paiement if delai is None else delai)
