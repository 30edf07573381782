"""What leaves for the accounting, chained: which file, of which period, how much."""

import hashlib

from cordeau.comptabilite.queries import ExportJde, Periode
from cordeau.comptabilite.rules import totaliser_jde
from cordeau.core.db import Database
from cordeau.core.permissions import Acteur
from cordeau.core.registre.ecriture import inscrire
from cordeau.core.registre.states import Evenement, Journal


def chainer_export(
    database: Database, export: ExportJde, periode: Periode, fichier: bytes, *, actor: Acteur
) -> None:
    """Write down an export before its file leaves.

    An access log, in a transaction of its own: the request changes nothing else (RFC 9110 §9.2.1).
    """
    totaux = totaliser_jde(export.lignes)
    contenu = {
        "export": "JDE",
        "du": "" if periode.du is None else periode.du.isoformat(),
        "au": "" if periode.au is None else periode.au.isoformat(),
        "documents": totaux.nombre,
        "montant_ttc": str(totaux.montant_ttc),
        "sha256": hashlib.sha256(fichier).hexdigest(),
    }
    database.transaction(
        lambda session: inscrire(session, Journal.TECHNIQUE, Evenement.EXPORT, contenu, actor=actor)
    )
