"""The page of a document: where it stands, what it says, what settled it, what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cordeau.auth.deps import CurrentUser, limiter, requires
from cordeau.core.errors import DomainError, Faute
from cordeau.core.money import ZERO
from cordeau.core.permissions import Acteur, Permission
from cordeau.core.quotas import Geste
from cordeau.devis.states import UNITES
from cordeau.entreprise.queries import entreprise_or_blank
from cordeau.facturation import queries, reglements
from cordeau.facturation.commands.brouillon import est_libre
from cordeau.facturation.controle import manques
from cordeau.facturation.etapes import mot_du_paiement, nom_du_document, vie
from cordeau.facturation.models import Facture, Reglement
from cordeau.facturation.pieces import etat_piece
from cordeau.facturation.reponses import repondre_pdf, repondre_xml
from cordeau.facturation.schemas import paiement
from cordeau.facturation.states import LIBELLES_MODES, ModeReglement, StatutFacture, TypeFacture
from cordeau.historique.recit import resumer
from cordeau.web.deps import DatabaseDep, ReadSession, Today
from cordeau.web.route import CordeauRoute
from cordeau.web.templating import rendre

router = APIRouter(
    prefix="/factures",
    route_class=CordeauRoute,
    dependencies=[requires(Permission.FACTURE_LIRE)],
)


@dataclass(frozen=True, slots=True)
class ReglementVue:
    """A règlement as a document shows it: the part that settles it."""

    reglement: Reglement
    montant: Decimal
    mode: str
    annule: bool


@dataclass(frozen=True, slots=True)
class PointVue:
    """Something that lacks before issuing, and the page where this person mends it."""

    texte: str
    #: Empty when this person may not: the note says who may.
    url: str
    note: str = ""
    #: The certificate is noted here, by a button.
    attestation: bool = False


@router.get("/{facture_id}")
def voir(
    request: Request, session: ReadSession, facture_id: UUID, actor: CurrentUser, today: Today
) -> Response:
    """A facture, an acompte or an avoir."""
    return rendre_fiche(request, session, facture_id, actor, today)


@router.get("/{facture_id}/pdf", dependencies=[limiter(Geste.PDF)])
def pdf(database: DatabaseDep, facture_id: UUID, today: Today) -> Response:
    """The stored Factur-X; for a draft, a preview marked « PROJET »."""
    return repondre_pdf(database, facture_id, today)


@router.get("/{facture_id}/xml", dependencies=[limiter(Geste.PDF)])
def xml(database: DatabaseDep, facture_id: UUID) -> Response:
    """The e-invoice inside the stored Factur-X."""
    return repondre_xml(database, facture_id)


def rendre_fiche(
    request: Request,
    session: Session,
    facture_id: UUID,
    actor: Acteur,
    le: date,
    *,
    refus: DomainError | None = None,
) -> Response:
    """The page, with what was refused when a button could not act."""
    facture = queries.get_facture(session, facture_id)
    emise = facture.statut == StatutFacture.EMISE
    return rendre(
        request,
        "facturation/fiche.html",
        status_code=200 if refus is None else refus.status,
        rubrique="factures",
        facture=facture,
        nom=nom_du_document(facture),
        emise=emise,
        libre=est_libre(facture),
        avoir=facture.type == TypeFacture.AVOIR,
        refus=refus,
        paiement=paiement,
        mot_du_paiement=mot_du_paiement(facture, paiement(facture, le)),
        etapes=vie(facture, le),
        manques=[] if emise else _points(session, facture, actor, le),
        unites=UNITES,
        reglements=_reglements(session, facture),
        piece=etat_piece(session, facture.id) if emise else None,
        historique=resumer(session, "facture", facture.id),
        **_liens(session, facture),
    )


def _points(session: Session, facture: Facture, actor: Acteur, le: date) -> list[PointVue]:
    fautes = manques(facture, entreprise_or_blank(session), le)
    return [_point(faute, facture, actor) for faute in fautes]


def _point(faute: Faute, facture: Facture, actor: Acteur) -> PointVue:
    """Where to mend it: the firm, the client, or the document itself."""
    if faute.champ == "attestationSignee":
        return PointVue(faute.message, "", attestation=actor.peut(Permission.FACTURE_ECRIRE))
    ou, droit, qui = {
        "entreprise": ("/parametres/entreprise", Permission.ENTREPRISE_ECRIRE, "l’entreprise"),
        "client": (
            f"/clients/{facture.client_id}/modifier",
            Permission.CLIENT_ECRIRE,
            "les clients",
        ),
    }.get(
        faute.champ.partition(".")[0],
        (f"/factures/{facture.id}/modifier", Permission.FACTURE_ECRIRE, "les factures"),
    )
    if actor.peut(droit):
        return PointVue(faute.message, ou)
    return PointVue(faute.message, "", f"À demander à qui peut modifier {qui}.")


def _reglements(session: Session, facture: Facture) -> list[ReglementVue]:
    imputations = reglements.list_of_facture(session, facture.id)
    ids = [imputation.reglement_id for imputation in imputations]
    connus = reglements.get_reglements(session, ids)
    annules = reglements.annulations(session, ids)
    return [
        ReglementVue(
            connus[i.reglement_id],
            facture.signe * i.montant,
            LIBELLES_MODES[ModeReglement(connus[i.reglement_id].mode)],
            i.reglement_id in annules,
        )
        for i in imputations
    ]


def _liens(session: Session, facture: Facture) -> Mapping[str, Any]:
    """What the document comes from and what came of it."""
    avoirs = queries.list_avoirs(session, facture.id)
    credite = sum((a.montant_ttc for a in avoirs if a.statut == StatutFacture.EMISE), ZERO)
    return {
        "avoirs": avoirs,
        "entierement_creditee": credite == facture.montant_ttc,
        "deductions": queries.list_deductions(session, facture),
    }
