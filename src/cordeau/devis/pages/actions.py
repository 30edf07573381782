"""What one does with a devis: send it, note the answer, copy it, open its chantier."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cordeau.auth.deps import CurrentUser, requires
from cordeau.core.errors import ConflitError, SaisieError
from cordeau.core.permissions import Acteur, Permission
from cordeau.devis import queries
from cordeau.devis.commands import chantier, envoi, modeles, redaction, reponse
from cordeau.devis.forms import EnvoiForm, contenu_de_modele
from cordeau.devis.models import Devis
from cordeau.devis.pages.fiche import contexte_chiffre, rendre_fiche
from cordeau.devis.states import TRANSITIONS, StatutDevis
from cordeau.web.deps import ReadSession, Today, UnitOfWork
from cordeau.web.route import CordeauRoute
from cordeau.web.templating import rendre, voir_ailleurs

router = APIRouter(
    prefix="/devis", route_class=CordeauRoute, dependencies=[requires(Permission.DEVIS_ECRIRE)]
)

#: A box: « 1 » when it is ticked, absent when it is not.
Coche = Annotated[str, Form()]


@router.get("/{devis_id}/envoi")
def envoi_form(request: Request, session: ReadSession, devis_id: UUID) -> Response:
    """Ask to whom and with which words; say what is missing."""
    devis = queries.get_devis(session, devis_id)
    _exiger(devis, StatutDevis.ENVOYE, envoi.DEJA_REPONDU)
    form = EnvoiForm(email=devis.client.email, message=envoi.proposer_message(devis))
    return _rendre_envoi(request, session, devis_id, form)


@router.post("/{devis_id}/envoi")
def envoi_post(
    request: Request,
    uow: UnitOfWork,
    devis_id: UUID,
    form: Annotated[EnvoiForm, Form()],
    actor: CurrentUser,
) -> Response:
    """Send the devis to its client."""
    try:
        devis = envoi.envoyer(
            uow, devis_id, actor=actor, email=form.email.strip(), message=form.message
        )
    except (SaisieError, ConflitError) as refus:
        uow.rollback()
        return _rendre_envoi(request, uow, devis_id, form, refus)
    part = form.email.strip() or devis.client.email
    texte = f"Devis {devis.numero} en route vers {part}." if part else envoi.SANS_COURRIEL
    return voir_ailleurs(request, f"/devis/{devis_id}", texte)


@router.get("/{devis_id}/acceptation")
def acceptation_form(request: Request, session: ReadSession, devis_id: UUID) -> Response:
    """Ask what came with the client's agreement."""
    devis = queries.get_devis(session, devis_id)
    _exiger(devis, StatutDevis.ACCEPTE, reponse.SEUL_ENVOYE_ACCEPTE)
    chiffres = contexte_chiffre(session, devis)
    return rendre(request, "devis/acceptation.html", rubrique="devis", devis=devis, **chiffres)


@router.post("/{devis_id}/acceptation")
def acceptation(
    request: Request,
    uow: UnitOfWork,
    devis_id: UUID,
    actor: CurrentUser,
    today: Today,
    attestation_signee: Coche = "",
) -> Response:
    """The client agreed."""
    return _agir(
        request,
        uow,
        devis_id,
        actor,
        lambda: reponse.accepter(
            uow,
            devis_id,
            actor=actor,
            le=today,
            attestation_signee=bool(attestation_signee) or None,
        ),
        "Devis accepté : il ne change plus.",
    )


@router.get("/{devis_id}/refus")
def refus_form(request: Request, session: ReadSession, devis_id: UUID) -> Response:
    """Ask why the client declined."""
    devis = queries.get_devis(session, devis_id)
    _exiger(devis, StatutDevis.REFUSE, reponse.SEUL_ENVOYE_REFUSE)
    return rendre(request, "devis/refus.html", rubrique="devis", devis=devis)


