"""Every field the application takes, read from the application itself, with what fits it.

A field that is added tomorrow is tried tomorrow, without a line here.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_dependant
from fastapi.routing import APIRoute, iter_route_contexts

from cordeau.web.adresse import lecteurs
from tests.badinput.catalogue import (
    DATES,
    IDENTIFIANTS,
    NOMBRES,
    SQL,
    TEXTES_JSON,
    TOUS_LES_TEXTES,
)
from tests.devis.builders import une_ligne

#: A valid member of a list, into which one field is spoilt.
MEMBRES: Mapping[str, dict[str, Any]] = {
    "lignes": une_ligne(),
    "contacts": {"nom": "Rose"},
    "sites": {"nom": "Longère"},
    "imputations": {"montant": 1},
}
#: What the name of a field of a form says of what it holds.
_NOMBRE = re.compile(
    r"montant|prix|quantite|taux|remise|capital|delai|duree|premier|annee|cout|part"
)
_DATE = re.compile(r"date|_du$|_le$|jour")
_IDENTIFIANT = re.compile(r"_id$|^du$|^choix$|^modele$")


@dataclass(frozen=True, slots=True)
class Champ:
    """A field: where it is in what a route is sent, and the payloads that fit it."""

    route: str
    #: Its place: names, and ranks in lists.
    place: tuple[str | int, ...]
    #: Raw JSON in a body, text in a form or after the question mark.
    essais: Sequence[str]

    def __str__(self) -> str:
        """As a failure names it."""
        return f"{self.route} {'.'.join(map(str, self.place))}"


def champs_json(app: FastAPI) -> list[Champ]:
    """The leaves of every JSON body the API describes."""
    document = app.openapi()
    schemas = document["components"]["schemas"]
    return [
        Champ(f"{methode.upper()} {chemin}", place, essais)
        for chemin, operations in document["paths"].items()
        for methode, operation in operations.items()
        if "requestBody" in operation
        for place, essais in _feuilles(_schema(operation), schemas, ())
    ]


def champs_de_formulaire(app: FastAPI) -> Iterator[Champ]:
    """The fields of every form a page takes; files apart."""
    for route in _routes(app):
        if route.path.startswith("/api/"):
            continue
        for parametre in _parametres(route.dependant, "body_params"):
            modele = parametre.field_info.annotation
            noms = getattr(modele, "model_fields", None) or [parametre.name]
            for nom in noms if type(parametre.field_info).__name__ == "Form" else ():
                yield Champ(_cle(route), (nom,), [*_selon_le_nom(nom), *TOUS_LES_TEXTES])


def champs_de_requete(app: FastAPI) -> Iterator[Champ]:
    """What every address may be asked after its question mark."""
    essais = [*map(_nu, (*NOMBRES, *DATES, *IDENTIFIANTS)), *SQL, *TOUS_LES_TEXTES]
    for route in _routes(app):
        lus = [get_dependant(path="", call=lecteur) for lecteur in lecteurs(route.dependant)]
        for parametre in _parametres_de([route.dependant, *lus], "query_params"):
            yield Champ(_cle(route), (parametre.alias,), essais)


def placer(corps: Any, place: tuple[str | int, ...], valeur: str) -> str:
    """The body with one field given as raw JSON."""
    marque = "\x01ici\x01"
    return json.dumps(_poser(corps, place, marque)).replace(json.dumps(marque), valeur)


def tourner(champs: Sequence[Champ], pas: int) -> Iterator[tuple[Champ, str]]:
    """One payload in `pas` for each field, another each time: all are tried somewhere."""
    for rang, champ in enumerate(champs):
        for essai in champ.essais[rang % pas :: pas]:
            yield champ, essai


def _poser(corps: Any, place: tuple[str | int, ...], valeur: Any) -> Any:
    if not place:
        return valeur
    tete, *suite = place
    if isinstance(tete, int):
        return [_poser(corps[0] if corps else {}, tuple(suite), valeur)]
    dedans = (corps or {}).get(tete)
    if suite and suite[0] == 0:
        dedans = dedans or [MEMBRES.get(tete, {})]
    return {**(corps or {}), tete: _poser(dedans, tuple(suite), valeur)}


def _feuilles(
    schema: Mapping[str, Any], schemas: Mapping[str, Any], place: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], Sequence[str]]]:
    schema = _deplier(schema, schemas)
    if "properties" in schema:
        if place:
            yield place, NOMBRES
        for nom, dedans in schema["properties"].items():
            yield from _feuilles(dedans, schemas, (*place, nom))
    elif schema.get("type") == "array":
        yield place, (*NOMBRES, "[null]", '["x"]', "[[]]", "[{}]", "[1,[2,[3]]]")
        yield from _feuilles(schema["items"], schemas, (*place, 0))
    else:
        yield place, _selon_le_schema(schema)


def _deplier(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a reference or an optional field really is."""
    while True:
        if "$ref" in schema:
            schema = schemas[schema["$ref"].rpartition("/")[2]]
        elif "anyOf" in schema:
            schema = next(choix for choix in schema["anyOf"] if choix.get("type") != "null")
        else:
            return schema


def _selon_le_schema(schema: Mapping[str, Any]) -> Sequence[str]:
    if schema.get("type") in ("number", "integer", "boolean"):
        return NOMBRES
    par_format = {"date": DATES, "uuid": IDENTIFIANTS}
    return par_format.get(schema.get("format", ""), TEXTES_JSON)


def _selon_le_nom(nom: str) -> list[str]:
    for motif, essais in ((_NOMBRE, NOMBRES), (_DATE, DATES), (_IDENTIFIANT, IDENTIFIANTS)):
        if motif.search(nom):
            return [_nu(essai) for essai in essais]
    return []


def _nu(essai: str) -> str:
    """A raw JSON value as one would type it."""
    try:
        lu = json.loads(essai)
    except ValueError:
        return essai
    return lu if isinstance(lu, str) else essai


def _schema(operation: Mapping[str, Any]) -> Mapping[str, Any]:
    contenu: Mapping[str, Any] = operation["requestBody"]["content"]["application/json"]["schema"]
    return contenu


def _routes(app: FastAPI) -> list[APIRoute]:
    return [
        contexte.original_route
        for contexte in iter_route_contexts(app.routes)
        if isinstance(contexte.original_route, APIRoute)
    ]


def _parametres_de(dependants: Sequence[Dependant], genre: str) -> Iterator[Any]:
    for dependant in dependants:
        yield from _parametres(dependant, genre)


def _parametres(dependant: Dependant, genre: str) -> Iterator[Any]:
    """Those of a route and of all it depends on."""
    yield from getattr(dependant, genre)
    for enfant in dependant.dependencies:
        yield from _parametres(enfant, genre)


def _cle(route: APIRoute) -> str:
    return f"{min(route.methods or {'GET'})} {route.path}"
