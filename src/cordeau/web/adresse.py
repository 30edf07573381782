"""What a list is asked in its address, read by one validation.

A reader is declared as FastAPI has it: a function whose parameters are `Query`. FastAPI looks at
each of them at every request, given or not; here only what the address carries is looked at, which
spares a list a tenth of its time. The description of the API documents the reader itself
(`web.openapi`).
"""

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any, get_args, get_origin

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.params import Depends as DependsParam
from pydantic import BaseModel, ValidationError, create_model
from starlette.datastructures import QueryParams

#: What reads several values of one name.
SUITES = (list, tuple)
Lecteur = Callable[..., Any]


def lu_dans_l_adresse(lecteur: Lecteur) -> DependsParam:
    """Depend on what `lecteur` makes of its parameters, found in the address; refused with 422."""
    modele = _modele(lecteur)
    noms = {champ.alias or nom: nom for nom, champ in modele.model_fields.items()}
    suites = frozenset(
        cle for cle, nom in noms.items() if _est_une_suite(modele.model_fields[nom].annotation)
    )

    async def lire(request: Request) -> Any:
        try:
            lu = modele.model_validate(_valeurs(request.query_params, noms, suites))
        except ValidationError as error:
            raise RequestValidationError(
                [{**e, "loc": ("query", *e["loc"])} for e in error.errors(include_url=False)]
            ) from error
        return lecteur(**{nom: getattr(lu, nom) for nom in noms.values()})

    lire.lecteur = lecteur  # type: ignore[attr-defined]  # read by `lecteurs`
    depends: DependsParam = Depends(lire)
    return depends


def lecteurs(dependant: Dependant) -> Iterator[Lecteur]:
    """The readers a route depends on."""
    lecteur = getattr(dependant.call, "lecteur", None)
    if lecteur is not None:
        yield lecteur
    for autre in dependant.dependencies:
        yield from lecteurs(autre)


def _modele(lecteur: Lecteur) -> type[BaseModel]:
    """The parameters of a reader, as the fields of one model."""
    parametres = inspect.signature(lecteur, eval_str=True).parameters
    champs: Mapping[str, Any] = {p.name: (p.annotation, p.default) for p in parametres.values()}
    return create_model(lecteur.__name__, **champs)


def _est_une_suite(annotation: Any) -> bool:
    return any((get_origin(a) or a) in SUITES for a in (annotation, *get_args(annotation)))


def _valeurs(
    adresse: QueryParams, noms: Mapping[str, str], suites: frozenset[str]
) -> dict[str, Any]:
    """What the address says of these names: all the values of a sequence, else the last one."""
    valeurs: dict[str, Any] = {}
    for cle, valeur in adresse.multi_items():
        if cle in suites:
            valeurs.setdefault(cle, []).append(valeur)
        elif cle in noms:
            valeurs[cle] = valeur
    return valeurs
