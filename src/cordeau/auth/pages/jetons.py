"""API tokens: one's own, and everybody's for who manages users."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from cordeau.auth import commands, cookies
from cordeau.auth.deps import CurrentUser, OrigineDep, confirmee, requires, signed_in
from cordeau.auth.queries import get_user_by_id, list_jetons
from cordeau.auth.rules import PORTEE_LECTURE, portee_en_lettres
from cordeau.core.dates import maintenant
from cordeau.core.errors import SaisieError, refuser_saisie
from cordeau.core.permissions import DROITS, LIBELLES, Acteur, Permission
from cordeau.web.deps import ReadSession, UnitOfWork
from cordeau.web.formulaires import messages_par_champ
from cordeau.web.route import CordeauRoute
from cordeau.web.templating import rendre, voir_ailleurs

URL, URL_TOUS = "/compte/jetons", "/parametres/jetons"
USAGE_JETON = "jeton"
router = APIRouter(route_class=CordeauRoute)

gestion = requires(Permission.UTILISATEUR_GERER)


class JetonForm(BaseModel):
    """The fields of a new token."""

    nom: str = ""
    portee: str = PORTEE_LECTURE
    permissions: list[str] = []
    expire: str = ""

    def choisie(self) -> list[Permission] | str | None:
        """What it permits."""
        if self.portee == "choix":
            return [p for p in Permission if p in self.permissions]
        return None if self.portee == "tout" else PORTEE_LECTURE

    def dernier_jour(self) -> date | None:
        """Its last day, if any."""
        try:
            return date.fromisoformat(self.expire) if self.expire else None
        except ValueError as error:
            raise refuser_saisie("expire", "Écrivez une date, par exemple 2027-12-31.") from error


@router.get(URL, dependencies=[signed_in])
def voir(
    request: Request, session: ReadSession, actor: CurrentUser, *, cree: bool = False
) -> Response:
    """One's own tokens; the one just made, this once."""
    nouveau = cookies.lire_une_fois(request, USAGE_JETON)
    perdu = cree and not nouveau
    response = _page(request, session, actor, JetonForm(), nouveau=nouveau, perdu=perdu)
    if nouveau:
        cookies.oublier(request, response, cookies.COOKIE_MONTRER)
    return response


@router.post(URL, dependencies=[signed_in, confirmee])
def creer(
    request: Request,
    uow: UnitOfWork,
    form: Annotated[JetonForm, Form()],
    actor: CurrentUser,
    origine: OrigineDep,
) -> Response:
    """Make a token; the next page shows it, and nothing after."""
    try:
        if not form.nom.strip():
            raise refuser_saisie("nom", "Donnez-lui un nom : le programme qui s’en servira.")
        jeton = commands.creer_jeton(
            uow,
            get_user_by_id(uow, actor.id),
            actor=actor,
            nom=form.nom,
            portee=form.choisie(),
            dernier_jour=form.dernier_jour(),
            origine=origine,
        )
    except SaisieError as refus:
        return _page(request, uow, actor, form, refus=refus)
    response = voir_ailleurs(request, f"{URL}?cree=true", "Jeton créé. Recopiez-le maintenant.")
    cookies.montrer_une_fois(request, response, USAGE_JETON, jeton)
    return response


@router.post(URL + "/{jeton_id}/revocation", dependencies=[signed_in])
def revoquer(
    request: Request, uow: UnitOfWork, actor: CurrentUser, origine: OrigineDep, jeton_id: UUID
) -> Response:
    """End one of one's tokens."""
    commands.revoquer_jeton(uow, jeton_id, actor=actor, de=actor.id, origine=origine)
    return voir_ailleurs(request, URL, "Jeton révoqué.", genre="info")


@router.get(URL_TOUS, dependencies=[gestion])
def tous(request: Request, session: ReadSession) -> Response:
    """Everybody's tokens."""
    return rendre(
        request,
        "auth/jetons_tous.html",
        rubrique="parametres",
        jetons=_lignes(session, None),
        maintenant=maintenant(),
    )


@router.post(URL_TOUS + "/{jeton_id}/revocation", dependencies=[gestion, confirmee])
def revoquer_autre(
    request: Request, uow: UnitOfWork, actor: CurrentUser, origine: OrigineDep, jeton_id: UUID
) -> Response:
    """End anybody's token."""
    commands.revoquer_jeton(uow, jeton_id, actor=actor, origine=origine)
    return voir_ailleurs(request, URL_TOUS, "Jeton révoqué.", genre="info")


def _page(
    request: Request,
    session: Session,
    actor: Acteur,
    form: JetonForm,
    *,
    refus: SaisieError | None = None,
    nouveau: object = None,
    perdu: bool = False,
) -> Response:
    return rendre(
        request,
        "auth/jetons.html",
        status_code=200 if refus is None else refus.status,
        rubrique="compte",
        form=form,
        erreurs={} if refus is None else messages_par_champ(refus, {}),
        nouveau=nouveau or "",
        perdu=perdu,
        jetons=_lignes(session, actor.id),
        permises=[(p, LIBELLES[p]) for p in Permission if p in DROITS[actor.role]],
        maintenant=maintenant(),
    )


def _lignes(session: Session, user_id: UUID | None) -> list[tuple[object, str, str]]:
    return [
        (jeton, porteur, portee_en_lettres(jeton.portee))
        for jeton, porteur in list_jetons(session, user_id)
    ]
