"""Writing a devis: the short form that begins one, and the editor."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cordeau.auth.deps import CurrentUser, requires
from cordeau.chantiers.queries import list_clients_proposes
from cordeau.core.errors import ConflitError, SaisieError, VersionPerimeeError
from cordeau.core.permissions import Acteur, Permission
from cordeau.devis import queries
from cordeau.devis.commands import envoi, redaction, reponse
from cordeau.devis.controle import controler
from cordeau.devis.forms import (
    DevisForm,
    LigneForm,
    NouveauDevisForm,
    ligne_au_forfait,
    lire_statut,
)
from cordeau.devis.models import Devis
from cordeau.devis.pages import conflit
from cordeau.devis.pages.editeur import rendre_editeur
from cordeau.devis.schemas import DevisSaisie
from cordeau.devis.states import StatutDevis
from cordeau.entreprise.queries import entreprise_or_blank
from cordeau.entreprise.taux import taux_propose
from cordeau.web.deps import ReadSession, Today, UnitOfWork
from cordeau.web.formats import saisie
from cordeau.web.preconditions import expected_revision
from cordeau.web.route import CordeauRoute
from cordeau.web.templating import rendre, voir_ailleurs
from cordeau.web.validation import valider

router = APIRouter(
    prefix="/devis", route_class=CordeauRoute, dependencies=[requires(Permission.DEVIS_ECRIRE)]
)
RUBRIQUE = "devis"


@router.get("/nouveau")
def nouveau(
    request: Request,
    session: ReadSession,
    today: Today,
    client_id: str = "",
    modele: str = "",
) -> Response:
    """The form of a new devis."""
    validite = today + timedelta(days=entreprise_or_blank(session).duree_validite)
    form = NouveauDevisForm(client_id=client_id, modele=modele, date_validite=saisie(validite))
    return _formulaire(request, session, form)


@router.post("/nouveau")
def nouveau_post(
    request: Request,
    uow: UnitOfWork,
    form: Annotated[NouveauDevisForm, Form()],
    actor: CurrentUser,
    today: Today,
) -> Response:
    """Create the devis, from a template or from an amount, then open its editor."""
    try:
        modele = queries.get_modele(uow, form.modele_choisi) if form.modele_choisi else None
        creation = valider(DevisSaisie, form.donnees(modele.contenu if modele else None))
        voulu = creation.en_saisie()
        if voulu.taux_tva is None:
            voulu = replace(voulu, taux_tva=taux_propose(entreprise_or_blank(uow)))
        devis = redaction.creer_devis(uow, voulu, actor=actor, le=today).devis
    except SaisieError as refus:
        return _formulaire(request, uow, form, refus)
    return voir_ailleurs(request, f"/devis/{devis.id}/modifier", f"Devis {devis.numero} créé.")


@router.get("/{devis_id}/modifier")
def modifier(request: Request, session: ReadSession, devis_id: UUID) -> Response:
    """The editor."""
    devis = queries.get_devis(session, devis_id)
    return rendre_editeur(request, session, devis)


@router.post("/{devis_id}/modifier")
def modifier_post(
    request: Request,
    uow: UnitOfWork,
    devis_id: UUID,
    form: Annotated[DevisForm, Form()],
    actor: CurrentUser,
    today: Today,
) -> Response:
    """Save the editor's form, or the short one: client, amount, status."""
    devis = queries.get_devis(uow, devis_id, for_update=True)
    try:
        if form.est_court:
            _modifier_court(uow, devis, form, actor)
            _changer_statut(uow, devis, form, actor=actor, le=today)
        else:
            _enregistrer(uow, devis, form, actor)
    except (SaisieError, ConflitError, VersionPerimeeError) as refus:
        uow.rollback()
        intact = queries.get_devis(uow, devis_id)
        if isinstance(refus, VersionPerimeeError) and intact.statut != StatutDevis.ACCEPTE:
            return conflit.rendre(request, uow, intact, form)
        return rendre_editeur(request, uow, intact, form=form, refus=refus)
    suite = f"/devis/{devis_id}" + ("/modifier" if form.ligne_supprimee else "")
    return voir_ailleurs(request, suite, f"Devis {devis.numero} enregistré.")


@router.get("/{devis_id}/controle")
def controle(request: Request, session: ReadSession, devis_id: UUID, today: Today) -> Response:
    """What the devis still lacks, read again by the editor once it has saved."""
    devis = queries.get_devis(session, devis_id)
    points = controler(devis, queries.chiffrer_devis(devis), entreprise_or_blank(session), today)
    return rendre(request, "devis/_controle.html", points=points)


def _enregistrer(session: Session, devis: Devis, form: DevisForm, actor: Acteur) -> None:
    couts = {str(ligne.id): ligne.cout_unitaire_ht for ligne in devis.lignes}
    redaction.modifier_devis(
        session,
        devis.id,
        form.saisie(couts).en_saisie(),
        actor=actor,
        revision_attendue=expected_revision(f'"{form.revision}"'),
    )


def _modifier_court(session: Session, devis: Devis, form: DevisForm, actor: Acteur) -> None:
    """Change client and amount when they differ; the other fields keep their values."""
    donnees: dict[str, Any] = {}
    if form.client_id and form.client_id != str(devis.client_id):
        donnees["client_id"] = form.client_id
    if form.montant.strip():
        seule = LigneForm.lire(devis.lignes[0]) if len(devis.lignes) == 1 else None
        ligne = ligne_au_forfait(devis.objet, form.montant, seule)
        donnees["lignes"] = [ligne.donnees()]
    if not donnees:
        return
    voulu = valider(DevisSaisie, donnees)
    if voulu.client_id is None and voulu.lignes[0].prix_unitaire_ht == devis.montant_ht:
        return
    redaction.modifier_devis(session, devis.id, voulu.en_saisie(), actor=actor)


def _changer_statut(
    session: Session, devis: Devis, form: DevisForm, *, actor: Acteur, le: date
) -> None:
    voulu = lire_statut(form.statut)
    if voulu in (None, StatutDevis(devis.statut)):
        return
    if voulu == StatutDevis.ENVOYE:
        envoi.envoyer(session, devis.id, actor=actor)
    elif voulu == StatutDevis.ACCEPTE:
        reponse.accepter(session, devis.id, actor=actor, le=le)
    elif voulu == StatutDevis.REFUSE:
        reponse.refuser(session, devis.id, actor=actor, le=le)
    else:
        raise ConflitError("Un devis ne revient pas à cet état : modifiez-le, il sera repris.")


def _formulaire(
    request: Request,
    session: Session,
    form: NouveauDevisForm,
    refus: SaisieError | None = None,
) -> Response:
    return rendre(
        request,
        "devis/nouveau.html",
        status_code=200 if refus is None else refus.status,
        rubrique=RUBRIQUE,
        form=form,
        erreurs={} if refus is None else form.erreurs(refus),
        clients=list_clients_proposes(session, form.client_choisi),
        modeles=[(str(modele.id), modele.nom) for modele in queries.list_modeles(session)],
    )
