"""Closed periods and archives: what is over for good, and the file of each month."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cordeau.auth.deps import CurrentUser, requires
from cordeau.comptabilite.commands.archivage import trouver_archive
from cordeau.comptabilite.commands.cloture import clore
from cordeau.comptabilite.forms import ClotureForm
from cordeau.comptabilite.periodes import est_un_mois, lire_periode, mois_precedent, nommer
from cordeau.comptabilite.queries import list_clotures, mois_archives, totaux_clotures
from cordeau.core.errors import DomainError, IntrouvableError
from cordeau.core.listing import Demande
from cordeau.core.permissions import Permission
from cordeau.core.registre.clotures import close_au
from cordeau.core.registre.states import GenreCloture
from cordeau.core.settings import Settings
from cordeau.web.deps import DemandeDep, ReadSession, SettingsDep, Today, UnitOfWork
from cordeau.web.formulaires import messages_par_champ
from cordeau.web.route import CordeauRoute
from cordeau.web.templating import piece_jointe, rendre, voir_ailleurs

PAGE = "/comptabilite/clotures"

router = APIRouter(prefix="/comptabilite", route_class=CordeauRoute)
lecture = requires(Permission.CLOTURE_LIRE)


@router.get("/clotures", dependencies=[lecture])
def clotures(
    request: Request,
    session: ReadSession,
    settings: SettingsDep,
    demande: DemandeDep,
    today: Today,
    *,
    jours: bool = False,
) -> Response:
    """The closed periods with their totals, the archives, and what can be closed next."""
    form = ClotureForm(periode=f"{mois_precedent(today):%Y-%m}")
    return _page(request, session, settings, demande, form, jours=jours)


@router.post("/clotures", dependencies=[requires(Permission.CLOTURE_ECRIRE)])
def clore_periode(
    request: Request,
    uow: UnitOfWork,
    settings: SettingsDep,
    form: Annotated[ClotureForm, Form()],
    actor: CurrentUser,
    today: Today,
) -> Response:
    """Close a month or a year, for good."""
    try:
        genre, jour = lire_periode(form.genre, form.periode)
        cloture = clore(uow, genre, jour, actor=actor, le=today)
    except DomainError as refus:
        return _page(request, uow, settings, Demande(), form, refus=refus)
    return voir_ailleurs(request, PAGE, f"{nommer(genre, cloture.debut)} : clos.")


@router.get("/archives/{periode}", dependencies=[lecture])
def archive(settings: SettingsDep, periode: str) -> Response:
    """The sealed file of a month."""
    fichier = trouver_archive(settings, periode) if est_un_mois(periode) else None
    if fichier is None:
        raise IntrouvableError
    return piece_jointe(fichier.read_bytes(), fichier.name, "application/zip")


def _page(
    request: Request,
    session: Session,
    settings: Settings,
    demande: Demande,
    form: ClotureForm,
    *,
    jours: bool = False,
    refus: DomainError | None = None,
) -> Response:
    page = list_clotures(session, demande, jours=jours)
    archives = mois_archives(session)
    return rendre(
        request,
        "comptabilite/clotures.html",
        status_code=200 if refus is None else refus.status,
        rubrique="exports",
        form=form,
        erreurs={} if refus is None else messages_par_champ(refus, {}),
        refus="" if refus is None or refus.fautes else refus.message,
        genres=[(GenreCloture.MOIS, "Un mois"), (GenreCloture.ANNEE, "Une année")],
        jours=jours,
        clotures=page.elements,
        suivant=page.suivant,
        totaux=totaux_clotures(session, page.elements),
        nommer=nommer,
        close_au=close_au(session),
        archives=[
            (mois, le, trouver_archive(settings, mois) is not None)
            for mois, le in sorted(archives.items(), reverse=True)
        ],
    )
