"""Money received, given back, reversed; what each document still asks for."""

from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module
from uuid import UUID

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from cordeau.clients.models import Client
from cordeau.comptabilite.queries import Periode, lire_export_jde
from cordeau.core.errors import ConflitError, IntrouvableError, SaisieError
from cordeau.core.journal import list_history
from cordeau.core.listing import Demande
from cordeau.core.permissions import SYSTEME
from cordeau.facturation.commands import reglements
from cordeau.facturation.commands.reglements import SaisieReglement
from cordeau.facturation.models import Facture, Reglement, Solde
from cordeau.facturation.queries import FiltreFacture, list_factures
from cordeau.facturation.reglements import reste_ouverture, soldes_clients
from cordeau.facturation.schemas import paiement
from cordeau.facturation.states import ModeReglement, StatutPaiement
from cordeau.facturation.verification_soldes import verifier_soldes
from tests.clients.builders import un_client
from tests.devis.builders import LE_JOUR, une_ligne
from tests.facturation.builders import (
    regler,
    un_avoir_emis,
    une_entreprise,
    une_facture,
    une_facture_emise,
)

D = Decimal
pytestmark = pytest.mark.usefixtures("entreprise")


@pytest.fixture
def entreprise(session: Session) -> None:
    """The firm, complete."""
    une_entreprise(session)


def solde(session: Session, facture: Facture) -> Solde:
    """The balance of a document."""
    session.flush()
    return session.get_one(Solde, facture.id, populate_existing=True)


def reste(session: Session, facture: Facture) -> Decimal:
    """What it still asks for."""
    return solde(session, facture).reste


def payer(session: Session, client: Client, *imputations: tuple[Facture | None, str]) -> Reglement:
    """One payment over several documents; None is the opening balance."""
    parts: list[tuple[UUID | None, Decimal]] = [
        (facture.id if facture else None, D(montant)) for facture, montant in imputations
    ]
    saisie = SaisieReglement(LE_JOUR, ModeReglement.CHEQUE, "n° 12")
    return reglements.enregistrer(session, client.id, parts, saisie, actor=SYSTEME)


def annuler(session: Session, reglement: Reglement) -> Reglement:
    """Reverse a payment."""
    return reglements.annuler(
        session, reglement.id, motif="Chèque sans provision", actor=SYSTEME, le=date(2026, 3, 9)
    )


def test_un_reglement_partiel_puis_le_solde(session: Session) -> None:
    facture = une_facture_emise(session)

    regler(session, facture, "50")
    partiel = (reste(session, facture), solde(session, facture).solde_le)
    regler(session, facture, "70", le=date(2026, 3, 20))

    assert partiel == (D("70.00"), None)
    assert reste(session, facture) == 0
    assert solde(session, facture).solde_le == date(2026, 3, 20)
    assert solde(session, facture).regle == D("120.00")


@pytest.mark.parametrize("montant", ["120.01", "9999"])
def test_payer_plus_que_le_reste_est_refuse_avec_le_reste(session: Session, montant: str) -> None:
    facture = une_facture_emise(session)

    with pytest.raises(ConflitError, match="120,00 €") as refus:
        regler(session, facture, montant)

    assert refus.value.fautes[0].champ == "montant"
    assert reste(session, facture) == D("120.00")


@pytest.mark.parametrize("montant", ["0", "-5"])
def test_un_montant_nul_ou_negatif_est_refuse(session: Session, montant: str) -> None:
    with pytest.raises(SaisieError):
        regler(session, une_facture_emise(session), montant)


def test_un_brouillon_ne_se_regle_pas(session: Session) -> None:
    with pytest.raises(ConflitError, match="une fois émise"):
        regler(session, une_facture(session), "1")


def test_un_paiement_se_repartit_sur_plusieurs_factures(session: Session) -> None:
    client = un_client(session)
    premiere, seconde = (une_facture_emise(session, client=client) for _ in range(2))

    reglement = payer(session, client, (premiere, "120"), (seconde, "30"))

    assert reglement.montant == D("150.00")
    assert (reste(session, premiere), reste(session, seconde)) == (D("0.00"), D("90.00"))


