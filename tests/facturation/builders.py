"""Factures for tests: made by the commands from an accepted devis, or free."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from cordeau.clients.models import Client
from cordeau.core.adresse import Adresse
from cordeau.core.errors import DomainError
from cordeau.core.permissions import SYSTEME
from cordeau.devis.models import Devis
from cordeau.entreprise import commands as entreprise
from cordeau.facturation.commands import avoir, brouillon, depuis_devis, emission, reglements
from cordeau.facturation.commands.depuis_devis import Demande
from cordeau.facturation.commands.reglements import SaisieReglement
from cordeau.facturation.models import Facture, LigneFacture, Reglement
from cordeau.facturation.schemas import FactureSaisie
from cordeau.facturation.states import ModeReglement, TypeFacture
from tests.clients.builders import un_client
from tests.devis.builders import LE_JOUR, en_json, une_ligne

URL = "/api/v1/factures"
TROIS_TAUX = [
    une_ligne("1000"),
    une_ligne("500", tauxTVA=10),
    une_ligne("200", tauxTVA=5.5),
]
IDENTITE: dict[str, Any] = {
    "nom": "Guérin & Fils",
    "forme_juridique": "SARL",
    "capital": Decimal(20000),
    "siren": "732829320",
    "siret": "73282932000074",
    "numero_tva": "FR44732829320",
    "rcs": "RCS Angers 732 829 320",
    "adresse": Adresse(ligne1="12 rue des Maçons", code_postal="49000", ville="Angers"),
    "email": "contact@guerin.example",
    "iban": "FR7630006000011234567890189",
    "bic": "AGRIFRPP",
}


def une_entreprise(session: Session, **champs: Any) -> None:
    """The firm, complete enough to issue."""
    entreprise.definir(session, IDENTITE | champs, actor=SYSTEME)


def facturer(
    session: Session,
    devis: Devis,
    *,
    type: TypeFacture = TypeFacture.FACTURE,  # noqa: A002 (the API's name)
    pourcentage: str | None = None,
    lignes: Sequence[tuple[UUID, str]] = (),
) -> Facture:
    """A draft from an accepted devis: all that remains unless told otherwise."""
    demande = Demande(
        type,
        None if pourcentage is None else Decimal(pourcentage),
        [(ligne_id, Decimal(quantite)) for ligne_id, quantite in lignes],
    )
    return depuis_devis.facturer_devis(session, devis.id, demande, actor=SYSTEME, le=LE_JOUR)


def emettre(session: Session, facture: Facture, *, le: date = LE_JOUR) -> Facture:
    """Number it and freeze it."""
    return emission.emettre(session, facture.id, actor=SYSTEME, le=le)


def facturer_et_emettre(session: Session, devis: Devis, **demande: Any) -> Facture:
    """A document of a devis, issued."""
    return emettre(session, facturer(session, devis, **demande))


def un_acompte(session: Session, devis: Devis, pourcentage: str = "30") -> Facture:
    """A deposit, issued."""
    return facturer_et_emettre(session, devis, type=TypeFacture.ACOMPTE, pourcentage=pourcentage)


def un_avoir(
    session: Session, facture: Facture, lignes: Sequence[tuple[UUID, str]] = ()
) -> Facture:
    """A draft credit note: total unless rows are chosen."""
    choix = [(ligne_id, Decimal(quantite)) for ligne_id, quantite in lignes]
    return avoir.preparer_avoir(session, facture.id, choix, actor=SYSTEME, le=LE_JOUR)


def un_avoir_emis(
    session: Session, facture: Facture, lignes: Sequence[tuple[UUID, str]] = ()
) -> Facture:
    """A credit note, issued."""
    return emettre(session, un_avoir(session, facture, lignes))


def une_facture(session: Session, *, client: Client | None = None, **champs: Any) -> Facture:
    """A free draft, one row of 100 € unless told otherwise."""
    client = client or un_client(session)
    saisie = FactureSaisie.model_validate(
        en_json({"clientId": client.id, "lignes": [une_ligne()], **champs})
    )
    return brouillon.creer_facture(session, saisie.en_saisie(), actor=SYSTEME, le=LE_JOUR)


def une_facture_emise(session: Session, *, le: date = LE_JOUR, **champs: Any) -> Facture:
    """A free facture, issued."""
    return emettre(session, une_facture(session, **champs), le=le)


def regler(session: Session, facture: Facture, montant: str, *, le: date = LE_JOUR) -> Reglement:
    """A payment of one document."""
    saisie = SaisieReglement(le, ModeReglement.VIREMENT)
    return reglements.regler_facture(session, facture.id, Decimal(montant), saisie, actor=SYSTEME)


def appeler(
    programme: TestClient, methode: str, url: str, statut: int, corps: Any = None
) -> dict[str, Any]:
    """Ask the API; the status must be the one given."""
    reponse = programme.request(methode, url, json=corps)
    assert reponse.status_code == statut, reponse.text
    lu: dict[str, Any] = reponse.json()
    return lu


def tva(facture: Facture) -> dict[Decimal, tuple[Decimal, Decimal]]:
    """(base, VAT) per rate."""
    return {t.taux.normalize(): (t.base_ht, t.montant_tva) for t in facture.tva}


def lignes(facture: Facture, type_ligne: str = "LIGNE") -> list[LigneFacture]:
    """Its rows of one kind."""
    return [ligne for ligne in facture.lignes if ligne.type == type_ligne]


def modifier(session: Session, facture: Facture, **champs: Any) -> Facture:
    """Change a draft."""
    saisie = FactureSaisie.model_validate(en_json(champs)).en_saisie()
    return brouillon.modifier_facture(session, facture.id, saisie, actor=SYSTEME)


def fautes(erreur: pytest.ExceptionInfo[DomainError]) -> set[str]:
    """The fields refused."""
    return {faute.champ for faute in erreur.value.fautes}
