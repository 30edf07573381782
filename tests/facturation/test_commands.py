"""Billing an accepted devis: all that remains, a part, an acompte; and free drafts."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from cordeau.core.errors import ConflitError, SaisieError
from cordeau.core.permissions import SYSTEME
from cordeau.documents.modele import Document
from cordeau.facturation.commands import brouillon
from cordeau.facturation.errors import (
    AcompteExcessifError,
    FactureEmiseError,
    RienAFacturerError,
    TropFactureError,
)
from cordeau.facturation.states import TypeFacture
from tests.chantiers.builders import un_chantier
from tests.clients.builders import un_client
from tests.devis.builders import un_devis, un_devis_accepte, un_lot, une_ligne
from tests.facturation.builders import (
    TROIS_TAUX,
    emettre,
    facturer,
    facturer_et_emettre,
    fautes,
    lignes,
    modifier,
    tva,
    un_acompte,
    un_avoir,
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


def test_tout_le_devis_d_un_coup_avec_ses_lots_et_ses_textes(session: Session) -> None:
    devis = un_devis_accepte(
        session,
        remise={"pourcentage": 7},
        attestationSignee=True,
        objet="Villa",
        lignes=[
            un_lot("A"),
            une_ligne("208.72", parentId="A"),
            {"type": "TEXTE", "designation": "Selon plan", "parentId": "A"},
            une_ligne("143.93", tauxTVA=10),
            une_ligne("56.08", tauxTVA=5.5),
            une_ligne("999", type="OPTION"),
            {"type": "SOUS_TOTAL"},
        ],
    )

    facture = facturer(session, devis)

    assert [li.type for li in facture.lignes] == [
        *("LOT", "LIGNE", "TEXTE", "LIGNE", "LIGNE", "SOUS_TOTAL")
    ]
    assert [li.numero for li in facture.lignes][:2] == ["1", "1.1"]
    assert (facture.montant_ttc, facture.remise_ht) == (D("435.20"), D("28.61"))
    assert (facture.statut, facture.numero, facture.objet) == ("BROUILLON", None, "Villa")
    assert facture.attestation_signee


def test_un_devis_non_accepte_ne_se_facture_pas(session: Session) -> None:
    with pytest.raises(ConflitError, match="Seul un devis accepté"):
        facturer(session, un_devis(session))


def test_une_fois_tout_facture_il_ne_reste_rien_brouillons_compris(session: Session) -> None:
    devis = un_devis_accepte(session)
    facture = facturer(session, devis)

    demandes: list[dict[str, Any]] = [
        {},
        {"pourcentage": "10"},
        {"type": TypeFacture.ACOMPTE, "pourcentage": "1"},
    ]
    for demande in demandes:
        with pytest.raises(RienAFacturerError):
            facturer(session, devis, **demande)

    brouillon.supprimer_brouillon(session, facture.id, actor=SYSTEME)
    assert facturer(session, devis).montant_ht == D("100.00")


def test_un_pourcentage_puis_le_reste(session: Session) -> None:
    devis = un_devis_accepte(session, lignes=[une_ligne("33.33"), une_ligne("10", "3")])

    partie = facturer_et_emettre(session, devis, pourcentage="30")
    reste = facturer_et_emettre(session, devis)

    assert [li.quantite for li in partie.lignes] == [D("0.3"), D("0.9")]
    assert (partie.montant_ht, reste.montant_ht) == (D("19.00"), D("44.33"))
    assert partie.montant_ttc + reste.montant_ttc == devis.montant_ttc


def test_des_lignes_choisies(session: Session) -> None:
    devis = un_devis_accepte(session, lignes=[une_ligne("10", "45"), une_ligne("99")])
    premiere = devis.lignes[0].id

    partie = facturer(session, devis, lignes=[(premiere, "20")])
    reste = facturer(session, devis)

    assert partie.montant_ht == D("200.00")
    assert [li.quantite for li in reste.lignes] == [D(25), D(1)]


def test_au_dela_de_l_accepte_la_ligne_est_nommee(session: Session) -> None:
    devis = un_devis_accepte(session, lignes=[une_ligne("10", "45"), une_ligne("99")])
    premiere, seconde = (li.id for li in devis.lignes)
    facturer(session, devis, lignes=[(premiere, "20")])

    with pytest.raises(TropFactureError) as refus:
        facturer(session, devis, lignes=[(seconde, "1"), (premiere, "25.0001")])

    assert fautes(refus) == {"lignes[1].quantite"}
    assert "Il reste 25 " in refus.value.fautes[0].message
    with pytest.raises(TropFactureError):
        facturer(session, devis, lignes=[(premiere, "13"), (premiere, "13")])


def test_la_ligne_d_un_autre_devis_est_refusee(session: Session) -> None:
    devis, autre = un_devis_accepte(session), un_devis_accepte(session)

    with pytest.raises(TropFactureError):
        facturer(session, devis, lignes=[(autre.lignes[0].id, "1")])


def test_un_avoir_ne_part_pas_d_un_devis(session: Session) -> None:
    with pytest.raises(SaisieError):
        facturer(session, un_devis_accepte(session), type=TypeFacture.AVOIR)


def test_l_acompte_se_partage_entre_les_taux_et_le_solde_le_deduit(session: Session) -> None:
    devis = un_devis_accepte(session, attestationSignee=True, lignes=TROIS_TAUX)

    acompte = un_acompte(session, devis, "30")
    solde = facturer_et_emettre(session, devis)

    assert tva(acompte) == {
        D(20): (D("300.00"), D("60.00")),
        D(10): (D("150.00"), D("15.00")),
        D("5.5"): (D("60.00"), D("3.30")),
    }
    assert [
        (li.quantite, li.prix_unitaire_ht, li.montant_ht) for li in lignes(solde, "DEDUCTION")
    ] == [
        (D(-1), D(300), D("-300.00")),
        (D(-1), D(150), D("-150.00")),
        (D(-1), D(60), D("-60.00")),
    ]
    assert f"Acompte {acompte.numero} du 02/03/2026" in lignes(solde, "DEDUCTION")[0].designation
    assert solde.montant_ht == D("1190.00")
    assert acompte.montant_ttc + solde.montant_ttc == devis.montant_ttc
    document = Document.model_validate_json(solde.contenu or "")
    assert (document.cadre, [r.numero for r in document.references]) == ("S4", [acompte.numero])


def test_l_acompte_demande_un_pourcentage(session: Session) -> None:
    devis = un_devis_accepte(session)

    with pytest.raises(SaisieError):
        facturer(session, devis, type=TypeFacture.ACOMPTE)
    with pytest.raises(SaisieError):
        facturer(
            session,
            devis,
            type=TypeFacture.ACOMPTE,
            pourcentage="30",
            lignes=[(devis.lignes[0].id, "1")],
        )


def test_les_acomptes_ne_depassent_pas_le_devis(session: Session) -> None:
    devis = un_devis_accepte(session)
    un_acompte(session, devis, "60")

    with pytest.raises(AcompteExcessifError, match="40,00 € HT au plus"):
        un_acompte(session, devis, "41")


def test_deux_acomptes_de_moitie_font_le_tout_malgre_l_arrondi(session: Session) -> None:
    devis = un_devis_accepte(session, lignes=[une_ligne("100.01")])

    moities = [un_acompte(session, devis, "50").montant_ht for _ in range(2)]
    solde = facturer_et_emettre(session, devis)

    assert moities == [D("50.01"), D("50.00")]
    assert solde.montant_ttc == 0
    assert sum(moities) == devis.montant_ht


def test_un_acompte_en_brouillon_doit_pouvoir_etre_repris(session: Session) -> None:
    devis = un_devis_accepte(session)
    facturer(session, devis, type=TypeFacture.ACOMPTE, pourcentage="30")

    assert facturer(session, devis, pourcentage="70").montant_ht == D("70.00")
    with pytest.raises(ConflitError, match="encore en brouillon"):
        facturer(session, devis)


def test_un_acompte_credite_n_est_plus_deduit(session: Session) -> None:
    devis = un_devis_accepte(session)
    avoir = un_avoir_emis(session, un_acompte(session, devis))

    solde = facturer_et_emettre(session, devis)

    assert Document.model_validate_json(avoir.contenu or "").code_type == "503"
    assert lignes(solde, "DEDUCTION") == []
    assert solde.montant_ht == D("100.00")


def test_un_acompte_deduit_ne_se_credite_plus(session: Session) -> None:
    devis = un_devis_accepte(session)
    acompte = un_acompte(session, devis)
    facturer_et_emettre(session, devis)

    with pytest.raises(ConflitError, match="déjà déduit"):
        un_avoir(session, acompte)


def test_un_avoir_d_acompte_prepare_avant_la_deduction_ne_s_emet_plus(session: Session) -> None:
    devis = un_devis_accepte(session)
    avoir = un_avoir(session, un_acompte(session, devis))
    solde = facturer(session, devis)

    with pytest.raises(ConflitError, match="déjà déduit"):
        emettre(session, avoir)

    brouillon.supprimer_brouillon(session, solde.id, actor=SYSTEME)
    assert emettre(session, avoir).numero == "AVO-2026-001"


def test_une_facture_libre_garde_ce_qui_n_est_pas_donne(session: Session) -> None:
    facture = une_facture(
        session,
        remise={"pourcentage": 10},
        objet="Dépannage",
        lignes=[un_lot("A"), une_ligne("80", parentId="A", tauxTVA=10), une_ligne("20")],
    )
    ttc = facture.montant_ttc

    assert modifier(session, facture, conditions="Comptant").montant_ttc == ttc
    assert modifier(session, facture, lignes=[une_ligne("200")]).montant_ht == D("180.00")
    assert modifier(session, facture, remise={"montant": 50}).montant_ht == D("150.00")
    assert modifier(session, facture, autoliquidation=True).montant_tva == 0
    assert modifier(session, facture, autoliquidation=False).montant_ttc == D("180.00")
    assert (facture.objet, facture.conditions) == ("Dépannage", "Comptant")


def test_changer_la_remise_seule_garde_les_lots(session: Session) -> None:
    facture = une_facture(
        session,
        lignes=[
            *(un_lot("A"), un_lot("B", parent="A"), une_ligne("80", parentId="B")),
            *(une_ligne("20", parentId="A", tauxTVA=10), {"type": "SOUS_TOTAL"}),
        ],
    )
    avant = [(li.type, li.numero, li.niveau, li.montant_ht) for li in facture.lignes]

    modifie = modifier(session, facture, remise={"pourcentage": 50})

    assert [(li.type, li.numero, li.niveau, li.montant_ht) for li in modifie.lignes] == avant
    assert tva(modifie) == {D(20): (D(40), D(8)), D(10): (D(10), D(1))}


def test_le_chantier_d_une_facture_libre_se_change_seul(session: Session) -> None:
    client = un_client(session)
    chantier = un_chantier(session, client_id=client.id)
    facture = une_facture(session, client=client)

    assert modifier(session, facture, chantierId=str(chantier.id)).chantier_id == chantier.id
    assert modifier(session, facture, objet="X").chantier_id == chantier.id
    with pytest.raises(SaisieError):
        modifier(session, facture, clientId=str(un_client(session, "Autre").id))


def test_les_lignes_d_un_brouillon_de_devis_ne_s_ecrivent_pas(session: Session) -> None:
    facture = facturer(session, un_devis_accepte(session))

    assert modifier(session, facture, objet="Solde").objet == "Solde"
    with pytest.raises(SaisieError):
        modifier(session, facture, lignes=[une_ligne()])


def test_une_facture_n_a_pas_d_option(session: Session) -> None:
    with pytest.raises(SaisieError) as refus:
        une_facture(session, lignes=[une_ligne(), une_ligne(type="OPTION")])

    assert fautes(refus) == {"lignes[1].type"}


def test_une_facture_emise_ne_se_modifie_ni_ne_se_supprime(session: Session) -> None:
    facture = une_facture_emise(session)

    with pytest.raises(FactureEmiseError):
        modifier(session, facture, objet="X")
    with pytest.raises(FactureEmiseError):
        brouillon.supprimer_brouillon(session, facture.id, actor=SYSTEME)
