"""The messages, under Paramètres."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from cordeau.core.db import Database
from cordeau.notifications.commands import ecrire
from cordeau.notifications.models import StatutMessage
from tests.gens import Navigateur

URL = "/parametres/messages"


@pytest.fixture
def chef(database: Database, navigateur: Callable[..., Navigateur]) -> Navigateur:
    """An administrator who has three messages to read."""
    with database.write() as session:
        for destinataire, sujet, statut in (
            ("Jean@exemple.fr", "Devis DEV-2026-001", StatutMessage.ENVOYE),
            ("jean@exemple.fr", "Devis DEV-2026-002", StatutMessage.ECHEC),
            ("mairie@exemple.fr", "Remise 100 % bois", StatutMessage.CONSERVE),
        ):
            message = ecrire(
                session,
                destinataire=destinataire,
                sujet=sujet,
                corps="Bonjour",
                objet=("devis", uuid4()),
            )
            message.statut = statut
    return navigateur("admin")


@pytest.mark.parametrize(
    ("demande", "attendus"),
    [
        ("", {"001", "002", "100 %"}),
        ("?q=jean", {"001", "002"}),
        ("?q=DEV jean 002", {"002"}),
        ("?q=100 %25", {"100 %"}),
        ("?q=100_", set()),
        ("?statut=ENVOYE&statut=ECHEC", {"001", "002"}),
        ("?q=mairie&statut=ENVOYE", set()),
    ],
)
def test_les_messages_se_cherchent(chef: Navigateur, demande: str, attendus: set[str]) -> None:
    page = chef.get(f"{URL}{demande}").text

    assert {mot for mot in ("001", "002", "100 %") if mot in page} >= attendus
    assert page.count('class="fort"') == len(attendus)


def test_une_recherche_sans_reponse_le_dit(chef: Navigateur) -> None:
    assert "Aucun message ne correspond" in chef.get(f"{URL}?q=introuvable").text
    assert chef.get(f"{URL}?statut=PERDU").status_code == 422
