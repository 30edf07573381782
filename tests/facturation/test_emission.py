"""Issuing: number, date, due date, and all that must be there."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cordeau.clients.states import TypeClient
from cordeau.core.adresse import Adresse
from cordeau.core.errors import ConflitError
from cordeau.core.jobs import Job
from cordeau.core.numbering import set_first_number
from cordeau.core.permissions import SYSTEME
from cordeau.devis.commands import reponse
from cordeau.documents.modele import Document
from cordeau.facturation.errors import (
    EmissionImpossibleError,
    FactureEmiseError,
)
from cordeau.facturation.queries import get_facture
from tests.clients.builders import NUMERO_TVA, un_client
from tests.devis.builders import LE_JOUR, un_devis_accepte, une_ligne
from tests.facturation.builders import (
    emettre,
    facturer,
    facturer_et_emettre,
    fautes,
    un_acompte,
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


def test_sous_franchise_aucune_tva_ne_se_facture(session: Session) -> None:
    une_entreprise(session, regime_tva="FRANCHISE", numero_tva="")

    with pytest.raises(EmissionImpossibleError) as refus:
        emettre(session, une_facture(session, lignes=[une_ligne(tauxTVA=20)]))

    assert [f.champ for f in refus.value.fautes] == ["tauxTVA"]
    assert emettre(session, une_facture(session)).montant_tva == 0


@pytest.mark.parametrize(
    ("genre", "dit", "tait"),
    [
        (TypeClient.PARTICULIER, "PENALITES_PARTICULIER", "INDEMNITE_40"),
        (TypeClient.PROFESSIONNEL, "PENALITES", "PENALITES_PUBLIC"),
        (TypeClient.PUBLIC, "PENALITES_PUBLIC", "PENALITES"),
    ],
)
def test_ce_que_coute_un_retard_depend_du_client(
    session: Session, genre: TypeClient, dit: str, tait: str
) -> None:
    client = un_client(session, type=genre, siren="732829320")

    facture = une_facture_emise(session, client=client)

    codes = {m.code for m in Document.model_validate_json(facture.contenu or "").mentions}
    assert dit in codes
    assert tait not in codes


def test_tout_ce_qui_manque_est_dit_d_un_coup(session: Session) -> None:
    vide = dict.fromkeys(("nom", "siren", "siret", "numero_tva"), "")
    une_entreprise(session, **vide, adresse=Adresse())
    client = un_client(session, type=TypeClient.PROFESSIONNEL, adresse=Adresse())
    facture = une_facture(
        session,
        client=client,
        lignes=[une_ligne(tauxTVA=12.3), une_ligne(tauxTVA=10), une_ligne(tauxTVA=5.5)],
    )

    with pytest.raises(EmissionImpossibleError) as refus:
        emettre(session, facture)

    assert fautes(refus) == {
        *(f"entreprise.{nom}" for nom in ("nom", "siren", "numeroTva", "adresse")),
        *("client.adresse", "client.siren", "tauxTVA", "attestationSignee"),
    }
    assert "12,3 %" in " ".join(faute.message for faute in refus.value.fautes)
    assert facture.numero is None


def test_une_facture_sans_aucun_prix_ne_s_emet_pas(session: Session) -> None:
    facture = une_facture(session, lignes=[une_ligne("0")])

    with pytest.raises(EmissionImpossibleError) as refus:
        emettre(session, facture)

    assert fautes(refus) == {"lignes"}


def test_l_autoliquidation_demande_de_quoi_nommer_le_preneur(session: Session) -> None:
    client = un_client(session, type=TypeClient.PARTICULIER)
    facture = une_facture(session, client=client, autoliquidation=True)

    with pytest.raises(EmissionImpossibleError) as refus:
        emettre(session, facture)
    client.numero_tva = NUMERO_TVA

    assert fautes(refus) == {"client.numeroTva"}
    assert emettre(session, facture).montant_tva == 0


def test_l_attestation_notee_sur_le_devis_apres_coup_vaut_pour_la_suite(session: Session) -> None:
    devis = un_devis_accepte(session, lignes=[une_ligne(tauxTVA=10)])
    with pytest.raises(EmissionImpossibleError):
        emettre(session, facturer(session, devis, pourcentage="50"))

    reponse.definir_attestation(session, devis.id, signee=True, actor=SYSTEME)

    assert emettre(session, facturer(session, devis)).numero == "FAC-2026-001"


def test_factures_et_acomptes_partagent_une_serie_les_avoirs_ont_la_leur(session: Session) -> None:
    devis = un_devis_accepte(session)
    acompte = un_acompte(session, devis)
    facture = facturer_et_emettre(session, devis)
    avoir = un_avoir_emis(session, facture)
    libre = une_facture_emise(session)

    numeros = [d.numero for d in (acompte, facture, avoir, libre)]
    assert numeros == ["FAC-2026-001", "FAC-2026-002", "AVO-2026-001", "FAC-2026-003"]


def test_le_numero_suit_l_annee_et_la_date_ne_recule_pas(session: Session) -> None:
    set_first_number(session, "FAC", 2026, 1000)
    numeros = [
        emettre(session, une_facture(session), le=jour).numero
        for jour in (date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 1))
    ]

    assert numeros == ["FAC-2026-1000", "FAC-2027-001", "FAC-2027-002"]
    with pytest.raises(ConflitError, match="01/01/2027"):
        emettre(session, une_facture(session), le=date(2026, 12, 31))


def test_un_refus_ne_prend_pas_de_numero(session: Session) -> None:
    sans_adresse = un_client(session, "Sans adresse", adresse=Adresse())
    with pytest.raises(EmissionImpossibleError):
        emettre(session, une_facture(session, client=sans_adresse))

    assert une_facture_emise(session).numero == "FAC-2026-001"


@pytest.mark.parametrize(
    ("champs", "delai", "echeance"),
    [
        ({}, None, date(2026, 4, 1)),
        ({}, 45, date(2026, 4, 16)),
        ({}, 0, LE_JOUR),
        ({"dateEcheance": "2026-03-15"}, 45, date(2026, 3, 15)),
    ],
)
def test_l_echeance_vient_de_la_facture_du_client_ou_de_l_entreprise(
    session: Session, champs: dict[str, Any], delai: int | None, echeance: date
) -> None:
    client = un_client(session, delai_paiement=delai)

    facture = une_facture_emise(session, client=client, **champs)

    assert facture.date_echeance == echeance


def test_une_echeance_passee_est_refusee(session: Session) -> None:
    facture = une_facture(session, dateEcheance="2026-03-01")

    with pytest.raises(ConflitError) as refus:
        emettre(session, facture)

    assert "01/03/2026" in str([refus.value.message, refus.value.fautes])


def test_le_document_emis_garde_l_identite_d_alors(session: Session) -> None:
    facture = une_facture_emise(session)

    facture.client.nom = "Nouveau nom"
    une_entreprise(session, nom="Autre raison sociale")

    document = Document.model_validate_json(get_facture(session, facture.id).contenu or "")
    assert (document.emetteur.nom, document.destinataire.nom) == (
        "Guérin & Fils",
        "Constructeo",
    )


def test_emettre_deux_fois_est_refuse_et_ne_promet_qu_un_rendu(session: Session) -> None:
    facture = une_facture_emise(session)

    with pytest.raises(FactureEmiseError):
        emettre(session, facture)

    promis = select(func.count()).select_from(Job).where(Job.nom == "facturation.rendre")
    assert session.scalar(promis) == 1
