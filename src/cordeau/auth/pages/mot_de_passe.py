"""A password forgotten: asking for a link, choosing another by it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from cordeau.auth import liens
from cordeau.auth.deps import OrigineDep, compter, poser_visite, public
from cordeau.auth.queries import digest_adresse, find_lien
from cordeau.core.errors import IntrouvableError, SaisieError, TropDeDemandesError
from cordeau.core.quotas import Geste
from cordeau.web.deps import DatabaseDep, ReadSession, UnitOfWork
from cordeau.web.formulaires import messages_par_champ
from cordeau.web.route import CordeauRoute
from cordeau.web.templating import rendre, voir_ailleurs

PERIME = "Ce lien a déjà servi, ou date de plus d’une heure. Demandez-en un autre."


def lien_vivant(session: ReadSession, jeton: str) -> None:
    """404 for a dead link, whatever else the request holds."""
    if find_lien(session, jeton) is None:
        raise IntrouvableError(PERIME)


router = APIRouter(prefix="/mot-de-passe", route_class=CordeauRoute)


@router.get("/oublie", dependencies=[public])
def oublie(request: Request) -> Response:
    """Where to write."""
    return _demande(request)


@router.post("/oublie", dependencies=[public])
def oublie_post(
    request: Request,
    database: DatabaseDep,
    origine: OrigineDep,
    email: Annotated[str, Form(max_length=255)] = "",
) -> Response:
    """Promise a link; the answer is the same whether somebody bears the address or not."""
    try:
        compter(request, Geste.REINITIALISATION, origine.cle)
        compter(request, Geste.COURRIEL, digest_adresse(email))
    except TropDeDemandesError as refus:
        response = _demande(request, email, refus.message, status_code=429)
        response.headers["Retry-After"] = str(refus.retry_after)
        return response
    database.transaction(lambda session: liens.demander(session, email))
    return _demande(request, email, envoye=True)


@router.get("/{jeton}", dependencies=[public])
def choisir(request: Request, session: ReadSession, jeton: str) -> Response:
    """The form of a link that is alive: opening it uses nothing up."""
    if find_lien(session, jeton) is None:
        return _perime(request)
    return _formulaire(request, jeton)


@router.post("/{jeton}", dependencies=[Depends(lien_vivant), public])
def choisir_post(
    request: Request,
    uow: UnitOfWork,
    origine: OrigineDep,
    jeton: str,
    mot_de_passe: Annotated[str, Form(max_length=100_000)] = "",
) -> Response:
    """Choose it, once."""
    try:
        liens.utiliser(uow, jeton, mot_de_passe, origine=origine)
    except IntrouvableError:
        return _perime(request)
    except SaisieError as refus:
        return _formulaire(request, jeton, messages_par_champ(refus, {}))
    return voir_ailleurs(request, "/login", "Mot de passe changé : connectez-vous.")


def _demande(
    request: Request,
    email: str = "",
    erreur: str = "",
    *,
    envoye: bool = False,
    status_code: int = 200,
) -> Response:
    response = rendre(
        request,
        "auth/oublie.html",
        status_code=status_code,
        rubrique="",
        email=email,
        erreur=erreur,
        envoye=envoye,
    )
    return poser_visite(request, response)


def _formulaire(request: Request, jeton: str, erreurs: dict[str, str] | None = None) -> Response:
    response = rendre(
        request,
        "auth/choisir.html",
        status_code=422 if erreurs else 200,
        rubrique="",
        jeton=jeton,
        erreurs=erreurs or {},
    )
    return poser_visite(request, response)


def _perime(request: Request) -> Response:
    """One page for a link used, too old or invented."""
    return _demande(request, erreur=PERIME, status_code=404)
