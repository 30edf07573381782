"""The journal: of one record, one click from its page; and whole, under Paramètres."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cordeau.auth.deps import CurrentUser, limiter, requires
from cordeau.auth.queries import list_users
from cordeau.core.journal import Evenement
from cordeau.core.permissions import Acteur, Permission
from cordeau.core.quotas import Geste
from cordeau.historique import queries, recit
from cordeau.historique.libelles import AVEC_HISTORIQUE, OBJETS, droit_objet, libelle_objet
from cordeau.historique.queries import FiltresJournal
from cordeau.web.deps import DemandeDep, ReadSession
from cordeau.web.formats import instant_fr
from cordeau.web.route import CordeauRoute
from cordeau.web.tableur import Cellule, FormatTableur, repondre_tableau
from cordeau.web.templating import rendre

router = APIRouter(route_class=CordeauRoute)
lecture = requires(Permission.JOURNAL_LIRE)

ENTETES = (
    "Quand",
    "Qui",
    "Par",
    "Adresse",
    "Lieu",
    "Demande",
    "Objet",
    "Nom",
    "Action",
    "Détail",
    "Partie",
    "Champ",
    "Avant",
    "Après",
)


async def _filtres(
    qui: Annotated[str, Query(max_length=40)] = "",
    objet: Annotated[str, Query(max_length=40)] = "",
    du: Annotated[str, Query(max_length=10)] = "",
    au: Annotated[str, Query(max_length=10)] = "",
) -> FiltresJournal:
    """What is filtered, from the address; a date that is none filters nothing."""
    return FiltresJournal(qui=qui, objet=objet, du=_jour(du), au=_jour(au))


FiltresDep = Annotated[FiltresJournal, Depends(_filtres)]


@router.get("/parametres/journal", dependencies=[lecture])
def lister(
    request: Request,
    session: ReadSession,
    demande: DemandeDep,
    filtres: FiltresDep,
    actor: CurrentUser,
) -> Response:
    """Everything done by anybody, latest first."""
    page = queries.list_journal(session, demande, filtres, actor=actor)
    return rendre(
        request,
        "historique/journal.html",
        rubrique="parametres",
        lignes=recit.raconter(session, page.elements, actor=actor),
        suivant=page.suivant,
        filtres=filtres,
        personnes=list_users(session),
        logiciel=queries.LOGICIEL,
        objets=[(nom, libelle_objet(nom)) for nom in OBJETS if actor.peut(droit_objet(nom))],
    )


@router.get("/parametres/journal/export", dependencies=[lecture, limiter(Geste.EXPORT)])
def exporter(
    session: ReadSession,
    demande: DemandeDep,
    filtres: FiltresDep,
    actor: CurrentUser,
    format: FormatTableur = FormatTableur.XLSX,  # noqa: A002 (the published address)
) -> Response:
    """What the page shows, a row for each field changed."""
    lots = queries.iter_journal(session, demande.q, filtres, actor=actor)
    return repondre_tableau(format, "journal", ENTETES, _cellules(session, lots, actor))


def _page_d_un_objet(objet_type: str) -> None:
    """Declare the history of these records, for whoever may read them."""
    droit = requires(droit_objet(objet_type))

    @router.get(f"/historique/{objet_type}/{{{objet_type}_id}}", dependencies=[droit])
    def page(
        request: Request,
        session: ReadSession,
        actor: CurrentUser,
        objet_id: Annotated[UUID, Path(alias=f"{objet_type}_id")],
    ) -> Response:
        return _montrer(request, session, objet_type, objet_id, actor)


for _objet_type in AVEC_HISTORIQUE:
    _page_d_un_objet(_objet_type)


def _montrer(
    request: Request, session: Session, objet_type: str, objet_id: UUID, actor: Acteur
) -> Response:
    faits = queries.list_objet(session, objet_type, objet_id)
    return rendre(
        request,
        "historique/objet.html",
        rubrique="",
        lignes=recit.raconter(session, faits, actor=actor),
        mot=libelle_objet(objet_type),
        nom=next((f.objet_nom for f in faits if f.objet_nom), ""),
        retour=OBJETS[objet_type][2].format(objet_id),
        complet=len(faits) < queries.PAR_OBJET,
    )


def _cellules(
    session: Session, lots: Iterator[list[Evenement]], actor: Acteur
) -> Iterator[list[Cellule]]:
    for faits in lots:
        for ligne in recit.detailler(session, faits, actor=actor):
            tete: list[Cellule] = [
                instant_fr(ligne["le"]),
                *(ligne[cle] or "" for cle in ("qui", "origine", "adresse", "lieu", "requete")),
                *(ligne[cle] or "" for cle in ("objet", "objet_nom", "texte", "detail")),
            ]
            champs = [
                [bloc["titre"] or bloc["operation"], *champ.values()]
                for fois in ligne["fois"]
                for bloc in fois["blocs"]
                for champ in bloc["champs"]
            ]
            yield from ([*tete, *suite] for suite in champs or [["", "", "", ""]])


def _jour(texte: str) -> date | None:
    try:
        return date.fromisoformat(texte)
    except ValueError:
        return None
