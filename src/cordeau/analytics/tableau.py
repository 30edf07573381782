"""The dashboard of a person: only the parts their role may read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from cordeau.analytics import a_traiter, queries, rules
from cordeau.analytics.a_traiter import ATraiter
from cordeau.analytics.queries import CompteChantiers, DevisParStatut
from cordeau.analytics.rules import Impayes, MoisFacture
from cordeau.chantiers.models import Chantier
from cordeau.core.permissions import Acteur, Permission
from cordeau.devis.states import StatutDevis
from cordeau.entreprise.queries import find_entreprise

DERNIERS_DEVIS = 8
PROCHAINS_CHANTIERS = 5
#: How long before its end an offer is worth a call.
PREAVIS_DEVIS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class PartDevis:
    """Devis: what is being written or waits for an answer, and how often clients agree."""

    par_statut: dict[StatutDevis, DevisParStatut]
    derniers: Sequence[Row[*tuple[Any, ...]]]
    a_facturer: int

    @property
    def en_cours(self) -> int:
        """Being written or with the client."""
        return self.par_statut[StatutDevis.BROUILLON].nombre + self.en_attente.nombre

    @property
    def en_attente(self) -> DevisParStatut:
        """With the client."""
        return self.par_statut[StatutDevis.ENVOYE]

    @property
    def taux_acceptation(self) -> Decimal | None:
        """Percent, none before the first answer."""
        decides = (StatutDevis.ACCEPTE, StatutDevis.REFUSE, StatutDevis.EXPIRE)
        return rules.taux_acceptation(*(self.par_statut[s].nombre for s in decides))


@dataclass(frozen=True, slots=True)
class PartFactures:
    """Factures: what was billed, what is owed, what is not issued yet."""

    mois: list[MoisFacture]
    impayes: Impayes
    brouillons: int

    @property
    def ce_mois(self) -> MoisFacture:
        """The current month."""
        return self.mois[-1]


@dataclass(frozen=True, slots=True)
class PartChantiers:
    """Chantiers: no amount."""

    compte: CompteChantiers
    prochains: list[Chantier]


@dataclass(frozen=True, slots=True)
class Tableau:
    """What this person sees today; a part is absent when they may not read it."""

    le: date
    devis: PartDevis | None
    factures: PartFactures | None
    encaisse: Decimal | None
    chantiers: PartChantiers | None
    a_traiter: list[ATraiter]


def lire_tableau(session: Session, acteur: Acteur, le: date) -> Tableau:
    """Read what `acteur` may see, on a day."""
    devis = _devis(session, le) if acteur.peut(Permission.DEVIS_LIRE) else None
    factures = _factures(session, le) if acteur.peut(Permission.FACTURE_LIRE) else None
    chantiers = _chantiers(session, le) if acteur.peut(Permission.CHANTIER_LIRE) else None
    encaisse = (
        queries.encaisse_du_mois(session, le) if acteur.peut(Permission.REGLEMENT_LIRE) else None
    )
    echeance = _echeance_assurance(session) if acteur.peut(Permission.ENTREPRISE_LIRE) else None
    taches = a_traiter.par_urgence(
        [*_taches(acteur, devis, factures, chantiers), *a_traiter.assurance(echeance, le)]
    )
    return Tableau(le, devis, factures, encaisse, chantiers, taches)


def _devis(session: Session, le: date) -> PartDevis:
    return PartDevis(
        par_statut=queries.devis_par_statut(session, le + PREAVIS_DEVIS),
        derniers=queries.derniers_devis(session, DERNIERS_DEVIS),
        a_facturer=queries.count_a_facturer(session),
    )


def _factures(session: Session, le: date) -> PartFactures:
    return PartFactures(
        mois=rules.douze_mois(queries.facture_par_mois(session, le), le),
        impayes=rules.vieillir(queries.echeances_dues(session), le),
        brouillons=queries.count_brouillons(session),
    )


def _chantiers(session: Session, le: date) -> PartChantiers:
    return PartChantiers(
        compte=queries.compter_chantiers(session, le),
        prochains=queries.prochains_chantiers(session, le, PROCHAINS_CHANTIERS),
    )


def _echeance_assurance(session: Session) -> date | None:
    entreprise = find_entreprise(session)
    return None if entreprise is None else entreprise.assurance_echeance


def _taches(
    acteur: Acteur,
    devis: PartDevis | None,
    factures: PartFactures | None,
    chantiers: PartChantiers | None,
) -> Iterator[ATraiter]:
    if factures is not None:
        yield from a_traiter.factures_en_retard(factures.impayes)
        if acteur.peut(Permission.FACTURE_ECRIRE):
            yield from a_traiter.factures_a_emettre(factures.brouillons)
    if devis is not None:
        yield from a_traiter.devis_bientot_expires(devis.en_attente.bientot_expires)
        if acteur.peut(Permission.FACTURE_ECRIRE):
            yield from a_traiter.devis_a_facturer(devis.a_facturer)
    if chantiers is not None:
        yield from a_traiter.chantiers_decales(chantiers.compte)
