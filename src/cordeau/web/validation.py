"""What pydantic finds wrong, said in French beside the field."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from cordeau.core.errors import Faute, SaisieError

Modele = TypeVar("Modele", bound=BaseModel)

MESSAGES: Mapping[str, str] = {
    "missing": "Ce champ est obligatoire.",
    "string_type": "Écrivez un texte.",
    "string_too_short": "Ce champ est obligatoire.",
    "string_too_long": "{max_length} caractères au plus.",
    "bool_type": "Répondez par vrai ou faux.",
    "bool_parsing": "Répondez par vrai ou faux.",
    "int_type": "Écrivez un nombre entier.",
    "int_parsing": "Écrivez un nombre entier.",
    "int_from_float": "Écrivez un nombre entier.",
    "decimal_type": "Écrivez un nombre, par exemple 1234,50.",
    "decimal_parsing": "Écrivez un nombre, par exemple 1234,50.",
    "decimal_max_places": "{decimal_places} décimales au plus.",
    "decimal_max_digits": "Ce nombre est trop grand.",
    "decimal_whole_digits": "Ce nombre est trop grand.",
    "finite_number": "Écrivez un nombre, par exemple 1234,50.",
    "greater_than": "La valeur doit être supérieure à {gt}.",
    "greater_than_equal": "La valeur ne peut pas être inférieure à {ge}.",
    "less_than": "La valeur est trop grande.",
    "less_than_equal": "La valeur ne peut pas dépasser {le}.",
    "uuid_parsing": "Cet identifiant n’est pas valable.",
    "uuid_type": "Cet identifiant n’est pas valable.",
    "enum": "Valeurs possibles : {expected}.",
    "literal_error": "Valeurs possibles : {expected}.",
    "list_type": "Donnez une liste.",
    "too_long": "{max_length} éléments au plus.",
    "too_short": "Donnez au moins {min_length} élément.",
    "dict_type": "Donnez un objet.",
    "model_type": "Donnez un objet.",
    "model_attributes_type": "Donnez un objet.",
    "json_invalid": "Le corps n’est pas du JSON valable, ou porte un nombre démesuré.",
}
VALEURS: Mapping[str, str] = {
    "nombre": "Écrivez un nombre, par exemple 1234,50.",
    "jour": "Écrivez une date, par exemple 21/11/2026.",
    "jour_hors_bornes": "Cette date est hors de toute vraisemblance.",
}


def to_fautes(errors: Sequence[Any], *, racines: frozenset[str] = frozenset()) -> list[Faute]:
    """Pydantic's errors as faults; the first words of a path in `racines` are left out."""
    return [Faute(_champ(error["loc"], racines), _message(error)) for error in errors]


def valider(modele: type[Modele], donnees: Mapping[str, Any]) -> Modele:
    """Build a form or a schema from raw data; raises `SaisieError`."""
    try:
        return modele.model_validate(donnees)
    except ValidationError as error:
        raise SaisieError(to_fautes(error.errors(include_url=False))) from error


def _champ(loc: Sequence[int | str], racines: frozenset[str]) -> str:
    """`("body", "lignes", 0, "quantite")` → `lignes[0].quantite`."""
    path = ""
    if loc[0] == "query":  # a repeated parameter is one field
        loc = [part for part in loc if not isinstance(part, int)]
    if len(loc) == 2 and loc[0] in racines and isinstance(loc[1], int):
        return path  # the body itself is not JSON; the number is a place in its text
    for rang, part in enumerate(loc):
        if isinstance(part, int):
            path += f"[{part}]"
        elif rang > 0 or part not in racines:
            path += f".{part}" if path else part
    return path


def _message(error: Mapping[str, Any]) -> str:
    context = error.get("ctx", {})
    if error["type"] == "value_error":
        texte = str(context.get("error", ""))
        return VALEURS.get(texte, texte)
    genre = error["type"]
    if genre in ("too_short", "too_long") and isinstance(error.get("input"), str):
        genre = f"string_{genre}"
    modele = MESSAGES.get(genre, "Cette valeur n’est pas acceptée.")
    if error["type"] in ("enum", "literal_error"):
        context = {"expected": str(context["expected"]).replace("'", "").replace(" or ", " ou ")}
    return modele.format(**context)
