"""Every column says what it holds about people: the export and the erasure rest on it."""

from itertools import chain

import cordeau.models  # noqa: F401 (declares every table)
from cordeau.core.db import Base
from cordeau.rgpd.dossier import HORS_DOSSIER, LIENS, PAR_OBJET
from cordeau.rgpd.inventaire import INVENTAIRE, Classe


def test_chaque_colonne_dit_ce_qu_elle_tient_des_personnes() -> None:
    """A new column: classify it in `src/cordeau/rgpd/inventaire.py`."""
    en_base = {
        f"{table.name}.{colonne.name}"
        for table in Base.metadata.sorted_tables
        for colonne in table.columns
    }
    classees = {f"{table}.{nom}" for table, noms in INVENTAIRE.items() for nom in noms}

    assert not en_base - classees, "colonnes à classer dans src/cordeau/rgpd/inventaire.py"
    assert not classees - en_base, "colonnes disparues, à retirer de src/cordeau/rgpd/inventaire.py"


def test_chaque_table_qui_nomme_quelqu_un_entre_dans_son_dossier() -> None:
    """A table that carries people: link it in `src/cordeau/rgpd/dossier.py`, or say why not."""
    nommantes = {
        table
        for table, colonnes in INVENTAIRE.items()
        if {Classe.IDENTITE, Classe.TEXTE, Classe.EQUIPE} & set(colonnes.values())
    }

    suivies = {*chain.from_iterable(LIENS.values()), *PAR_OBJET, *HORS_DOSSIER}
    assert nommantes - suivies == set()
