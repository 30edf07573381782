"""The checker of `torture` finds each kind of fault, and nothing on a sound base."""

from collections.abc import Callable

import pytest

from tests.grappe import builders as b
from torture.controle import controler
from torture.releve import Releve, Serie
from torture.temoin import Geste, Issue, Nature

Panne = Callable[[Releve, list[Geste]], None]


def violations(panne: Panne | None = None, recus: dict[str, int] | None = None) -> str:
    """What is found once this fault is planted."""
    releve, gestes = b.un_releve(), b.des_gestes()
    if panne is not None:
        panne(releve, gestes)
    return "\n".join(controler(releve, gestes, recus=b.RECUS if recus is None else recus))


def test_une_base_saine_ne_montre_rien() -> None:
    assert violations() == ""


def _perdre_le_reglement(releve: Releve, _gestes: list[Geste]) -> None:
    releve.reglements.clear()
    releve.imputations.clear()


def _perdre_l_emission(releve: Releve, _gestes: list[Geste]) -> None:
    releve.factures[0] = b.une_facture(
        b.FACTURE, None, objet="m-libre", statut="BROUILLON", figee=False, reste=None
    )


def _perdre_la_modification(releve: Releve, _gestes: list[Geste]) -> None:
    releve.devis[0] = releve.devis[0]._replace(objet="avant")


def _perdre_l_envoi(releve: Releve, _gestes: list[Geste]) -> None:
    releve.devis[0] = releve.devis[0]._replace(statut="BROUILLON")


def _perdre_le_message(releve: Releve, _gestes: list[Geste]) -> None:
    releve.messages.clear()


def _numero_en_double(releve: Releve, _gestes: list[Geste]) -> None:
    releve.numeros.append("FAC-2026-001")


def _trou(releve: Releve, _gestes: list[Geste]) -> None:
    releve.numeros.append("FAC-2026-003")
    releve.series[1] = Serie("FAC", 2026, 3, 0)


def _compteur_trop_loin(releve: Releve, _gestes: list[Geste]) -> None:
    releve.series[2] = Serie("AVO", 2026, 2, 0)


def _compteur_en_retard(releve: Releve, _gestes: list[Geste]) -> None:
    releve.series[0] = Serie("DEV", 2026, 0, 0)


def _double_effet(releve: Releve, _gestes: list[Geste]) -> None:
    releve.reglements.append(releve.reglements[0]._replace(id="f" * 32))


def _double_courriel(releve: Releve, _gestes: list[Geste]) -> None:
    releve.messages.append(releve.messages[0]._replace(id="f" * 32))


def _double_avoir(releve: Releve, _gestes: list[Geste]) -> None:
    releve.factures.append(releve.factures[1]._replace(id="f" * 32))


def _reponses_contraires(_releve: Releve, gestes: list[Geste]) -> None:
    gestes[0].contradictions.append("201 autre")


def _effet_d_un_refus(_releve: Releve, gestes: list[Geste]) -> None:
    gestes[3].issue = Issue.REFUSE


def _reponse_d_une_autre(_releve: Releve, gestes: list[Geste]) -> None:
    gestes[0].reponse = {"id": "f" * 32, "numero": "DEV-2026-001"}


def _numero_annonce_deux_fois(_releve: Releve, gestes: list[Geste]) -> None:
    gestes.append(
        b.un_geste(Nature.EMETTRE, "m-2", cible=b.FACTURE, id=b.FACTURE, numero="FAC-2026-001")
    )


def _devis_a_moitie(releve: Releve, _gestes: list[Geste]) -> None:
    releve.devis[0] = releve.devis[0]._replace(lignes=2)


def _facture_a_moitie(releve: Releve, _gestes: list[Geste]) -> None:
    releve.factures[1] = releve.factures[1]._replace(figee=False)


def _totaux_faux(releve: Releve, _gestes: list[Geste]) -> None:
    releve.factures[1] = releve.factures[1]._replace(tva_detaillee=19)


def _solde_faux(releve: Releve, _gestes: list[Geste]) -> None:
    releve.factures[0] = releve.factures[0]._replace(reste=1)


