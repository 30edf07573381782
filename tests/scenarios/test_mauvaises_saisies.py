"""Bad input on every field of devis, factures and règlements: refused or kept whole, never a crash.

One oracle for all: an answer below 500, in French beside a field when it is a refusal, and
nothing written by a refusal.
"""

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from cordeau.core.db import Database
from cordeau.core.journal import Evenement
from cordeau.core.numbering import Serie
from tests.clients.builders import un_client
from tests.devis.builders import URL as DEVIS
from tests.devis.builders import un_devis, un_devis_accepte, une_ligne
from tests.facturation.builders import URL as FACTURES
from tests.facturation.builders import une_entreprise, une_facture, une_facture_emise
from tests.gens import TOUTE_VERSION

Api = Callable[..., TestClient]

#: Raw JSON values.
NOMBRES = (
    *("NaN", "Infinity", "-Infinity", "-0", "-0.0", "1e400", "1e-400", "0x10", "1_000"),
    *("0.005", "2.675", "1.005", "99999999999.99", "1e20", "9223372036854775808"),
    *("1." + "1" * 40, "1" * 400, "100.01", "-1", "0", "true", "null", "[12]", "{}"),
    *(
        '"12"',
        '"１２"',
        '"1,5"',
        '"1.234,56"',
        '"1 234,56"',
        '"1e3"',
        '"NaN"',
        '""',
        '" "',
        '"abc"',
    ),
)
DATES = (
    *(
        '"29/02/2027"',
        '"31/04/2026"',
        '"0000-01-01"',
        '"9999-12-31"',
        '"10000-01-01"',
        '"2026-W53"',
    ),
    *('"2026-03-29T02:30:00"', '"2026-01-01T00:00:00+14:00"', '"2016-12-31T23:59:60Z"', '"1"'),
    *("0", "1767225600", '"２０２６-01-01"', '"2026-1-1"', "true", "[]", '""', '"2199-12-31"'),
)
TEXTES = (
    *(
        '"\\u0000"',
        '"\\ud800"',
        '"\\ufeff\\u200b"',
        '"\\u202Egpj.exe"',
        '"   "',
        '"🏗️👷"',
        "12",
        "{}",
    ),
    *(json.dumps("e\u0301" * 200), json.dumps("Z\u0361" * 1000), json.dumps("a" * 1_000_000)),
    *(json.dumps(t) for t in ("' OR '1'='1", "<script>alert(1)</script>", "]]><x/>", "{{7*7}}")),
    *(json.dumps(t) for t in ("=cmd|' /C calc'!A0", "%(x)s{0.__class__}", "a\r\nBcc: x@y.fr")),
)
IDENTIFIANTS = ('"1 or 1=1"', '"' + "0" * 32 + '"', "1", "null", "{}", '""', '"../../etc/passwd"')

CHAMPS_DEVIS = {
    **dict.fromkeys(("tauxTVA", "remise", "autoliquidation", "attestationSignee"), NOMBRES),
    **dict.fromkeys(("dateEmission", "dateValidite", "dateDebutTravaux"), DATES),
    **dict.fromkeys(("objet", "conditions", "dureeTravaux"), TEXTES),
    **dict.fromkeys(("clientId", "chantierId"), IDENTIFIANTS),
    "lignes": (*NOMBRES, "[null]", '["x"]', "[[]]", "[{}]"),
}
CHAMPS_LIGNE = {
    **dict.fromkeys(("quantite", "prixUnitaireHT", "remise", "tauxTVA", "coutUnitaireHT"), NOMBRES),
    **dict.fromkeys(("designation", "description", "unite", "type"), TEXTES),
    **dict.fromkeys(("id", "parentId"), IDENTIFIANTS),
}
CHAMPS_FACTURE = {
    **{nom: CHAMPS_DEVIS[nom] for nom in ("tauxTVA", "remise", "autoliquidation", "lignes")},
    **dict.fromkeys(("dateEcheance", "datePrestation"), DATES),
    **dict.fromkeys(("objet", "referenceCommande", "referenceAcheteur"), TEXTES),
    **dict.fromkeys(("clientId", "chantierId"), IDENTIFIANTS),
}
CHAMPS_REGLEMENT = {"montant": NOMBRES, "date": DATES, "reference": TEXTES, "mode": TEXTES}
CORPS = (
    *("", "null", "[]", '"texte"', "{", '{"a":1,"a":2}', "{" * 100_000, "[" * 100_000),
    *('{"lignes":' + "[" * 5000 + "]" * 5000 + "}", "\x00", '{"lignes":null}', '{"a":\n1e999}'),
)


class Banc:
    """A program and the rows it aims at."""

    def __init__(self, database: Database, programme: TestClient) -> None:
        self.database, self.programme = database, programme
        with database.write() as session:
            une_entreprise(session)
            client = un_client(session)
            self.client_id = str(client.id)
            self.devis = f"{DEVIS}/{un_devis(session, client=client).id}"
            self.depuis = f"{FACTURES}/depuis-devis/{un_devis_accepte(session, client=client).id}"
            self.facture = f"{FACTURES}/{une_facture(session, client=client).id}"
            self.emise = f"{FACTURES}/{une_facture_emise(session, client=client).id}"

    def etat(self) -> tuple[int | None, ...]:
        """What every write changes: the history, and the numbers taken."""
        with self.database.read() as session:
            return (
                session.scalar(select(func.count()).select_from(Evenement)),
                session.scalar(select(func.sum(Serie.dernier_rang))),
            )

    def essayer(self, methode: str, url: str, corps: str) -> None:
        """One request; its answer must be calm, and a refusal must change nothing."""
        avant = self.etat()
        reponse = self.programme.request(
            methode,
            url,
            content=corps.encode(errors="surrogatepass"),
            headers={"Content-Type": "application/json", **TOUTE_VERSION},
        )

        essai = f"{methode} {url} {corps[:200]} → {reponse.status_code} {reponse.text[:300]}"
        assert reponse.status_code in (200, 201, 404, 409, 422), essai
        if reponse.status_code >= 400:
            probleme = reponse.json()
            assert probleme["detail"], essai
            if reponse.status_code == 422:
                assert all(erreur["message"] for erreur in probleme["errors"]), essai
                assert probleme["errors"], essai
            assert self.etat() == avant, essai


