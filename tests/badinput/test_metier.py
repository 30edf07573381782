"""Bad numbers and forged cursors where only the trade knows what is bad."""

import base64
import json
from uuid import uuid4

import pytest

from tests.badinput.banc import Banc
from tests.badinput.catalogue import NOMBRES

JSON = {"Content-Type": "application/json"}
#: Lists, with a sort they know.
LISTES = (
    *(("devis", "-numero"), ("devis", "-montantTTC"), ("factures", "-date")),
    *(("reglements", "-date"), ("clients", "nom")),
)
CURSEURS = (
    *(("e", "9" * 40), ("n", "1e30"), ("n", "NaN"), ("d", "2026-01-01"), ("t", "\ud800")),
    *(("i", "2026-01-01T00:00:00"), ("x", ""), ("t", "a\u0000"), ("n", "0.001"), ("e", "1")),
)


def test_chaque_facon_de_facturer(banc: Banc) -> None:
    for valeur in NOMBRES:
        ligne = f'{{"ligneId":"{uuid4()}","quantite":{valeur}}}'
        for cle, corps in (
            (
                "POST /api/v1/factures/depuis-devis/{devis_id}",
                f'{{"pourcentage":{valeur},"type":"ACOMPTE"}}',
            ),
            ("POST /api/v1/factures/depuis-devis/{devis_id}", f'{{"lignes":[{ligne}]}}'),
            ("POST /api/v1/factures/{facture_id}/avoir", f'{{"lignes":[{ligne}]}}'),
        ):
            banc.essayer(cle, corps, content=corps, headers=JSON)
    banc.conclure()


@pytest.mark.parametrize(("liste", "tri"), LISTES)
def test_un_curseur_forge_est_refuse_ou_ne_montre_que_la_liste(
    banc: Banc, liste: str, tri: str
) -> None:
    for contenu in (
        *([tri, *essai, uuid4().hex] for essai in CURSEURS),
        *([tri, texte, uuid4().hex] for _, texte in CURSEURS),
        [],
        [tri],
        {"tri": tri},
        [tri, None, None],
    ):
        curseur = base64.urlsafe_b64encode(json.dumps(contenu).encode()).decode()
        adresse = f"/api/v1/{liste}?tri={tri}&curseur={curseur}"
        reponse = banc.essayer(f"GET /api/v1/{liste}", str(contenu), adresse=adresse)
        assert reponse is not None
        assert reponse.status_code in {200, 422}
    banc.conclure()
