"""Pages of règlements, as people use them."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordeau.core.db import Database
from cordeau.core.listing import Demande
from cordeau.facturation import queries, reglements
from cordeau.facturation.comptes import ComptesClients
from cordeau.facturation.models import Facture, Reglement
from cordeau.facturation.reglements import FiltreReglement
from cordeau.facturation.rules import repartir_paiement
from tests.chantiers.builders import un_chantier
from tests.clients.builders import un_client
from tests.devis.builders import une_ligne
from tests.facturation.builders import (
    regler,
    un_avoir_emis,
    une_entreprise,
    une_facture,
    une_facture_emise,
)
from tests.gens import Navigateur

Ouvrir = Callable[..., Navigateur]
montants = st.decimals(min_value="0.01", max_value="9999.99", places=2)


@dataclass
class Compte:
    """A client who owes 50 € since before Cordeau, then 120 € and 240 €."""

    client_id: str
    premiere: Facture
    seconde: Facture

    @property
    def dus(self) -> list[str]:
        """The rows of the page, in its order."""
        return ["ouverture", str(self.premiere.id), str(self.seconde.id)]


@pytest.fixture
def compte(database: Database) -> Compte:
    with database.write() as session:
        une_entreprise(session)
        client = un_client(session, solde_ouverture=Decimal("50.00"))
        premiere, seconde = (
            une_facture_emise(session, client=client, lignes=[une_ligne(prix)])
            for prix in ("100", "200")
        )
    return Compte(str(client.id), premiere, seconde)


@given(st.lists(montants, max_size=6), montants)
def test_un_paiement_solde_d_abord_les_plus_anciennes(dus: list[Decimal], montant: Decimal) -> None:
    parts = repartir_paiement(montant, dus)

    assert sum(parts) == min(montant, sum(dus))
    assert all(0 <= part <= du for part, du in zip(parts, dus, strict=True))
    entamees = [part == du for part, du in zip(parts, dus, strict=True)]
    assert entamees == sorted(entamees, reverse=True)


def test_le_reglement_d_une_facture_est_propose_au_reste(
    database: Database, navigateur: Ouvrir, compte: Compte
) -> None:
    comptable = navigateur("comptable")
    url = f"/factures/{compte.premiere.id}"

    page = comptable.get(f"{url}/reglement").text
    suite = comptable.soumettre(
        f"{url}/reglement",
        {"montant": "20,50 €", "date": "03/03/2026", "mode": "CHEQUE", "reference": "n° 7"},
        suivre=True,
    )

    assert 'value="120,00"' in page
    assert "Règlement de 20,50\u00a0€ enregistré." in suite.text
    assert "99,50\u00a0€" in suite.text
    (recu,) = _tous(database)
    assert (recu.montant, recu.mode, recu.reference) == (Decimal("20.50"), "CHEQUE", "n° 7")


@pytest.mark.parametrize(
    ("champs", "champ", "statut"),
    [
        ({"montant": "121"}, "montant", 409),
        ({"montant": ""}, "montant", 422),
        ({"montant": "cent"}, "montant", 422),
        ({"montant": "10", "date": "31/02/2026"}, "date", 422),
        ({"montant": "10", "mode": "TROC"}, "mode", 422),
    ],
)
def test_un_reglement_refuse_dit_pourquoi_a_cote_du_champ(
    database: Database,
    navigateur: Ouvrir,
    compte: Compte,
    champs: dict[str, str],
    champ: str,
    statut: int,
) -> None:
    reponse = navigateur().soumettre(
        f"/factures/{compte.premiere.id}/reglement", champs | {"reference": "VIR 12"}
    )

    assert reponse.status_code == statut
    assert f'id="champ-{champ}-note"' in reponse.text
    assert 'value="VIR 12"' in reponse.text
    assert f'value="{champs["montant"]}"' in reponse.text
    assert _tous(database) == []


def test_un_brouillon_ou_une_facture_soldee_ne_se_regle_pas(
    database: Database, navigateur: Ouvrir, compte: Compte
) -> None:
    with database.write() as session:
        brouillon = une_facture(session)
        regler(session, compte.premiere, "120")
    chef = navigateur()

    for facture in (brouillon, compte.premiere):
        assert chef.get(f"/factures/{facture.id}/reglement").status_code == 409
        refus = chef.soumettre(f"/factures/{facture.id}/reglement", {"montant": "1"})
        assert refus.status_code == 409


def test_l_encaissement_commence_par_qui_doit(navigateur: Ouvrir, compte: Compte) -> None:
    page = navigateur().get("/reglements/nouveau").text

    assert f'href="/reglements/nouveau?client_id={compte.client_id}">Constructeo' in page
    assert "410,00\u00a0€" in page


def test_un_paiement_se_repartit_du_plus_ancien_au_plus_recent(
    database: Database, navigateur: Ouvrir, compte: Compte
) -> None:
    champs = {"client_id": compte.client_id, "montant": "200"}

    page = navigateur().soumettre("/reglements/repartition", champs).text

    assert "Tout est réparti" in page
    parts = [_part(page, cle) for cle in compte.dus]
    assert parts == ["50,00", "120,00", "30,00"]
    assert _tous(database) == []


def test_un_paiement_regle_plusieurs_factures_et_l_ouverture(
    database: Database, navigateur: Ouvrir, compte: Compte
) -> None:
    champs = _encaissement(compte, "200", ["", "120", "30"], choix=["ouverture"])

    suite = navigateur().soumettre("/reglements/nouveau", champs, suivre=True)

    assert "Règlement de 200,00\u00a0€ enregistré." in suite.text
    (recu,) = _tous(database)
    assert recu.montant == Decimal("200.00")
    assert sorted(i.montant for i in recu.imputations) == [30, 50, 120]
    with database.read() as session:
        assert queries.get_facture(session, compte.seconde.id).reste_a_payer == Decimal("210.00")


def test_sans_montant_le_paiement_vaut_ce_qui_est_coche(
    database: Database, navigateur: Ouvrir, compte: Compte
) -> None:
    champs = _encaissement(compte, "", ["", "", ""], choix=[compte.dus[2]])

    navigateur().soumettre("/reglements/nouveau", champs)

    assert [r.montant for r in _tous(database)] == [Decimal("240.00")]


@pytest.mark.parametrize(
    ("montant", "parts", "champ", "message", "statut"),
    [
        ("200", ["50", "100", ""], "montant", "Il reste 50,00\u00a0€ à répartir", 422),
        ("100", ["50", "100", ""], "montant", "dépassent de 50,00\u00a0€", 422),
        ("cent", ["50", "", ""], "montant", "Écrivez un nombre", 422),
        ("", ["", "", ""], "imputations", "Cochez au moins une facture", 422),
        ("", ["", "130", ""], "part-1", "Le montant dépasse ce qui reste dû", 409),
        ("", ["50", "x", ""], "part-1", "Écrivez un nombre", 422),
        ("", ["60", "", ""], "part-0", "Le montant dépasse ce qui reste dû", 409),
    ],
)
def test_un_encaissement_refuse_garde_ce_qui_est_tape(
    database: Database,
    navigateur: Ouvrir,
    compte: Compte,
    montant: str,
    parts: list[str],
    champ: str,
    message: str,
    statut: int,
) -> None:
    champs = _encaissement(compte, montant, parts)
    if champ.startswith("part-"):
        champ = f"part-{compte.dus[int(champ[-1])]}"

    reponse = navigateur().soumettre("/reglements/nouveau", champs)

    assert reponse.status_code == statut
    assert message in reponse.text
    assert f'href="#champ-{champ}"' in reponse.text
    assert [_part(reponse.text, cle) for cle in compte.dus] == parts
    assert _tous(database) == []


def test_un_avoir_a_rembourser_se_deduit_du_paiement(
    database: Database, navigateur: Ouvrir, compte: Compte
) -> None:
    with database.write() as session:
        regler(session, compte.premiere, "120")
        avoir = un_avoir_emis(session, compte.premiere)
    chef = navigateur()
    choix = {"client_id": compte.client_id, "montant": "170", "choix": [str(avoir.id)]}

    page = chef.soumettre("/reglements/repartition", choix).text
    chef.soumettre(
        "/reglements/nouveau",
        choix
        | {
            "du": ["ouverture", str(avoir.id), str(compte.seconde.id)],
            "part": ["50", "120", "240"],
        },
    )

    assert _part(page, str(compte.seconde.id)) == "240,00"
    assert _tous(database)[0].montant == Decimal("170.00")
    with database.read() as session:
        assert ComptesClients().par_client(session, [compte.premiere.client_id]) == {}


def test_un_client_inconnu_est_refuse(navigateur: Ouvrir) -> None:
    chef = navigateur()

    assert chef.soumettre("/reglements/nouveau", {"client_id": "x"}).status_code == 422
    assert "Choisissez le client." in chef.soumettre("/reglements/nouveau").text


def test_annuler_laisse_le_reglement_et_ecrit_son_inverse(
    database: Database, navigateur: Ouvrir, compte: Compte
) -> None:
    with database.write() as session:
        recu = regler(session, compte.premiere, "120")
    chef = navigateur()
    url = f"/reglements/{recu.id}/annulation"

    question = chef.get(url).text
    page = chef.soumettre(url, {"motif": "Chèque rejeté"}, suivre=True).text
    encore = chef.soumettre(url)

    assert "120,00\u00a0€" in question
    assert "Règlement annulé par une écriture inverse." in page
    assert "Chèque rejeté" in page
    assert [r.montant for r in _tous(database)] == [Decimal("-120.00"), Decimal("120.00")]
    assert encore.status_code == 409
    assert "déjà annulé" in encore.text


def test_la_liste_des_reglements_filtre_totalise_et_s_exporte(
    database: Database, navigateur: Ouvrir, compte: Compte
) -> None:
    with database.write() as session:
        regler(session, compte.premiere, "20")
        regler(session, compte.seconde, "30")
    comptable = navigateur("comptable")

    tout = comptable.get("/reglements", params={"clientId": compte.client_id}).text
    cheques = comptable.get("/reglements", params={"mode": "CHEQUE"}).text
    fichier = comptable.get("/reglements/export.csv", params={"q": "constructeo"})

    assert "2 écritures" in tout
    assert "50,00\u00a0€" in tout
    assert "Aucun règlement ne correspond" in cheques
    lignes = fichier.content.decode("utf-8-sig").splitlines()
    assert lignes[0] == "Date;Client;Factures;Mode;Référence;Montant;Motif d’annulation"
    assert len(lignes) == 3
    assert f"02/03/2026;Constructeo;{compte.premiere.numero};Virement;;20,00;" in lignes


def test_seul_qui_lit_les_reglements_les_voit(navigateur: Ouvrir) -> None:
    assert navigateur("commercial").get("/reglements").status_code == 403
    assert navigateur("technicien").get("/reglements/nouveau").status_code == 403


def test_le_chantier_raconte_ses_factures_et_ses_reglements(
    database: Database, navigateur: Ouvrir
) -> None:
    with database.write() as session:
        une_entreprise(session)
        client = un_client(session)
        chantier = un_chantier(session, client_id=client.id)
        facture = une_facture_emise(session, client=client, chantierId=chantier.id)
        regler(session, facture, "20")

    page = navigateur().get(f"/chantiers/{chantier.id}").text

    assert 'id="panneau-facturation"' in page
    assert "Règlement de" in page
    assert "100,00\u00a0€" in page
    technicien = navigateur("technicien").get(f"/chantiers/{chantier.id}").text
    assert "panneau-facturation" not in technicien


def test_les_soldes_des_clients_comptent_tout(database: Database, compte: Compte) -> None:
    comptes = ComptesClients()
    with database.write() as session:
        autre = un_client(session, "Dupont")
        credite = un_client(session, "Martin", solde_ouverture=Decimal("-10.00"))
        reglements_cle = regler(session, compte.premiere, "120").client_id

    with database.read() as session:
        ids = [reglements_cle, autre.id, credite.id]
        soldes = comptes.par_client(session, ids)
        debiteurs = set(session.scalars(comptes.debiteurs()))
        total = comptes.total(session, comptes.debiteurs())

    assert soldes == {reglements_cle: Decimal("290.00"), credite.id: Decimal("-10.00")}
    assert debiteurs == {reglements_cle}
    assert total == Decimal("290.00")


def _encaissement(
    compte: Compte, montant: str, parts: list[str], *, choix: list[str] | None = None
) -> dict[str, Any]:
    return {
        "client_id": compte.client_id,
        "montant": montant,
        "date": "2026-03-03",
        "mode": "VIREMENT",
        "du": compte.dus,
        "part": parts,
        "choix": choix or [],
    }


def _part(page: str, cle: str) -> str:
    """What the field of a due holds."""
    champ = page.split(f'id="champ-part-{cle}"')[1].split(">", maxsplit=1)[0]
    return champ.split('value="')[1].split('"')[0]


def _tous(database: Database) -> list[Reglement]:
    with database.read() as session:
        return reglements.list_reglements(session, Demande(), FiltreReglement()).elements