@pytest.fixture
def banc(database: Database, api: Api) -> Banc:
    """Everything in place."""
    return Banc(database, api())


def test_chaque_champ_d_un_devis(banc: Banc) -> None:
    for corps in _corps(CHAMPS_DEVIS):
        banc.essayer("PUT", banc.devis, corps)


def test_chaque_champ_d_une_ligne(banc: Banc) -> None:
    for champ, valeurs in CHAMPS_LIGNE.items():
        for valeur in valeurs:
            banc.essayer("PUT", banc.devis, f'{{"lignes":[{_avec(une_ligne(), champ, valeur)}]}}')


def test_chaque_champ_d_une_facture(banc: Banc) -> None:
    for corps in _corps(CHAMPS_FACTURE):
        banc.essayer("PUT", banc.facture, corps)


def test_chaque_champ_d_un_reglement(banc: Banc) -> None:
    for champ, valeurs in CHAMPS_REGLEMENT.items():
        for valeur in valeurs:
            banc.essayer(
                "POST", f"{banc.emise}/reglements", _avec({"montant": 0.01}, champ, valeur)
            )


def test_chaque_facon_de_facturer(banc: Banc) -> None:
    for valeur in NOMBRES:
        banc.essayer("POST", banc.depuis, f'{{"pourcentage":{valeur},"type":"ACOMPTE"}}')
        ligne = f'{{"ligneId":"{uuid4()}","quantite":{valeur}}}'
        banc.essayer("POST", banc.depuis, f'{{"lignes":[{ligne}]}}')
        banc.essayer("POST", f"{banc.emise}/avoir", f'{{"lignes":[{ligne}]}}')


def test_chaque_corps_mal_forme(banc: Banc) -> None:
    for corps in CORPS:
        for methode, url in (
            ("POST", DEVIS),
            ("PUT", banc.devis),
            ("POST", FACTURES),
            ("POST", f"{banc.emise}/reglements"),
        ):
            banc.essayer(methode, url, corps)


def test_un_autre_type_de_contenu_n_est_pas_du_json(banc: Banc) -> None:
    avant = banc.etat()
    for genre in ("application/x-www-form-urlencoded", "text/plain", "application/xml", ""):
        reponse = banc.programme.post(
            DEVIS, content=b"clientId=1&lignes=2", headers={"Content-Type": genre}
        )
        assert reponse.status_code in (415, 422), reponse.text
    assert banc.etat() == avant


def test_les_champs_que_le_serveur_decide_ne_s_imposent_pas(banc: Banc) -> None:
    impose = {
        "numero": "DEV-1999-001",
        "statut": "ACCEPTE",
        "montantTTC": 0,
        "version": 9,
        "id": str(uuid4()),
        "revision": 99,
        "devisId": str(uuid4()),
        "type": "AVOIR",
        "statutPaiement": "PAYE",
        "resteAPayer": 0,
        "role": "admin",
        "posted": True,
    }
    for url in (banc.devis, banc.facture):
        avant = banc.programme.get(url).json()
        assert banc.programme.put(url, json=impose, headers=TOUTE_VERSION).status_code == 200
        apres = banc.programme.get(url).json()
        assert {k: apres[k] for k in impose.keys() & apres.keys()} == {
            k: avant[k] for k in impose.keys() & apres.keys()
        }


def test_un_curseur_forge_est_refuse(banc: Banc) -> None:
    for url in (DEVIS, FACTURES, "/api/v1/reglements"):
        tri = "-numero" if url == DEVIS else "-date"
        for genre, texte in (
            *(("e", "9" * 40), ("n", "1e30"), ("n", "NaN"), ("d", "2026-01-01"), ("t", "\ud800")),
            *(
                ("i", "2026-01-01T00:00:00"),
                ("x", ""),
                ("t", "a\u0000"),
                ("n", "0.001"),
                ("e", "1"),
            ),
        ):
            contenu = json.dumps([tri, genre, texte, uuid4().hex]).encode()
            curseur = base64.urlsafe_b64encode(contenu).decode()
            reponse = banc.programme.get(url, params={"curseur": curseur, "tri": tri})
            assert reponse.status_code in (200, 422), f"{url} {genre} {texte} {reponse.text}"


def test_les_textes_acceptes_reviennent_tels_quels(banc: Banc) -> None:
    for texte in ("<script>alert(1)</script>", "' OR 1=1 --", "{{7*7}}", "=1+1", "🏗️ œ 漢", "%_\\"):
        banc.programme.put(
            banc.devis, json={"objet": texte}, headers=TOUTE_VERSION
        ).raise_for_status()
        assert banc.programme.get(banc.devis).json()["objet"] == texte


def _corps(champs: dict[str, tuple[str, ...]]) -> Iterator[str]:
    for champ, valeurs in champs.items():
        for valeur in valeurs:
            yield f'{{"{champ}":{valeur}}}'


def _avec(base: dict[str, Any], champ: str, valeur: str) -> str:
    """The object with one field given as raw JSON."""
    autres = {nom: donnee for nom, donnee in base.items() if nom != champ}
    return (
        "{"
        + "".join(f"{json.dumps(n)}:{json.dumps(d)}," for n, d in autres.items())
        + (f'"{champ}":{valeur}}}')
    )
