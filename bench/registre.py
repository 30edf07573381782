"""Verifying the ledger, beside the bare reading of the rows it tells of."""

from pathlib import Path

from sqlalchemy import text

from bench.instance import preparer
from bench.mesures import Duree, Mesure, alterner
from bench.moteurs import Moteur
from cordeau.comptabilite.verification import MAXIMUM, verifier
from cordeau.core.db import Database
from cordeau.facturation.reprise import reprendre

TABLES = (
    "registre_entree",
    "facture",
    "ligne_facture",
    "tva_facture",
    "reglement",
    "imputation",
    "solde",
)
#: What the time is told for.
MILLE = 1000


def mesurer(moteur: Moteur, dossier: Path, devis: int, fois: int) -> Mesure:
    """Every entry of a base whose documents and règlements are all chained."""
    instance = preparer(moteur, dossier / "registre", devis, 1)
    database = Database(instance.url)
    ecritures = database.transaction(reprendre)

    def relire() -> None:
        rapport = verifier(database, instance.data)
        assert sum(chaine.entrees for chaine in rapport.chaines.values()) >= ecritures
        assert len(rapport.anomalies) < MAXIMUM, rapport.anomalies[0]

    def lire() -> None:
        with database.engine.connect() as connexion:
            for table in TABLES:
                connexion.execute(text(f"SELECT * FROM {table}")).all()

    cordeau, plancher = alterner([relire, lire], fois)
    database.dispose()
    par_mille = MILLE / ecritures
    return Mesure(
        "Vérifier mille écritures du registre",
        devis,
        fois,
        Duree(cordeau.mediane * par_mille, cordeau.au_mieux * par_mille),
        Duree(plancher.mediane * par_mille, plancher.au_mieux * par_mille),
        objectif="≤ 600 ms",
    )
