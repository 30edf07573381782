"""What a legal wording may hold; what a firm has still to say."""

from datetime import date
from typing import Any

import pytest

from cordeau.core.adresse import Adresse
from cordeau.entreprise.controle import points_de_controle
from cordeau.entreprise.mentions import MENTIONS_INITIALES, CodeMention
from cordeau.entreprise.queries import blank_entreprise
from cordeau.entreprise.rules import LIBELLES_MENTIONS, fautes_de_redaction, jetons_permis
from tests.entreprise.builders import COMPLETE

LE = date(2026, 11, 21)


def restants(**champs: Any) -> list[str]:
    """What is still to complete, for a firm with these fields."""
    entreprise = blank_entreprise()
    for nom, valeur in champs.items():
        setattr(entreprise, nom, valeur)
    return [point.champ for point in points_de_controle(entreprise, LE) if not point.fait]


def test_chaque_mention_a_son_nom() -> None:
    assert set(LIBELLES_MENTIONS) == set(CodeMention)


@pytest.mark.parametrize("mention", MENTIONS_INITIALES, ids=lambda m: m.code)
def test_une_redaction_initiale_est_permise(mention: Any) -> None:
    assert fautes_de_redaction(mention.code, mention.texte) == []


def test_une_mention_n_admet_que_ses_propres_champs() -> None:
    assert jetons_permis(CodeMention.MEDIATEUR) == ("mediateur", "mediateur_site")
    assert fautes_de_redaction(CodeMention.MEDIATEUR, "Voir {mediateur}.") == []


@pytest.mark.parametrize(
    ("code", "texte"),
    [
        (CodeMention.MEDIATEUR, "Voir {assureur}."),
        (CodeMention.MEDIATEUR, "Voir {mediateur"),
        (CodeMention.MEDIATEUR, "Voir {Mediateur}"),
        (CodeMention.MEDIATEUR, "{{mediateur}}"),
        (CodeMention.ESCOMPTE, "{mediateur}"),
        (CodeMention.ESCOMPTE, ""),
    ],
)
def test_un_champ_que_personne_ne_remplit_est_refuse(code: CodeMention, texte: str) -> None:
    assert [faute.champ for faute in fautes_de_redaction(code, texte)] == ["texte"]


@pytest.mark.parametrize(
    ("code", "valeurs", "attendu"),
    [
        (
            CodeMention.ASSURANCE,
            {"assureur": "Socotec", "assureur_adresse": "Angers", "police": "", "zone": "France"},
            "Assurance responsabilité décennale : Socotec, Angers, couverture : France.",
        ),
        (
            CodeMention.MEDIATEUR,
            {"mediateur": "Médicys", "mediateur_site": ""},
            "Médiateur de la consommation : Médicys.",
        ),
        (
            CodeMention.DECHETS,
            {"quantite": "", "gestion": "Tri, puis transport", "collecte": "", "cout": " "},
            "Gestion : Tri, puis transport.",
        ),
        (CodeMention.DECHETS, dict.fromkeys(("quantite", "gestion", "collecte", "cout"), ""), ""),
        (CodeMention.DEVIS_GRATUIT, {"cout": ""}, "Devis gratuit."),
    ],
)
def test_une_mention_ne_dit_rien_de_ce_qu_on_ne_sait_pas(
    code: CodeMention, valeurs: dict[str, str], attendu: str
) -> None:
    mention = next(m for m in MENTIONS_INITIALES if m.code is code)

    assert mention.remplie(valeurs) == attendu


def test_une_entreprise_complete_n_a_rien_a_completer() -> None:
    assert restants(**COMPLETE) == []


def test_une_entreprise_vierge_a_tout_a_completer() -> None:
    assert restants() == [
        "nom",
        "ligne1",
        "siren",
        "siret",
        "rcs",
        "forme_juridique",
        "numero_tva",
        "assureur",
        "mediateur",
        "iban",
    ]


def test_la_franchise_en_base_dispense_de_numero_de_tva() -> None:
    assert restants(**{**COMPLETE, "numero_tva": "", "regime_tva": "FRANCHISE"}) == []


def test_une_assurance_expiree_est_a_completer() -> None:
    assert restants(**COMPLETE, assurance_echeance=date(2026, 11, 20)) == ["assurance_echeance"]
    assert restants(**COMPLETE, assurance_echeance=LE) == []


def test_une_adresse_sans_ville_est_a_completer() -> None:
    assert restants(**{**COMPLETE, "adresse": Adresse(ligne1="4 rue du Port")}) == ["ligne1"]
