"""Dated mentions and first numbers."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from cordeau.core.errors import ConflitError, SaisieError
from cordeau.core.numbering import next_number
from cordeau.core.permissions import Acteur
from cordeau.entreprise.commands import choisir_premier_numero, dater_mention
from cordeau.entreprise.mentions import CodeMention
from cordeau.entreprise.models import Mention
from cordeau.entreprise.queries import list_redactions, mentions_en_vigueur

ESCOMPTE = CodeMention.ESCOMPTE


def rediger(session: Session, acteur: Acteur, texte: str, du: date) -> Mention:
    """A new wording of the discount terms."""
    return dater_mention(
        session, ESCOMPTE, texte=texte, reference_legale="", valable_du=du, actor=acteur
    )


def test_une_nouvelle_redaction_met_fin_a_l_ancienne_la_veille(
    session: Session, acteur: Acteur
) -> None:
    rediger(session, acteur, "Escompte : 1 %.", date(2027, 1, 1))

    nouvelle, ancienne = list_redactions(session, ESCOMPTE)
    assert (nouvelle.valable_du, nouvelle.valable_au) == (date(2027, 1, 1), None)
    assert ancienne.valable_au == date(2026, 12, 31)
    veille = mentions_en_vigueur(session, date(2026, 12, 31))[ESCOMPTE]
    jour = mentions_en_vigueur(session, date(2027, 1, 1))[ESCOMPTE]
    assert veille.texte == ancienne.texte
    assert jour.texte == "Escompte : 1 %."


def test_une_redaction_ne_commence_pas_avant_la_derniere(session: Session, acteur: Acteur) -> None:
    rediger(session, acteur, "Escompte : 1 %.", date(2027, 1, 1))

    with pytest.raises(SaisieError) as refus:
        rediger(session, acteur, "Escompte : 2 %.", date(2027, 1, 1))

    assert refus.value.fautes[0].champ == "valableDu"
    assert len(list_redactions(session, ESCOMPTE)) == 2


def test_une_redaction_aux_champs_inconnus_est_refusee(session: Session, acteur: Acteur) -> None:
    with pytest.raises(SaisieError):
        rediger(session, acteur, "Escompte : {taux}.", date(2027, 1, 1))


def test_le_premier_numero_se_choisit_tant_que_la_serie_est_neuve(
    session: Session, acteur: Acteur
) -> None:
    choisir_premier_numero(session, "FAC", 2026, 38, actor=acteur)

    le = date(2026, 5, 1)
    assert next_number(session, "FAC", le, chronologique=True) == "FAC-2026-038"
    with pytest.raises(ConflitError):
        choisir_premier_numero(session, "FAC", 2026, 1, actor=acteur)
    assert next_number(session, "FAC", le, chronologique=True) == "FAC-2026-039"
