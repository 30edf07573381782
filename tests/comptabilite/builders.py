"""Issued documents for tests of what reads them: rows as `emettre` leaves them, on any day."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from cordeau.clients.models import Client
from cordeau.core.dates import maintenant
from cordeau.core.texte import plier
from cordeau.facturation.models import Facture, Solde
from cordeau.facturation.states import StatutFacture, TypeFacture
from tests.clients.builders import un_client

_rangs = count(1)


def un_document_emis(
    session: Session,
    le: date,
    ht: str = "100.00",
    *,
    client: Client | None = None,
    type: TypeFacture = TypeFacture.FACTURE,  # noqa: A002 (the column's name)
    echeance: date | None = None,
    regle: str = "0.00",
    solde_le: date | None = None,
    **champs: Any,
) -> Facture:
    """A document at 20 %, of which `regle` TTC was paid."""
    client = client or un_client(session)
    montant_ht, tva = Decimal(ht), Decimal(ht) * 20 / 100
    tva = tva.quantize(Decimal("0.01"))
    serie = "AVO" if type == TypeFacture.AVOIR else "FAC"
    numero = f"{serie}-{le.year}-{next(_rangs):03d}"
    facture = Facture(
        type=type,
        statut=StatutFacture.EMISE,
        numero=numero,
        numero_tri=numero,
        client_id=client.id,
        client_nom=client.nom,
        client_tri=client.nom_tri,
        date_emission=le,
        date_tri=le,
        date_echeance=echeance,
        taux_tva=Decimal(20),
        lignes_ht=montant_ht,
        remise_ht=Decimal("0.00"),
        montant_ht=montant_ht,
        montant_tva=tva,
        montant_ttc=montant_ht + tva,
        recherche=plier(f"{numero} {client.nom}"),
        cree_le=maintenant(),
        **champs,
    )
    session.add(facture)
    session.flush()
    session.add(_solde(facture, Decimal(regle), solde_le))
    session.flush()
    return facture


def _solde(facture: Facture, regle: Decimal, solde_le: date | None) -> Solde:
    return Solde(
        facture_id=facture.id,
        client_id=facture.client_id,
        date_echeance=facture.date_echeance,
        regle=regle,
        credite=Decimal("0.00"),
        reste=facture.montant_ttc - regle,
        solde_le=solde_le,
    )
