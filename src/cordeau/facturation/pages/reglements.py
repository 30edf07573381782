"""Règlements: the list, and the reversal of one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from cordeau.auth.deps import CurrentUser, limiter, requires
from cordeau.core.errors import ConflitError
from cordeau.core.permissions import Permission
from cordeau.core.quotas import Geste
from cordeau.facturation import reglements
from cordeau.facturation.commands import reglements as commands
from cordeau.facturation.forms_reglements import AnnulationForm
from cordeau.facturation.models import Reglement
from cordeau.facturation.pages.filtres import FiltreReglementsDep
from cordeau.facturation.pages.liste import liens_du_filtre
from cordeau.facturation.queries import FiltreFacture
from cordeau.facturation.reponses import repondre_export
from cordeau.facturation.states import LIBELLES_MODES, ModeReglement
from cordeau.web.deps import DatabaseDep, DemandeDep, ReadSession, Today, UnitOfWork
from cordeau.web.route import CordeauRoute
from cordeau.web.tableur import Cellule, FormatTableur
from cordeau.web.templating import rendre, voir_ailleurs

router = APIRouter(prefix="/reglements", route_class=CordeauRoute)
RUBRIQUE = "reglements"
ENTETES = ("Date", "Client", "Factures", "Mode", "Référence", "Montant", "Motif d’annulation")

lecture = requires(Permission.REGLEMENT_LIRE)
ecriture = requires(Permission.REGLEMENT_ECRIRE)


@router.get("", dependencies=[lecture])
def lister(
    request: Request, session: ReadSession, demande: DemandeDep, filtre: FiltreReglementsDep
) -> Response:
    """The règlements that match, latest first, and what they bring in."""
    page = reglements.list_reglements(session, demande, filtre)
    nombre, total = reglements.total_filtre(session, demande.q, filtre)
    return rendre(
        request,
        "facturation/reglements.html",
        rubrique=RUBRIQUE,
        reglements=page.elements,
        suivant=page.suivant,
        annules=reglements.annulations(session, [r.id for r in page.elements]),
        nombre=nombre,
        total=total,
        filtre=filtre,
        liens=liens_du_filtre(session, FiltreFacture(client_id=filtre.client_id)),
        modes=LIBELLES_MODES,
    )


@router.get("/export.{genre}", dependencies=[lecture, limiter(Geste.EXPORT)])
def exporter(
    session: ReadSession,
    demande: DemandeDep,
    filtre: FiltreReglementsDep,
    genre: FormatTableur,
    database: DatabaseDep,
    actor: CurrentUser,
) -> Response:
    """What the list shows, whole, as a spreadsheet."""
    lignes = map(_ligne, reglements.iter_reglements(session, demande, filtre))
    return repondre_export(database, genre, "reglements", ENTETES, lignes, actor=actor)


@router.get("/{reglement_id}/annulation", dependencies=[ecriture])
def annulation(request: Request, session: ReadSession, reglement_id: UUID) -> Response:
    """The question, and why."""
    reglement = reglements.get_reglement(session, reglement_id)
    commands.exiger_annulable(session, reglement)
    return _demander(request, reglement, AnnulationForm())


@router.post("/{reglement_id}/annulation", dependencies=[ecriture])
def annuler(
    request: Request,
    uow: UnitOfWork,
    reglement_id: UUID,
    form: Annotated[AnnulationForm, Form()],
    actor: CurrentUser,
    today: Today,
) -> Response:
    """Reverse a règlement by a counter-entry of today."""
    reglement = reglements.get_reglement(uow, reglement_id)
    try:
        commands.annuler(uow, reglement_id, motif=form.lire(), actor=actor, le=today)
    except ConflitError as refus:
        return _demander(request, reglement, form, refus)
    return voir_ailleurs(request, _retour(reglement), "Règlement annulé par une écriture inverse.")


def _retour(reglement: Reglement) -> str:
    """The page of the one document it settled, else the list."""
    factures = {imputation.facture_id for imputation in reglement.imputations}
    seule = factures.pop() if len(factures) == 1 else None
    return f"/factures/{seule}" if seule else "/reglements"


def _demander(
    request: Request,
    reglement: Reglement,
    form: AnnulationForm,
    refus: ConflitError | None = None,
) -> Response:
    return rendre(
        request,
        "facturation/annulation.html",
        status_code=200 if refus is None else refus.status,
        rubrique=RUBRIQUE,
        reglement=reglement,
        mode=LIBELLES_MODES[ModeReglement(reglement.mode)],
        retour=_retour(reglement),
        form=form,
        refus=refus,
    )


def _ligne(reglement: Reglement) -> list[Cellule]:
    numeros = (i.facture.numero if i.facture else None for i in reglement.imputations)
    return [
        reglement.date,
        reglement.client.nom,
        ", ".join(numero or "Solde d’ouverture" for numero in numeros),
        LIBELLES_MODES[ModeReglement(reglement.mode)],
        reglement.reference,
        reglement.montant,
        reglement.motif,
    ]
