"""Routes made to go wrong, added to the application by the tests of refusals."""

import threading
from typing import Annotated, Any

import pymysql
from fastapi import APIRouter, FastAPI, Form, Request
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from cordeau.auth.deps import public, signed_in
from cordeau.core.errors import ConflitError, IntrouvableError, refuser_saisie
from cordeau.core.jobs import enqueue
from cordeau.web.deps import UnitOfWork
from cordeau.web.route import CordeauRoute
from cordeau.web.schemas import JsonResponse, PrixSaisi
from cordeau.web.templating import rendre, voir_ailleurs

ACCIDENTS: dict[str, Exception] = {
    "panne": ZeroDivisionError("détail secret"),
    "base": OperationalError("SELECT secret", {}, pymysql.err.OperationalError(2006, "gone")),
    "contrainte": IntegrityError("INSERT secret", {}, pymysql.err.IntegrityError(1062, "dup")),
    "perime": StaleDataError("détail secret"),
    "conflit": ConflitError("La facture FAC-2026-001 est déjà émise."),
    "introuvable": IntrouvableError(),
    "saisie": refuser_saisie("lignes[0].quantite", "Écrivez une quantité."),
}

router = APIRouter(route_class=CordeauRoute)


class Prix(BaseModel):
    """What a request may say."""

    prix: PrixSaisi
    nom: str


class Lenteur:
    """A unit of work that waits to be told to go on."""

    entree = threading.Event()
    suite = threading.Event()


class Collisions:
    """How many more times a unit of work will collide."""

    restantes = 0


@router.get("/essai/{genre}", dependencies=[public])
@router.get("/api/essai/{genre}", dependencies=[public])
def accident(genre: str) -> Response:
    """Raise."""
    raise ACCIDENTS[genre]


@router.post("/essai", dependencies=[signed_in])
def ecrire(
    request: Request, uow: UnitOfWork, texte: Annotated[str, Form()] = "", statut: int = 303
) -> Response:
    """Promise one job; answer as asked."""
    enqueue(uow, "essai", {"texte": texte})
    if Collisions.restantes:
        Collisions.restantes -= 1
        uow.flush()
        raise OperationalError("UPDATE", {}, pymysql.err.OperationalError(1213, "Deadlock"))
    if statut != 303:
        return rendre(request, "deconnexion.html", status_code=statut, rubrique="")
    return voir_ailleurs(request, f"/essai/{texte}", "C’est fait.")


@router.post("/essai/lent", dependencies=[signed_in])
@router.post("/api/essai/lent", dependencies=[signed_in])
def attendre(uow: UnitOfWork) -> Response:
    """Promise one job, slowly."""
    enqueue(uow, "essai", {})
    uow.flush()
    Lenteur.entree.set()
    assert Lenteur.suite.wait(timeout=20)
    return JsonResponse({"fait": True}, headers={"ETag": '"7"', "Location": "/la"})


@router.post("/api/essai", dependencies=[signed_in])
def chiffrer(uow: UnitOfWork, saisie: Prix) -> Response:
    """Promise one job; give the price back, exactly."""
    enqueue(uow, "essai", {})
    return JsonResponse(saisie.model_dump())


def ajouter(app: FastAPI) -> Any:
    """Add the routes; call the result to take them away."""
    avant = list(app.router.routes)
    app.include_router(router)

    def retirer() -> None:
        app.router.routes[:] = avant

    return retirer
