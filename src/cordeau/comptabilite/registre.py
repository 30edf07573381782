"""What leaves for the accounting, chained: which file, of which period, how much."""

from cordeau.comptabilite.queries import ExportJde, Periode
from cordeau.comptabilite.rules import totaliser_jde
from cordeau.core.db import Database
from cordeau.core.permissions import Acteur
from cordeau.core.registre.exports import inscrire_export


def chainer_export(
    database: Database, export: ExportJde, periode: Periode, fichier: bytes, *, actor: Acteur
) -> None:
    """Write down an export before its file leaves."""
    totaux = totaliser_jde(export.lignes)
    details = {
        "du": "" if periode.du is None else periode.du.isoformat(),
        "au": "" if periode.au is None else periode.au.isoformat(),
        "documents": totaux.nombre,
        "montant_ttc": str(totaux.montant_ttc),
    }
    inscrire_export(database, "JDE", details, fichier, actor=actor)
