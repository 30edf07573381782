"""Kept sums equal the sums of their rows, to the cent, whatever happens to them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from cordeau.analytics import agregats
from cordeau.analytics.jobs import replier_agregats
from cordeau.cli.main import main
from cordeau.core.agregats import Agregat, Mesure, MouvementAgregat, lire_sommes, replier
from cordeau.core.db import Database
from cordeau.core.jobs import Job
from cordeau.core.permissions import SYSTEME
from cordeau.devis.commands import redaction
from cordeau.devis.commands.reponse import accepter, expirer
from cordeau.devis.models import Devis
from cordeau.devis.states import StatutDevis
from cordeau.facturation.commands.brouillon import supprimer_brouillon
from tests.analytics.builders import un_devis
from tests.devis.builders import LE_JOUR, un_devis_accepte, un_devis_envoye, une_ligne, une_saisie
from tests.devis.builders import un_devis as un_brouillon
from tests.facturation.builders import (
    facturer,
    facturer_et_emettre,
    regler,
    un_acompte,
    un_avoir_emis,
    une_entreprise,
)

Geste = Callable[[Session], object]


def _vendre(session: Session) -> Devis:
    return un_devis_accepte(session)


def _envoyer(session: Session) -> Devis:
    return un_devis_envoye(session)


def _corriger(session: Session) -> None:
    devis = un_brouillon(session)
    saisie = une_saisie(lignes=[une_ligne("345.67")])
    redaction.modifier_devis(session, devis.id, saisie, actor=SYSTEME)


def _perdre(session: Session) -> None:
    devis = un_devis_envoye(session)
    expirer(session, devis.id, le=LE_JOUR + timedelta(days=400))


def _facturer(session: Session) -> None:
    facturer_et_emettre(session, _vendre(session))


def _encaisser(session: Session) -> None:
    regler(session, facturer_et_emettre(session, _vendre(session)), "20.00")


def _crediter(session: Session) -> None:
    facture = facturer_et_emettre(session, _vendre(session))
    un_avoir_emis(session, facture, [(facture.lignes[0].id, "0.1")])


def _demander_acompte(session: Session) -> None:
    un_acompte(session, _vendre(session), "30")


def _renoncer(session: Session) -> None:
    brouillon = facturer(session, _vendre(session))
    supprimer_brouillon(session, brouillon.id, actor=SYSTEME)


GESTES: tuple[Geste, ...] = (
    _vendre,
    _envoyer,
    _corriger,
    _perdre,
    _facturer,
    _encaisser,
    _crediter,
    _demander_acompte,
    _renoncer,
    replier,
)


@given(gestes=st.lists(st.sampled_from(GESTES), min_size=1, max_size=6))
@settings(max_examples=12)
def test_les_sommes_gardees_sont_celles_des_lignes(database: Database, gestes: list[Geste]) -> None:
    with database.write() as session:
        une_entreprise(session)
        for geste in gestes:
            geste(session)
            session.flush()

            assert not agregats.verifier(session)
        session.rollback()


@pytest.mark.parametrize("geste", GESTES[:-1], ids=lambda geste: geste.__name__)
def test_chaque_geste_laisse_une_trace_dans_les_sommes(database: Database, geste: Geste) -> None:
    with database.write() as session:
        une_entreprise(session)
        geste(session)

        assert lire_sommes(session, Mesure.DEVIS)
        assert not agregats.verifier(session)


def test_un_devis_accepte_n_est_plus_a_facturer_des_le_premier_brouillon(
    database: Database,
) -> None:
    with database.write() as session:
        une_entreprise(session)
        devis = _vendre(session)
        brouillon = facturer(session, devis, pourcentage="50")
        facture = _a_facturer(session)
        supprimer_brouillon(session, brouillon.id, actor=SYSTEME)

        assert (facture, _a_facturer(session)) == (0, 1)


def test_replier_ne_change_aucune_somme(database: Database) -> None:
    with database.write() as session:
        une_entreprise(session)
        for geste in GESTES[:-1]:  # nothing is folded yet
            geste(session)
    avant = _toutes(database)

    replier_agregats(database, {})

    assert _toutes(database) == avant
    with database.read() as session:
        assert session.scalar(select(func.count(MouvementAgregat.id))) == 0
        assert session.scalar(select(func.count(Job.id)).where(Job.nom == "analytics.replier"))


def test_ceux_qui_ecrivent_ensemble_ne_perdent_aucune_somme(database: Database) -> None:
    with database.write() as session:
        une_entreprise(session)
        devis = [un_devis_envoye(session) for _ in range(24)]
        total = sum((d.montant_ht for d in devis), Decimal("0.00"))

    def repondre(rang_devis: tuple[int, UUID]) -> None:
        rang, devis_id = rang_devis
        database.transaction(lambda session: accepter(session, devis_id, actor=SYSTEME, le=LE_JOUR))
        if rang % 5 == 0:
            database.transaction(replier)

    with ThreadPoolExecutor(8) as fils:
        list(fils.map(repondre, enumerate(d.id for d in devis)))

    with database.read() as session:
        assert not agregats.verifier(session)
        assert lire_sommes(session, Mesure.DEVIS)["ACCEPTE"] == (24, total)


def test_une_somme_faussee_se_voit_et_se_corrige(database: Database) -> None:
    with database.write() as session:
        une_entreprise(session)
        _facturer(session)
        replier(session)
        session.execute(text("UPDATE agregat SET montant = montant + 1 WHERE mesure = 'FACTURE'"))

    with database.read() as session:
        vus = agregats.verifier(session)
    database.transaction(agregats.reconstruire)

    assert [(ecart.cle.mesure, ecart.montant_garde - ecart.montant) for ecart in vus] == [
        (Mesure.FACTURE, Decimal("0.01"))
    ]
    with database.read() as session:
        assert not agregats.verifier(session)


def test_la_commande_dit_quelle_somme_est_fausse(
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with database.write() as session:
        un_devis(session, StatutDevis.ENVOYE, "0.10")
        session.flush()
        session.add(Agregat(mesure="DU", cle="", jour=LE_JOUR, nombre=1, montant=Decimal("9.99")))
    monkeypatch.setenv("CORDEAU_DATA", str(tmp_path))
    monkeypatch.setenv(
        "CORDEAU_DATABASE_URL", database.engine.url.render_as_string(hide_password=False)
    )

    codes = [main(["agregats", geste]) for geste in ("verifier", "reconstruire", "verifier")]

    assert codes == [1, 0, 0]
    dit = capsys.readouterr().out
    assert f"DU  {LE_JOUR} : gardé 1 pour 9.99, compté 0 pour 0.00" in dit
    assert dit.endswith("Toutes les sommes sont justes.\n")


def _a_facturer(session: Session) -> int:
    return lire_sommes(session, Mesure.A_FACTURER).get("", (0, Decimal(0)))[0]


def _toutes(database: Database) -> dict[str, dict[str, tuple[int, Decimal]]]:
    with database.read() as session:
        return {mesure: lire_sommes(session, mesure) for mesure in Mesure}
