"""Dated mentions and first numbers."""

from datetime import date

import pytest
from pydantic import ValidationError
from sqlalchemy import delete
from sqlalchemy.orm import Session

from cordeau.core.errors import ConflitError, SaisieError
from cordeau.core.numbering import next_number
from cordeau.core.permissions import Acteur
from cordeau.entreprise.commands import choisir_premier_numero, dater_mention, definir
from cordeau.entreprise.mentions import CodeMention
from cordeau.entreprise.models import Mention
from cordeau.entreprise.queries import list_redactions, mentions_en_vigueur
from cordeau.entreprise.schemas import EntrepriseSchema

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


def test_une_regle_venue_apres_la_base_a_son_texte_jusqu_a_ce_que_l_entreprise_la_redige(
    session: Session, acteur: Acteur
) -> None:
    session.execute(delete(Mention).where(Mention.code == ESCOMPTE))
    initiale = mentions_en_vigueur(session, date(2026, 12, 31))[ESCOMPTE]
    assert [r.texte for r in list_redactions(session, ESCOMPTE)] == [initiale.texte]

    rediger(session, acteur, "Escompte : 1 %.", date(2027, 1, 1))

    assert mentions_en_vigueur(session, date(2026, 12, 31))[ESCOMPTE] == initiale
    assert mentions_en_vigueur(session, date(2027, 1, 1))[ESCOMPTE].texte == "Escompte : 1 %."


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


def test_le_siret_reste_celui_du_siren_enregistre(session: Session, acteur: Acteur) -> None:
    definir(session, {"siret": "73282932000074"}, actor=acteur)

    with pytest.raises(SaisieError) as refus:
        definir(session, {"siret": "55208131766522"}, actor=acteur)

    assert refus.value.fautes[0].champ == "siret"


@pytest.mark.parametrize("adresse", ["a@b.fr\nBcc: c@d.fr", "pas une adresse", "a@b"])
def test_le_courriel_de_l_entreprise_est_une_adresse(adresse: str) -> None:
    with pytest.raises(ValidationError):
        EntrepriseSchema.model_validate({"email": adresse})
