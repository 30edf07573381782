"""What the dashboard reads, by role."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import event

from cordeau.analytics.tableau import Tableau, lire_tableau
from cordeau.chantiers.commands import changer_statut
from cordeau.chantiers.states import StatutChantier
from cordeau.core.db import Database
from cordeau.core.permissions import SYSTEME, Acteur, Role
from cordeau.devis.states import StatutDevis
from cordeau.facturation.states import TypeFacture
from tests.analytics.builders import un_devis, un_reglement
from tests.chantiers.builders import un_chantier
from tests.clients.builders import un_client
from tests.comptabilite.builders import un_document_emis

LE = date(2026, 11, 21)


def test_les_devis_en_cours_sont_ceux_qu_on_redige_et_ceux_qui_attendent(
    database: Database,
) -> None:
    with database.write() as session:
        for statut in StatutDevis:
            un_devis(session, statut, "0.10")
        un_devis(session, StatutDevis.ENVOYE, "0.20", date_validite=LE + timedelta(days=7))

    devis = _tableau(database).devis

    assert devis is not None
    assert (devis.en_cours, devis.en_attente.nombre) == (3, 2)
    assert devis.en_attente.montant_ht == Decimal("0.30")
    assert devis.en_attente.bientot_expires == 1
    assert devis.taux_acceptation == Decimal("33.3")
    assert devis.a_facturer == 1
    assert devis.derniers[0].montant_ht == Decimal("0.20")


def test_le_facture_du_mois_compte_les_acomptes_et_retranche_les_avoirs(
    database: Database,
) -> None:
    with database.write() as session:
        un_document_emis(session, date(2026, 11, 1), "100.10")
        un_document_emis(session, LE, "50.20", type=TypeFacture.ACOMPTE)
        un_document_emis(session, LE, "0.30", type=TypeFacture.AVOIR)
        un_document_emis(session, date(2026, 10, 31), "7.00")
        un_document_emis(session, date(2025, 11, 30), "3.00")

    factures = _tableau(database).factures

    assert factures is not None
    assert factures.ce_mois.montant_ht == Decimal("150.00")
    assert factures.ce_mois.annee_precedente_ht == Decimal("3.00")
    assert factures.mois[-2].montant_ht == Decimal("7.00")


def test_les_impayes_ignorent_ce_qui_est_paye_et_les_avoirs(database: Database) -> None:
    hier = LE - timedelta(days=1)
    with database.write() as session:
        un_document_emis(session, hier, "100.00", echeance=hier, regle="20.00")
        un_document_emis(session, hier, "10.00", echeance=LE)
        un_document_emis(session, hier, "10.00", echeance=hier, regle="12.00", solde_le=hier)
        un_document_emis(session, hier, "10.00", echeance=hier, type=TypeFacture.AVOIR)

    tableau = _tableau(database)

    assert tableau.factures is not None
    impayes = tableau.factures.impayes
    assert (impayes.nombre, impayes.montant) == (2, Decimal("112.00"))
    assert (impayes.nombre_en_retard, impayes.montant_en_retard) == (1, Decimal("100.00"))
    assert tableau.a_traiter[0].texte == "1 facture en retard"


def test_l_encaisse_du_mois_retranche_ce_qui_fut_rendu(database: Database) -> None:
    with database.write() as session:
        client = un_client(session)
        un_reglement(session, date(2026, 11, 1), "500.10", client)
        un_reglement(session, LE, "-0.10", client)
        un_reglement(session, date(2026, 10, 31), "9.00", client)

    assert _tableau(database).encaisse == Decimal("500.00")


def test_les_chantiers_actifs_et_les_prochains(database: Database) -> None:
    with database.write() as session:
        demain = {"date_debut": LE + timedelta(days=1), "date_fin": LE + timedelta(days=9)}
        passe = {"date_debut": LE - timedelta(days=9), "date_fin": LE - timedelta(days=1)}
        un_chantier(session, "Demain", **demain)
        un_chantier(session, "Oublié", **passe)
        en_cours = un_chantier(session, "Dépassé", **passe)
        changer_statut(session, en_cours, StatutChantier.EN_COURS, actor=SYSTEME)
        suspendu = un_chantier(session, "Suspendu", **demain)
        changer_statut(session, suspendu, StatutChantier.SUSPENDU, actor=SYSTEME)

    tableau = _tableau(database)

    assert tableau.chantiers is not None
    assert (tableau.chantiers.compte.actifs, tableau.chantiers.compte.en_cours) == (3, 1)
    assert [c.nom for c in tableau.chantiers.prochains] == ["Demain"]
    assert [t.texte for t in tableau.a_traiter] == [
        "1 chantier à démarrer",
        "1 chantier à terminer",
    ]


@pytest.mark.parametrize(
    ("role", "parts"),
    [
        (Role.ADMIN, {"devis", "factures", "encaisse", "chantiers"}),
        (Role.COMPTABLE, {"devis", "factures", "encaisse", "chantiers"}),
        (Role.COMMERCIAL, {"devis", "factures", "chantiers"}),
        (Role.TECHNICIEN, {"chantiers"}),
    ],
)
def test_chacun_ne_voit_que_ce_qu_il_peut_lire(
    database: Database, role: Role, parts: set[str]
) -> None:
    tableau = _tableau(database, role)

    vues = {p for p in ("devis", "factures", "encaisse", "chantiers") if _a(tableau, p)}
    assert vues == parts


def test_le_tableau_coute_autant_de_requetes_plein_que_vide(database: Database) -> None:
    vide = _cout(database)
    with database.write() as session:
        for rang in range(12):
            le = LE - timedelta(days=40 * rang)
            un_document_emis(session, le, echeance=le)
            un_devis(session, list(StatutDevis)[rang % 5])
            un_chantier(session, date_debut=LE, date_fin=LE)

    assert _cout(database) == vide <= 10


def _tableau(database: Database, role: Role = Role.ADMIN) -> Tableau:
    with database.read() as session:
        return lire_tableau(session, Acteur(UUID(int=1), "Camille", "c@exemple.fr", role), LE)


def _a(tableau: Tableau, part: str) -> bool:
    return getattr(tableau, part) is not None


def _cout(database: Database) -> int:
    with _compter(database) as requetes:
        tableau = _tableau(database)
        assert tableau.chantiers is not None
        for chantier in tableau.chantiers.prochains:
            assert chantier.client.nom
    return len(requetes)


@contextmanager
def _compter(database: Database) -> Iterator[list[str]]:
    requetes: list[str] = []

    def noter(_c: object, _cursor: object, statement: str, *_reste: object) -> None:
        if statement.startswith("SELECT"):
            requetes.append(statement)

    event.listen(database.engine, "before_cursor_execute", noter)
    try:
        yield requetes
    finally:
        event.remove(database.engine, "before_cursor_execute", noter)
