"""Pages of chantiers: list, calendar, detail, form."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cordeau.auth.deps import CurrentUser, limiter, requires
from cordeau.chantiers import commands, etapes, queries
from cordeau.chantiers.extensions import panneaux_de
from cordeau.chantiers.forms import LIBELLES, ChantierForm, erreurs_de
from cordeau.chantiers.models import Chantier
from cordeau.chantiers.schemas import (
    ChantierCreation,
    ChantierModification,
    FiltresDep,
    JourFacultatif,
)
from cordeau.chantiers.states import StatutChantier
from cordeau.core.errors import ConflitError, SaisieError, VersionPerimeeError, refuser_saisie
from cordeau.core.journal import list_history
from cordeau.core.permissions import Acteur, Permission
from cordeau.core.quotas import Geste
from cordeau.core.revisions import check_revision
from cordeau.historique.recit import resumer
from cordeau.web.conflits import Conflit, rendre_conflit
from cordeau.web.deps import DemandeDep, ReadSession, Today, UnitOfWork
from cordeau.web.formats import saisie
from cordeau.web.preconditions import typed_revision
from cordeau.web.route import CordeauRoute
from cordeau.web.schemas import JsonResponse
from cordeau.web.tableur import Cellule, FormatTableur, repondre_tableau
from cordeau.web.templating import rendre, voir_ailleurs
from cordeau.web.validation import valider

router = APIRouter(prefix="/chantiers", route_class=CordeauRoute)
RUBRIQUE = "chantiers"
#: A calendar asks for six weeks; nobody asks for years.
PERIODE_MAX = timedelta(days=400)
ENTETES = ("Code", "Nom", "Client", "Statut", "Responsable", "Début", "Fin", "Adresse")

lecture = requires(Permission.CHANTIER_LIRE)
ecriture = requires(Permission.CHANTIER_ECRIRE)


@router.get("", dependencies=[lecture])
def lister(
    request: Request,
    session: ReadSession,
    demande: DemandeDep,
    filtres: FiltresDep,
    today: Today,
    vue: str = "liste",
) -> Response:
    """The chantiers, as a list or on a month calendar."""
    if vue == "calendrier":
        return _calendrier(request, session, today)
    page = queries.list_chantiers(session, demande, filtres)
    return rendre(
        request,
        "chantiers/liste.html",
        rubrique=RUBRIQUE,
        chantiers=page.elements,
        suivant=page.suivant,
        total=queries.count_chantiers(session, demande.q, filtres),
        filtres=filtres,
        responsables=queries.list_responsables(session),
        statuts=etapes.LIBELLES.items(),
    )


@router.get("/export", dependencies=[lecture, limiter(Geste.EXPORT)])
def exporter(
    session: ReadSession,
    demande: DemandeDep,
    filtres: FiltresDep,
    format: FormatTableur = FormatTableur.XLSX,  # noqa: A002 (the published address)
) -> Response:
    """What the list shows, whole, as a spreadsheet."""
    chantiers = queries.iter_chantiers(session, demande.q, filtres)
    return repondre_tableau(format, "chantiers", ENTETES, map(_ligne, chantiers))


@router.get("/evenements", dependencies=[lecture])
def evenements(
    session: ReadSession, du: JourFacultatif = None, au: JourFacultatif = None
) -> Response:
    """The chantiers of a period, for the calendar."""
    if du is None or au is None or not du <= au <= du + PERIODE_MAX:
        raise refuser_saisie("au", "Demandez une période d’un an au plus.")
    elements = [
        {
            "titre": f"{chantier.nom} · {chantier.client.nom}",
            "debut": chantier.date_debut,
            "fin": chantier.date_fin,
            "url": f"/chantiers/{chantier.id}",
            "statut": chantier.statut,
        }
        for chantier in queries.list_periode(session, du, au)
    ]
    return JsonResponse({"elements": elements})


@router.get("/nouveau", dependencies=[ecriture])
def nouveau(request: Request, session: ReadSession, today: Today, client_id: str = "") -> Response:
    """The form of a new chantier."""
    jour = saisie(today)
    form = ChantierForm(client_id=client_id, date_debut=jour, date_fin=jour)
    return _formulaire(request, session, form)


@router.post("/nouveau", dependencies=[ecriture])
def nouveau_post(
    request: Request,
    uow: UnitOfWork,
    form: Annotated[ChantierForm, Form()],
    actor: CurrentUser,
    today: Today,
) -> Response:
    """Open a chantier."""
    try:
        form.exiger_dates()
        creation = valider(ChantierCreation, form.donnees())
        chantier = commands.ouvrir_chantier(uow, **creation.ouverture(today), actor=actor)
    except SaisieError as refus:
        return _formulaire(request, uow, form, refus=refus)
    return voir_ailleurs(request, f"/chantiers/{chantier.id}", "Chantier ouvert.")


@router.get("/{chantier_id}", dependencies=[lecture])
def voir(request: Request, session: ReadSession, chantier_id: UUID, actor: CurrentUser) -> Response:
    """A chantier: where it stands, what was done for it."""
    return _fiche(request, session, queries.get_chantier(session, chantier_id), actor)


@router.get("/{chantier_id}/modifier", dependencies=[ecriture])
def modifier(request: Request, session: ReadSession, chantier_id: UUID) -> Response:
    """The form of an existing chantier."""
    chantier = queries.get_chantier(session, chantier_id)
    return _formulaire(request, session, ChantierForm.lire(chantier), chantier=chantier)


@router.post("/{chantier_id}/modifier", dependencies=[ecriture])
def modifier_post(
    request: Request,
    uow: UnitOfWork,
    chantier_id: UUID,
    form: Annotated[ChantierForm, Form()],
    actor: CurrentUser,
) -> Response:
    """Record the form, unless somebody saved in between."""
    chantier = queries.get_chantier(uow, chantier_id, for_update=True)
    try:
        check_revision(chantier.revision, typed_revision(form.revision))
        modification = valider(ChantierModification, form.donnees())
        commands.modifier_chantier(uow, chantier, modification.champs(), actor=actor)
    except VersionPerimeeError:
        return _conflit(request, uow, chantier, form)
    except SaisieError as refus:
        return _formulaire(request, uow, form, chantier=chantier, refus=refus)
    return voir_ailleurs(request, f"/chantiers/{chantier.id}", "Chantier enregistré.")


@router.post("/{chantier_id}/statut", dependencies=[ecriture])
def statut(
    request: Request,
    uow: UnitOfWork,
    chantier_id: UUID,
    statut: Annotated[StatutChantier, Form()],
    actor: CurrentUser,
) -> Response:
    """Move a chantier along its life."""
    chantier = queries.get_chantier(uow, chantier_id, for_update=True)
    try:
        commands.changer_statut(uow, chantier, statut, actor=actor)
    except ConflitError as refus:
        return _fiche(request, uow, chantier, actor, refus=refus)
    mot = etapes.LIBELLES[statut].lower()
    return voir_ailleurs(request, f"/chantiers/{chantier.id}", f"Chantier {mot}.")


@router.post("/{chantier_id}/suppression", dependencies=[ecriture])
def suppression(
    request: Request, uow: UnitOfWork, chantier_id: UUID, actor: CurrentUser
) -> Response:
    """Delete a chantier that nothing refers to."""
    chantier = queries.get_chantier(uow, chantier_id, for_update=True)
    try:
        commands.supprimer_chantier(uow, chantier, actor=actor)
    except ConflitError as refus:
        intact = queries.get_chantier(uow, chantier_id)
        return _fiche(request, uow, intact, actor, refus=refus)
    return voir_ailleurs(request, "/chantiers", "Chantier supprimé.")


def _ligne(chantier: Chantier) -> list[Cellule]:
    return [
        chantier.code,
        chantier.nom,
        chantier.client.nom,
        etapes.LIBELLES[StatutChantier(chantier.statut)],
        chantier.responsable,
        chantier.date_debut,
        chantier.date_fin,
        chantier.adresse.en_ligne,
    ]


def _calendrier(request: Request, session: Session, today: date) -> Response:
    """The month, and the list a screen reader or a page without script reads instead."""
    debut = today.replace(day=1)
    fin = (debut + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return rendre(
        request,
        "chantiers/calendrier.html",
        rubrique=RUBRIQUE,
        chantiers=queries.list_periode(session, debut, fin),
    )


def _fiche(
    request: Request,
    session: Session,
    chantier: Chantier,
    acteur: Acteur,
    refus: ConflitError | None = None,
) -> Response:
    return rendre(
        request,
        "chantiers/fiche.html",
        status_code=200 if refus is None else refus.status,
        rubrique=RUBRIQUE,
        chantier=chantier,
        refus=refus,
        etapes=etapes.vie(chantier),
        mouvements=etapes.mouvements_possibles(chantier),
        panneaux=panneaux_de(session, chantier, acteur),
        historique=resumer(session, "chantier", chantier.id),
    )


def _conflit(
    request: Request, session: Session, chantier: Chantier, form: ChantierForm
) -> Response:
    clients = dict(queries.list_clients_proposes(session, form.client_choisi))
    return rendre_conflit(
        request,
        Conflit(
            quoi="ce chantier",
            retour=f"/chantiers/{chantier.id}/modifier",
            tape=form,
            enregistre=ChantierForm.lire(chantier),
            libelles=LIBELLES,
            historique=list_history(session, "chantier", chantier.id),
            textes={"client_id": {**clients, str(chantier.client_id): chantier.client.nom}},
            rubrique=RUBRIQUE,
        ),
    )


def _formulaire(
    request: Request,
    session: Session,
    form: ChantierForm,
    *,
    chantier: Chantier | None = None,
    refus: SaisieError | None = None,
) -> Response:
    return rendre(
        request,
        "chantiers/formulaire.html",
        status_code=200 if refus is None else refus.status,
        rubrique=RUBRIQUE,
        chantier=chantier,
        form=form,
        erreurs={} if refus is None else erreurs_de(refus),
        clients=queries.list_clients_proposes(session, form.client_choisi),
        responsables=queries.list_responsables(session),
    )
