"""The life of a chantier, without a database."""

from datetime import date

import pytest

from cordeau.chantiers.etapes import MOUVEMENTS, mouvements_possibles, vie
from cordeau.chantiers.models import Chantier
from cordeau.chantiers.states import TRANSITIONS, StatutChantier


def test_chaque_mouvement_permis_a_ses_mots() -> None:
    assert set(MOUVEMENTS) == TRANSITIONS.moves


@pytest.mark.parametrize(
    ("statut", "boutons"),
    [
        ("PLANIFIE", ["Suspendre", "Démarrer"]),
        ("EN_COURS", ["Suspendre", "Terminer"]),
        ("SUSPENDU", ["Replanifier", "Terminer", "Reprendre"]),
        ("TERMINE", ["Rouvrir"]),
    ],
)
def test_les_boutons_suivent_le_statut_et_le_principal_vient_en_dernier(
    statut: str, boutons: list[str]
) -> None:
    mouvements = mouvements_possibles(_chantier(statut))

    assert [mouvement.bouton for _cible, mouvement in mouvements] == boutons


@pytest.mark.parametrize(
    ("statut", "ici"),
    [
        ("PLANIFIE", "Planifié"),
        ("EN_COURS", "En cours"),
        ("SUSPENDU", "Suspendu"),
        ("TERMINE", "Terminé"),
    ],
)
def test_la_ligne_de_vie_dit_ou_en_est_le_chantier(statut: str, ici: str) -> None:
    etapes = vie(_chantier(statut))

    assert [etape["mot"] for etape in etapes if etape["etat"] == "ici"] == [ici]


def test_terminer_sans_avoir_commence_n_est_pas_permis() -> None:
    assert not TRANSITIONS.allows(StatutChantier.PLANIFIE, StatutChantier.TERMINE)


def _chantier(statut: str) -> Chantier:
    return Chantier(
        statut=statut,
        date_debut=date(2026, 3, 2),
        date_fin=date(2026, 3, 20),
        responsable="Karim Haddad",
    )
