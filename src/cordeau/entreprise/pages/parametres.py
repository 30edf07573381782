"""Settings: their index, the numbering of documents, the legal mentions."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cordeau.auth.deps import CurrentUser, requires
from cordeau.core.dates import a_paris
from cordeau.core.errors import ConflitError, DomainError, SaisieError
from cordeau.core.numbering import list_series
from cordeau.core.permissions import Permission
from cordeau.core.sauvegardes import derniere_sauvegarde
from cordeau.entreprise import commands, queries
from cordeau.entreprise.forms import (
    MentionForm,
    MentionSaisie,
    NumerotationForm,
    NumerotationSaisie,
    erreurs_de,
)
from cordeau.entreprise.mentions import CodeMention
from cordeau.entreprise.rules import LIBELLES_MENTIONS, SERIES, jetons_permis
from cordeau.web.deps import ReadSession, Today, UnitOfWork
from cordeau.web.route import CordeauRoute
from cordeau.web.templating import rendre, voir_ailleurs
from cordeau.web.validation import valider

router = APIRouter(prefix="/parametres", route_class=CordeauRoute)

lecture = requires(Permission.ENTREPRISE_LIRE)
ecriture = requires(Permission.ENTREPRISE_ECRIRE)


@router.get("", dependencies=[requires(Permission.PARAMETRES_LIRE)])
def index(request: Request, session: ReadSession, today: Today) -> Response:
    """What can be set, for this person."""
    sauvegarde = derniere_sauvegarde(session)
    return rendre(
        request,
        "parametres.html",
        rubrique="parametres",
        sauvegarde=sauvegarde,
        jours=(today - a_paris(sauvegarde.faite_le).date()).days if sauvegarde else 0,
    )


@router.get("/numerotation", dependencies=[lecture])
def numerotation(request: Request, session: ReadSession, today: Today) -> Response:
    """The series of legal numbers, and where they stand."""
    return _numerotation(request, session, NumerotationForm(annee=str(today.year)))


@router.post("/numerotation", dependencies=[ecriture])
def numerotation_post(
    request: Request,
    uow: UnitOfWork,
    form: Annotated[NumerotationForm, Form()],
    actor: CurrentUser,
) -> Response:
    """Choose the first number of a series not yet used."""
    try:
        typed = valider(NumerotationSaisie, form.model_dump())
        commands.choisir_premier_numero(uow, typed.prefixe, typed.annee, typed.premier, actor=actor)
    except (SaisieError, ConflitError) as refus:
        return _numerotation(request, uow, form, refus=refus)
    return voir_ailleurs(request, "/parametres/numerotation", "Premier numéro enregistré.")


@router.get("/mentions", dependencies=[lecture])
def mentions(request: Request, session: ReadSession, today: Today) -> Response:
    """The legal sentences of the documents, in force today."""
    return rendre(
        request,
        "entreprise/mentions.html",
        rubrique="parametres",
        en_vigueur=queries.mentions_en_vigueur(session, today),
        libelles=LIBELLES_MENTIONS,
    )


@router.get("/mentions/{code}", dependencies=[lecture])
def mention(request: Request, session: ReadSession, code: CodeMention) -> Response:
    """One rule: its wordings through time, and the form of the next."""
    derniere = queries.list_redactions(session, code)[0]
    return _mention(request, session, code, MentionForm.lire(derniere))


@router.post("/mentions/{code}", dependencies=[ecriture])
def mention_post(
    request: Request,
    uow: UnitOfWork,
    code: CodeMention,
    form: Annotated[MentionForm, Form()],
    actor: CurrentUser,
) -> Response:
    """Give the rule a new wording from a day on."""
    try:
        typed = valider(MentionSaisie, form.model_dump())
        commands.dater_mention(uow, code, **typed.model_dump(), actor=actor)
    except SaisieError as refus:
        return _mention(request, uow, code, form, refus=refus)
    return voir_ailleurs(request, f"/parametres/mentions/{code}", "Mention enregistrée.")


def _numerotation(
    request: Request, session: Session, form: NumerotationForm, *, refus: DomainError | None = None
) -> Response:
    return rendre(
        request,
        "entreprise/numerotation.html",
        status_code=200 if refus is None else refus.status,
        rubrique="parametres",
        form=form,
        erreurs={} if refus is None else erreurs_de(refus),
        series=[serie for serie in list_series(session) if serie.prefixe in SERIES],
        libelles=SERIES,
    )


def _mention(
    request: Request,
    session: Session,
    code: CodeMention,
    form: MentionForm,
    *,
    refus: SaisieError | None = None,
) -> Response:
    return rendre(
        request,
        "entreprise/mention.html",
        status_code=200 if refus is None else refus.status,
        rubrique="parametres",
        code=code,
        libelle=LIBELLES_MENTIONS[code],
        form=form,
        erreurs={} if refus is None else erreurs_de(refus),
        redactions=queries.list_redactions(session, code),
        jetons=[f"{{{jeton}}}" for jeton in jetons_permis(code)],
    )
