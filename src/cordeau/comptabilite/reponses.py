"""The export as a file: the same bytes from the page and from the API."""

from fastapi.responses import Response

from cordeau.comptabilite.queries import ExportJde, Periode
from cordeau.comptabilite.registre import chainer_export
from cordeau.comptabilite.rules import ecrire_csv
from cordeau.comptabilite.schemas import FormatExport, ProfilJde, en_schema
from cordeau.core import jsonable
from cordeau.core.db import Database
from cordeau.core.permissions import Acteur
from cordeau.web.templating import piece_jointe

TYPES_MIME = {
    FormatExport.CSV: "text/csv; charset=utf-8",
    FormatExport.JSON: "application/json",
}


def repondre_export(
    database: Database,
    export: ExportJde,
    periode: Periode,
    *,
    profil: ProfilJde,
    genre: FormatExport,
    actor: Acteur,
) -> Response:
    """The file of a period, to download, once the ledger knows of it."""
    if genre is FormatExport.CSV:
        contenu = ecrire_csv(export.lignes)
    else:
        contenu = jsonable.dumps(en_schema(export).model_dump(by_alias=True))
    chainer_export(database, export, periode, contenu, actor=actor)
    jours = "".join(f"_{jour:%Y%m%d}" for jour in (periode.du, periode.au) if jour is not None)
    return piece_jointe(contenu, f"export_jde_{profil}{jours}.{genre}", TYPES_MIME[genre])
