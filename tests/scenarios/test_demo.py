"""The demonstration firm: complete, coherent, and the same each time."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cordeau import demo
from cordeau.auth.commands import ouvrir_session
from cordeau.chantiers.models import Chantier
from cordeau.chantiers.states import StatutChantier
from cordeau.clients.models import Client
from cordeau.clients.states import TypeClient
from cordeau.comptabilite.verification import verifier
from cordeau.core.dates import a_paris
from cordeau.core.db import Database
from cordeau.core.journal import Evenement
from cordeau.core.permissions import Role
from cordeau.devis.models import Devis, LigneDevis
from cordeau.devis.states import StatutDevis, TypeLigne
from cordeau.entreprise.controle import points_de_controle
from cordeau.entreprise.queries import entreprise_or_blank
from cordeau.entreprise.schemas import EntrepriseSchema
from cordeau.facturation.demo_dossiers import DOSSIERS
from cordeau.facturation.models import Facture, Reglement, Solde, TvaFacture
from cordeau.facturation.states import StatutFacture, StatutPaiement, TypeFacture, statut_paiement

#: A Saturday and the first of a year: no document bears this day.
LE = date(2028, 1, 1)


def test_la_demonstration_raconte_deux_annees_de_l_entreprise(
    database: Database, tmp_path: Path
) -> None:
    """One loading for all that is to be seen: it takes a few seconds."""
    logins = demo.charger(database, le=LE)

    with database.write() as session:
        assert [login.role for login in logins] == list(Role)
        assert all(
            ouvrir_session(session, email=login.email, password=login.mot_de_passe)
            for login in logins
        )
    with database.read() as session:
        _tout_est_montre(session)
        _rien_n_est_du_hasard(session)
        _les_numeros_suivent_les_jours(session)
        _l_historique_suit_les_jours(session)
    assert verifier(database, tmp_path).anomalies == []


@pytest.mark.parametrize("jour", range(7))
def test_un_devis_sans_reponse_a_expire_quel_que_soit_le_jour(jour: int) -> None:
    """Else the first job of the day would change the figures under the eyes of who tries it."""
    le = LE + timedelta(days=jour)
    duree = EntrepriseSchema.model_fields["duree_validite"].default
    for dossier in DOSSIERS:
        if dossier.issue == StatutDevis.EXPIRE:
            redige = demo.jour_ouvre(le + timedelta(days=dossier.jour))
            expire = demo.jour_ouvre(le + timedelta(days=dossier.reponse))
            assert expire > redige + timedelta(days=duree), dossier.client


def _tout_est_montre(session: Session) -> None:
    assert set(session.scalars(select(Devis.statut))) == set(StatutDevis)
    assert set(session.scalars(select(LigneDevis.type))) == set(TypeLigne)
    assert set(session.scalars(select(Chantier.statut))) == set(StatutChantier)
    assert set(session.scalars(select(Client.type))) == set(TypeClient)
    assert set(session.scalars(select(Facture.type))) == set(TypeFacture)
    assert set(session.scalars(select(Facture.statut))) == set(StatutFacture)
    assert _statuts_de_paiement(session) == set(StatutPaiement)
    assert {Decimal("5.5"), Decimal(10), Decimal(20)} <= set(
        session.scalars(select(TvaFacture.taux))
    )
    assert session.scalar(select(Reglement.id).where(Reglement.annule_id.is_not(None)))
    assert session.scalar(select(Devis.id).where(Devis.version > 1))
    assert all(point.fait for point in points_de_controle(entreprise_or_blank(session), LE))


def _rien_n_est_du_hasard(session: Session) -> None:
    nombre, total = session.execute(
        select(func.count(), func.sum(Devis.montant_ht)).select_from(Devis)
    ).one()

    assert (nombre, total) == (51, Decimal("950916.36"))


def _les_numeros_suivent_les_jours(session: Session) -> None:
    for series in (TypeFacture.FACTURE, TypeFacture.ACOMPTE), (TypeFacture.AVOIR,):
        dates = list(
            session.scalars(
                select(Facture.date_tri)
                .where(Facture.type.in_(series), Facture.numero.is_not(None))
                .order_by(Facture.numero_tri)
            )
        )
        assert dates == sorted(dates)
        assert dates[0] > LE - timedelta(days=730)
        assert dates[-1] < LE
        assert max(jour.weekday() for jour in dates) <= demo.VENDREDI


def _l_historique_suit_les_jours(session: Session) -> None:
    """What is told of a document agrees with the day it bears."""
    emissions = session.execute(
        select(Facture.date_emission, Evenement.survenu_le)
        .join(Evenement, Evenement.objet_id == Facture.id)
        .where(Evenement.action.in_(["Facture émise", "Avoir émis"]))
    ).all()

    assert emissions
    assert all(jour == a_paris(instant).date() for jour, instant in emissions)


def _statuts_de_paiement(session: Session) -> set[StatutPaiement]:
    soldes = session.execute(
        select(Solde.reste, Facture.montant_ttc, Solde.date_echeance).join(
            Facture, Facture.id == Solde.facture_id
        )
    )
    return {statut_paiement(reste, du, echeance, LE) for reste, du, echeance in soldes}
