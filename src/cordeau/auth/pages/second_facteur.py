"""One's own second factor: proposed, proved, replaced, taken off."""

from typing import Annotated

import segno
from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cordeau.auth import cookies, facteur
from cordeau.auth.deps import CurrentPresence, CurrentUser, OrigineDep, confirmee, signed_in
from cordeau.auth.models import Utilisateur
from cordeau.auth.queries import count_codes, get_user_by_id
from cordeau.core import journal
from cordeau.core.errors import ConflitError, SaisieError
from cordeau.web.deps import ReadSession, SettingsDep, UnitOfWork
from cordeau.web.formulaires import messages_par_champ
from cordeau.web.route import CordeauRoute
from cordeau.web.templating import rendre, voir_ailleurs

URL = "/compte/second-facteur"
USAGE_CODES = "codes"
PERDUS = "Ces codes ne sont plus montrés : renouvelez-les si vous ne les avez pas notés."
router = APIRouter(prefix=URL, route_class=CordeauRoute, dependencies=[signed_in])


@router.get("")
def voir(
    request: Request,
    session: ReadSession,
    actor: CurrentUser,
    presence: CurrentPresence,
    settings: SettingsDep,
) -> Response:
    """Where the second factor stands, and the next step."""
    user = get_user_by_id(session, actor.id)
    return _page(request, session, user, cle=settings.secret_key, du=presence.enrolement_du)


@router.post("/proposition", dependencies=[confirmee])
def proposer(request: Request, uow: UnitOfWork, actor: CurrentUser) -> Response:
    """Draw a secret to show to the application."""
    facteur.proposer(get_user_by_id(uow, actor.id, for_update=True))
    return voir_ailleurs(request, URL)


@router.post("/activation", dependencies=[confirmee])
def activer(
    request: Request,
    uow: UnitOfWork,
    actor: CurrentUser,
    presence: CurrentPresence,
    settings: SettingsDep,
    origine: OrigineDep,
    code: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Turn it on once the application gave a right code."""
    cle = settings.secret_key
    user = get_user_by_id(uow, actor.id, for_update=True)
    try:
        codes = facteur.activer(uow, user, code, cle=cle, actor=actor, origine=origine.adresse)
    except SaisieError as refus:
        du = presence.enrolement_du
        return _page(request, uow, user, cle=cle, du=du, refus=refus)
    except ConflitError as refus:
        return voir_ailleurs(request, URL, refus.message, genre="erreur")
    return _montrer(request, codes, "Second facteur activé.")


@router.post("/codes", dependencies=[confirmee])
def renouveler(request: Request, uow: UnitOfWork, actor: CurrentUser) -> Response:
    """New recovery codes; the former ones are worth nothing."""
    user = get_user_by_id(uow, actor.id, for_update=True)
    if user.facteur_depuis is None:
        raise ConflitError("Votre second facteur n’est pas activé.")
    codes = facteur.renouveler_codes(uow, user)
    journal.record(uow, actor, "utilisateur", user.id, "Codes de secours renouvelés")
    return _montrer(request, codes, "Vos anciens codes de secours ne valent plus rien.")


@router.get("/codes")
def codes(request: Request) -> Response:
    """The recovery codes just drawn, shown this once."""
    montres = cookies.lire_une_fois(request, USAGE_CODES)
    if not isinstance(montres, list):
        return voir_ailleurs(request, URL, PERDUS, genre="erreur")
    response = rendre(request, "auth/codes.html", rubrique="compte", codes=montres)
    cookies.oublier(request, response, cookies.COOKIE_MONTRER)
    return response


@router.post("/retrait", dependencies=[confirmee])
def retirer(request: Request, uow: UnitOfWork, actor: CurrentUser, origine: OrigineDep) -> Response:
    """Turn it off."""
    user = get_user_by_id(uow, actor.id, for_update=True)
    facteur.retirer(uow, user, actor=actor, origine=origine.adresse)
    return voir_ailleurs(request, URL, "Second facteur retiré.", genre="info")


def _montrer(request: Request, codes: list[str], avis: str) -> Response:
    response = voir_ailleurs(request, f"{URL}/codes", avis)
    cookies.montrer_une_fois(request, response, USAGE_CODES, codes)
    return response


def _page(
    request: Request,
    session: Session,
    user: Utilisateur,
    *,
    cle: str,
    du: bool,
    refus: SaisieError | None = None,
) -> Response:
    propose = user.facteur_graine is not None and user.facteur_depuis is None
    with session.no_autoflush:
        return rendre(
            request,
            "auth/second_facteur.html",
            status_code=200 if refus is None else refus.status,
            rubrique="compte",
            user=user,
            du=du,
            obligatoire=facteur.est_du(session, user),
            image=_image(facteur.adresse_otp(user, cle)) if propose else "",
            secret=facteur.secret_a_recopier(user, cle) if propose else "",
            erreurs={} if refus is None else messages_par_champ(refus, {}),
            codes=count_codes(session, user.id),
        )


def _image(adresse: str) -> str:
    """A QR code dark on white whatever the theme: cameras read no other."""
    return segno.make(adresse, error="m").svg_data_uri(scale=5, border=3, dark="#000", light="#fff")
