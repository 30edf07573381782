"""Writing in the ledger: one chain a journal, all or nothing with the change it tells of."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cordeau.core.db import Database
from cordeau.core.permissions import SYSTEME
from cordeau.core.registre.canonique import GENESE
from cordeau.core.registre.ecriture import inscrire, lire_empreinte
from cordeau.core.registre.models import EntreeRegistre, TeteRegistre
from cordeau.core.registre.states import Evenement, Journal
from cordeau.facturation.models import Facture
from tests.facturation.builders import (
    emettre,
    regler,
    une_entreprise,
    une_facture,
    une_facture_emise,
)


def test_chaque_ecriture_suit_la_precedente(session: Session) -> None:
    premiere = _noter(session)
    seconde = _noter(session)

    lues = session.scalars(select(EntreeRegistre).order_by(EntreeRegistre.rang)).all()
    assert [(e.rang, e.evenement) for e in lues] == [(1, "ETAT"), (2, "EXPORT"), (3, "EXPORT")]
    assert [e.precedente for e in lues] == [GENESE, lues[0].empreinte, premiere]
    assert session.get_one(TeteRegistre, Journal.TECHNIQUE).empreinte == seconde


def test_les_journaux_ont_chacun_leur_chaine(session: Session) -> None:
    _noter(session)
    inscrire(session, Journal.CLOTURES, Evenement.CLOTURE, {}, actor=SYSTEME)

    rangs = session.execute(select(EntreeRegistre.journal, EntreeRegistre.rang)).all()
    assert {tuple(r) for r in rangs} == {("TECHNIQUE", 1), ("TECHNIQUE", 2), ("CLOTURES", 1)}


def test_une_ecriture_abandonnee_ne_laisse_pas_de_trou(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.write() as session:
        _noter_puis_echouer(session)

    with database.write() as session:
        _noter(session)
        assert session.scalars(select(EntreeRegistre.rang)).all() == [1, 2]


def test_une_facture_emise_est_enchainee_avec_tout_ce_qu_elle_dit(session: Session) -> None:
    une_entreprise(session)
    facture = une_facture_emise(session)

    entree = session.scalars(
        select(EntreeRegistre).where(EntreeRegistre.objet_id == facture.id)
    ).one()
    assert entree.evenement == Evenement.FACTURE_EMISE
    assert lire_empreinte(session, Journal.FACTURES, facture.id) == entree.empreinte
    for partie in ('"montant_ttc":12000', '"numero":"FAC-2026-001"', '"document":"{', '"tva":['):
        assert partie in entree.contenu


def test_un_brouillon_n_est_pas_au_registre(session: Session) -> None:
    une_entreprise(session)
    facture = une_facture(session)

    assert lire_empreinte(session, Journal.FACTURES, facture.id) == ""


def test_un_reglement_est_enchaine_avec_ses_imputations(session: Session) -> None:
    une_entreprise(session)
    reglement = regler(session, une_facture_emise(session), "12.34")

    contenu = session.scalars(
        select(EntreeRegistre.contenu).where(EntreeRegistre.objet_id == reglement.id)
    ).one()
    assert '"imputations":[{' in contenu
    assert '"montant":1234' in contenu


def test_une_emission_refusee_n_ecrit_rien(database: Database) -> None:
    with database.write() as session:
        facture: Facture = une_facture(session)
    with pytest.raises(Exception, match="Il manque"), database.write() as session:
        emettre(session, session.get_one(Facture, facture.id))

    with database.read() as session:
        chainees = select(EntreeRegistre).where(EntreeRegistre.journal == Journal.FACTURES)
        assert session.scalar(chainees) is None


def _noter_puis_echouer(session: Session) -> None:
    _noter(session)
    raise ZeroDivisionError


def _noter(session: Session) -> str:
    return inscrire(
        session, Journal.TECHNIQUE, Evenement.EXPORT, {"fichier": "a.csv"}, actor=SYSTEME
    )
