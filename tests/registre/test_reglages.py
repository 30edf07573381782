"""Each command that changes what is compared chains it: the verification stays content."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from cordeau.auth import commands as auth
from cordeau.auth.facteur import obliger
from cordeau.auth.models import Utilisateur
from cordeau.comptabilite.verification import verifier
from cordeau.core.db import Database
from cordeau.core.permissions import SYSTEME, Role
from cordeau.entreprise import commands as entreprise
from cordeau.entreprise.mentions import CodeMention
from cordeau.rgpd.dossier import Personne
from cordeau.rgpd.effacement import effacer
from tests.facturation.builders import une_entreprise
from tests.registre.dossiers import en_superutilisateur

JOURS = (date(2030, 1, 1), date(2031, 1, 1), date(2032, 7, 1))


def _une_personne(session: Session) -> Utilisateur:
    return auth.ajouter_utilisateur(
        session, email="a@b.fr", nom="A", role=Role.COMPTABLE, password=None, actor=SYSTEME
    )


def _changer_de_droits(session: Session) -> None:
    personne = _une_personne(session)
    auth.changer_role(session, personne, Role.ADMIN, actor=SYSTEME)
    auth.desactiver(session, personne, actor=SYSTEME)
    auth.reactiver(session, personne, actor=SYSTEME)


def _effacer(session: Session) -> None:
    """As after a restore that brought the account back, open."""
    personne = _une_personne(session)
    quoi = Personne("utilisateur", personne.id, personne.nom, personne.email)
    effacer(session, quoi, le=JOURS[0], par="cordeau rgpd", force=True)


def _dater_les_mentions(session: Session) -> None:
    for jour in JOURS:
        entreprise.dater_mention(
            session,
            CodeMention.ESCOMPTE,
            texte=f"Escompte de {jour.year} %.",
            reference_legale="",
            valable_du=jour,
            actor=SYSTEME,
        )


def _regler_l_entreprise(session: Session) -> None:
    une_entreprise(session)
    entreprise.definir(session, {"courriel_ancres": "c@d.fr"}, actor=SYSTEME)
    entreprise.definir_logo(session, b"png", actor=SYSTEME)


def _regler_les_acces(session: Session) -> None:
    for oblige in (False, True, True, False):
        obliger(session, oblige=oblige, actor=SYSTEME)


def _commencer_les_series(session: Session) -> None:
    for premier in (100, 1):
        for prefixe in ("DEV", "FAC"):
            entreprise.choisir_premier_numero(session, prefixe, 2031, premier, actor=SYSTEME)


@pytest.mark.parametrize(
    "commande",
    [
        _changer_de_droits,
        _commencer_les_series,
        _dater_les_mentions,
        _effacer,
        _regler_l_entreprise,
        _regler_les_acces,
    ],
    ids=lambda commande: str(commande.__name__).strip("_"),
)
def test_ce_qu_une_commande_change_reste_verifie(
    database: Database, tmp_path: Path, commande: object
) -> None:
    assert callable(commande)

    database.transaction(commande)

    assert verifier(database, tmp_path).anomalies == []


@pytest.mark.parametrize(
    "ordre",
    [
        "UPDATE entreprise SET iban = 'FR00', regime_tva = 'FRANCHISE'",
        "UPDATE entreprise SET courriel_ancres = 'x@y.fr'",
        "UPDATE utilisateur SET role = 'admin'",
        "UPDATE mention SET texte = 'FAUX' WHERE code = 'PENALITES'",
        "DELETE FROM mention",
    ],
)
def test_ce_qu_aucune_commande_n_a_change_se_voit(
    database: Database, tmp_path: Path, ordre: str
) -> None:
    with database.write() as session:
        une_entreprise(session)
        _une_personne(session)
    with en_superutilisateur(database) as connexion:
        connexion.exec_driver_sql(ordre)

    anomalies = verifier(database, tmp_path).anomalies

    assert {(a.journal, a.raison) for a in anomalies} == {("TECHNIQUE", "ligne")}
