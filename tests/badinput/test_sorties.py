"""What was accepted comes back as it was, and harms nothing wherever it comes out."""

import json
import socket
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.badinput.catalogue import TEXTES_JSON, TOUS_LES_TEXTES
from tests.badinput.champs import Champ, champs_json, placer, tourner
from tests.badinput.sorties import Page, juger
from tests.dossier import Dossier, remplir
from tests.droits.corps import objets_de
from tests.droits.guichet import demander
from tests.droits.identites import Identite, identites
from tests.droits.matrice import parametres
from tests.droits.parcours import parcourir

#: What replaces an object, which is read again at the same address.
MODIFIABLES = (
    "PUT /api/v1/entreprise",
    "PUT /api/v1/clients/{client_id}",
    "PUT /api/v1/chantiers/{chantier_id}",
    "PUT /api/v1/devis/{devis_id}",
    "PUT /api/v1/factures/{facture_id}",
)
#: What an empty text leaves as it is: a chantier has a code, a firm that has a SIRET its SIREN.
JAMAIS_VIDES = {
    ("PUT /api/v1/chantiers/{chantier_id}", ("code",)),
    ("PUT /api/v1/entreprise", ("siren",)),
}
#: Firms made in a short run; together they hold every payload.
TOURS = 3


class Firme:
    """A firm whose texts are replaced by payloads, for good."""

    def __init__(self, app: FastAPI, client: TestClient) -> None:
        self.app, self.client = app, client
        self.dossier: Dossier = remplir(app.state.database)
        self.qui: Identite = next(i for i in identites(app) if i.nom == "admin")
        self.champs = [
            champ
            for champ in champs_json(app)
            if champ.route in MODIFIABLES and champ.essais is TEXTES_JSON
        ]

    def ecrire(self, champ: Champ, texte: str) -> Any:
        """Store a text in a field; what is read again, None when it was refused."""
        corps = placer({}, champ.place, json.dumps(texte))
        adresse = self.adresse(champ.route)
        ecrit = demander(self.client, self.qui, "PUT", adresse, {"content": corps, **JSON})
        assert ecrit.status_code in {200, 409, 422}, f"{champ} {texte[:80]!r} {ecrit.text[:200]}"
        if ecrit.status_code != 200:
            return None
        lu: Any = demander(self.client, self.qui, "GET", adresse, {}).json()
        for nom in champ.place:
            lu = lu[nom]
        return lu

    def adresse(self, cle: str) -> str:
        """Where an object is."""
        chemin = cle.split()[1]
        return chemin.format(**objets_de(cle, parametres(chemin), self.dossier))

    def faire(self, cle: str) -> None:
        """An action, whatever its answer."""
        methode = cle.split(maxsplit=1)[0]
        assert demander(self.client, self.qui, methode, self.adresse(cle), {}).status_code < 500


JSON: dict[str, Any] = {"headers": {"Content-Type": "application/json"}}


@pytest.fixture
def firme(app: FastAPI) -> Iterator[Firme]:
    """The firm."""
    with TestClient(app) as client:
        yield Firme(app, client)


def test_un_texte_accepte_revient_tel_quel(firme: Firme, pas: int) -> None:
    ecarts, acceptes = [], 0
    champs = [Champ(c.route, c.place, TOUS_LES_TEXTES) for c in firme.champs]
    for champ, texte in tourner(champs, pas):
        lu = firme.ecrire(champ, texte)
        acceptes += lu is not None
        vide = (champ.route, champ.place) in JAMAIS_VIDES and not _propre(texte)
        if lu is not None and lu not in (texte, _propre(texte)) and not (vide and lu):
            ecarts.append(f"{champ} : {texte[:60]!r} devient {str(lu)[:60]!r}")

    assert acceptes > len(champs)
    assert not ecarts, "\n".join(ecarts[:40])


@pytest.mark.un_moteur
def test_un_texte_hostile_ne_fait_rien_nulle_part(firme: Firme, pas: int) -> None:
    fautes: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as ecoute:
        ecoute.settimeout(0)
        textes = [t.replace("{port}", str(ecoute.getsockname()[1])) for t in TOUS_LES_TEXTES]
        courts = [t for t in textes if len(t) < 5000]
        for tour in range(TOURS if pas > 1 else len(firme.champs)):
            for rang, champ in enumerate(firme.champs):
                firme.ecrire(champ, courts[(rang + tour * len(firme.champs)) % len(courts)])
            if tour == 0:
                firme.faire("PUT /api/v1/devis/{devis_id}/envoyer")
            for adresse, reponse in parcourir(firme.client, firme.qui, firme.dossier):
                fautes += [f"tour {tour}, {adresse} : {faute}" for faute in juger(reponse)]
        with pytest.raises(BlockingIOError):
            ecoute.accept()

    assert not fautes, f"{len(fautes)} fautes :\n" + "\n".join(sorted(set(fautes))[:40])


@pytest.mark.parametrize(
    ("page", "faute"),
    [
        ("<p>a<script>1</script>", "script"),
        ('<a href="javascript:x">a</a>', "adresse"),
        ("<b onclick=x>", "attribut"),
        ("<iframe></iframe>", "élément"),
        ('<img src="http://ailleurs/x">', "adresse"),
    ],
)
def test_le_juge_des_pages_voit_ce_qu_il_doit(page: str, faute: str) -> None:
    assert any(faute in trouvee for trouvee in Page(page).fautes)


def _propre(texte: str) -> str:
    """What the house keeps of a text: NFC, one kind of line end, no control, no outer space."""
    unifie = unicodedata.normalize("NFC", texte.replace("\r\n", "\n").replace("\r", "\n"))
    gardes = (c for c in unifie if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs", "Cn"})
    return "".join(gardes).strip()
