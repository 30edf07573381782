"""« Mon compte »: name, address, password, the browsers where one is signed in."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cordeau.auth import commands, connexion, sessions
from cordeau.auth.deps import (
    CurrentPresence,
    CurrentUser,
    OrigineDep,
    confirmee,
    signed_in,
)
from cordeau.auth.queries import count_codes, get_user_by_id, list_sessions
from cordeau.auth.rules import navigateur_en_lettres
from cordeau.core.errors import IntrouvableError, SaisieError, refuser_saisie
from cordeau.core.journal import list_history
from cordeau.web.deps import DatabaseDep, ReadSession, SettingsDep, UnitOfWork
from cordeau.web.formulaires import messages_par_champ
from cordeau.web.route import CordeauRoute
from cordeau.web.templating import rendre, voir_ailleurs

URL = "/compte"
router = APIRouter(prefix=URL, route_class=CordeauRoute, dependencies=[signed_in])


@router.get("")
def voir(
    request: Request, session: ReadSession, actor: CurrentUser, presence: CurrentPresence
) -> Response:
    """One's own account."""
    return _page(request, session, actor.id, presence.id)


@router.post("/nom")
def changer_nom(
    request: Request,
    uow: UnitOfWork,
    actor: CurrentUser,
    presence: CurrentPresence,
    nom: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """The name others read."""
    try:
        commands.changer_nom(uow, get_user_by_id(uow, actor.id), nom, actor=actor)
    except SaisieError as refus:
        return _page(request, uow, actor.id, presence.id, refus=refus, saisie={"nom": nom})
    return voir_ailleurs(request, URL, "Nom enregistré.")


@router.post("/email", dependencies=[confirmee])
def changer_email(
    request: Request,
    uow: UnitOfWork,
    actor: CurrentUser,
    presence: CurrentPresence,
    email: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """The address one signs in with."""
    try:
        commands.changer_email(uow, get_user_by_id(uow, actor.id), email, actor=actor)
    except SaisieError as refus:
        return _page(request, uow, actor.id, presence.id, refus=refus, saisie={"email": email})
    return voir_ailleurs(request, URL, "Adresse enregistrée.")


@router.post("/mot-de-passe")
def changer_mot_de_passe(
    request: Request,
    database: DatabaseDep,
    settings: SettingsDep,
    actor: CurrentUser,
    presence: CurrentPresence,
    origine: OrigineDep,
    actuel: Annotated[str, Form(max_length=100_000)] = "",
    mot_de_passe: Annotated[str, Form(max_length=100_000)] = "",
) -> Response:
    """Another password, for who knows the present one; other browsers are signed out."""

    def changer(session: Session) -> None:
        user = get_user_by_id(session, actor.id)
        commands.changer_mot_de_passe(
            session, user, mot_de_passe, actor=actor, sauf=presence.id, origine=origine
        )

    try:
        if not connexion.confirmer(
            database, presence, actuel, cle=settings.secret_key, origine=origine, par_code=False
        ):
            raise refuser_saisie("actuel", "Ce n’est pas votre mot de passe actuel.")
        database.transaction(changer)
    except SaisieError as refus:
        with database.read() as session:
            return _page(request, session, actor.id, presence.id, refus=refus)
    return voir_ailleurs(request, URL, "Mot de passe changé. Vos autres sessions sont fermées.")


@router.post("/sessions/fermeture")
def fermer_autres(
    request: Request,
    uow: UnitOfWork,
    actor: CurrentUser,
    presence: CurrentPresence,
    origine: OrigineDep,
) -> Response:
    """Sign out everywhere else."""
    if actor.id is not None:
        sessions.revoquer_autres(uow, actor.id, presence.id, actor=actor, origine=origine)
    return voir_ailleurs(request, URL, "Vos autres sessions sont fermées.")


@router.post("/sessions/{session_id}/fermeture")
def fermer(
    request: Request, uow: UnitOfWork, actor: CurrentUser, origine: OrigineDep, session_id: UUID
) -> Response:
    """Sign out one browser."""
    if actor.id is None or not sessions.revoquer(
        uow, actor.id, session_id, actor=actor, origine=origine
    ):
        raise IntrouvableError
    return voir_ailleurs(request, URL, "Session fermée.")


def _page(
    request: Request,
    session: Session,
    user_id: UUID | None,
    ici: UUID,
    *,
    refus: SaisieError | None = None,
    saisie: dict[str, str] | None = None,
) -> Response:
    with session.no_autoflush:
        user = get_user_by_id(session, user_id)
        return rendre(
            request,
            "auth/compte.html",
            status_code=200 if refus is None else refus.status,
            rubrique="compte",
            user=user,
            saisie={"nom": user.nom, "email": user.email} | (saisie or {}),
            erreurs={} if refus is None else messages_par_champ(refus, {}),
            ici=ici,
            sessions=[
                (s, navigateur_en_lettres(s.navigateur)) for s in list_sessions(session, user.id)
            ],
            codes=count_codes(session, user.id),
            histoire=list_history(session, "utilisateur", user.id)[:12],
        )
