"""Giving a person their data: one archive, JSON and the files kept (GDPR art. 15 and 20)."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from cordeau.core.errors import ConflitError
from cordeau.rgpd.dossier import Dossier

COMPRESSION = zipfile.ZIP_DEFLATED
LISEZMOI = """Données personnelles de {nom}

donnees.json : toutes les lignes où cette personne paraît, table par table, champ par champ.
pieces/      : les factures électroniques émises et les fichiers joints aux courriels.

Ne sont pas remis : les empreintes techniques, les mots de passe (gardés sous une forme illisible),
les coûts et les marges de l’entreprise, ni qui, dans l’entreprise, a fait quoi. D’une action
faite sur la fiche d’un autre, seuls son nom, son instant et son lieu sont remis.
"""


def ecrire_archive(dossier: Dossier, fichier: Path) -> int:
    """Write the archive; how many rows it holds. Raises `ConflitError` on a file already there."""
    lignes = {
        table: [_en_json(rang) for rang in rangs]
        for table, rangs in dossier.lignes.items()
        if rangs
    }
    contenus = {
        "LISEZMOI.txt": LISEZMOI.format(nom=dossier.personne.nom).encode(),
        "donnees.json": orjson.dumps(lignes, option=orjson.OPT_INDENT_2, default=str),
        **{f"pieces/{nom}": contenu for nom, contenu in _pieces(dossier)},
    }
    try:
        with fichier.open("xb") as sortie, zipfile.ZipFile(sortie, "w", COMPRESSION) as archive:
            for nom, contenu in contenus.items():
                archive.writestr(nom, contenu)
    except FileExistsError as error:
        raise ConflitError(f"{fichier} existe déjà : choisissez un autre nom.") from error
    except OSError as error:
        raise ConflitError(f"{fichier} ne peut pas être écrit : {error.strerror}.") from error
    return sum(len(rangs) for rangs in lignes.values())


def _en_json(ligne: dict[str, Any]) -> dict[str, Any]:
    return {
        nom: f"({len(valeur)} octets, voir pieces/)" if isinstance(valeur, bytes) else valeur
        for nom, valeur in ligne.items()
    }


def _pieces(dossier: Dossier) -> Iterator[tuple[str, bytes]]:
    numeros = {f["id"]: f["numero"] for f in dossier.lignes.get("facture", ())}
    for piece in dossier.lignes.get("piece_facture", ()):
        nom = _nom_de_fichier(str(numeros.get(piece["facture_id"]) or piece["facture_id"]))
        yield f"{nom}.pdf", piece["pdf"]
        yield f"{nom}.xml", piece["xml"]
    for rang, piece in enumerate(dossier.lignes.get("piece_jointe", ()), 1):
        yield f"courriel-{rang:03d}-{_nom_de_fichier(piece['nom'])}", piece["contenu"]


def _nom_de_fichier(nom: str) -> str:
    """Letters, digits, dashes and dots: never a path."""
    return "".join(c if c.isalnum() or c in "-_." else "_" for c in nom).lstrip(".")[:80] or "piece"
