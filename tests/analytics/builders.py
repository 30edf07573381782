"""Devis and règlements for tests of what adds them up: rows in any state, on any day."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from cordeau.clients.models import Client
from cordeau.core.dates import maintenant
from cordeau.core.texte import plier
from cordeau.devis.models import Devis
from cordeau.devis.states import StatutDevis
from cordeau.facturation.models import Reglement
from tests.clients.builders import un_client

_rangs = count(1)


def un_devis(
    session: Session,
    statut: StatutDevis = StatutDevis.BROUILLON,
    ht: str = "1000.00",
    *,
    client: Client | None = None,
    objet: str = "",
    **champs: Any,
) -> Devis:
    """A devis at 20 %, in this state."""
    client = client or un_client(session)
    montant_ht = Decimal(ht)
    tva = (montant_ht * 20 / 100).quantize(Decimal("0.01"))
    numero = f"DEV-2026-{next(_rangs):03d}"
    devis = Devis(
        numero=numero,
        numero_tri=numero,
        statut=statut,
        client_id=client.id,
        client_tri=client.nom_tri,
        objet=objet,
        date_emission=champs.pop("date_emission", date(2026, 3, 2)),
        taux_tva=Decimal(20),
        montant_ht=montant_ht,
        montant_tva=tva,
        montant_ttc=montant_ht + tva,
        marge_vente_ht=Decimal("0.00"),
        marge_cout_ht=Decimal("0.00"),
        recherche=plier(f"{numero} {client.nom} {objet}"),
        cree_le=maintenant(),
        **champs,
    )
    session.add(devis)
    session.flush()
    return devis


def un_reglement(session: Session, le: date, montant: str, client: Client) -> Reglement:
    """Money received, or given back when below zero."""
    reglement = Reglement(
        client_id=client.id,
        date=le,
        montant=Decimal(montant),
        mode="VIREMENT",
        cree_le=maintenant(),
        cree_par="Cordeau",
    )
    session.add(reglement)
    session.flush()
    return reglement
