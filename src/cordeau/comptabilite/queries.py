"""Reading what is exported."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from cordeau.clients.models import Client
from cordeau.comptabilite.rules import LigneJde
from cordeau.core.listing import Demande, Page, paginate
from cordeau.core.registre.clotures import FERMANTES
from cordeau.core.registre.models import Cloture, EntreeRegistre
from cordeau.core.registre.states import Evenement, GenreCloture, Journal
from cordeau.facturation.models import Facture, Solde
from cordeau.facturation.states import (
    StatutFacture,
    TypeFacture,
    echeance_opposable,
    statut_paiement,
)

TRIS_CLOTURES = {"fin": Cloture.fin}


@dataclass(frozen=True, slots=True)
class Periode:
    """Days of issue, both included; none leaves that side open."""

    du: date | None = None
    au: date | None = None


@dataclass(frozen=True, slots=True)
class SansCodeJde:
    """A client that JD Edwards cannot recognise yet."""

    id: UUID
    nom: str

    @property
    def avertissement(self) -> str:
        """What to do about it."""
        return f"Le client « {self.nom} » n’a pas de code JD Edwards : la colonne reste vide."


@dataclass(frozen=True, slots=True)
class ExportJde:
    """The rows of a period, and the clients whose code is missing."""

    lignes: list[LigneJde]
    sans_code: list[SansCodeJde]


@dataclass(frozen=True, slots=True)
class TotauxCloture:
    """What a closing recorded, in euros; avoirs taken off."""

    documents: int
    facture_ttc: Decimal
    encaisse: Decimal
    facture_depuis_toujours: Decimal


def lire_export_jde(session: Session, periode: Periode, le: date) -> ExportJde:
    """Issued documents of a period in the order of issue; payment states are those of `le`."""
    rows = session.execute(_select(periode)).all()
    return ExportJde([_ligne(row, le) for row in rows], _sans_code(rows))


def _select(periode: Periode) -> Any:
    statement = (
        select(
            Facture.numero,
            Facture.type,
            Facture.date_emission,
            Facture.montant_ht,
            Facture.montant_tva,
            Facture.montant_ttc,
            Facture.client_id,
            Facture.client_nom,
            Client.code_jde,
            Solde.reste,
            Solde.date_echeance,
            Solde.solde_le,
        )
        .join(Client, Client.id == Facture.client_id)
        .join(Solde, Solde.facture_id == Facture.id)
        .where(Facture.statut == StatutFacture.EMISE)
        .order_by(Facture.date_emission, Facture.numero_tri)
    )
    if periode.du is not None:
        statement = statement.where(Facture.date_emission >= periode.du)
    if periode.au is not None:
        statement = statement.where(Facture.date_emission <= periode.au)
    return statement


def _ligne(row: Row[*tuple[Any, ...]], le: date) -> LigneJde:
    signe = -1 if row.type == TypeFacture.AVOIR else 1
    return LigneJde(
        reference=row.numero,
        client=row.client_nom,
        date_emission=row.date_emission,
        date_paiement=row.solde_le,
        code_jde=row.code_jde,
        montant_ht=signe * row.montant_ht,
        montant_tva=signe * row.montant_tva,
        montant_ttc=signe * row.montant_ttc,
        statut_paiement=statut_paiement(
            row.reste, row.montant_ttc, echeance_opposable(row.type, row.date_echeance), le
        ),
        type=TypeFacture(row.type),
    )


def _sans_code(rows: Iterable[Row[*tuple[Any, ...]]]) -> list[SansCodeJde]:
    """Each client once, by name."""
    manquants = {row.client_id: row.client_nom for row in rows if not row.code_jde}
    clients = [SansCodeJde(client_id, nom) for client_id, nom in manquants.items()]
    return sorted(clients, key=lambda client: client.nom)


def mois_archives(session: Session) -> dict[str, datetime]:
    """The months archived, « 2026-10 », and when: what the ledger says of them."""
    return {archive["periode"]: survenu_le for archive, survenu_le in _archives(session)}


def empreintes_archives(session: Session) -> dict[str, set[str]]:
    """The digests of the archives made of each month; a month may have been archived again."""
    connues: dict[str, set[str]] = {}
    for archive, _ in _archives(session):
        connues.setdefault(archive["periode"], set()).add(archive["sha256"])
    return connues


def _archives(session: Session) -> Iterator[tuple[dict[str, Any], datetime]]:
    rows = session.execute(
        select(EntreeRegistre.contenu, EntreeRegistre.survenu_le)
        .where(
            EntreeRegistre.journal == Journal.TECHNIQUE,
            EntreeRegistre.evenement == Evenement.ARCHIVE,
        )
        .order_by(EntreeRegistre.rang)
    )
    for contenu, survenu_le in rows:
        yield orjson.loads(contenu), survenu_le


def list_clotures(session: Session, demande: Demande, *, jours: bool) -> Page[Cloture]:
    """One page of the closed months and years, or of the closed days, latest first."""
    genres = [GenreCloture.JOUR] if jours else FERMANTES
    statement = select(Cloture).where(Cloture.genre.in_(genres))
    return paginate(session, statement, demande, tris=TRIS_CLOTURES, defaut="-fin", cle=Cloture.id)


def totaux_clotures(session: Session, clotures: Sequence[Cloture]) -> dict[UUID, TotauxCloture]:
    """What each closing recorded, from its entry in the ledger."""
    rows = session.execute(
        select(EntreeRegistre.objet_id, EntreeRegistre.contenu).where(
            EntreeRegistre.journal == Journal.CLOTURES,
            EntreeRegistre.objet_id.in_([cloture.id for cloture in clotures]),
        )
    )
    return {
        objet_id: _totaux_cloture(orjson.loads(contenu))
        for objet_id, contenu in rows
        if objet_id is not None
    }


def _totaux_cloture(contenu: Any) -> TotauxCloture:
    periode, perpetuel = contenu["periode"], contenu["perpetuel"]
    return TotauxCloture(
        documents=sum(periode["documents"].values()),
        facture_ttc=Decimal(periode["montant_ttc"]).scaleb(-2),
        encaisse=Decimal(periode["montant_encaisse"]).scaleb(-2),
        facture_depuis_toujours=Decimal(perpetuel["montant_ttc"]).scaleb(-2),
    )