@router.post("/{devis_id}/refus")
def refus_post(
    request: Request,
    uow: UnitOfWork,
    devis_id: UUID,
    actor: CurrentUser,
    today: Today,
    motif: Annotated[str, Form(max_length=255)] = "",
) -> Response:
    """The client declined."""
    return _agir(
        request,
        uow,
        devis_id,
        actor,
        lambda: reponse.refuser(uow, devis_id, actor=actor, le=today, motif=motif),
        "Refus noté.",
    )


@router.post("/{devis_id}/attestation")
def attestation(
    request: Request,
    uow: UnitOfWork,
    devis_id: UUID,
    actor: CurrentUser,
    attestation_signee: Coche = "",
) -> Response:
    """Whether the client signed the certificate for reduced rates, also once accepted."""
    reponse.definir_attestation(uow, devis_id, signee=bool(attestation_signee), actor=actor)
    avis = "Attestation notée." if attestation_signee else "Attestation retirée."
    return voir_ailleurs(request, f"/devis/{devis_id}", avis)


@router.post("/{devis_id}/duplication")
def duplication(
    request: Request, uow: UnitOfWork, devis_id: UUID, actor: CurrentUser, today: Today
) -> Response:
    """A new devis with the same rows."""
    source = queries.get_devis(uow, devis_id)
    copie = redaction.dupliquer(uow, source, actor=actor, le=today).devis
    return voir_ailleurs(
        request, f"/devis/{copie.id}/modifier", f"{copie.numero} copié de {source.numero}."
    )


@router.post("/{devis_id}/chantier", dependencies=[requires(Permission.CHANTIER_ECRIRE)])
def ouvrir_chantier(
    request: Request, uow: UnitOfWork, devis_id: UUID, actor: CurrentUser, today: Today
) -> Response:
    """Open the chantier of an accepted devis."""
    try:
        ouvert = chantier.ouvrir_depuis_devis(uow, devis_id, actor=actor, le=today)
    except ConflitError as refus:
        return _refuser(request, uow, devis_id, actor, refus)
    return voir_ailleurs(request, f"/chantiers/{ouvert.id}", "Chantier ouvert.")


@router.post("/{devis_id}/modele")
def modele(
    request: Request,
    uow: UnitOfWork,
    devis_id: UUID,
    actor: CurrentUser,
    nom: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Keep the rows and terms of a devis to start others from."""
    devis = queries.get_devis(uow, devis_id)
    try:
        cree = modeles.creer_modele(uow, nom, contenu_de_modele(devis), actor=actor)
    except SaisieError as refus:
        return _refuser(request, uow, devis_id, actor, refus)
    return voir_ailleurs(request, "/devis/modeles", f"Modèle « {cree.nom} » enregistré.")


def _agir(
    request: Request,
    session: Session,
    devis_id: UUID,
    actor: Acteur,
    action: Callable[[], object],
    avis: str,
) -> Response:
    """Do it and come back to the devis, or say why not."""
    try:
        action()
    except ConflitError as refus:
        return _refuser(request, session, devis_id, actor, refus)
    return voir_ailleurs(request, f"/devis/{devis_id}", avis)


def _refuser(
    request: Request,
    session: Session,
    devis_id: UUID,
    actor: Acteur,
    refus: ConflitError | SaisieError,
) -> Response:
    session.rollback()
    return rendre_fiche(request, session, queries.get_devis(session, devis_id), actor, refus=refus)


def _rendre_envoi(
    request: Request,
    session: Session,
    devis_id: UUID,
    form: EnvoiForm,
    refus: SaisieError | ConflitError | None = None,
) -> Response:
    devis = queries.get_devis(session, devis_id)
    return rendre(
        request,
        "devis/envoi.html",
        status_code=200 if refus is None else refus.status,
        rubrique="devis",
        devis=devis,
        form=form,
        refus=refus,
        erreurs={"email": refus.fautes[0].message} if refus and refus.fautes else {},
        **contexte_chiffre(session, devis),
    )


def _exiger(devis: Devis, cible: StatutDevis, refus: str) -> None:
    """A form is shown only when its command would be accepted."""
    TRANSITIONS.check(StatutDevis(devis.statut), cible, refus)
