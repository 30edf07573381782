"""Contacts and site addresses, on the record of their client."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cordeau.auth.deps import CurrentUser, requires
from cordeau.clients import commands, queries
from cordeau.clients.forms import (
    LIBELLES_CONTACT,
    LIBELLES_SITE,
    ContactForm,
    SiteForm,
    erreurs_de,
)
from cordeau.clients.models import Client
from cordeau.clients.schemas import ContactSchema, SiteSchema
from cordeau.core.errors import SaisieError
from cordeau.core.journal import list_history
from cordeau.core.permissions import Acteur, Permission
from cordeau.web.conflits import Conflit, rendre_conflit
from cordeau.web.deps import ReadSession, UnitOfWork
from cordeau.web.route import CordeauRoute
from cordeau.web.templating import rendre, voir_ailleurs
from cordeau.web.validation import valider

router = APIRouter(
    prefix="/clients/{client_id}",
    route_class=CordeauRoute,
    dependencies=[requires(Permission.CLIENT_ECRIRE)],
)
FormContact = Annotated[ContactForm, Form()]
FormSite = Annotated[SiteForm, Form()]


@router.get("/contacts/nouveau")
def nouveau_contact(request: Request, session: ReadSession, client_id: UUID) -> Response:
    """The form of a new contact."""
    return _form_contact(request, queries.get_client(session, client_id), ContactForm())


@router.post("/contacts/nouveau")
def nouveau_contact_post(
    request: Request, uow: UnitOfWork, client_id: UUID, form: FormContact, actor: CurrentUser
) -> Response:
    """Add a contact."""
    client = queries.get_client(uow, client_id, for_update=True, complet=True)
    try:
        valeurs = valider(ContactSchema, form.model_dump()).model_dump(exclude={"id"})
    except SaisieError as refus:
        return _form_contact(request, client, form, refus=refus)
    return _definir(request, uow, client, "contacts", valeurs, None, actor)


@router.get("/contacts/{contact_id}")
def contact(request: Request, session: ReadSession, client_id: UUID, contact_id: UUID) -> Response:
    """The form of an existing contact."""
    client = queries.get_client(session, client_id, complet=True)
    form = ContactForm.lire(queries.contact_de(client, contact_id))
    return _form_contact(request, client, form, contact_id=contact_id)


@router.post("/contacts/{contact_id}")
def contact_post(
    request: Request,
    uow: UnitOfWork,
    client_id: UUID,
    contact_id: UUID,
    form: FormContact,
    actor: CurrentUser,
) -> Response:
    """Change a contact."""
    client = queries.get_client(uow, client_id, for_update=True, complet=True)
    enregistre = ContactForm.lire(queries.contact_de(client, contact_id))
    if form.revision not in ("", enregistre.revision):
        return _conflit(request, uow, client, form, enregistre)
    try:
        valeurs = valider(ContactSchema, form.model_dump()).model_dump(exclude={"id"})
    except SaisieError as refus:
        return _form_contact(request, client, form, contact_id=contact_id, refus=refus)
    return _definir(request, uow, client, "contacts", valeurs, contact_id, actor)


@router.post("/contacts/{contact_id}/suppression")
def contact_suppression(
    request: Request, uow: UnitOfWork, client_id: UUID, contact_id: UUID, actor: CurrentUser
) -> Response:
    """Remove a contact."""
    client = queries.get_client(uow, client_id, for_update=True, complet=True)
    queries.contact_de(client, contact_id)
    commands.retirer_element(uow, client, "contacts", contact_id, actor=actor)
    return voir_ailleurs(request, f"/clients/{client_id}", "Contact retiré.")


@router.get("/sites/nouveau")
def nouveau_site(request: Request, session: ReadSession, client_id: UUID) -> Response:
    """The form of a new site."""
    return _form_site(request, queries.get_client(session, client_id), SiteForm())


@router.post("/sites/nouveau")
def nouveau_site_post(
    request: Request, uow: UnitOfWork, client_id: UUID, form: FormSite, actor: CurrentUser
) -> Response:
    """Add a site."""
    client = queries.get_client(uow, client_id, for_update=True, complet=True)
    try:
        valeurs = valider(SiteSchema, form.donnees()).champs()
    except SaisieError as refus:
        return _form_site(request, client, form, refus=refus)
    return _definir(request, uow, client, "sites", valeurs, None, actor)


@router.get("/sites/{site_id}")
def site(request: Request, session: ReadSession, client_id: UUID, site_id: UUID) -> Response:
    """The form of an existing site."""
    client = queries.get_client(session, client_id, complet=True)
    form = SiteForm.lire(queries.site_de(client, site_id))
    return _form_site(request, client, form, site_id=site_id)


@router.post("/sites/{site_id}")
def site_post(
    request: Request,
    uow: UnitOfWork,
    client_id: UUID,
    site_id: UUID,
    form: FormSite,
    actor: CurrentUser,
) -> Response:
    """Change a site; chantiers already opened keep the address they copied."""
    client = queries.get_client(uow, client_id, for_update=True, complet=True)
    enregistre = SiteForm.lire(queries.site_de(client, site_id))
    if form.revision not in ("", enregistre.revision):
        return _conflit(request, uow, client, form, enregistre)
    try:
        valeurs = valider(SiteSchema, form.donnees()).champs()
    except SaisieError as refus:
        return _form_site(request, client, form, site_id=site_id, refus=refus)
    return _definir(request, uow, client, "sites", valeurs, site_id, actor)


@router.post("/sites/{site_id}/suppression")
def site_suppression(
    request: Request, uow: UnitOfWork, client_id: UUID, site_id: UUID, actor: CurrentUser
) -> Response:
    """Remove a site."""
    client = queries.get_client(uow, client_id, for_update=True, complet=True)
    queries.site_de(client, site_id)
    commands.retirer_element(uow, client, "sites", site_id, actor=actor)
    return voir_ailleurs(request, f"/clients/{client_id}", "Adresse retirée.")


def _definir(
    request: Request,
    uow: UnitOfWork,
    client: Client,
    carnet: commands.Carnet,
    valeurs: Mapping[str, Any],
    element_id: UUID | None,
    actor: Acteur,
) -> Response:
    commands.definir_element(uow, client, carnet, valeurs, element_id=element_id, actor=actor)
    mot = "Contact enregistré." if carnet == "contacts" else "Adresse enregistrée."
    return voir_ailleurs(request, f"/clients/{client.id}", mot)


def _conflit(
    request: Request,
    session: Session,
    client: Client,
    form: ContactForm | SiteForm,
    enregistre: ContactForm | SiteForm,
) -> Response:
    contact = isinstance(form, ContactForm)
    return rendre_conflit(
        request,
        Conflit(
            quoi="ce contact" if contact else "cette adresse",
            retour=f"/clients/{client.id}",
            tape=form,
            enregistre=enregistre,
            libelles=LIBELLES_CONTACT if contact else LIBELLES_SITE,
            historique=list_history(session, "client", client.id),
            rubrique="clients",
        ),
    )


def _form_contact(
    request: Request,
    client: Client,
    form: ContactForm,
    *,
    contact_id: UUID | None = None,
    refus: SaisieError | None = None,
) -> Response:
    return rendre(
        request,
        "clients/contact.html",
        status_code=200 if refus is None else refus.status,
        rubrique="clients",
        client=client,
        form=form,
        contact_id=contact_id,
        erreurs={} if refus is None else erreurs_de(refus),
    )


def _form_site(
    request: Request,
    client: Client,
    form: SiteForm,
    *,
    site_id: UUID | None = None,
    refus: SaisieError | None = None,
) -> Response:
    return rendre(
        request,
        "clients/site.html",
        status_code=200 if refus is None else refus.status,
        rubrique="clients",
        client=client,
        form=form,
        site_id=site_id,
        erreurs={} if refus is None else erreurs_de(refus),
    )
