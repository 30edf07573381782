"""The record of a client: read, created, changed, archived, deleted."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cordeau.auth.deps import CurrentUser, requires
from cordeau.clients import commands, queries
from cordeau.clients.extensions import panneaux_de, soldes_pour
from cordeau.clients.forms import LIBELLES, ClientForm, erreurs_de
from cordeau.clients.models import Client
from cordeau.clients.rules import LIBELLES_TYPES
from cordeau.clients.schemas import ClientCreation, ClientModification
from cordeau.clients.states import TypeClient
from cordeau.core.errors import ConflitError, DomainError, SaisieError, VersionPerimeeError
from cordeau.core.journal import list_history
from cordeau.core.permissions import Permission
from cordeau.historique.recit import resumer
from cordeau.web.conflits import Conflit, rendre_conflit
from cordeau.web.deps import ReadSession, UnitOfWork
from cordeau.web.preconditions import typed_revision
from cordeau.web.route import CordeauRoute
from cordeau.web.templating import rendre, voir_ailleurs
from cordeau.web.validation import valider

router = APIRouter(prefix="/clients", route_class=CordeauRoute)

lecture = requires(Permission.CLIENT_LIRE)
ecriture = requires(Permission.CLIENT_ECRIRE)


@router.get("/nouveau", dependencies=[ecriture])
def nouveau(request: Request, nom: str = "") -> Response:
    """The form of a new client."""
    return _formulaire(request, ClientForm(nom=nom))


@router.post("/nouveau", dependencies=[ecriture])
def nouveau_post(
    request: Request, uow: UnitOfWork, form: Annotated[ClientForm, Form()], actor: CurrentUser
) -> Response:
    """Add a client."""
    try:
        creation = valider(ClientCreation, form.donnees())
        client = commands.creer_client(uow, creation.champs(), actor=actor)
    except (SaisieError, ConflitError) as refus:
        return _formulaire(request, form, refus=refus)
    return voir_ailleurs(request, f"/clients/{client.id}", "Client enregistré.")


@router.get("/{client_id}", dependencies=[lecture])
def voir(request: Request, session: ReadSession, client_id: UUID, actor: CurrentUser) -> Response:
    """A client: who they are, what is done for them, what they owe."""
    client = queries.get_client(session, client_id, complet=True)
    soldes = soldes_pour(actor)
    return rendre(
        request,
        "clients/fiche.html",
        rubrique="clients",
        client=client,
        type_client=LIBELLES_TYPES[TypeClient(client.type)],
        solde=soldes.par_client(session, [client.id]).get(client.id) if soldes else None,
        panneaux=panneaux_de(session, client, actor),
        historique=resumer(session, "client", client_id),
    )


@router.get("/{client_id}/modifier", dependencies=[ecriture])
def modifier(request: Request, session: ReadSession, client_id: UUID) -> Response:
    """The form of an existing client."""
    client = queries.get_client(session, client_id)
    return _formulaire(request, ClientForm.lire(client), client=client)


@router.post("/{client_id}/modifier", dependencies=[ecriture])
def modifier_post(
    request: Request,
    uow: UnitOfWork,
    client_id: UUID,
    form: Annotated[ClientForm, Form()],
    actor: CurrentUser,
) -> Response:
    """Record the form, unless somebody saved in between."""
    client = queries.get_client(uow, client_id, for_update=True, complet=True)
    try:
        commands.modifier_client(
            uow,
            client,
            valider(ClientModification, form.donnees()).champs(),
            actor=actor,
            revision_attendue=typed_revision(form.revision),
        )
    except VersionPerimeeError:
        return _conflit(request, uow, client, form)
    except (SaisieError, ConflitError) as refus:
        return _formulaire(request, form, client=client, refus=refus)
    return voir_ailleurs(request, f"/clients/{client_id}", "Client enregistré.")


@router.post("/{client_id}/archivage", dependencies=[ecriture])
def archivage(request: Request, uow: UnitOfWork, client_id: UUID, actor: CurrentUser) -> Response:
    """Keep the client, propose it no longer."""
    commands.archiver(uow, queries.get_client(uow, client_id, for_update=True), actor=actor)
    return voir_ailleurs(request, f"/clients/{client_id}", "Client archivé.")


@router.post("/{client_id}/restauration", dependencies=[ecriture])
def restauration(
    request: Request, uow: UnitOfWork, client_id: UUID, actor: CurrentUser
) -> Response:
    """Propose the client again."""
    commands.restaurer(uow, queries.get_client(uow, client_id, for_update=True), actor=actor)
    return voir_ailleurs(request, f"/clients/{client_id}", "Client remis en service.")


@router.post("/{client_id}/suppression", dependencies=[ecriture])
def suppression(request: Request, uow: UnitOfWork, client_id: UUID, actor: CurrentUser) -> Response:
    """Delete a client, or archive it when it has served."""
    client = queries.get_client(uow, client_id, for_update=True, complet=True)
    if commands.supprimer_client(uow, client, actor=actor):
        return voir_ailleurs(request, "/clients", "Client supprimé.")
    return voir_ailleurs(
        request,
        f"/clients/{client_id}",
        "Ce client a servi : il est archivé plutôt que supprimé.",
        genre="info",
    )


def _conflit(request: Request, session: Session, client: Client, form: ClientForm) -> Response:
    return rendre_conflit(
        request,
        Conflit(
            quoi="ce client",
            retour=f"/clients/{client.id}/modifier",
            tape=form,
            enregistre=ClientForm.lire(client),
            libelles=LIBELLES,
            historique=list_history(session, "client", client.id),
            textes={"type": {genre.value: texte for genre, texte in LIBELLES_TYPES.items()}},
            rubrique="clients",
        ),
    )


def _formulaire(
    request: Request,
    form: ClientForm,
    *,
    client: Client | None = None,
    refus: DomainError | None = None,
) -> Response:
    return rendre(
        request,
        "clients/formulaire.html",
        status_code=200 if refus is None else refus.status,
        rubrique="clients",
        client=client,
        form=form,
        erreurs={} if refus is None else erreurs_de(refus),
        types=LIBELLES_TYPES.items(),
    )
