"""What the journal follows is settled, table by table and column by column."""

import re

from cordeau.core import perimetre
from cordeau.core.collecte import _mappers, plan_de
from cordeau.core.db import Base
from cordeau.core.permissions import DROITS, Permission, Role
from cordeau.historique import libelles
from tests.architecture.sources import PAQUET, modules, nom

TABLES = Base.metadata.tables

#: Where the connection itself is spoken to: the ground, the schema, what only reads.
DETOURS_PERMIS = (
    "core/",
    "migrate.py",
    "migrations/",
    "comptabilite/",
    "exploitation/controles",
    "auth/presences.py",
)


def test_chaque_table_laissee_de_cote_existe_et_dit_pourquoi() -> None:
    assert perimetre.HORS_JOURNAL.keys() <= TABLES.keys()
    assert all(perimetre.HORS_JOURNAL.values())


def test_chaque_colonne_nommee_comme_un_secret_est_classee() -> None:
    """Unclassified ones are hidden meanwhile; say in `core.perimetre` what each is."""
    nommees = {
        f"{table.name}.{colonne.name}"
        for table in TABLES.values()
        for colonne in table.columns
        if perimetre.NOMS_DE_SECRET.search(colonne.name)
    }

    assert nommees - perimetre.SECRETS - perimetre.PAS_SECRETS.keys() == set()
    assert perimetre.SECRETS.isdisjoint(perimetre.PAS_SECRETS)


def test_une_colonne_inconnue_nommee_comme_un_secret_est_masquee() -> None:
    assert perimetre.est_secrete("utilisateur", "totp_graine")
    assert perimetre.est_secrete("utilisateur", "code_secours")
    assert not perimetre.est_secrete("client", "code_postal")


def test_les_listes_nomment_des_colonnes_qui_existent() -> None:
    nommees = {
        *perimetre.SECRETS,
        *perimetre.PAS_SECRETS,
        *perimetre.VOLUMINEUSES,
        *libelles.RESERVES,
        *(f"{table}.{colonne}" for table, colonne in perimetre.NOMS.items()),
        *(f"{table}.{nom}" for table, noms in perimetre.DERIVEES.items() for nom in noms),
    }

    assert {c for c in nommees if c.split(".")[1] not in TABLES[c.split(".")[0]].c} == set()


def test_une_partie_mene_a_son_objet_par_une_cle_etrangere() -> None:
    for table, lien in perimetre.AGREGATS.items():
        assert TABLES[table].c[lien].foreign_keys, table
        assert table in libelles.PARTIES, table


def test_chaque_champ_suivi_a_son_mot_en_francais() -> None:
    suivis = {
        colonne
        for mapper in _mappers().values()
        if (plan := plan_de(mapper)) is not None
        for colonne in plan.champs.values()
    }

    assert suivis - libelles.CHAMPS.keys() == set()


def test_chaque_objet_suivi_a_son_nom_et_son_droit() -> None:
    objets = {plan.type_objet for m in _mappers().values() if (plan := plan_de(m)) is not None}

    assert objets - libelles.OBJETS.keys() == set()


def test_le_journal_entier_se_lit_par_qui_controle_la_maison() -> None:
    lecteurs = {role for role, droits in DROITS.items() if Permission.JOURNAL_LIRE in droits}

    assert lecteurs == {Role.ADMIN, Role.GESTIONNAIRE, Role.COMPTABLE}


def test_rien_n_ecrit_a_cote_de_la_session() -> None:
    """What goes round the session goes round the journal."""
    detours = re.compile(r"\.connection\(|bulk_(save|insert|update)|exec_driver_sql\((?!\"PRAGMA)")
    fautifs = [
        nom(module)
        for module in modules()
        if not str(module.relative_to(PAQUET)).startswith(DETOURS_PERMIS)
        and detours.search(module.read_text("utf-8"))
    ]

    assert not fautifs
