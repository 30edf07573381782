"""Reading devis."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from cordeau.chantiers.models import Chantier
from cordeau.clients.models import Client
from cordeau.core.agregats import Mesure, lire_sommes
from cordeau.core.columns import nue
from cordeau.core.db import lock_row
from cordeau.core.errors import IntrouvableError
from cordeau.core.listing import Colonnes, Demande, Page, paginate_columns
from cordeau.core.recherche import est_vague, restreindre
from cordeau.devis.models import Devis, LigneDevis, ModeleDevis, VersionDevis
from cordeau.devis.rules import Chiffrage, LigneSaisie, chiffrer
from cordeau.devis.states import StatutDevis, TypeLigne, Unite

Filtree = TypeVar("Filtree", bound=Select[*tuple[Any, ...]])

#: What the column holds.
VERSION_MAX = 2**31 - 1
TRIS = {
    "numero": Devis.numero_tri,
    "dateEmission": Devis.date_emission,
    "dateValidite": Devis.validite_tri,
    "montantHT": Devis.montant_ht,
    "montantTTC": Devis.montant_ttc,
    "client": Devis.client_tri,
    "statut": Devis.statut,
}

#: What a list shows of a devis, under the names of the API where it has them, and its sort keys.
RESUME: tuple[ColumnElement[Any], ...] = (
    nue(Devis.id),
    nue(Devis.numero),
    nue(Devis.version),
    nue(Devis.statut),
    nue(Devis.client_id),
    nue(Client.nom).label("client"),
    Client.__table__.c.adresse_ville.label("ville"),
    nue(Devis.chantier_id),
    nue(Chantier.nom).label("chantier"),
    nue(Devis.objet),
    nue(Devis.date_emission),
    nue(Devis.date_validite),
    nue(Devis.montant_ht),
    nue(Devis.montant_tva),
    nue(Devis.montant_ttc),
    nue(Devis.marge_vente_ht),
    nue(Devis.marge_cout_ht),
    nue(Devis.numero_tri),
    nue(Devis.client_tri),
    nue(Devis.validite_tri),
)
#: Outer joins, so that devis lead the scan.
_RESUMES = (
    select(*RESUME)
    .select_from(Devis.__table__)
    .outerjoin(Client.__table__, nue(Client.id) == nue(Devis.client_id))
    .outerjoin(Chantier.__table__, nue(Chantier.id) == nue(Devis.chantier_id))
)


@dataclass(frozen=True, slots=True)
class FiltreDevis:
    """Which devis a list shows."""

    statuts: Sequence[StatutDevis] = ()
    client_id: UUID | None = None
    chantier_id: UUID | None = None
    du: date | None = None
    au: date | None = None
    numero: str = ""
    date_emission: date | None = None
    date_validite: date | None = None


@dataclass(frozen=True, slots=True)
class StatistiquesDevis:
    """How devis fare."""

    total: int
    montant_ht: Decimal
    par_statut: dict[StatutDevis, int]
    montant_ht_accepte: Decimal
    #: Accepted over answered or expired, percent with one decimal; None before the first answer.
    taux_acceptation: Decimal | None


def get_devis(session: Session, devis_id: UUID, *, for_update: bool = False) -> Devis:
    """A devis with its client, chantier and lines; `IntrouvableError` when there is none."""
    statement = select(Devis).where(Devis.id == devis_id)
    if for_update:
        lock_row(session, Devis.id, devis_id)
    devis = session.scalar(
        statement.options(
            joinedload(Devis.client), joinedload(Devis.chantier), selectinload(Devis.lignes)
        )
    )
    if devis is None:
        raise IntrouvableError("Ce devis n’existe pas.")
    return devis


def nommer_devis(session: Session, ids: Sequence[UUID]) -> list[tuple[UUID, str]]:
    """Several devis by number, each with the name people know it by; unknown ones are left out."""
    rows = session.execute(
        select(Devis.id, Devis.numero, Devis.objet, Client.nom)
        .join(Client, Client.id == Devis.client_id)
        .where(Devis.id.in_(ids))
        .order_by(Devis.numero_tri)
    )
    return [(cle, f"{numero} · {objet or nom}") for cle, numero, objet, nom in rows]


def list_devis(session: Session, demande: Demande, filtre: FiltreDevis) -> Page[Colonnes]:
    """One page of the devis that match, as `RESUME`."""
    statement = filtrer(session, _RESUMES, demande.q, filtre)
    return paginate_columns(session, statement, demande, tris=TRIS, defaut="-numero", cle=Devis.id)


def total_filtre(session: Session, q: str, filtre: FiltreDevis) -> tuple[int, Decimal] | None:
    """How many devis match, and their total HT; None when the words are too common to tell."""
    if est_vague(session, Devis, q):
        return None
    nombre, montant = session.execute(
        filtrer(
            session,
            select(func.count(), func.sum(Devis.montant_ht)).select_from(Devis),
            q,
            filtre,
            tout=True,
        )
    ).one()
    return nombre, montant or Decimal("0.00")


def filtrer(
    session: Session, statement: Filtree, q: str, filtre: FiltreDevis, *, tout: bool = False
) -> Filtree:
    """Narrow a statement on `Devis` to what a list shows; `tout` to read all of it."""
    if q:
        statement = restreindre(session, statement, Devis, q, tout=tout)
    if filtre.statuts:
        statement = statement.where(Devis.statut.in_(filtre.statuts))
    for colonne, valeur in (
        (Devis.client_id, filtre.client_id),
        (Devis.chantier_id, filtre.chantier_id),
        (Devis.numero, filtre.numero or None),
        (Devis.date_emission, filtre.date_emission),
        (Devis.validite_tri, filtre.date_validite),
    ):
        if valeur is not None:
            statement = statement.where(colonne == valeur)
    if filtre.du:
        statement = statement.where(Devis.date_emission >= filtre.du)
    if filtre.au:
        statement = statement.where(Devis.date_emission <= filtre.au)
    return statement


def compute_stats(session: Session) -> StatistiquesDevis:
    """Counts per status, accepted amount, acceptance rate."""
    gardees = lire_sommes(session, Mesure.DEVIS)
    nombres = {StatutDevis(statut): nombre for statut, (nombre, _) in gardees.items()}
    montants = {StatutDevis(statut): montant for statut, (_, montant) in gardees.items()}
    acceptes = nombres.get(StatutDevis.ACCEPTE, 0)
    decides = sum(
        nombres.get(s, 0) for s in (StatutDevis.ACCEPTE, StatutDevis.REFUSE, StatutDevis.EXPIRE)
    )
    taux = (Decimal(acceptes) * 100 / decides).quantize(Decimal("0.1")) if decides else None
    return StatistiquesDevis(
        total=sum(nombres.values()),
        montant_ht=sum(montants.values(), Decimal("0.00")),
        par_statut={s: nombres.get(s, 0) for s in StatutDevis},
        montant_ht_accepte=montants.get(StatutDevis.ACCEPTE) or Decimal("0.00"),
        taux_acceptation=taux,
    )


def find_version(session: Session, devis_id: UUID, version: int) -> VersionDevis | None:
    """A version that was sent, if it was."""
    return session.scalar(
        select(VersionDevis).where(
            VersionDevis.devis_id == devis_id, VersionDevis.version == version
        )
    )


def get_version(session: Session, devis_id: UUID, version: int) -> VersionDevis:
    """A version that was sent; `IntrouvableError` when it was not."""
    trouvee = find_version(session, devis_id, version) if 1 <= version <= VERSION_MAX else None
    if trouvee is None:
        raise IntrouvableError("Cette version n’a pas été envoyée.")
    return trouvee


def list_versions(session: Session, devis_id: UUID) -> list[VersionDevis]:
    """The versions sent, latest first."""
    return list(
        session.scalars(
            select(VersionDevis)
            .where(VersionDevis.devis_id == devis_id)
            .order_by(VersionDevis.version.desc())
        )
    )


def list_expirables(session: Session, le: date) -> list[UUID]:
    """Devis still with their client after their validity date."""
    return list(
        session.scalars(
            select(Devis.id).where(Devis.statut == StatutDevis.ENVOYE, Devis.date_validite < le)
        )
    )


def list_modeles(session: Session) -> list[ModeleDevis]:
    """The templates, by name."""
    return list(session.scalars(select(ModeleDevis).order_by(ModeleDevis.nom)))


def get_modele(session: Session, modele_id: UUID) -> ModeleDevis:
    """A template."""
    modele = session.get(ModeleDevis, modele_id)
    if modele is None:
        raise IntrouvableError("Ce modèle n’existe pas.")
    return modele


def en_saisie(ligne: LigneDevis) -> LigneSaisie:
    """A stored row as if it were typed, for the rules."""
    return LigneSaisie(
        cle=ligne.id,
        type=TypeLigne(ligne.type),
        designation=ligne.designation,
        parent=ligne.parent_id,
        description=ligne.description,
        quantite=ligne.quantite,
        unite=Unite(ligne.unite),
        prix_unitaire_ht=ligne.prix_unitaire_ht,
        remise=ligne.remise,
        taux_tva=ligne.taux_tva,
        cout_unitaire_ht=ligne.cout_unitaire_ht,
    )


def chiffrer_devis(devis: Devis) -> Chiffrage:
    """The devis computed from its stored rows."""
    return chiffrer(
        [en_saisie(ligne) for ligne in devis.lignes],
        taux_tva=devis.taux_tva,
        remise=devis.remise,
        autoliquidation=devis.autoliquidation,
    )
