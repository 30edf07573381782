"""The identity of the firm and its logo, under Paramètres."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cordeau.auth.deps import CurrentUser, exiger_confirmation, requires
from cordeau.core.dates import aujourd_hui
from cordeau.core.errors import DomainError, IntrouvableError, SaisieError, VersionPerimeeError
from cordeau.core.images import relire_image
from cordeau.core.journal import list_history
from cordeau.core.permissions import Permission
from cordeau.entreprise import commands, queries
from cordeau.entreprise.controle import points_de_controle
from cordeau.entreprise.forms import LIBELLES, EntrepriseForm, erreurs_de
from cordeau.entreprise.rules import LIBELLES_REGIMES
from cordeau.entreprise.schemas import EntrepriseSchema
from cordeau.web.conflits import Conflit, rendre_conflit
from cordeau.web.deps import ReadSession, UnitOfWork
from cordeau.web.preconditions import typed_revision
from cordeau.web.route import CordeauRoute
from cordeau.web.templating import piece_jointe, rendre, voir_ailleurs
from cordeau.web.validation import valider

URL = "/parametres/entreprise"
router = APIRouter(prefix=URL, route_class=CordeauRoute)

lecture = requires(Permission.ENTREPRISE_LIRE)
ecriture = requires(Permission.ENTREPRISE_ECRIRE)


@router.get("", dependencies=[lecture])
def voir(request: Request, session: ReadSession) -> Response:
    """Everything a document says of its issuer."""
    form = EntrepriseForm.lire(queries.entreprise_or_blank(session))
    return _formulaire(request, session, form)


@router.post("", dependencies=[ecriture])
def enregistrer(
    request: Request, uow: UnitOfWork, form: Annotated[EntrepriseForm, Form()], actor: CurrentUser
) -> Response:
    """Record the form, unless somebody saved in between."""
    try:
        champs = valider(EntrepriseSchema, form.donnees()).champs()
        if queries.touche_la_banque(uow, champs):
            exiger_confirmation(request)
        commands.definir(
            uow,
            champs,
            actor=actor,
            revision_attendue=typed_revision(form.revision),
        )
    except VersionPerimeeError:
        return _conflit(request, uow, form)
    except SaisieError as refus:
        return _formulaire(request, uow, form, refus=refus)
    return voir_ailleurs(request, URL, "Entreprise enregistrée.")


@router.get("/logo", dependencies=[lecture])
def logo(session: ReadSession) -> Response:
    """The logo, as documents print it."""
    entreprise = queries.find_entreprise(session)
    if entreprise is None or entreprise.logo is None:
        raise IntrouvableError
    return piece_jointe(entreprise.logo, "logo.png", "image/png", inline=True)


@router.post("/logo", dependencies=[ecriture])
def definir_logo(
    request: Request, uow: UnitOfWork, actor: CurrentUser, logo: UploadFile | None = None
) -> Response:
    """Set the logo, re-encoded."""
    try:
        image = relire_image(logo.file.read() if logo else b"", "logo")
        commands.definir_logo(uow, image, actor=actor)
    except SaisieError as refus:
        form = EntrepriseForm.lire(queries.entreprise_or_blank(uow))
        return _formulaire(request, uow, form, refus=refus)
    return voir_ailleurs(request, URL, "Logo enregistré.")


@router.post("/logo/suppression", dependencies=[ecriture])
def retirer_logo(request: Request, uow: UnitOfWork, actor: CurrentUser) -> Response:
    """Go back to the drawn mark."""
    commands.definir_logo(uow, None, actor=actor)
    return voir_ailleurs(request, URL, "Logo retiré.")


def _conflit(request: Request, session: Session, form: EntrepriseForm) -> Response:
    entreprise = queries.entreprise_or_blank(session)
    return rendre_conflit(
        request,
        Conflit(
            quoi="ces réglages",
            retour=URL,
            tape=form,
            enregistre=EntrepriseForm.lire(entreprise),
            libelles=LIBELLES,
            historique=list_history(session, "entreprise", entreprise.id),
            textes={"regime_tva": {regime.value: t for regime, t in LIBELLES_REGIMES.items()}},
            rubrique="parametres",
        ),
    )


def _formulaire(
    request: Request, session: Session, form: EntrepriseForm, *, refus: DomainError | None = None
) -> Response:
    with session.no_autoflush:
        entreprise = queries.entreprise_or_blank(session)
    return rendre(
        request,
        "entreprise/identite.html",
        status_code=200 if refus is None else refus.status,
        rubrique="parametres",
        form=form,
        erreurs={} if refus is None else erreurs_de(refus),
        regimes=LIBELLES_REGIMES.items(),
        points=points_de_controle(entreprise, aujourd_hui()),
        revision=entreprise.revision,
        entreprise_id=entreprise.id,
        a_un_logo=entreprise.logo is not None,
    )
