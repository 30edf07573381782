"""The panels that factures and règlements add to the pages of clients, chantiers and devis."""

from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from cordeau.chantiers.models import Chantier
from cordeau.clients.models import Client
from cordeau.core.dates import aujourd_hui
from cordeau.core.listing import LIMITE_MAX, Demande
from cordeau.core.permissions import Acteur, Permission
from cordeau.devis.models import Devis
from cordeau.devis.states import StatutDevis
from cordeau.facturation import queries, reglements
from cordeau.facturation.models import Facture
from cordeau.facturation.queries import FiltreFacture
from cordeau.facturation.reglements import FiltreReglement
from cordeau.facturation.schemas import paiement
from cordeau.facturation.states import LIBELLES_MODES, StatutFacture
from cordeau.web.panneaux import Panneau

LIGNES = 10
ZERO_CENT = Decimal("0.00")


def panneau_factures_client(session: Session, client: Client, acteur: Acteur) -> Panneau | None:
    """The latest documents of a client, and what it owes."""
    if not acteur.peut(Permission.FACTURE_LIRE):
        return None
    filtre = FiltreFacture(client_id=client.id)
    page = queries.list_factures(session, Demande(limite=LIGNES), filtre, aujourd_hui())
    contexte = {
        "factures": page.elements,
        "suite": f"/factures?clientId={client.id}" if page.suivant else "",
        "solde": reglements.soldes_clients(session, [client.id])[client.id],
        "ouverture": reglements.reste_ouverture(session, client.id),
        "client_id": client.id,
        "paiement": paiement,
    }
    return Panneau("Factures", "facturation/_panneau_factures.html", contexte)


def panneau_reglements_client(session: Session, client: Client, acteur: Acteur) -> Panneau | None:
    """The latest règlements of a client."""
    if not acteur.peut(Permission.REGLEMENT_LIRE):
        return None
    page = reglements.list_reglements(
        session, Demande(limite=LIGNES), FiltreReglement(client_id=client.id)
    )
    contexte = {
        "reglements": page.elements,
        "annules": reglements.annulations(session, [r.id for r in page.elements]),
        "modes": LIBELLES_MODES,
        "suite": f"/reglements?clientId={client.id}" if page.suivant else "",
        "client_id": client.id,
    }
    return Panneau("Règlements", "facturation/_panneau_reglements.html", contexte)


def panneau_chantier(session: Session, chantier: Chantier, acteur: Acteur) -> Panneau | None:
    """What was billed for a chantier and what was paid of it, in the order of the days."""
    if not acteur.peut(Permission.FACTURE_LIRE):
        return None
    filtre = FiltreFacture(chantier_id=chantier.id)
    page = queries.list_factures(session, Demande(limite=LIMITE_MAX), filtre, aujourd_hui())
    imputations = reglements.list_of_chantier(session, chantier.id)
    recus = reglements.get_reglements(session, [i.reglement_id for i in imputations])
    faits: list[dict[str, Any]] = [
        {"le": facture.date_tri, "facture": facture, "montant": facture.signe * facture.montant_ttc}
        for facture in page.elements
    ]
    faits += [
        {
            "le": recus[i.reglement_id].date,
            "facture": i.facture,
            "montant": i.montant * (i.facture.signe if i.facture else 1),
            "reglement": recus[i.reglement_id],
        }
        for i in imputations
    ]
    contexte = {
        "faits": sorted(faits, key=lambda fait: (fait["le"], "reglement" in fait)),
        "chantier_id": chantier.id,
        "suite": page.suivant is not None,
        "modes": LIBELLES_MODES,
        "paiement": paiement,
        **_bilan(page.elements, faits),
    }
    return Panneau("Factures et règlements", "facturation/_panneau_chantier.html", contexte)


def panneau_devis(session: Session, devis: Devis, acteur: Acteur) -> Panneau | None:
    """What was made from an accepted devis."""
    if not acteur.peut(Permission.FACTURE_LIRE) or devis.statut != StatutDevis.ACCEPTE:
        return None
    contexte = {
        "factures": queries.list_factures_devis(session, devis.id),
        "suite": "",
        "solde": None,
        "ouverture": ZERO_CENT,
        "devis_id": devis.id,
        "paiement": paiement,
    }
    return Panneau("Factures", "facturation/_panneau_factures.html", contexte)


def _bilan(factures: list[Facture], faits: list[dict[str, Any]]) -> dict[str, Decimal]:
    """Issued, received, due."""
    emises = [f for f in factures if f.statut == StatutFacture.EMISE]
    recus = (fait["montant"] for fait in faits if "reglement" in fait)
    return {
        "facture": sum((f.signe * f.montant_ttc for f in emises), ZERO_CENT),
        "recu": sum(recus, ZERO_CENT),
        "reste": sum((f.signe * f.reste_a_payer for f in emises), ZERO_CENT),
    }
