"""Closed periods: totals chained, days refused afterwards (BOI-TVA-DECLA-30-10-30)."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cordeau.comptabilite.commands.cloture import JOB_CLORE, clore, clore_jours
from cordeau.comptabilite.jobs import clore_les_jours
from cordeau.comptabilite.periodes import bornes, lire_periode, mois_precedent, nommer
from cordeau.comptabilite.verification import verifier
from cordeau.core.dates import a_l_instant, aujourd_hui, debut_du_jour
from cordeau.core.db import Database
from cordeau.core.errors import ConflitError, SaisieError
from cordeau.core.jobs import Job
from cordeau.core.jsonable import loads
from cordeau.core.permissions import SYSTEME
from cordeau.core.registre.models import Cloture, EntreeRegistre
from cordeau.core.registre.states import GenreCloture, Journal
from tests.devis.builders import LE_JOUR
from tests.facturation.builders import regler, une_entreprise, une_facture, une_facture_emise
from tests.gens import Navigateur
from tests.registre.dossiers import en_superutilisateur, remplir

MOIS, ANNEE, JOUR = GenreCloture.MOIS, GenreCloture.ANNEE, GenreCloture.JOUR
APRES = date(2027, 1, 15)


@pytest.mark.parametrize(
    ("genre", "texte", "debut", "fin", "nom"),
    [
        (MOIS, "2028-02", date(2028, 2, 1), date(2028, 2, 29), "Février 2028"),
        (ANNEE, "2026", date(2026, 1, 1), date(2026, 12, 31), "L’année 2026"),
    ],
)
def test_une_periode_a_ses_bornes_et_son_nom(
    genre: GenreCloture, texte: str, debut: date, fin: date, nom: str
) -> None:
    lu, jour = lire_periode(genre, texte)

    assert bornes(lu, jour) == (debut, fin)
    assert nommer(lu, debut) == nom


@pytest.mark.parametrize(
    "texte", ["", "2026-13", "26-10", "2026", "octobre", "2026-1", "２０２６-10"]
)
def test_un_mois_mal_ecrit_est_refuse(texte: str) -> None:
    with pytest.raises(SaisieError):
        lire_periode(MOIS, texte)


def test_le_mois_qui_precede_janvier_est_decembre() -> None:
    assert mois_precedent(date(2027, 1, 3)) == date(2026, 12, 1)
    assert mois_precedent(date(2026, 12, 31)) == date(2026, 11, 1)


def test_une_cloture_porte_les_totaux_par_taux_et_par_mode(database: Database) -> None:
    remplir(database)
    with database.write() as session:
        cloture = clore(session, MOIS, LE_JOUR, actor=SYSTEME, le=APRES)

    contenu = _contenu(database, cloture)
    periode = contenu["periode"]
    assert periode["documents"] == {"ACOMPTE": 1, "AVOIR": 1, "FACTURE": 2}
    assert sum(t["base_ht"] + t["montant_tva"] for t in periode["tva"]) == periode["montant_ttc"]
    assert [t["taux"] for t in periode["tva"]] == [55000, 100000, 200000]
    assert contenu["perpetuel"]["montant_ttc"] == periode["montant_ttc"]
    assert contenu["tetes"]["FACTURES"].startswith("4:")


def test_les_reglements_comptent_le_jour_de_leur_enregistrement(database: Database) -> None:
    with database.write() as session:
        une_entreprise(session)
        regler(session, une_facture_emise(session), "60", le=LE_JOUR)
    hier = aujourd_hui()
    with database.write() as session:
        du_jour = clore(session, JOUR, hier, actor=SYSTEME, le=hier + timedelta(days=1))

    assert _contenu(database, du_jour)["periode"]["reglements"] == {"VIREMENT": 6000}


def test_une_periode_close_refuse_les_dates_anterieures(session: Session) -> None:
    une_entreprise(session)
    facture = une_facture_emise(session)
    clore(session, MOIS, LE_JOUR, actor=SYSTEME, le=APRES)

    with pytest.raises(ConflitError, match="close jusqu’au 31/03/2026"):
        regler(session, facture, "10", le=LE_JOUR)
    with pytest.raises(ConflitError, match="est close, rien ne peut plus s’y inscrire"):
        une_facture_emise(session)
    une_facture(session)  # a draft bears no day yet


def test_apres_la_cloture_tout_continue(session: Session) -> None:
    une_entreprise(session)
    facture = une_facture_emise(session)
    clore(session, MOIS, LE_JOUR, actor=SYSTEME, le=APRES)

    regler(session, facture, "10", le=date(2026, 4, 1))


def test_une_periode_en_cours_ne_se_clot_pas(session: Session) -> None:
    for genre in (JOUR, MOIS, ANNEE):
        with pytest.raises(ConflitError, match="n’est pas fini"):
            clore(session, genre, LE_JOUR, actor=SYSTEME, le=LE_JOUR)


def test_une_periode_ne_se_clot_qu_une_fois(session: Session) -> None:
    clore(session, MOIS, LE_JOUR, actor=SYSTEME, le=APRES)

    with pytest.raises(ConflitError, match="déjà clos"):
        clore(session, MOIS, LE_JOUR + timedelta(days=3), actor=SYSTEME, le=APRES)


def test_les_jours_mouvementes_se_closent_d_eux_memes_une_fois(database: Database) -> None:
    remplir(database)
    demain = aujourd_hui() + timedelta(days=1)

    with database.write() as session:
        assert clore_jours(session, demain) == 2  # the day of issue, the day of recording
    with database.write() as session:
        assert clore_jours(session, demain) == 0
        assert session.scalar(select(func.count()).select_from(Cloture)) == 2


def test_un_jour_clos_ne_recoit_plus_de_facture(database: Database, tmp_path: Path) -> None:
    """The clock went back, or the request read its day before midnight and waited."""
    remplir(database)
    with database.write() as session:
        clore_jours(session, LE_JOUR + timedelta(days=1))

    with pytest.raises(ConflitError, match="horloge de la machine"), database.write() as session:
        une_facture_emise(session)

    assert verifier(database, tmp_path).valide
    with database.write() as session:
        une_facture_emise(session, le=LE_JOUR + timedelta(days=1))
    assert verifier(database, tmp_path).valide


@pytest.mark.parametrize("genre", [JOUR, MOIS])
def test_un_jour_clos_ne_recoit_plus_de_reglement(
    database: Database, tmp_path: Path, genre: GenreCloture
) -> None:
    """Whatever the day it bears: it counts on the day it is recorded."""
    remplir(database)
    with database.write() as session:
        facture = une_facture_emise(session)
    jour = aujourd_hui()
    apres = bornes(genre, jour)[1] + timedelta(days=1)
    with database.write() as session:
        clore(session, genre, jour, actor=SYSTEME, le=apres)

    with pytest.raises(ConflitError, match="horloge de la machine"), database.write() as session:
        regler(session, facture, "1", le=apres)

    assert verifier(database, tmp_path).valide
    with a_l_instant(debut_du_jour(apres)), database.write() as session:
        regler(session, facture, "1", le=jour if genre == JOUR else apres)
    assert verifier(database, tmp_path).valide


def test_la_journee_ne_se_clot_que_quelques_minutes_apres_minuit(database: Database) -> None:
    remplir(database)
    minuit = debut_du_jour(aujourd_hui() + timedelta(days=1))

    with a_l_instant(minuit + timedelta(minutes=1)):
        clore_les_jours(database, {})
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Cloture)) == 0
        promise = select(Job.a_partir_de).where(Job.nom == JOB_CLORE)
        assert session.scalars(promise).all() == [minuit + timedelta(minutes=10)]
    with a_l_instant(minuit + timedelta(minutes=11)):
        clore_les_jours(database, {})

    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Cloture)) == 2


def test_une_cloture_appelle_une_ancre(session: Session) -> None:
    clore(session, MOIS, LE_JOUR, actor=SYSTEME, le=APRES)

    assert session.scalars(select(Job.nom)).all() == ["comptabilite.ancrer"]


def test_des_totaux_retouches_se_voient(database: Database, tmp_path: Path) -> None:
    remplir(database)
    with database.write() as session:
        clore(session, MOIS, LE_JOUR, actor=SYSTEME, le=APRES)
        clore(session, ANNEE, LE_JOUR, actor=SYSTEME, le=APRES)
    assert verifier(database, tmp_path).valide

    with en_superutilisateur(database) as connexion:
        connexion.exec_driver_sql("UPDATE cloture SET close_par = 'Autre' WHERE genre = 'ANNEE'")
        connexion.exec_driver_sql("UPDATE tva_facture SET montant_tva = montant_tva + 1")

    raisons = [a.raison for a in verifier(database, tmp_path).anomalies]
    assert raisons.count("cloture") == 2
    assert "ligne" in raisons


def test_le_comptable_clot_un_mois_depuis_la_page(
    database: Database, navigateur: Callable[..., Navigateur]
) -> None:
    with database.write() as session:
        une_entreprise(session)
        une_facture_emise(session)
    comptable = navigateur("comptable")

    faite = comptable.soumettre("/comptabilite/clotures", {"genre": "MOIS", "periode": "2026-03"})
    refusee = comptable.soumettre("/comptabilite/clotures", {"genre": "MOIS", "periode": "2026-03"})
    illisible = comptable.soumettre("/comptabilite/clotures", {"genre": "MOIS", "periode": "mars"})

    assert faite.status_code == 303
    page = comptable.get("/comptabilite/clotures").text
    assert "Mars 2026" in page
    assert "tout est clos jusqu’au 31/03/2026" in page
    assert "120,00" in page
    assert (refusee.status_code, illisible.status_code) == (409, 422)
    assert "déjà clos" in refusee.text
    assert 'value="mars"' in illisible.text


def test_les_jours_clos_se_lisent_a_part_sous_leur_nom(
    database: Database, navigateur: Callable[..., Navigateur]
) -> None:
    remplir(database)
    with database.write() as session:
        clore_jours(session, LE_JOUR + timedelta(days=1))
        clore(session, MOIS, LE_JOUR, actor=SYSTEME, le=APRES)
    comptable = navigateur("comptable")

    mois = comptable.get("/comptabilite/clotures").text
    jours = comptable.get("/comptabilite/clotures?jours=1").text

    assert ("Mars 2026" in mois, "Le 2 mars 2026" in mois) == (True, False)
    assert (">Mars 2026" in jours, "Le 2 mars 2026" in jours) == (False, True)


def test_le_commercial_ne_voit_pas_les_clotures(navigateur: Callable[..., Navigateur]) -> None:
    assert navigateur("commercial").get("/comptabilite/clotures").status_code == 403


def _contenu(database: Database, cloture: Cloture) -> Any:
    with database.read() as session:
        texte = session.scalars(
            select(EntreeRegistre.contenu).where(
                EntreeRegistre.journal == Journal.CLOTURES, EntreeRegistre.objet_id == cloture.id
            )
        ).one()
    return loads(texte.encode())
