"""Everything a person may read, in every form: each GET, on each object, under each face."""

from collections.abc import Iterator
from itertools import product

from httpx2 import Response
from starlette.testclient import TestClient

from tests.dossier import Dossier
from tests.droits.corps import OBJETS, QUESTIONS, VALEURS
from tests.droits.guichet import demander
from tests.droits.identites import Identite
from tests.droits.matrice import Regle, lire_table

#: Every object a parameter may name, in each of its states.
TOUS = {
    **{nom: (objet,) for nom, objet in OBJETS.items()},
    "devis_id": ("devis", "devis_envoye", "devis_accepte"),
    "facture_id": ("facture", "facture_emise"),
    "chantier_id": ("chantier", "chantier_vide"),
}
#: Other faces of a page than its plain one.
FACES = {
    "/chantiers": ("", "?vue=calendrier"),
    "/clients/export": ("?format=csv", "?format=xlsx"),
    "/chantiers/export": ("?format=csv", "?format=xlsx"),
    "/recherche": ("?q=", "?q=lavandier", "?q=charpente", "?q=DEV-", "?q=FAC-"),
    "/export/jde": tuple(f"?du=2026-01-01&au=2026-12-31&format={f}" for f in ("csv", "xlsx")),
}


def parcourir(
    client: TestClient, qui: Identite, dossier: Dossier
) -> Iterator[tuple[str, Response]]:
    """Each address this role may read, after the path of its route, and the answer."""
    for regle in lire_table().values():
        if regle.methode != "GET" or regle.publique or qui.role not in regle.roles:
            continue
        for objets, face in product(_objets(regle, dossier), _faces(regle)):
            adresse = regle.chemin.format(**objets) + face
            reponse = demander(client, qui, "GET", adresse, {})
            assert reponse.status_code < 500, adresse
            yield f"{regle.chemin} {adresse}", reponse


def _objets(regle: Regle, dossier: Dossier) -> Iterator[dict[str, str]]:
    choix = [_exemples(nom, dossier) for nom in regle.noms]
    return (dict(zip(regle.noms, valeurs, strict=True)) for valeurs in product(*choix))


def _exemples(nom: str, dossier: Dossier) -> list[str]:
    if nom == "genre":
        return ["csv", "xlsx"]
    if nom in VALEURS and nom not in OBJETS:
        return [VALEURS[nom][0]]
    return [dossier[objet] for objet in TOUS[nom]]


def _faces(regle: Regle) -> tuple[str, ...]:
    return FACES.get(regle.chemin, (QUESTIONS.get(regle.cle, ""),))
