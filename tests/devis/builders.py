"""Devis for tests: rows as the API takes them, saved by the commands; state only what matters."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from cordeau.clients.models import Client
from cordeau.core import jsonable
from cordeau.core.permissions import SYSTEME
from cordeau.devis.commands import envoi, redaction, reponse
from cordeau.devis.models import Devis
from cordeau.devis.queries import get_devis
from cordeau.devis.schemas import DevisSaisie
from tests.clients.builders import un_client

LE_JOUR = date(2026, 3, 2)
URL = "/api/v1/devis"


def une_ligne(
    prix: float | str = "100", quantite: float | str = "1", **champs: Any
) -> dict[str, Any]:
    """A priced row."""
    return {
        "designation": "Fourniture et pose",
        "quantite": quantite,
        "prixUnitaireHT": prix,
        **champs,
    }


def un_lot(
    cle: str, *, parent: str | None = None, designation: str = "Gros œuvre"
) -> dict[str, Any]:
    """A lot that other rows name by `cle`."""
    return {"id": cle, "type": "LOT", "designation": designation, "parentId": parent}


def une_saisie(**champs: Any) -> redaction.SaisieDevis:
    """What is typed, from the fields of the API."""
    return DevisSaisie.model_validate(en_json({"lignes": [une_ligne()], **champs})).en_saisie()


def en_json(champs: dict[str, Any]) -> Any:
    """The fields as they come through the API: exact decimals."""
    return jsonable.loads(jsonable.dumps(champs))


def un_devis(
    session: Session, *, client: Client | None = None, le: date = LE_JOUR, **champs: Any
) -> Devis:
    """A devis being written, one row of 100 € unless told otherwise."""
    client = client or un_client(session)
    saisie = une_saisie(**{"clientId": client.id, **champs})
    cree = redaction.creer_devis(session, saisie, actor=SYSTEME, le=le)
    return get_devis(session, cree.devis.id)


def un_devis_envoye(session: Session, **champs: Any) -> Devis:
    """A devis with its client."""
    return envoi.envoyer(session, un_devis(session, **champs).id, actor=SYSTEME)


def un_devis_accepte(session: Session, **champs: Any) -> Devis:
    """A devis that may be billed."""
    devis = un_devis_envoye(session, **champs)
    return reponse.accepter(session, devis.id, actor=SYSTEME, le=LE_JOUR)


def creer(programme: TestClient, client_id: object, **champs: Any) -> dict[str, Any]:
    """A devis written by a program."""
    corps = {"clientId": str(client_id), "lignes": [une_ligne()], **champs}
    reponse_creee = programme.post(URL, json=corps)
    assert reponse_creee.status_code == 201, reponse_creee.text
    cree: dict[str, Any] = reponse_creee.json()
    return cree


def accepter(programme: TestClient, devis: dict[str, Any]) -> dict[str, Any]:
    """Send it, then note the client's agreement."""
    for action in ("envoyer", "accepter"):
        reponse_action = programme.put(f"{URL}/{devis['id']}/{action}")
        assert reponse_action.status_code == 200, reponse_action.text
    accepte: dict[str, Any] = reponse_action.json()
    return accepte


def refus(reponse: Any, statut: int = 422) -> list[str]:
    """The fields refused, each with its French message."""
    assert reponse.status_code == statut, reponse.text
    assert reponse.headers["content-type"] == "application/problem+json"
    erreurs = reponse.json()["errors"]
    assert all(erreur["message"] for erreur in erreurs)
    return [erreur["champ"] for erreur in erreurs]
