"""First start of a real installation: who the firm is, who administers it.

Open to whoever reads the console, by the code printed there, until somebody administers the base.
"""

import hmac
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from cordeau.auth import commands as auth
from cordeau.auth import cookies
from cordeau.auth.deps import OrigineDep, poser_visite, public
from cordeau.auth.models import Utilisateur
from cordeau.auth.queries import est_administree
from cordeau.core.errors import Faute, IntrouvableError, SaisieError, refuser_saisie
from cordeau.core.permissions import SYSTEME, Role
from cordeau.core.texte import nettoyer
from cordeau.entreprise import commands
from cordeau.entreprise.schemas import EntrepriseSchema
from cordeau.web.deps import ReadSession, UnitOfWork
from cordeau.web.formulaires import messages_par_champ
from cordeau.web.route import CordeauRoute
from cordeau.web.templating import rendre, voir_ailleurs
from cordeau.web.validation import valider


def encore_a_installer(request: Request, session: ReadSession) -> None:
    """404 once somebody administers the base, whatever else the request holds."""
    _code_attendu(request, session)


router = APIRouter(
    prefix="/installation",
    route_class=CordeauRoute,
    dependencies=[Depends(encore_a_installer), public],
)

#: Fields of the firm whose name in the form is not the API's.
CHAMPS = {
    "nom": "entreprise_nom",
    "adresse.ligne1": "ligne1",
    "adresse.codePostal": "code_postal",
    "adresse.ville": "ville",
}


class InstallationForm(BaseModel):
    """The fields of the page."""

    code: str = ""
    entreprise_nom: str = ""
    siren: str = ""
    ligne1: str = ""
    code_postal: str = ""
    ville: str = ""
    nom: str = ""
    email: str = ""
    mot_de_passe: str = ""

    def entreprise(self) -> EntrepriseSchema:
        """The firm; refuses one without a name."""
        if not self.entreprise_nom.strip():
            raise refuser_saisie("nom", "Écrivez la raison sociale.")
        adresse = {"ligne1": self.ligne1, "codePostal": self.code_postal, "ville": self.ville}
        donnees = {"nom": self.entreprise_nom, "siren": self.siren, "adresse": adresse}
        return valider(EntrepriseSchema, donnees)


@router.get("")
def voir(request: Request) -> Response:
    """The form, as long as nobody administers the base."""
    return _formulaire(request, InstallationForm())


@router.post("")
def installer(
    request: Request,
    uow: UnitOfWork,
    origine: OrigineDep,
    form: Annotated[InstallationForm, Form()],
) -> Response:
    """Make the firm and its first administrator, and sign them in."""
    attendu = _code_attendu(request, uow)
    if not hmac.compare_digest(_epele(form.code), _epele(attendu)):
        return _formulaire(request, form, {"code": "Ce code n’est pas celui de la console."})
    erreurs = _installer(uow, form)
    if erreurs:
        return _formulaire(request, form, erreurs)
    cookie = auth.ouvrir_session(uow, email=form.email, password=form.mot_de_passe, origine=origine)
    response = voir_ailleurs(
        request,
        "/parametres/entreprise",
        "Cordeau est installé. Complétez ce que vos documents doivent dire de l’entreprise.",
    )
    cookies.poser_session(request, response, cookie or "")
    return response


def _installer(uow: Session, form: InstallationForm) -> dict[str, str]:
    """Make both; what is refused, by field, all at once."""
    erreurs: dict[str, str] = {}
    try:
        champs = form.entreprise().champs()
    except SaisieError as refus:
        erreurs |= messages_par_champ(refus, CHAMPS)
    try:
        admin = _ajouter_admin(uow, form)
    except SaisieError as refus:
        erreurs |= messages_par_champ(refus, {})
    if not erreurs:
        commands.definir(uow, champs, actor=admin.en_acteur())
    return erreurs


def _ajouter_admin(uow: Session, form: InstallationForm) -> Utilisateur:
    if not nettoyer(form.nom):
        raise SaisieError([Faute("nom", "Écrivez vos prénom et nom.")])
    return auth.ajouter_utilisateur(
        uow,
        email=form.email,
        nom=form.nom,
        role=Role.ADMIN,
        password=form.mot_de_passe,
        actor=SYSTEME,
    )


def _code_attendu(request: Request, session: Session) -> str:
    """The code printed at start; no page without it, nor once somebody administers or has."""
    code: str = getattr(request.app.state, "installation_code", "")
    if not code or est_administree(session):
        raise IntrouvableError
    return code


def _epele(code: str) -> bytes:
    """The code without what a hand adds to it: spaces, dashes, capitals."""
    return "".join(c for c in code.casefold() if c.isalnum()).encode()


def _formulaire(
    request: Request, form: InstallationForm, erreurs: dict[str, str] | None = None
) -> Response:
    response = rendre(
        request,
        "installation.html",
        status_code=422 if erreurs else 200,
        rubrique="",
        saisie=form.model_dump(exclude={"mot_de_passe"}),
        erreurs=erreurs or {},
    )
    return poser_visite(request, response)
