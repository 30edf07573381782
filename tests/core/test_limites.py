"""Counting in the base what is limited."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cordeau.core.dates import maintenant
from cordeau.core.db import Database
from cordeau.core.errors import TropDeDemandesError, duree_en_lettres
from cordeau.core.limites import Limite, consommer, purger
from cordeau.core.quotas import QUOTAS, Geste, Quota, lire_quotas

TROIS = Quota(3, timedelta(minutes=5))


def compter(database: Database, cle: str = "export:léa", quota: Quota = TROIS) -> bool:
    """Whether one more passes."""
    try:
        consommer(database, cle, quota)
    except TropDeDemandesError:
        return False
    return True


def test_au_dela_du_quota_on_attend_la_fin_de_la_fenetre(database: Database) -> None:
    assert [compter(database) for _ in range(5)] == [True] * 3 + [False] * 2

    with pytest.raises(TropDeDemandesError, match="Réessayez dans 5 minutes") as refus:
        consommer(database, "export:léa", TROIS)
    assert 295 <= (refus.value.retry_after or 0) <= 300


def test_chacun_a_son_compte(database: Database) -> None:
    assert [compter(database, cle) for cle in "abab" for _ in range(2)] == [True] * 4 + [
        True,
        False,
        True,
        False,
    ]


def test_une_nouvelle_fenetre_repart_de_zero(database: Database) -> None:
    assert [compter(database) for _ in range(4)][-1] is False
    with database.write() as session:
        session.execute(update(Limite).values(depuis=maintenant() - timedelta(minutes=5)))

    assert [compter(database) for _ in range(4)] == [True] * 3 + [False]


def test_cinquante_demandes_en_meme_temps_n_en_passent_que_trois(database: Database) -> None:
    with ThreadPoolExecutor(50) as fils:
        passees = list(fils.map(lambda _: compter(database), range(50)))

    assert sum(passees) == 3
    with database.read() as session:
        assert session.scalars(select(Limite.nombre)).all() == [3]


def test_les_vieilles_fenetres_sont_oubliees(database: Database) -> None:
    compter(database)
    compter(database, "autre")
    with database.write() as session:
        hier = maintenant() - timedelta(hours=25)
        session.execute(update(Limite).where(Limite.cle == "autre").values(depuis=hier))
        purger(session)

    with database.read() as session:
        assert session.scalars(select(Limite.cle)).all() == ["export:léa"]


def test_les_quotas_se_reglent_un_par_un() -> None:
    quotas = lire_quotas("export=2/60, pdf=9/10")

    assert quotas[Geste.EXPORT] == Quota(2, timedelta(minutes=1))
    assert quotas[Geste.PDF] == Quota(9, timedelta(seconds=10))
    assert quotas[Geste.CONNEXION] == QUOTAS[Geste.CONNEXION]
    assert lire_quotas("") == QUOTAS


@pytest.mark.parametrize("texte", ["export", "export=2", "export=0/60", "export=a/1", "vol=1/1"])
def test_un_quota_illisible_est_refuse(texte: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        lire_quotas(texte)


@pytest.mark.parametrize(
    ("secondes", "lettres"),
    [(1, "1 seconde"), (89, "89 secondes"), (90, "2 minutes"), (121, "3 minutes")],
)
def test_une_attente_se_dit_sans_faire_revenir_trop_tot(secondes: int, lettres: str) -> None:
    assert duree_en_lettres(secondes) == lettres
