"""Rights of the routes, walked as the server knows them."""

import inspect
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel

from cordeau.app import create_app
from cordeau.auth.deps import public, signed_in
from cordeau.core.jsonable import dumps, loads
from cordeau.core.permissions import Permission
from cordeau.web.deps import unit_of_work
from cordeau.web.route import SAFE_METHODS, CordeauRoute
from tests.conftest import make_settings

#: What is served without our routes: files and the description of the API.
HORS_ROUTES = {"/static", "/api/openapi.json"}
#: Forms an anonymous person may send.
ECRITURES_PUBLIQUES = {
    "/login",
    "/login/code",
    "/mot-de-passe/oublie",
    "/mot-de-passe/{jeton}",
    "/installation",
}
#: Only the public pages a visitor needs.
LECTURES_PUBLIQUES = {"/", "/sante", "/api/docs"} | ECRITURES_PUBLIQUES


@pytest.fixture(scope="module")
def application() -> Iterator[FastAPI]:
    """The application, without any base behind it."""
    with TemporaryDirectory() as dossier:
        app = create_app(make_settings(Path(dossier), "sqlite://"))
        yield app
        app.state.database.dispose()


@pytest.fixture(scope="module")
def routes(application: FastAPI) -> list[APIRoute]:
    """Every route with its dependencies."""
    return [
        contexte.original_route
        for contexte in iter_route_contexts(application.routes)
        if isinstance(contexte.original_route, APIRoute)
    ]


def test_les_routes_connues_sont_vues(routes: list[APIRoute]) -> None:
    vues = {(route.path, methode) for route in routes for methode in _methodes(route)}

    assert {("/login", "POST"), ("/parametres/droits", "GET")} <= vues
    assert ("/api/v1/entreprise", "PUT") in vues


def test_rien_n_est_servi_en_dehors_des_routes(application: FastAPI) -> None:
    autres = {
        str(contexte.path)
        for contexte in iter_route_contexts(application.routes)
        if not isinstance(contexte.original_route, APIRoute)
    }

    assert autres <= HORS_ROUTES


def test_chaque_route_declare_ses_droits(routes: list[APIRoute]) -> None:
    sans_droit = [_nom(route) for route in routes if not _droits(route)]
    contradictoires = [
        _nom(route) for route in routes if len(_droits(route)) > 1 and not _est_reservee(route)
    ]

    assert not sans_droit
    assert not contradictoires


def test_seules_les_pages_d_accueil_sont_publiques(routes: list[APIRoute]) -> None:
    for route in routes:
        if public.dependency in _droits(route):
            permises = LECTURES_PUBLIQUES if _lit(route) else ECRITURES_PUBLIQUES
            assert route.path in permises, _nom(route)


def test_une_lecture_n_ouvre_pas_de_transaction_d_ecriture(routes: list[APIRoute]) -> None:
    fautives = [
        _nom(route)
        for route in routes
        if _lit(route) and unit_of_work in set(_appels(route.dependant))
    ]

    assert not fautives


def test_seule_une_page_demande_la_transaction_qui_s_ouvre_autour_d_elle(
    routes: list[APIRoute],
) -> None:
    """What a page depends on runs before its transaction begins, and outside of it."""
    fautives = [
        _nom(route)
        for route in routes
        for dependance in route.dependant.dependencies
        if dependance.call is not unit_of_work and unit_of_work in set(_appels(dependance))
    ]

    assert not fautives


def test_chaque_route_sait_rejouer_une_transaction(routes: list[APIRoute]) -> None:
    fautives = [_nom(route) for route in routes if not isinstance(route, CordeauRoute)]

    assert not fautives


def test_les_routes_sont_synchrones(routes: list[APIRoute]) -> None:
    fautives = [_nom(route) for route in routes if inspect.iscoroutinefunction(route.endpoint)]

    assert not fautives


def test_l_api_est_decrite(application: FastAPI) -> None:
    chemins = application.openapi()["paths"]
    muettes = [
        f"{methode} {chemin}"
        for chemin, operations in chemins.items()
        for methode, operation in operations.items()
        if chemin.startswith("/api/") and not operation.get("summary")
    ]

    assert "/api/v1/entreprise" in chemins
    assert not muettes


def test_chaque_corps_attendu_a_un_exemple_juste(
    application: FastAPI, routes: list[APIRoute]
) -> None:
    composants = application.openapi()["components"]["schemas"]
    corps = {
        modele
        for route in routes
        if route.path.startswith("/api/") and route.body_field is not None
        for modele in _modeles(route.body_field.field_info.annotation)
    }

    for modele in corps:
        (exemple,) = composants[modele.__name__]["examples"]
        assert modele.model_validate(loads(dumps(exemple))).model_fields_set

    assert {"DevisSaisie", "ReglementSaisie"} <= {modele.__name__ for modele in corps}


def _modeles(annotation: Any) -> list[type[BaseModel]]:
    """The schemas a body may hold."""
    possibles = get_args(annotation) or (annotation,)
    return [m for m in possibles if isinstance(m, type) and issubclass(m, BaseModel)]


def _droits(route: APIRoute) -> list[object]:
    """What the route declares: permissions, `public` or `signed_in`."""
    declares = [depends.dependency for depends in route.dependencies]
    return [
        getattr(appel, "permission", appel)
        for appel in declares
        if appel in (public.dependency, signed_in.dependency)
        or isinstance(getattr(appel, "permission", None), Permission)
    ]


def _est_reservee(route: APIRoute) -> bool:
    """Whether each declaration is a permission: neither public nor open to every role."""
    return all(isinstance(droit, Permission) for droit in _droits(route))


def _lit(route: APIRoute) -> bool:
    return _methodes(route) <= SAFE_METHODS


def _methodes(route: APIRoute) -> set[str]:
    return route.methods or set()


def _appels(dependant: Dependant) -> Iterator[object]:
    yield dependant.call
    for enfant in dependant.dependencies:
        yield from _appels(enfant)


def _nom(route: APIRoute) -> str:
    return f"{','.join(sorted(_methodes(route)))} {route.path}"
