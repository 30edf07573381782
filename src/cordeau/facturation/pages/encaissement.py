"""Recording one payment over several documents of a client."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cordeau.auth.deps import CurrentUser, requires
from cordeau.chantiers.queries import list_clients_proposes
from cordeau.clients.models import Client
from cordeau.clients.queries import FiltresClient, list_clients
from cordeau.core.errors import ConflitError, DomainError, SaisieError, refuser_saisie
from cordeau.core.listing import Demande
from cordeau.core.money import ZERO
from cordeau.core.permissions import Acteur, Permission
from cordeau.facturation import reglements
from cordeau.facturation.commands import reglements as commands
from cordeau.facturation.comptes import ComptesClients
from cordeau.facturation.forms_reglements import OUVERTURE, Du, EncaissementForm
from cordeau.facturation.states import LIBELLES_MODES
from cordeau.web import formats
from cordeau.web.deps import ReadSession, Today, UnitOfWork
from cordeau.web.route import CordeauRoute
from cordeau.web.templating import rendre, voir_ailleurs

router = APIRouter(
    prefix="/reglements",
    route_class=CordeauRoute,
    dependencies=[requires(Permission.REGLEMENT_ECRIRE)],
)
#: Clients who owe something, shown at once.
DEBITEURS = 20


@router.get("/nouveau")
def nouveau(request: Request, session: ReadSession, today: Today, client_id: str = "") -> Response:
    """Who pays, then what for."""
    form = EncaissementForm(client_id=client_id, date=formats.saisie(today))
    return _formulaire(request, session, form)


@router.post("/nouveau")
def encaisser(
    request: Request,
    uow: UnitOfWork,
    form: Annotated[EncaissementForm, Form()],
    actor: CurrentUser,
    today: Today,
) -> Response:
    """Record the payment."""
    try:
        client_id, montant = _enregistrer(uow, form, today, actor)
    except (SaisieError, ConflitError) as refus:
        uow.rollback()
        return _formulaire(request, uow, form, refus=refus)
    avis = f"Règlement de {formats.montant(montant)} enregistré."
    suite = ("Encaisser un autre règlement", "/reglements/nouveau")
    return voir_ailleurs(request, f"/reglements?clientId={client_id}", avis, lien=suite)


@router.post("/repartition")
def repartir(
    request: Request,
    session: ReadSession,
    form: Annotated[EncaissementForm, Form()],
    methode: Annotated[str, Form()] = "",
) -> Response:
    """The same form, the payment given to the oldest dues first; nothing is saved.

    With `methode=main` the parts stay as typed and only what they amount to is told.
    """
    if methode == "main":
        return _formulaire(request, session, form)
    dus = list_dus(session, form.client_choisi)
    return _formulaire(request, session, form.repartir(dus))


def list_dus(session: Session, client_id: UUID | None) -> list[Du]:
    """What a client may pay: its opening balance, then its documents, oldest due first."""
    if client_id is None:
        return []
    dus = [
        Du(str(facture.id), facture.reste_a_payer, facture)
        for facture in reglements.list_dues(session, client_id)
    ]
    ouverture = reglements.reste_ouverture(session, client_id)
    return [Du(OUVERTURE, ouverture), *dus] if ouverture > ZERO else dus


def _enregistrer(
    session: Session, form: EncaissementForm, today: date, actor: Acteur
) -> tuple[UUID, Decimal]:
    client_id = form.client_choisi
    if client_id is None or session.get(Client, client_id) is None:
        raise refuser_saisie("client_id", "Choisissez le client.")
    imputations = form.imputations(list_dus(session, client_id))
    reglement = commands.enregistrer(
        session, client_id, imputations, form.reception(today), actor=actor
    )
    return client_id, reglement.montant


def _formulaire(
    request: Request,
    session: Session,
    form: EncaissementForm,
    *,
    refus: DomainError | None = None,
) -> Response:
    client = session.get(Client, form.client_choisi) if form.client_choisi else None
    dus = list_dus(session, client.id if client else None)
    return rendre(
        request,
        "facturation/encaissement.html",
        status_code=200 if refus is None else refus.status,
        rubrique="reglements",
        form=form,
        client=client,
        dus=dus,
        parts=form.parts(dus),
        bilan=form.bilan(dus),
        erreurs=form.erreurs(refus, dus) if refus else {},
        refus=refus if refus is not None and not refus.fautes else None,
        modes=LIBELLES_MODES.items(),
        clients=list_clients_proposes(session, form.client_choisi),
        debiteurs=[] if client else _debiteurs(session),
    )


def _debiteurs(session: Session) -> list[tuple[Client, Decimal]]:
    """The first clients by name who owe something, and how much."""
    comptes = ComptesClients()
    filtres = FiltresClient(ids=comptes.debiteurs())
    clients = list_clients(session, Demande(limite=DEBITEURS), filtres).elements
    soldes = comptes.par_client(session, [client.id for client in clients])
    return [(client, soldes.get(client.id, ZERO)) for client in clients]
