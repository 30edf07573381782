"""Writing a free facture, and the terms of any draft."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from cordeau.auth.deps import CurrentUser, requires
from cordeau.core.errors import SaisieError, VersionPerimeeError
from cordeau.core.money import ZERO
from cordeau.core.permissions import Permission
from cordeau.entreprise.queries import entreprise_or_blank
from cordeau.entreprise.taux import taux_propose
from cordeau.facturation import queries
from cordeau.facturation.commands import brouillon
from cordeau.facturation.etapes import nom_du_document
from cordeau.facturation.forms import FactureForm, erreurs_de, lignes_de
from cordeau.facturation.pages import conflit, editeur
from cordeau.web.deps import ReadSession, Today, UnitOfWork
from cordeau.web.formats import saisie
from cordeau.web.preconditions import typed_revision
from cordeau.web.route import CordeauRoute
from cordeau.web.schemas import JsonResponse
from cordeau.web.templating import voir_ailleurs

router = APIRouter(
    prefix="/factures",
    route_class=CordeauRoute,
    dependencies=[requires(Permission.FACTURE_ECRIRE)],
)


@router.get("/nouvelle")
def nouvelle(
    request: Request, session: ReadSession, client_id: str = "", chantier_id: str = ""
) -> Response:
    """The form of a facture without devis."""
    taux = saisie(taux_propose(entreprise_or_blank(session)))
    form = FactureForm(client_id=client_id, chantier_id=chantier_id, taux_tva=taux)
    return editeur.rendre_editeur(request, session, form, [])


@router.post("/nouvelle")
def nouvelle_post(
    request: Request,
    uow: UnitOfWork,
    form: Annotated[FactureForm, Form()],
    actor: CurrentUser,
    today: Today,
) -> Response:
    """Prepare the draft."""
    try:
        facture = brouillon.creer_facture(uow, form.saisie(), actor=actor, le=today)
    except SaisieError as refus:
        return editeur.rendre_refus(request, uow, form, refus)
    return voir_ailleurs(request, f"/factures/{facture.id}", "Brouillon enregistré.")


@router.post("/calcul")
def calcul(form: Annotated[FactureForm, Form()]) -> Response:
    """The amounts of what is being typed, ready to be shown; nothing is saved.

    A facture half typed is no fault: what it still lacks is told, field by field.
    """
    try:
        lignes = form.toutes_les_lignes()
        saisie = form.saisie()
        chiffrage = brouillon.chiffrer_saisie(saisie, saisie.taux_tva or ZERO)
    except SaisieError as refus:
        return JsonResponse({"erreurs": erreurs_de(refus)})
    return JsonResponse(
        {
            "lignes": editeur.montants_par_rang(lignes, chiffrage),
            "totaux": editeur.totaux_affiches(chiffrage),
        }
    )


@router.get("/{facture_id}/modifier")
def modifier(request: Request, session: ReadSession, facture_id: UUID) -> Response:
    """The form of a draft: all of a free facture, the terms of another."""
    facture = queries.get_facture(session, facture_id)
    brouillon.exiger_brouillon(facture)
    form = FactureForm.lire(facture)
    if not brouillon.est_libre(facture):
        return editeur.rendre_termes(request, facture, form)
    return editeur.rendre_editeur(request, session, form, lignes_de(facture), facture=facture)


@router.post("/{facture_id}/modifier")
def modifier_post(
    request: Request,
    uow: UnitOfWork,
    facture_id: UUID,
    form: Annotated[FactureForm, Form()],
    actor: CurrentUser,
) -> Response:
    """Save the draft, unless somebody saved in between."""
    facture = queries.get_facture(uow, facture_id)
    libre = brouillon.est_libre(facture)
    try:
        facture = brouillon.modifier_facture(
            uow,
            facture_id,
            form.saisie() if libre else form.saisie_des_termes(),
            actor=actor,
            revision_attendue=typed_revision(form.revision),
        )
    except (SaisieError, VersionPerimeeError) as refus:
        return _refuser(request, uow, facture_id, form, refus)
    return voir_ailleurs(
        request, f"/factures/{facture_id}", f"{nom_du_document(facture)} : modifications gardées."
    )


def _refuser(
    request: Request,
    uow: UnitOfWork,
    facture_id: UUID,
    form: FactureForm,
    refus: SaisieError | VersionPerimeeError,
) -> Response:
    uow.rollback()
    facture = queries.get_facture(uow, facture_id)
    if isinstance(refus, VersionPerimeeError):
        brouillon.exiger_brouillon(facture)
        return conflit.rendre(request, uow, facture, form)
    if not brouillon.est_libre(facture):
        return editeur.rendre_termes(request, facture, form, refus=refus)
    return editeur.rendre_refus(request, uow, form, refus, facture=facture)
