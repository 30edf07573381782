"""The list of factures, acomptes and avoirs, and what is exported of it."""

from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cordeau.auth.deps import CurrentUser, limiter, requires
from cordeau.chantiers.models import Chantier
from cordeau.clients.models import Client
from cordeau.core.money import ZERO
from cordeau.core.permissions import Permission
from cordeau.core.quotas import Geste
from cordeau.core.recherche import COURANT
from cordeau.devis.models import Devis
from cordeau.facturation import queries
from cordeau.facturation.etapes import LIBELLES_TYPES, mot_du_paiement
from cordeau.facturation.models import Facture
from cordeau.facturation.pages.filtres import FiltreFacturesDep
from cordeau.facturation.queries import FiltreFacture
from cordeau.facturation.reponses import repondre_export
from cordeau.facturation.schemas import paiement
from cordeau.facturation.states import StatutFacture, TypeFacture
from cordeau.web.deps import DatabaseDep, DemandeDep, ReadSession, Today
from cordeau.web.route import CordeauRoute
from cordeau.web.tableur import Cellule, FormatTableur
from cordeau.web.templating import rendre

router = APIRouter(
    prefix="/factures",
    route_class=CordeauRoute,
    dependencies=[requires(Permission.FACTURE_LIRE)],
)
ENTETES = (
    "Numéro",
    "Type",
    "État",
    "Client",
    "Objet",
    "Chantier",
    "Date",
    "Échéance",
    "Total HT",
    "TVA",
    "Total TTC",
    "Reste à payer",
)


@router.get("")
def lister(
    request: Request,
    session: ReadSession,
    demande: DemandeDep,
    filtre: FiltreFacturesDep,
    today: Today,
) -> Response:
    """The documents that match, latest first, and what they amount to."""
    page = queries.list_factures(session, demande, filtre, today)
    return rendre(
        request,
        "facturation/liste.html",
        rubrique="factures",
        factures=page.elements,
        suivant=page.suivant,
        totaux=queries.totaux_filtre(session, demande.q, filtre, today),
        beaucoup=COURANT,
        filtre=filtre,
        liens=liens_du_filtre(session, filtre),
        paiement=paiement,
    )


@router.get("/export.{genre}", dependencies=[limiter(Geste.EXPORT)])
def exporter(
    session: ReadSession,
    demande: DemandeDep,
    filtre: FiltreFacturesDep,
    today: Today,
    genre: FormatTableur,
    database: DatabaseDep,
    actor: CurrentUser,
) -> Response:
    """What the list shows, whole, as a spreadsheet; an avoir counts below zero."""
    factures = queries.iter_factures(session, demande, filtre, today)
    lignes = (_ligne(f, today) for f in factures)
    return repondre_export(database, genre, "factures", ENTETES, lignes, actor=actor)


def liens_du_filtre(session: Session, filtre: FiltreFacture) -> list[tuple[str, str, str]]:
    """The client, chantier and devis the list is narrowed to: field, identifier, name."""
    liens = []
    if filtre.client_id and (client := session.get(Client, filtre.client_id)):
        liens.append(("clientId", str(client.id), client.nom))
    if filtre.chantier_id and (chantier := session.get(Chantier, filtre.chantier_id)):
        liens.append(("chantierId", str(chantier.id), chantier.nom))
    if filtre.devis_id and (devis := session.get(Devis, filtre.devis_id)):
        liens.append(("devisId", str(devis.id), devis.numero))
    return liens


def _ligne(facture: Facture, le: date) -> list[Cellule]:
    brouillon = facture.statut == StatutFacture.BROUILLON
    signe = facture.signe
    return [
        facture.numero or "Brouillon",
        LIBELLES_TYPES[TypeFacture(facture.type)],
        "Brouillon" if brouillon else mot_du_paiement(facture, paiement(facture, le)),
        facture.client.nom,
        facture.objet,
        facture.chantier.nom if facture.chantier else "",
        facture.date_emission,
        facture.date_echeance,
        signe * facture.montant_ht,
        signe * facture.montant_tva,
        signe * facture.montant_ttc,
        None if brouillon else signe * facture.reste_a_payer + ZERO,
    ]
