"""Drafts: a free facture, changes to any draft, throwing one away."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from cordeau.chantiers.queries import get_chantier
from cordeau.clients.queries import get_client
from cordeau.core import journal
from cordeau.core.dates import maintenant
from cordeau.core.errors import IntrouvableError, refuser_saisie
from cordeau.core.money import ZERO
from cordeau.core.permissions import Acteur
from cordeau.core.revisions import Attendues, check_revision
from cordeau.core.totaux import Remise
from cordeau.devis.rules import Chiffrage, LigneRangee, LigneSaisie, chiffrer
from cordeau.devis.states import TypeLigne, Unite
from cordeau.entreprise.queries import entreprise_or_blank
from cordeau.entreprise.taux import taux_par_defaut
from cordeau.facturation.commands.composition import (
    Gabarit,
    poser_lignes,
    poser_totaux,
)
from cordeau.facturation.errors import FactureEmiseError
from cordeau.facturation.indexation import indexer
from cordeau.facturation.models import Facture
from cordeau.facturation.queries import get_facture
from cordeau.facturation.rules import Part
from cordeau.facturation.states import StatutFacture, TypeFacture, TypeLigneFacture

#: What may change on any draft, whatever it comes from.
CHAMPS_SIMPLES = (
    "objet",
    "date_echeance",
    "date_prestation",
    "reference_commande",
    "reference_acheteur",
    "conditions",
    "attestation_signee",
)


@dataclass(frozen=True, slots=True)
class SaisieFacture:
    """A free facture as typed; a field absent from `donnes` keeps its value."""

    client_id: UUID | None = None
    chantier_id: UUID | None = None
    taux_tva: Decimal | None = None
    remise: Remise = field(default_factory=Remise)
    autoliquidation: bool = False
    lignes: Sequence[LigneSaisie] = ()
    #: Values of `CHAMPS_SIMPLES`.
    simples: dict[str, Any] = field(default_factory=dict)
    donnes: frozenset[str] = frozenset()


def creer_facture(session: Session, saisie: SaisieFacture, *, actor: Acteur, le: date) -> Facture:
    """Prepare a facture without devis."""
    facture = Facture(
        type=TypeFacture.FACTURE,
        date_tri=le,
        taux_tva=_taux(session) if saisie.taux_tva is None else saisie.taux_tva,
        cree_le=maintenant(),
        devis=None,
        lignes=[],
        tva=[],
    )
    _poser_parties(session, facture, saisie)
    for nom, valeur in saisie.simples.items():
        setattr(facture, nom, valeur)
    _poser_contenu(facture, saisie)
    indexer(facture)
    session.add(facture)
    session.flush()
    journal.record(session, actor, "facture", facture.id, "Brouillon créé")
    return facture


def modifier_facture(
    session: Session,
    facture_id: UUID,
    saisie: SaisieFacture,
    *,
    actor: Acteur,
    revision_attendue: Attendues = None,
) -> Facture:
    """Change a draft: everything of a free facture; terms and references of the others."""
    facture = get_facture(session, facture_id, for_update=True)
    check_revision(facture.revision, revision_attendue)
    exiger_brouillon(facture)
    for nom, valeur in saisie.simples.items():
        setattr(facture, nom, valeur)
    if est_libre(facture):
        _modifier_libre(session, facture, saisie)
    elif "lignes" in saisie.donnes or "client_id" in saisie.donnes:
        raise refuser_saisie(
            "lignes", "Les lignes viennent du devis : supprimez ce brouillon, puis refacturez."
        )
    indexer(facture)
    flag_modified(facture, "objet")  # a change of rows alone is a change of the facture
    session.flush()
    journal.record(session, actor, "facture", facture.id, "Brouillon modifié")
    return facture


def supprimer_brouillon(session: Session, facture_id: UUID, *, actor: Acteur) -> None:
    """Throw a draft away: it has no number, nothing is lost."""
    facture = get_facture(session, facture_id, for_update=True)
    exiger_brouillon(facture)
    journal.record(session, actor, "facture", facture.id, "Brouillon supprimé")
    session.delete(facture)
    session.flush()


def exiger_brouillon(facture: Facture) -> None:
    """Refuse to touch what is issued."""
    if facture.statut != StatutFacture.BROUILLON:
        raise FactureEmiseError(facture.numero or "Cette facture")


def est_libre(facture: Facture) -> bool:
    """Whether its rows are typed here rather than taken from a devis or a facture."""
    return facture.devis_id is None and facture.type == TypeFacture.FACTURE


def chiffrer_saisie(saisie: SaisieFacture, taux_tva: Decimal) -> Chiffrage:
    """The totals of a free facture being typed."""
    for rang, ligne in enumerate(saisie.lignes):
        if ligne.type == TypeLigne.OPTION:
            raise refuser_saisie(f"lignes[{rang}].type", "Une facture n’a pas d’option.")
    return chiffrer(
        saisie.lignes,
        taux_tva=taux_tva,
        remise=saisie.remise,
        autoliquidation=saisie.autoliquidation,
    )


def _taux(session: Session) -> Decimal:
    return taux_par_defaut(entreprise_or_blank(session))


def _modifier_libre(session: Session, facture: Facture, saisie: SaisieFacture) -> None:
    """Change what was given of a free facture, keep the rest, recompute."""
    donnes = saisie.donnes
    garde: dict[str, Any] = {
        "client_id": facture.client_id,
        "chantier_id": facture.chantier_id,
        "remise": facture.remise,
        "autoliquidation": facture.autoliquidation,
        "lignes": () if "lignes" in donnes else _en_saisies(facture),
    }
    complete = replace(saisie, **{nom: garde[nom] for nom in garde.keys() - donnes})
    if donnes & {"client_id", "chantier_id"}:
        _poser_parties(session, facture, complete)
    if "taux_tva" in donnes and saisie.taux_tva is not None:
        facture.taux_tva = saisie.taux_tva
    if donnes & {"lignes", "remise", "autoliquidation"}:
        _poser_contenu(facture, complete)


def _en_saisies(facture: Facture) -> list[LigneSaisie]:
    """The rows of a draft as if they were typed; a lot holds the deeper rows after it.

    Under autoliquidation rows keep no rate of their own: they take the facture's.
    """
    lots: list[UUID] = []
    saisies = []
    for ligne in facture.lignes:
        del lots[ligne.niveau :]
        saisies.append(
            LigneSaisie(
                cle=ligne.id,
                type=TypeLigne(ligne.type),
                designation=ligne.designation,
                parent=lots[-1] if lots else None,
                description=ligne.description,
                quantite=ligne.quantite,
                unite=Unite(ligne.unite),
                prix_unitaire_ht=ligne.prix_unitaire_ht,
                remise=ligne.remise,
                taux_tva=None if facture.autoliquidation else ligne.taux_tva,
            )
        )
        if ligne.type == TypeLigneFacture.LOT:
            lots.append(ligne.id)
    return saisies


def _poser_parties(session: Session, facture: Facture, saisie: SaisieFacture) -> None:
    if saisie.client_id is None:
        raise refuser_saisie("clientId", "Choisissez le client.")
    try:
        facture.client = get_client(session, saisie.client_id)
    except IntrouvableError as error:
        raise refuser_saisie("clientId", "Ce client n’existe pas.") from error
    facture.client_id = facture.client.id
    facture.chantier, facture.chantier_id = None, None
    if saisie.chantier_id is None:
        return
    try:
        facture.chantier = get_chantier(session, saisie.chantier_id)
    except IntrouvableError as error:
        raise refuser_saisie("chantierId", "Ce chantier n’existe pas.") from error
    if facture.chantier.client_id != facture.client_id:
        raise refuser_saisie("chantierId", "Ce chantier est celui d’un autre client.")
    facture.chantier_id = facture.chantier.id


def _poser_contenu(facture: Facture, saisie: SaisieFacture) -> None:
    facture.autoliquidation = saisie.autoliquidation
    facture.remise_pourcentage = saisie.remise.pourcentage
    facture.remise_montant = saisie.remise.montant
    chiffrage = chiffrer_saisie(saisie, facture.taux_tva)
    poser_lignes(
        facture, [_gabarit(r, autoliquidation=facture.autoliquidation) for r in chiffrage.lignes]
    )
    poser_totaux(facture, {t.taux: t.remise_ht for t in chiffrage.totaux.par_taux}, {})


def _gabarit(rangee: LigneRangee, *, autoliquidation: bool) -> Gabarit:
    saisie = rangee.saisie
    part = None
    if rangee.montant_ht is not None and saisie.type != TypeLigne.LOT:
        part = Part(saisie.quantite or ZERO, rangee.montant_ht)
    taux = rangee.taux_tva
    return Gabarit(
        type=TypeLigneFacture(saisie.type),
        designation=saisie.designation,
        description=saisie.description,
        numero=rangee.numero,
        niveau=rangee.niveau,
        part=part,
        unite=saisie.unite,
        prix_unitaire_ht=saisie.prix_unitaire_ht,
        remise=saisie.remise,
        taux_tva=ZERO if autoliquidation and taux is not None else taux,
    )
