"""Every field of every body, form and address, against the payloads that fit it."""

import json
from urllib.parse import quote

import pytest

from tests.badinput.banc import Banc
from tests.badinput.catalogue import CORPS, DATES, IMPOSES, NOMBRES, SQL, TOUS_LES_TEXTES
from tests.badinput.champs import (
    Champ,
    champs_de_formulaire,
    champs_de_requete,
    champs_json,
    placer,
    tourner,
)

JSON = {"Content-Type": "application/json"}


def test_chaque_champ_json(banc: Banc, pas: int) -> None:
    champs = champs_json(banc.app)

    assert any(champ.place == ("lignes", 0, "quantite") for champ in champs)
    for champ, essai in tourner(champs, pas):
        corps = placer(banc.corps(champ.route).get("json", {}), champ.place, essai)
        banc.essayer(
            champ.route,
            f"{champ} = {essai}",
            content=corps.encode(errors="surrogatepass"),
            headers=JSON,
        )
    banc.conclure()


def test_chaque_champ_json_absent_ou_nul(banc: Banc) -> None:
    for champ in champs_json(banc.app):
        valable = banc.corps(champ.route).get("json", {})
        sans = {nom: valeur for nom, valeur in valable.items() if nom != champ.place[0]}
        nul = placer(valable, champ.place, "null")
        banc.essayer(champ.route, f"{champ} nul", content=nul, headers=JSON)
        banc.essayer(champ.route, f"{champ} absent", json=sans)
    banc.conclure()


@pytest.mark.un_moteur
def test_chaque_champ_de_formulaire(banc: Banc, pas: int) -> None:
    champs = list(champs_de_formulaire(banc.app))

    assert any(champ.route == "POST /factures/{facture_id}/reglement" for champ in champs)
    for champ, essai in tourner(champs, pas):
        valable = banc.corps(champ.route)
        donnees = {**valable.get("data", {}), str(champ.place[0]): essai}
        banc.essayer(champ.route, f"{champ} = {essai}", **{**valable, "data": donnees})
    banc.conclure()


def test_chaque_parametre_d_adresse(banc: Banc, pas: int) -> None:
    champs = list(champs_de_requete(banc.app))

    assert {"tri", "curseur", "limite", "q"} <= {str(champ.place[0]) for champ in champs}
    for rang, (champ, essai) in enumerate(tourner(champs, 2 * pas)):
        nom = str(champ.place[0])
        suite = f"{nom}={quote(essai, safe='')[:4000]}"
        if rang % 3 == 0:  # the same name again, and as a list
            suite += f"&{nom}=1&{nom}[]=x"
        debut = banc.question(champ.route)
        adresse = banc.adresse(champ.route) + debut + ("&" if debut else "?") + suite
        banc.essayer(champ.route, f"{champ} = {essai}", adresse=adresse)
    banc.conclure()


@pytest.mark.un_moteur
def test_un_tri_ou_un_filtre_forge_n_est_jamais_du_sql(banc: Banc) -> None:
    """Only the names of the list are sorts: anything else is a refusal, not a statement."""
    for champ in champs_de_requete(banc.app):
        if champ.place == ("tri",):
            for essai in SQL:
                adresse = f"{banc.adresse(champ.route)}?tri={quote(essai)}"
                reponse = banc.essayer(champ.route, essai, adresse=adresse)
                assert reponse is not None
                permis = (
                    {200, 422} if "export" in champ.route else {422}
                )  # some have one order only
                assert reponse.status_code in permis, f"{champ} {essai}"
    banc.conclure()


@pytest.mark.un_moteur
def test_chaque_identifiant_d_adresse(banc: Banc, pas: int) -> None:
    essais = [e for e in (*TOUS_LES_TEXTES, *NOMBRES, *DATES) if 0 < len(e) < 2000]
    routes = {champ.route for champ in champs_json(banc.app)} | {
        champ.route for champ in champs_de_formulaire(banc.app)
    }
    avec = [Champ(route, ("adresse",), essais) for route in sorted(routes) if "{" in route]
    for champ, essai in tourner(avec, pas):
        chemin = champ.route.split()[1]
        debut, _, fin = chemin.partition("{")
        segment = quote(essai, safe="", errors="replace")
        adresse = debut + segment + fin.partition("}")[2].replace("{", "x").replace("}", "")
        reponse = banc.essayer(champ.route, essai, adresse=adresse, **banc.corps(champ.route))
        assert reponse is None or reponse.status_code >= 303, f"{champ.route} {essai}"
    banc.conclure()


@pytest.mark.un_moteur
def test_chaque_corps_mal_forme(banc: Banc, pas: int) -> None:
    rangs = [str(rang) for rang in range(len(CORPS))]
    routes = sorted({champ.route for champ in champs_json(banc.app)})
    for champ, rang in tourner([Champ(r, ("corps",), rangs) for r in routes], max(1, pas // 4)):
        corps = CORPS[int(rang)]
        banc.essayer(champ.route, repr(corps[:60]), content=corps, headers=JSON)
    banc.conclure()


def test_un_autre_type_de_contenu_n_est_pas_du_json(banc: Banc) -> None:
    corps = json.dumps({"nom": "x", "clientId": banc.dossier["client"]}).encode()
    genres = ("application/x-www-form-urlencoded", "text/plain", "application/xml", "", "a/b; c=d")
    for cle in ("POST /api/v1/clients", "POST /api/v1/devis", "POST /api/v1/factures"):
        for genre in genres:
            reponse = banc.essayer(cle, genre, content=corps, headers={"Content-Type": genre})
            assert reponse is not None
            assert reponse.status_code in {415, 422}, f"{cle} {genre}"
    banc.conclure()


def test_ce_que_le_serveur_decide_ne_s_impose_pas(banc: Banc) -> None:
    """Unknown fields are ignored: the object says the same of itself after as before."""
    for cle in (
        "PUT /api/v1/devis/{devis_id}",
        "PUT /api/v1/factures/{facture_id}",
        "PUT /api/v1/clients/{client_id}",
        "PUT /api/v1/chantiers/{chantier_id}",
        "PUT /api/v1/entreprise",
    ):
        avant = banc.client.get(
            banc.adresse(cle), headers={"Authorization": f"Bearer {banc.qui.jeton}"}
        ).json()
        reponse = banc.essayer(cle, "champs imposés", json=dict(IMPOSES))
        assert reponse is not None
        if reponse.status_code == 200:
            apres = reponse.json()
            communs = IMPOSES.keys() & avant.keys() - {"revision"}
            assert {c: apres[c] for c in communs} == {c: avant[c] for c in communs}, cle
        else:
            assert reponse.status_code == 422, reponse.text
    banc.conclure()


def test_les_entetes_forges(banc: Banc) -> None:
    cle = "PUT /api/v1/clients/{client_id}"
    for nom in ("Idempotency-Key", "If-Match", "Accept", "Accept-Language", "X-Request-Id"):
        for essai in ("", "x" * 5000, '"', "*, *", "\x7f", "\x01", '"-1"'):
            banc.essayer(cle, f"{nom}: {essai}", json={"notes": "x"}, headers={nom: essai})
    for entete in ({"X-HTTP-Method-Override": "DELETE"}, {"X-Method-Override": "DELETE"}):
        reponse = banc.essayer("GET /api/v1/clients/{client_id}", "méthode", headers=entete)
        assert reponse is not None
        assert reponse.status_code == 200
    banc.conclure()
