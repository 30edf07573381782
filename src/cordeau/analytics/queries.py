"""The figures behind the dashboard: kept sums where rows are many, counts on an index elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, case, func, select
from sqlalchemy.orm import Session, joinedload

from cordeau.analytics.rules import ZERO_CENT, Echeance, premier_du_mois
from cordeau.chantiers.models import Chantier
from cordeau.chantiers.states import StatutChantier
from cordeau.clients.models import Client
from cordeau.core.agregats import Mesure, lire_sommes, sommes
from cordeau.devis.models import Devis
from cordeau.devis.states import StatutDevis
from cordeau.facturation.models import Facture
from cordeau.facturation.states import StatutFacture, TypeFacture

ACTIFS = (StatutChantier.PLANIFIE, StatutChantier.EN_COURS)


@dataclass(frozen=True, slots=True)
class DevisParStatut:
    """How many devis stand in a state, for how much."""

    statut: StatutDevis
    nombre: int
    montant_ht: Decimal
    #: Those whose validity ends within the time asked for.
    bientot_expires: int


@dataclass(frozen=True, slots=True)
class CompteChantiers:
    """How many chantiers are active, and how many are behind their dates."""

    actifs: int
    en_cours: int
    a_demarrer: int
    a_terminer: int


def devis_par_statut(session: Session, expire_avant: date) -> dict[StatutDevis, DevisParStatut]:
    """Every state with its count and total."""
    devis = sommes(Mesure.DEVIS)
    expire = case((devis.c.jour <= expire_avant, devis.c.nombre), else_=0)
    rows = session.execute(
        select(
            devis.c.cle, func.sum(devis.c.nombre), func.sum(devis.c.montant), func.sum(expire)
        ).group_by(devis.c.cle)
    )
    connus = {
        StatutDevis(statut): DevisParStatut(StatutDevis(statut), int(nombre), montant, int(bientot))
        for statut, nombre, montant, bientot in rows
    }
    return {s: connus.get(s, DevisParStatut(s, 0, ZERO_CENT, 0)) for s in StatutDevis}


def count_a_facturer(session: Session) -> int:
    """Accepted devis that no facture mentions yet."""
    nombre, _montant = lire_sommes(session, Mesure.A_FACTURER).get("", (0, ZERO_CENT))
    return nombre


def derniers_devis(session: Session, limite: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """The latest devis by number, with their clients' names."""
    return session.execute(
        select(
            Devis.id,
            Devis.numero,
            Devis.objet,
            Devis.statut,
            Devis.date_emission,
            Devis.montant_ht,
            Client.nom.label("client"),
        )
        .outerjoin(Client, Client.id == Devis.client_id)  # MariaDB then starts from the devis
        .order_by(Devis.numero_tri.desc(), Devis.id.desc())
        .limit(limite)
    ).all()


def compter_chantiers(session: Session, le: date) -> CompteChantiers:
    """Active chantiers, and those whose dates say something else than their state."""
    commence = case((Chantier.date_debut < le, 1), else_=0)
    fini = case((Chantier.date_fin < le, 1), else_=0)
    rows = session.execute(
        select(Chantier.statut, func.count(Chantier.id), func.sum(commence), func.sum(fini))
        .where(Chantier.statut.in_(ACTIFS))
        .group_by(Chantier.statut)
    )
    comptes = {statut: (nombre, int(debut), int(fin)) for statut, nombre, debut, fin in rows}
    planifies, a_demarrer, _fin = comptes.get(StatutChantier.PLANIFIE, (0, 0, 0))
    en_cours, _debut, a_terminer = comptes.get(StatutChantier.EN_COURS, (0, 0, 0))
    return CompteChantiers(planifies + en_cours, en_cours, a_demarrer, a_terminer)


def prochains_chantiers(session: Session, le: date, limite: int) -> list[Chantier]:
    """The next chantiers to start, with their clients."""
    return list(
        session.scalars(
            select(Chantier)
            .where(Chantier.date_debut >= le, Chantier.statut.in_(ACTIFS))
            .options(joinedload(Chantier.client))
            .order_by(Chantier.date_debut, Chantier.id)
            .limit(limite)
        )
    )


def facture_par_mois(session: Session, le: date) -> dict[date, Decimal]:
    """Billed HT per month over two years: factures and acomptes, avoirs taken off."""
    emis = sommes(Mesure.FACTURE)
    rows = session.execute(
        select(emis.c.jour, emis.c.cle, func.sum(emis.c.montant))
        .where(emis.c.jour.between(premier_du_mois(le, 23), le))
        .group_by(emis.c.jour, emis.c.cle)
    )
    montants: dict[date, Decimal] = {}
    for jour, genre, montant in rows:
        debut = jour.replace(day=1)
        signe = -1 if genre == TypeFacture.AVOIR else 1
        montants[debut] = montants.get(debut, ZERO_CENT) + signe * montant
    return montants


def echeances_dues(session: Session) -> list[Echeance]:
    """What remains to pay on issued factures and acomptes, by due date."""
    du = sommes(Mesure.DU)
    rows = session.execute(
        select(du.c.jour, func.sum(du.c.nombre), func.sum(du.c.montant)).group_by(du.c.jour)
    )
    return [Echeance(le, int(nombre), reste) for le, nombre, reste in rows if nombre]


def count_brouillons(session: Session) -> int:
    """Factures and avoirs prepared and not issued."""
    return session.scalars(
        select(func.count(Facture.id)).where(Facture.statut == StatutFacture.BROUILLON)
    ).one()


def encaisse_du_mois(session: Session, le: date) -> Decimal:
    """Money received this month so far, what was given back taken off."""
    encaisse = sommes(Mesure.ENCAISSE)
    total = session.scalar(
        select(func.sum(encaisse.c.montant)).where(encaisse.c.jour.between(premier_du_mois(le), le))
    )
    return total or ZERO_CENT