def test_un_paiement_multiple_refuse_ne_change_rien(session: Session) -> None:
    client = un_client(session)
    premiere, seconde = (une_facture_emise(session, client=client) for _ in range(2))

    with pytest.raises(ConflitError) as refus, session.begin_nested():
        payer(session, client, (premiere, "120"), (seconde, "120.01"))

    assert refus.value.fautes[0].champ == "imputations[1].montant"
    assert (reste(session, premiere), reste(session, seconde)) == (D("120.00"), D("120.00"))


def test_une_facture_nommee_deux_fois_dans_un_paiement_est_refusee(session: Session) -> None:
    client = un_client(session, solde_ouverture=D(100), solde_ouverture_le=LE_JOUR)
    facture = une_facture_emise(session, client=client)

    for document in (facture, None):
        with pytest.raises(SaisieError) as refus:
            payer(session, client, (document, "70"), (document, "70"))
        assert refus.value.fautes[0].champ == "imputations[1].factureId"


def test_la_facture_d_un_autre_client_est_refusee(session: Session) -> None:
    facture = une_facture_emise(session)

    with pytest.raises(ConflitError, match="autre client"):
        payer(session, un_client(session, "Autre"), (facture, "10"))


def test_annuler_ecrit_l_inverse_et_garde_le_premier(session: Session) -> None:
    facture = une_facture_emise(session)
    reglement = regler(session, facture, "120")

    contre = annuler(session, reglement)

    assert (contre.montant, contre.annule_id) == (D("-120.00"), reglement.id)
    assert (contre.motif, contre.date) == ("Chèque sans provision", date(2026, 3, 9))
    assert reglement.montant == D("120.00")
    assert reste(session, facture) == D("120.00")
    assert solde(session, facture).solde_le is None
    actions = [e.action for e in list_history(session, "facture", facture.id)]
    assert "Règlement annulé" in actions


def test_un_reglement_s_annule_une_seule_fois_et_l_annulation_jamais(session: Session) -> None:
    reglement = regler(session, une_facture_emise(session), "120")
    contre = annuler(session, reglement)

    with pytest.raises(ConflitError, match="déjà annulé"):
        annuler(session, reglement)
    with pytest.raises(ConflitError, match="annule déjà"):
        annuler(session, contre)
    with pytest.raises(IntrouvableError):
        reglements.annuler(session, UUID(int=9), motif="", actor=SYSTEME, le=LE_JOUR)


def test_un_avoir_solde_une_facture_impayee(session: Session) -> None:
    facture = une_facture_emise(session)

    avoir = un_avoir_emis(session, facture)

    assert (reste(session, facture), reste(session, avoir)) == (D("0.00"), D("0.00"))
    assert solde(session, facture).credite == D("120.00")
    assert list(verifier_soldes(session.connection())) == []
    with pytest.raises(ConflitError, match="0,00 €"):
        regler(session, facture, "1")


def test_un_avoir_sur_une_facture_payee_se_rembourse(session: Session) -> None:
    facture = une_facture_emise(session)
    regler(session, facture, "100")
    avoir = un_avoir_emis(session, facture)
    assert (reste(session, facture), reste(session, avoir)) == (D("0.00"), D("100.00"))

    with pytest.raises(ConflitError, match="100,00 €"):
        regler(session, avoir, "100.01")
    remboursement = regler(session, avoir, "100")

    assert remboursement.montant == D("-100.00")
    assert reste(session, avoir) == 0


def test_un_document_est_solde_au_dernier_jour_de_ses_reglements(session: Session) -> None:
    facture = une_facture_emise(session)
    regler(session, facture, "60", le=LE_JOUR + timedelta(days=23))
    regler(session, facture, "40", le=LE_JOUR + timedelta(days=10))
    annule = regler(session, facture, "20", le=LE_JOUR + timedelta(days=40))
    assert solde(session, facture).solde_le == LE_JOUR + timedelta(days=40)

    annuler(session, annule)
    assert solde(session, facture).solde_le is None
    regler(session, facture, "20", le=LE_JOUR + timedelta(days=5))

    assert solde(session, facture).solde_le == LE_JOUR + timedelta(days=23)
    assert list(verifier_soldes(session.connection())) == []


