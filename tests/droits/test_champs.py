"""Fields, not only doors: what each role may read wherever it may enter, in every form."""

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from cordeau.core import permissions
from cordeau.core.permissions import DROITS, Permission, Role
from tests.dossier import BIC, COUT, IBAN, PRIX, Dossier, remplir
from tests.droits.identites import identites
from tests.droits.lecture import contient, lire
from tests.droits.parcours import parcourir

#: The price of a row with its VAT, and the margin it leaves.
TTC, MARGE, TAUX_MARGE = "5185.88", "1601.74", "37.06"

#: Where a person who may not open the settings still reads the account to pay: on what is printed.
IMPRIMES = {"/pdf", "/xml"}

pytestmark = pytest.mark.un_moteur

Lecteur = Callable[[str], list[tuple[str, str]]]


@pytest.fixture
def dossier(app: FastAPI) -> Dossier:
    """The firm, one object of each kind."""
    return remplir(app.state.database)


@pytest.fixture
def lecteur(app: FastAPI, dossier: Dossier) -> Iterator[Lecteur]:
    """`lecteur("technicien")`: every GET this role may ask, with what it reads there."""
    personnes = {qui.role: qui for qui in identites(app) if qui.cookie}
    with TestClient(app) as client:
        yield lambda role: [
            (adresse, lire(reponse))
            for adresse, reponse in parcourir(client, personnes[role], dossier)
        ]


def test_le_technicien_ne_lit_ni_prix_ni_cout_ni_marge_ni_iban(lecteur: Lecteur) -> None:
    fuites = [
        f"{adresse} : {secret}"
        for adresse, texte in lecteur("technicien")
        for secret in (PRIX, COUT, TTC, MARGE, TAUX_MARGE)
        if contient(texte, secret)
    ]
    fuites += [
        f"{adresse} : coordonnées bancaires"
        for adresse, texte in lecteur("technicien")
        if IBAN in texte or BIC in texte
    ]

    assert not fuites


def test_le_lecteur_trouve_ce_qui_est_permis(lecteur: Lecteur) -> None:
    """The secrets are there to be seen, in every form: what the other tests say is not vacuous."""
    lus = lecteur("admin")

    def vus(secret: str) -> set[str]:
        return {adresse.split(" ")[0] for adresse, texte in lus if contient(texte, secret)}

    for secret, chemins in {
        PRIX: {"/api/v1/devis/{devis_id}", "/devis/{devis_id}/pdf", "/factures/{facture_id}/pdf"},
        COUT: {"/api/v1/devis/{devis_id}", "/devis/{devis_id}/modifier"},
        TTC: {"/devis/export.{genre}", "/factures/{facture_id}/xml", "/api/v1/factures"},
        MARGE: {"/devis/{devis_id}", "/devis/export.{genre}"},
        TAUX_MARGE: {"/api/v1/devis/{devis_id}"},
    }.items():
        assert chemins <= vus(secret), secret
    assert any(IBAN in texte for adresse, texte in lus if adresse.startswith("/api/v1/entreprise"))


def test_sans_le_droit_des_marges_aucun_cout_ne_se_lit(
    lecteur: Lecteur, monkeypatch: pytest.MonkeyPatch
) -> None:
    prives = {**DROITS, Role.COMMERCIAL: DROITS[Role.COMMERCIAL] - {Permission.MARGE_LIRE}}
    monkeypatch.setattr(permissions, "DROITS", prives)

    lus = lecteur("commercial")

    assert any(contient(texte, PRIX) for _, texte in lus)
    assert not [
        f"{adresse} : {secret}"
        for adresse, texte in lus
        for secret in (COUT, MARGE, TAUX_MARGE)
        if contient(texte, secret)
    ]
    devis = [texte for adresse, texte in lus if adresse.startswith("/api/v1/devis/")]
    assert any('"prixUnitaireHT"' in texte for texte in devis)
    assert not any('"coutUnitaireHT"' in texte or '"marge' in texte for texte in devis)


def test_le_commercial_ne_lit_le_compte_bancaire_que_sur_les_imprimes(lecteur: Lecteur) -> None:
    vus = {adresse for adresse, texte in lecteur("commercial") if IBAN in texte.replace(" ", "")}

    assert vus
    assert not [adresse for adresse in vus if not any(fin in adresse for fin in IMPRIMES)]


def test_la_recherche_du_technicien_ne_trouve_que_des_chantiers(lecteur: Lecteur) -> None:
    trouves = [texte for adresse, texte in lecteur("technicien") if "/recherche?q=" in adresse]

    assert any("/chantiers/" in texte for texte in trouves)
    for ailleurs in ("/clients/", "/devis/", "/factures/", "DEV-2026", "FAC-2026"):
        assert not [texte for texte in trouves if ailleurs in texte], ailleurs
