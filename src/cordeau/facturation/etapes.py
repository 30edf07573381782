"""The words of a document: its kind, its payment, the stages of its life."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from cordeau.core.listing import Colonnes
from cordeau.core.money import ZERO
from cordeau.facturation.models import Facture
from cordeau.facturation.states import StatutFacture, StatutPaiement, TypeFacture
from cordeau.web.formats import date_fr, montant

LIBELLES_TYPES: Mapping[TypeFacture, str] = {
    TypeFacture.FACTURE: "Facture",
    TypeFacture.ACOMPTE: "Acompte",
    TypeFacture.AVOIR: "Avoir",
}
LIBELLES_PAIEMENTS: Mapping[StatutPaiement, str] = {
    StatutPaiement.IMPAYE: "Impayée",
    StatutPaiement.PARTIEL: "Réglée en partie",
    StatutPaiement.PAYE: "Payée",
    StatutPaiement.EN_RETARD: "En retard",
}


def nom_du_document(facture: Facture | Colonnes) -> str:
    """« Facture FAC-2026-001 », « Acompte en brouillon »."""
    genre = LIBELLES_TYPES[TypeFacture(facture.type)]
    return f"{genre} {facture.numero}" if facture.numero else f"{genre} en brouillon"


def mot_du_paiement(facture: Facture, paiement: StatutPaiement) -> str:
    """How the payment of a document is said: an avoir is refunded rather than paid."""
    if facture.type != TypeFacture.AVOIR:
        return LIBELLES_PAIEMENTS[paiement]
    return "Soldé" if paiement == StatutPaiement.PAYE else "À rembourser"


def vie(facture: Facture, le: date) -> list[dict[str, Any]]:
    """The stages of a document: written, issued, due, settled."""
    emise = facture.statut == StatutFacture.EMISE
    soldee = emise and facture.reste_a_payer == ZERO
    return [
        _brouillon(emise=emise),
        _emission(facture, emise=emise),
        _echeance(facture, le, emise=emise, soldee=soldee),
        _solde(facture, soldee=soldee),
    ]


def _brouillon(*, emise: bool) -> dict[str, Any]:
    note = "" if emise else "peut changer, ou être jeté"
    return {"mot": "Brouillon", "note": note, "etat": "fait" if emise else "ici"}


def _emission(facture: Facture, *, emise: bool) -> dict[str, Any]:
    mot = "Émis" if facture.type in (TypeFacture.AVOIR, TypeFacture.ACOMPTE) else "Émise"
    note = f"{facture.numero}, le {date_fr(facture.date_emission)}" if emise else ""
    return {"mot": mot, "note": note, "etat": "fait" if emise else ""}


def _echeance(facture: Facture, le: date, *, emise: bool, soldee: bool) -> dict[str, Any]:
    avoir = facture.type == TypeFacture.AVOIR
    echeance = facture.date_echeance
    note = f"le {date_fr(echeance)}" if echeance and not avoir else ""
    if emise and not soldee and echeance and echeance < le and not avoir:
        jours = (le - echeance).days
        note += f", {jours} jour{'s' if jours > 1 else ''} de retard"
    mot = "À rembourser" if avoir else "À régler"
    etat = "fait" if soldee else ("ici" if emise else "")
    return {"mot": mot, "note": note, "etat": etat}


def _solde(facture: Facture, *, soldee: bool) -> dict[str, Any]:
    mot = "Réglée" if facture.type == TypeFacture.FACTURE else "Réglé"
    solde = facture.solde
    note = ""
    if soldee and solde is not None:
        note = f"le {date_fr(solde.solde_le)}" if solde.solde_le else ""
    elif solde is not None and solde.regle + solde.credite > ZERO:
        note = f"{montant(solde.regle + solde.credite)} sur {montant(facture.montant_ttc)}"
    return {
        "mot": "Soldé" if facture.type == TypeFacture.AVOIR else mot,
        "note": note,
        "etat": "ici" if soldee else "",
    }