def _a_rendre_faux(releve: Releve, _gestes: list[Geste]) -> None:
    releve.factures[1] = releve.factures[1]._replace(reste=1)


def _imputation_perdue(releve: Releve, _gestes: list[Geste]) -> None:
    releve.imputations.pop()


def _annule_deux_fois(releve: Releve, _gestes: list[Geste]) -> None:
    releve.reglements.append(releve.reglements[1]._replace(id="f" * 32, motif="autre"))


def _travail_perdu(releve: Releve, _gestes: list[Geste]) -> None:
    releve.jobs.pop(0)


def _travail_mort(releve: Releve, _gestes: list[Geste]) -> None:
    releve.jobs[0] = releve.jobs[0]._replace(etat="MORT")


def _rendu_fait_sans_document(releve: Releve, _gestes: list[Geste]) -> None:
    releve.factures[0] = releve.factures[0]._replace(rendue=False)


def _envoi_perdu(releve: Releve, _gestes: list[Geste]) -> None:
    releve.jobs.pop(3)


def _envoi_fait_message_en_attente(releve: Releve, _gestes: list[Geste]) -> None:
    releve.messages[0] = releve.messages[0]._replace(statut="A_ENVOYER")


PANNES: dict[Panne, str] = {
    _perdre_le_reglement: "Écriture acquittée perdue : regler",
    _perdre_l_emission: "Émission acquittée perdue",
    _perdre_la_modification: "Modification acquittée perdue",
    _perdre_l_envoi: "Changement acquitté perdu : envoyer",
    _perdre_le_message: "Écriture acquittée perdue : envoyer",
    _numero_en_double: "Numéros en double dans FAC-2026 : [1]",
    _trou: "Trous dans FAC-2026 : [2]",
    _compteur_trop_loin: "Trous dans AVO-2026 : [2]",
    _compteur_en_retard: "Le compteur DEV-2026 est en retard",
    _double_effet: "Double effet (2) : regler",
    _double_courriel: "Double effet (2) : envoyer",
    _double_avoir: "Double effet (2) : avoir",
    _reponses_contraires: "Deux réponses sous la clé cle-m-devis",
    _effet_d_un_refus: "Effet d’une demande refusée : libre",
    _reponse_d_une_autre: "Réponse d’une autre ligne : devis",
    _numero_annonce_deux_fois: "Numéro annoncé deux fois : FAC-2026-001",
    _devis_a_moitie: "Devis à moitié écrit",
    _facture_a_moitie: "Document à moitié écrit : AVO-2026-001",
    _totaux_faux: "Totaux faux : AVO-2026-001",
    _solde_faux: "Solde de FAC-2026-001",
    _a_rendre_faux: "À rendre sur FAC-2026-001",
    _imputation_perdue: "Règlements de FAC-2026-001",
    _annule_deux_fois: "Règlement annulé deux fois",
    _travail_perdu: "0 travaux de rendu pour FAC-2026-001",
    _travail_mort: "Travail MORT",
    _rendu_fait_sans_document: "Rendu noté fait, sans document",
    _envoi_perdu: "pièce et envoi ne vont pas ensemble",
    _envoi_fait_message_en_attente: "Envoi noté fait, message A_ENVOYER",
}


@pytest.mark.parametrize("panne", PANNES, ids=lambda panne: panne.__name__.strip("_"))
def test_chaque_panne_est_vue(panne: Panne) -> None:
    assert PANNES[panne] in violations(panne)


def test_un_courriel_note_envoye_et_jamais_recu_est_vu() -> None:
    assert "jamais reçu" in violations(recus={})


def test_une_demande_sans_reponse_peut_avoir_agi_ou_non() -> None:
    def sans_reponse(releve: Releve, gestes: list[Geste]) -> None:
        gestes[0].issue = Issue.INCONNU
        gestes.append(b.un_geste(Nature.DEVIS, "m-jamais", issue=Issue.INCONNU))

    assert violations(sans_reponse) == ""
