"""The description of the API, true of every answer: refusals, headers, keys, and no page in it."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from cordeau.core.operations import CLE_MAX
from cordeau.web.adresse import lecteurs
from cordeau.web.errors import PROBLEME
from cordeau.web.route import writes
from cordeau.web.schemas import ProblemeSchema

PREFIXE = "/api/"
IF_MATCH = "If-Match"

#: What each refusal says, whatever the operation.
REFUS = {
    "401": "Le jeton manque, n’existe pas ou n’ouvre plus.",
    "403": "Ce rôle n’a pas ce droit.",
    "404": "Rien ne porte cet identifiant.",
    "409": "L’état des choses l’interdit, ou la même clé d’opération est encore en cours.",
    "412": "L’élément a changé depuis qu’il a été lu.",
    "422": "Un champ est à corriger, ou cette clé d’opération a servi à une autre demande.",
    "428": "L’en-tête `If-Match` manque.",
    "429": "Trop de demandes : attendez le délai de `Retry-After`.",
    "503": "La base ne répond pas : rien n’a été enregistré.",
}
TEXTE = {"type": "string"}
ENTETES = {
    "ETag": "La version de l’élément, à rendre dans `If-Match`.",
    "Location": "L’adresse de ce qui vient d’être créé.",
    "Idempotency-Replayed": "`true` quand la réponse est celle d’une demande déjà faite.",
    "Retry-After": "Secondes à attendre.",
    "WWW-Authenticate": "La façon de s’authentifier.",
    "X-Request-Id": "Le numéro de la demande, à citer quand on signale un problème.",
}
#: Those no answer that may bear them goes without.
TOUJOURS_DONNES = frozenset({"Location", "Retry-After", "WWW-Authenticate", "X-Request-Id"})
CLE_D_OPERATION = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": CLE_MAX},
    "description": "Une même clé n’agit qu’une fois : la réponse d’origine est rendue de nouveau.",
}


def decrire(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of this application, made once."""
    if app.openapi_schema is None:
        routes = [
            route
            for route in app.routes
            if isinstance(route, APIRoute) and route.path.startswith(PREFIXE)
        ]
        document = get_openapi(
            title=app.title, version=app.version, summary=app.summary, routes=routes
        )
        for route in routes:
            _ajouter_l_adresse(document, route)
        _declarer(document)
        ecrivent = {
            (route.path_format, methode)
            for route in routes
            if writes(route)
            for methode in route.methods or ()
        }
        for chemin, methode, operation in _operations(document):
            _completer(chemin, operation, ecrit=(chemin, methode) in ecrivent)
        app.openapi_schema = document
    return app.openapi_schema


def _ajouter_l_adresse(document: dict[str, Any], route: APIRoute) -> None:
    """Describe what a route reads of its address by `lu_dans_l_adresse`."""
    for lecteur in lecteurs(route.dependant):
        lu = get_openapi(title="", version="", routes=[APIRoute("/", lecteur, response_model=None)])
        for methode in route.methods or ():
            operation = document["paths"][route.path_format][methode.lower()]
            operation.setdefault("parameters", []).extend(lu["paths"]["/"]["get"]["parameters"])
        schemas = document["components"]["schemas"]
        schemas.update(lu["components"]["schemas"])


def _declarer(document: dict[str, Any]) -> None:
    """Shapes and keys that every operation shares."""
    composants = document["components"]
    schemas = composants["schemas"]
    for inutile in ("HTTPValidationError", "ValidationError"):
        schemas.pop(inutile, None)
    probleme = ProblemeSchema.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(probleme.pop("$defs"))
    schemas["ProblemeSchema"] = probleme
    composants["responses"] = {
        f"Refus{statut}": _refus(statut, texte) for statut, texte in REFUS.items()
    }
    composants["securitySchemes"] = {"jeton": {"type": "http", "scheme": "bearer"}}
    document["security"] = [{"jeton": []}]


def _refus(statut: str, texte: str) -> dict[str, Any]:
    entetes = {"401": ["WWW-Authenticate"], "429": ["Retry-After"], "503": ["Retry-After"]}
    return {
        "description": texte,
        "headers": _entetes("X-Request-Id", *entetes.get(statut, ())),
        "content": {PROBLEME: {"schema": {"$ref": "#/components/schemas/ProblemeSchema"}}},
    }


def _completer(chemin: str, operation: dict[str, Any], *, ecrit: bool) -> None:
    """Say which refusals, headers and operation key one operation has."""
    reponses = operation["responses"]
    for statut in _refus_de(chemin, operation, ecrit=ecrit):
        reponses[statut] = {"$ref": f"#/components/responses/Refus{statut}"}
    if ecrit:
        operation.setdefault("parameters", []).append(CLE_D_OPERATION)
    for statut, reponse in reponses.items():
        if statut.startswith("2"):
            rejouee = ("Idempotency-Replayed",) if ecrit else ()
            cree = ("Location",) if statut == "201" else ()
            reponse.setdefault("headers", {}).update(
                _entetes("X-Request-Id", "ETag", *cree, *rejouee)
            )


def _refus_de(chemin: str, operation: dict[str, Any], *, ecrit: bool) -> Iterator[str]:
    yield from ("401", "403", "422", "429", "503")
    if "{" in chemin:
        yield "404"
    if ecrit:
        yield "409"
    for parametre in operation.get("parameters", ()):
        if parametre["name"] == IF_MATCH:
            yield from ("412", "428") if parametre["required"] else ("412",)


def _entetes(*noms: str) -> dict[str, Any]:
    return {
        nom: {
            "description": ENTETES[nom],
            "required": nom in TOUJOURS_DONNES,
            "schema": TEXTE,
        }
        for nom in noms
    }


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    return (
        (chemin, methode.upper(), operation)
        for chemin, operations in document["paths"].items()
        for methode, operation in operations.items()
    )