@pytest.mark.hors_journal("une migration écrit sans l’application")
def test_la_mise_a_jour_remet_le_jour_ou_chaque_document_fut_solde(session: Session) -> None:
    tard, tot = une_facture_emise(session), une_facture_emise(session)
    for jours in (23, 10):
        regler(session, tard, "60", le=LE_JOUR + timedelta(days=jours))
    regler(session, tot, "120", le=LE_JOUR + timedelta(days=3))
    session.execute(
        update(Solde)
        .where(Solde.facture_id == tard.id)
        .values(solde_le=LE_JOUR + timedelta(days=10))
    )
    assert len(list(verifier_soldes(session.connection()))) == 1
    migration = import_module("cordeau.migrations.versions.20261126_1530_filtres_et_soldes")

    session.execute(text(migration.REPARER))

    assert solde(session, tard).solde_le == LE_JOUR + timedelta(days=23)
    assert solde(session, tot).solde_le == LE_JOUR + timedelta(days=3)
    assert list(verifier_soldes(session.connection())) == []


def test_un_remboursement_n_est_jamais_en_retard(session: Session) -> None:
    facture = une_facture_emise(session)
    regler(session, facture, "120")
    avoir = un_avoir_emis(session, facture)
    bien_apres = LE_JOUR + timedelta(days=400)
    filtre = FiltreFacture(paiements=[StatutPaiement.EN_RETARD])

    export = lire_export_jde(session, Periode(), bien_apres)
    en_retard = list_factures(session, Demande(), filtre, bien_apres).elements

    assert avoir.date_echeance is None
    assert paiement(avoir, bien_apres) == StatutPaiement.IMPAYE
    assert [ligne.statut_paiement for ligne in export.lignes] == ["IMPAYE", "PAYE"]
    assert en_retard == []


def test_annuler_un_remboursement_redonne_l_avoir_a_rendre(session: Session) -> None:
    facture = une_facture_emise(session)
    regler(session, facture, "120")
    avoir = un_avoir_emis(session, facture)
    remboursement = regler(session, avoir, "120")

    annuler(session, remboursement)

    assert reste(session, avoir) == D("120.00")


def test_un_avoir_partiel_laisse_la_difference_a_payer(session: Session) -> None:
    facture = une_facture_emise(session, lignes=[une_ligne("10", "10")])
    avoir = un_avoir_emis(session, facture, [(facture.lignes[0].id, "4")])

    assert (reste(session, facture), reste(session, avoir)) == (D("72.00"), D("0.00"))

    regler(session, facture, "72")
    assert reste(session, facture) == 0


def test_une_facture_et_son_avoir_se_compensent_avec_une_autre_facture(session: Session) -> None:
    client = un_client(session)
    payee = une_facture_emise(session, client=client)
    regler(session, payee, "120")
    avoir = un_avoir_emis(session, payee)
    autre = une_facture_emise(session, client=client, lignes=[une_ligne("200")])

    reglement = payer(session, client, (autre, "240"), (avoir, "120"))

    assert reglement.montant == D("120.00")
    assert (reste(session, autre), reste(session, avoir)) == (D("0.00"), D("0.00"))


def test_une_facture_a_zero_est_payee_des_l_emission(session: Session) -> None:
    facture = une_facture_emise(session, remise={"pourcentage": 100})

    assert reste(session, facture) == 0
    assert solde(session, facture).solde_le == LE_JOUR


def test_le_solde_d_ouverture_se_paie_et_ne_se_depasse_pas(session: Session) -> None:
    client = un_client(session, solde_ouverture=D("500.00"), solde_ouverture_le=LE_JOUR)
    facture = une_facture_emise(session, client=client)

    reglement = payer(session, client, (None, "400"), (facture, "20"))

    assert reste_ouverture(session, client.id) == D("100.00")
    with pytest.raises(ConflitError, match="100,00 €"):
        payer(session, client, (None, "100.01"))
    annuler(session, reglement)
    assert reste_ouverture(session, client.id) == D("500.00")
    assert reste(session, facture) == D("120.00")


def test_ce_que_doit_un_client_compte_ouverture_factures_et_avoirs(session: Session) -> None:
    client = un_client(session, solde_ouverture=D("50.00"), solde_ouverture_le=LE_JOUR)
    autre = un_client(session, "Autre")
    payee = une_facture_emise(session, client=client)
    regler(session, payee, "120")
    un_avoir_emis(session, payee)
    une_facture_emise(session, client=client)
    une_facture(session, client=client)
    payer(session, client, (None, "20"))

    assert soldes_clients(session, [client.id, autre.id]) == {
        client.id: D("30.00"),
        autre.id: D("0.00"),
    }
