"""The users of the firm, for who manages them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from cordeau.auth import commands, facteur, liens, sessions
from cordeau.auth.deps import CurrentUser, OrigineDep, confirmee, requires
from cordeau.auth.liens import Motif
from cordeau.auth.queries import (
    get_user_by_id,
    list_jetons,
    list_sessions,
    list_users,
    second_facteur_obligatoire,
)
from cordeau.auth.rules import navigateur_en_lettres, portee_en_lettres
from cordeau.core.errors import SaisieError, refuser_saisie
from cordeau.core.journal import list_history
from cordeau.core.permissions import LIBELLES_ROLES, Permission, Role
from cordeau.core.texte import nettoyer
from cordeau.web.deps import ReadSession, UnitOfWork
from cordeau.web.formulaires import messages_par_champ
from cordeau.web.route import CordeauRoute
from cordeau.web.templating import rendre, voir_ailleurs

URL = "/parametres/utilisateurs"
router = APIRouter(
    prefix=URL,
    route_class=CordeauRoute,
    dependencies=[requires(Permission.UTILISATEUR_GERER)],
)


class UtilisateurForm(BaseModel):
    """The fields of a new user."""

    nom: str = ""
    email: str = ""
    role: str = ""


@router.get("")
def lister(request: Request, session: ReadSession) -> Response:
    """Everybody, and what the firm asks of them."""
    return rendre(
        request,
        "auth/utilisateurs.html",
        rubrique="parametres",
        utilisateurs=list_users(session),
        obligatoire=second_facteur_obligatoire(session),
    )


@router.post("/second-facteur", dependencies=[confirmee])
def obliger(
    request: Request, uow: UnitOfWork, actor: CurrentUser, obligatoire: Annotated[str, Form()] = ""
) -> Response:
    """Oblige administrators and accountants to a second factor, or no longer."""
    facteur.obliger(uow, oblige=obligatoire == "1", actor=actor)
    return voir_ailleurs(request, URL, "Réglage enregistré.")


@router.get("/nouveau")
def nouveau(request: Request) -> Response:
    """The form of a new user."""
    return _nouveau(request, UtilisateurForm())


@router.post("/nouveau", dependencies=[confirmee])
def ajouter(
    request: Request,
    uow: UnitOfWork,
    form: Annotated[UtilisateurForm, Form()],
    actor: CurrentUser,
) -> Response:
    """Make the account; its owner chooses a password by the link they receive."""
    try:
        if not nettoyer(form.nom):
            raise refuser_saisie("nom", "Écrivez ses prénom et nom.")
        role = _role(form.role)
        user = commands.ajouter_utilisateur(
            uow, email=form.email, nom=form.nom, role=role, password=None, actor=actor
        )
    except SaisieError as refus:
        return _nouveau(request, form, refus=refus)
    liens.demander(uow, user.email, Motif.INVITATION)
    return voir_ailleurs(
        request, f"{URL}/{user.id}", "Compte créé. Le lien pour choisir un mot de passe est envoyé."
    )


@router.get("/{utilisateur_id}")
def voir(request: Request, session: ReadSession, utilisateur_id: UUID) -> Response:
    """One user: what they may, where they are signed in, their tokens, their history."""
    return _fiche(request, session, utilisateur_id)


@router.post("/{utilisateur_id}/role", dependencies=[confirmee])
def changer_role(
    request: Request,
    uow: UnitOfWork,
    actor: CurrentUser,
    utilisateur_id: UUID,
    role: Annotated[str, Form(max_length=50)] = "",
) -> Response:
    """Give other rights; their sessions end."""
    user = get_user_by_id(uow, utilisateur_id, for_update=True)
    try:
        commands.changer_role(uow, user, _role(role), actor=actor)
    except SaisieError as refus:
        return _fiche(request, uow, utilisateur_id, refus=refus)
    avis = "Rôle changé. Ses sessions sont fermées."
    return voir_ailleurs(request, f"{URL}/{utilisateur_id}", avis)


@router.post("/{utilisateur_id}/fermeture", dependencies=[confirmee])
def desactiver(
    request: Request, uow: UnitOfWork, actor: CurrentUser, utilisateur_id: UUID
) -> Response:
    """Close the account: sessions and tokens end at once."""
    user = get_user_by_id(uow, utilisateur_id, for_update=True)
    commands.desactiver(uow, user, actor=actor)
    avis = "Compte fermé : ses sessions et ses jetons n’ouvrent plus rien."
    return voir_ailleurs(request, f"{URL}/{utilisateur_id}", avis)


@router.post("/{utilisateur_id}/ouverture", dependencies=[confirmee])
def reactiver(
    request: Request, uow: UnitOfWork, actor: CurrentUser, utilisateur_id: UUID
) -> Response:
    """Open the account again."""
    user = get_user_by_id(uow, utilisateur_id, for_update=True)
    commands.reactiver(uow, user, actor=actor)
    return voir_ailleurs(request, f"{URL}/{utilisateur_id}", "Compte rouvert.")


@router.post("/{utilisateur_id}/lien", dependencies=[confirmee])
def envoyer_lien(request: Request, uow: UnitOfWork, utilisateur_id: UUID) -> Response:
    """Send a link to choose a password."""
    user = get_user_by_id(uow, utilisateur_id)
    liens.demander(uow, user.email, Motif.ADMINISTRATEUR)
    return voir_ailleurs(request, f"{URL}/{utilisateur_id}", f"Lien envoyé à {user.email}.")


@router.post("/{utilisateur_id}/second-facteur", dependencies=[confirmee])
def retirer_facteur(
    request: Request, uow: UnitOfWork, actor: CurrentUser, utilisateur_id: UUID
) -> Response:
    """Telephone and codes lost: back to the password alone."""
    user = get_user_by_id(uow, utilisateur_id, for_update=True)
    commands.retirer_facteur(uow, user, actor=actor)
    return voir_ailleurs(request, f"{URL}/{utilisateur_id}", "Second facteur retiré.")


@router.post("/{utilisateur_id}/sessions", dependencies=[confirmee])
def fermer_sessions(
    request: Request,
    uow: UnitOfWork,
    actor: CurrentUser,
    origine: OrigineDep,
    utilisateur_id: UUID,
) -> Response:
    """Sign this person out everywhere."""
    user = get_user_by_id(uow, utilisateur_id)
    sessions.revoquer_autres(uow, user.id, None, actor=actor, origine=origine)
    return voir_ailleurs(request, f"{URL}/{utilisateur_id}", "Ses sessions sont fermées.")


def _role(choisi: str) -> Role:
    try:
        return Role(choisi)
    except ValueError as error:
        raise refuser_saisie("role", "Choisissez un rôle de la liste.") from error


def _nouveau(
    request: Request, form: UtilisateurForm, *, refus: SaisieError | None = None
) -> Response:
    return rendre(
        request,
        "auth/utilisateur_nouveau.html",
        status_code=200 if refus is None else refus.status,
        rubrique="parametres",
        form=form,
        erreurs={} if refus is None else messages_par_champ(refus, {}),
        roles=LIBELLES_ROLES.items(),
    )


def _fiche(
    request: Request, session: Session, user_id: UUID, *, refus: SaisieError | None = None
) -> Response:
    user = get_user_by_id(session, user_id)
    return rendre(
        request,
        "auth/utilisateur.html",
        status_code=200 if refus is None else refus.status,
        rubrique="parametres",
        user=user,
        roles=LIBELLES_ROLES.items(),
        erreurs={} if refus is None else messages_par_champ(refus, {}),
        obligatoire=facteur.est_du(session, user),
        sessions=[
            (s, navigateur_en_lettres(s.navigateur)) for s in list_sessions(session, user_id)
        ],
        jetons=[(j, portee_en_lettres(j.portee)) for j, _ in list_jetons(session, user_id)],
        histoire=list_history(session, "utilisateur", user_id)[:20],
    )
