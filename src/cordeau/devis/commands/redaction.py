"""Writing a devis: create, change, copy."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from cordeau.chantiers.models import Chantier
from cordeau.chantiers.queries import get_chantier
from cordeau.clients.models import Client
from cordeau.clients.queries import get_client
from cordeau.core import journal
from cordeau.core.changement import inserer
from cordeau.core.dates import maintenant
from cordeau.core.db import Base
from cordeau.core.errors import ConflitError, IntrouvableError, refuser_saisie
from cordeau.core.ids import new_id
from cordeau.core.numbering import next_number
from cordeau.core.permissions import Acteur
from cordeau.core.revisions import Attendues, check_revision
from cordeau.core.totaux import Remise
from cordeau.devis.indexation import indexer
from cordeau.devis.models import Devis, LigneDevis
from cordeau.devis.queries import en_saisie, get_devis
from cordeau.devis.rules import Chiffrage, LigneRangee, LigneSaisie, chiffrer
from cordeau.devis.states import TRANSITIONS, StatutDevis
from cordeau.entreprise.queries import entreprise_or_blank
from cordeau.entreprise.taux import taux_par_defaut

PREFIXE = "DEV"

_LIGNES: Table = Base.metadata.tables[LigneDevis.__tablename__]

#: Columns a person types as they are.
CHAMPS_SIMPLES = (
    "objet",
    "date_debut_travaux",
    "duree_travaux",
    "hors_etablissement",
    "dechets_quantite",
    "dechets_gestion",
    "dechets_collecte",
    "dechets_cout",
    "conditions",
    "attestation_signee",
)


@dataclass(frozen=True, slots=True)
class SaisieDevis:
    """A devis as typed; a field left out (absent from `donnes`) keeps its value."""

    client_id: UUID | None = None
    chantier_id: UUID | None = None
    date_emission: date | None = None
    date_validite: date | None = None
    taux_tva: Decimal | None = None
    remise: Remise = field(default_factory=Remise)
    autoliquidation: bool = False
    lignes: Sequence[LigneSaisie] = ()
    #: Values of `CHAMPS_SIMPLES`.
    simples: dict[str, Any] = field(default_factory=dict)
    #: Names of the fields given.
    donnes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DevisCree:
    """A new devis and its rows as computed; who needs its `lignes` reads it (`get_devis`)."""

    devis: Devis
    chiffrage: Chiffrage


def creer_devis(session: Session, saisie: SaisieDevis, *, actor: Acteur, le: date) -> DevisCree:
    """Write a new devis, a BROUILLON, and give it its number for life.

    The series is the year of the issue date; the number is taken under lock, once all is checked.
    """
    entreprise = entreprise_or_blank(session)
    emission = saisie.date_emission or le
    validite = saisie.date_validite
    if "date_validite" not in saisie.donnes:
        validite = emission + timedelta(days=entreprise.duree_validite)
    devis = Devis(
        version=1,
        statut=StatutDevis.BROUILLON,
        date_emission=emission,
        date_validite=validite,
        taux_tva=taux_par_defaut(entreprise) if saisie.taux_tva is None else saisie.taux_tva,
        cree_le=maintenant(),
    )
    _poser_termes(session, devis, saisie, creation=True)
    chiffrage = _chiffrer(devis, saisie.lignes)
    devis.numero = next_number(session, PREFIXE, emission, chronologique=False)
    devis.numero_tri = _numero_tri(devis.numero)
    indexer(devis)
    inserer(session, devis)
    chiffrage = chiffrage.sous(_identifiants(session, {}, chiffrage))
    _inserer_lignes(session, devis.id, chiffrage.lignes)
    journal.record(session, actor, "devis", devis.id, "Devis créé", numero=devis.numero)
    return DevisCree(devis, chiffrage)


def modifier_devis(
    session: Session,
    devis_id: UUID,
    saisie: SaisieDevis,
    *,
    actor: Acteur,
    revision_attendue: Attendues = None,
) -> Devis:
    """Change a devis: a BROUILLON in place, a sent one as its next version.

    Raises `ConflitError` when it is accepted, `VersionPerimeeError` when somebody else saved.
    """
    devis = get_devis(session, devis_id, for_update=True)
    check_revision(devis.revision, revision_attendue)
    if devis.statut == StatutDevis.ACCEPTE:
        raise ConflitError(
            "Un devis accepté ne change plus. Faites un avenant : dupliquez-le, puis adaptez."
        )
    if devis.statut != StatutDevis.BROUILLON:
        _commencer_version(session, devis, actor)
    _poser_termes(session, devis, saisie, creation=False)
    gardees = "lignes" not in saisie.donnes
    _poser_lignes(
        session,
        devis,
        [en_saisie(ligne) for ligne in devis.lignes] if gardees else saisie.lignes,
    )
    indexer(devis)
    flag_modified(devis, "objet")  # a change of rows alone is a change of the devis
    session.flush()
    journal.record(session, actor, "devis", devis.id, "Devis modifié")
    return devis


def dupliquer(session: Session, source: Devis, *, actor: Acteur, le: date) -> DevisCree:
    """A new BROUILLON with the same client, terms and lines, under its own number."""
    cles: dict[Hashable, UUID] = {ligne.id: new_id() for ligne in source.lignes}
    lignes = [_copier(en_saisie(ligne), cles) for ligne in source.lignes]
    saisie = SaisieDevis(
        client_id=source.client_id,
        chantier_id=source.chantier_id,
        taux_tva=source.taux_tva,
        remise=source.remise,
        autoliquidation=source.autoliquidation,
        lignes=lignes,
        simples={
            nom: getattr(source, nom) for nom in CHAMPS_SIMPLES if nom != "attestation_signee"
        },
        donnes=frozenset({"client_id", "chantier_id", "remise", "autoliquidation", "lignes"}),
    )
    copie = creer_devis(session, saisie, actor=actor, le=le)
    journal.record(
        session, actor, "devis", copie.devis.id, "Copié d’un devis", source=source.numero
    )
    return copie


def _commencer_version(session: Session, devis: Devis, actor: Acteur) -> None:
    devis.statut = TRANSITIONS.check(
        StatutDevis(devis.statut), StatutDevis.BROUILLON, "Ce devis ne peut plus être repris."
    )
    devis.version += 1
    devis.envoye_le = devis.date_reponse = None
    journal.record(
        session, actor, "devis", devis.id, "Nouvelle version", version=str(devis.version)
    )


def _poser_termes(session: Session, devis: Devis, saisie: SaisieDevis, *, creation: bool) -> None:
    """Set what was given; the rows and the amounts come next."""
    donnes = saisie.donnes
    if creation or "client_id" in donnes:
        devis.client = _client(session, saisie.client_id)
        devis.client_id = devis.client.id
    if creation or donnes & {"chantier_id", "client_id"}:
        voulu = saisie.chantier_id if creation or "chantier_id" in donnes else devis.chantier_id
        devis.chantier = _chantier(session, voulu, devis.client_id)
        devis.chantier_id = devis.chantier.id if devis.chantier else None
    if not creation:
        _changer_dates(devis, saisie)
        if "taux_tva" in donnes and saisie.taux_tva is not None:
            devis.taux_tva = saisie.taux_tva
    if devis.date_validite is not None and devis.date_validite <= devis.date_emission:
        raise refuser_saisie("dateValidite", "La validité doit finir après la date d’émission.")
    if creation or "remise" in donnes:
        devis.remise_pourcentage = saisie.remise.pourcentage
        devis.remise_montant = saisie.remise.montant
    if creation or "autoliquidation" in donnes:
        devis.autoliquidation = saisie.autoliquidation
    for nom, valeur in saisie.simples.items():
        setattr(devis, nom, valeur)


def _changer_dates(devis: Devis, saisie: SaisieDevis) -> None:
    """Dates of an existing devis; the number is kept for life, whatever the year."""
    if "date_emission" in saisie.donnes and saisie.date_emission:
        devis.date_emission = saisie.date_emission
    if "date_validite" in saisie.donnes:
        devis.date_validite = saisie.date_validite


def _client(session: Session, client_id: UUID | None) -> Client:
    if client_id is None:
        raise refuser_saisie("clientId", "Choisissez le client.")
    try:
        return get_client(session, client_id)
    except IntrouvableError as error:
        raise refuser_saisie("clientId", "Ce client n’existe pas.") from error


def _chantier(session: Session, chantier_id: UUID | None, client_id: UUID) -> Chantier | None:
    if chantier_id is None:
        return None
    try:
        chantier = get_chantier(session, chantier_id)
    except IntrouvableError as error:
        raise refuser_saisie("chantierId", "Ce chantier n’existe pas.") from error
    if chantier.client_id != client_id:
        raise refuser_saisie("chantierId", "Ce chantier est celui d’un autre client.")
    return chantier


def _poser_lignes(session: Session, devis: Devis, saisies: Sequence[LigneSaisie]) -> None:
    """Compute, then write the rows; a row keeps the identifier it came with."""
    connues = {ligne.id: ligne for ligne in devis.lignes}
    chiffrage = _chiffrer(devis, saisies)
    rangees = chiffrage.sous(_identifiants(session, connues, chiffrage)).lignes
    devis.lignes = [
        _ecrire_ligne(connues.get(colonnes["id"]) or LigneDevis(), colonnes)
        for colonnes in map(_colonnes, rangees, count())
    ]


def _inserer_lignes(session: Session, devis_id: UUID, rangees: Sequence[LigneRangee]) -> None:
    """Write the rows of a new devis in one statement: five thousand go as thirty do."""
    session.execute(
        insert(_LIGNES),
        [
            {**_colonnes(rangee, position), "devis_id": devis_id}
            for position, rangee in enumerate(rangees)
        ],
    )


def _chiffrer(devis: Devis, saisies: Sequence[LigneSaisie]) -> Chiffrage:
    """Compute the devis from its rows, and keep its amounts."""
    chiffrage = chiffrer(
        saisies,
        taux_tva=devis.taux_tva,
        remise=devis.remise,
        autoliquidation=devis.autoliquidation,
    )
    devis.montant_ht = chiffrage.totaux.montant_ht
    devis.montant_tva = chiffrage.totaux.montant_tva
    devis.montant_ttc = chiffrage.totaux.montant_ttc
    devis.marge_vente_ht = chiffrage.marge.vente_ht
    devis.marge_cout_ht = chiffrage.marge.cout_ht
    return chiffrage


def _identifiants(
    session: Session, connues: Mapping[UUID, LigneDevis], chiffrage: Chiffrage
) -> dict[Hashable, UUID]:
    """The identifier of each row: the one typed when it is a free UUID, else a new one."""
    cles = [rangee.saisie.cle for rangee in chiffrage.lignes]
    proposes = [cle for cle in cles if isinstance(cle, UUID) and cle not in connues]
    pris: set[UUID] = set()
    if proposes:
        pris = set(session.scalars(select(LigneDevis.id).where(LigneDevis.id.in_(proposes))))
    return {cle: cle if isinstance(cle, UUID) and cle not in pris else new_id() for cle in cles}


def _ecrire_ligne(ligne: LigneDevis, colonnes: Mapping[str, Any]) -> LigneDevis:
    for nom, valeur in colonnes.items():
        setattr(ligne, nom, valeur)
    return ligne


def _colonnes(rangee: LigneRangee, position: int) -> dict[str, Any]:
    """What a row stores, under its own identifiers."""
    saisie = rangee.saisie
    return {
        "id": saisie.cle,
        "parent_id": saisie.parent,
        "position": position,
        "type": saisie.type,
        "designation": saisie.designation,
        "description": saisie.description,
        "quantite": saisie.quantite,
        "unite": saisie.unite,
        "prix_unitaire_ht": saisie.prix_unitaire_ht,
        "remise": saisie.remise,
        "taux_tva": rangee.taux_tva,
        "cout_unitaire_ht": saisie.cout_unitaire_ht,
        "montant_ht": rangee.montant_ht,
    }


def _copier(ligne: LigneSaisie, cles: Mapping[Hashable, UUID]) -> LigneSaisie:
    """The same row under new identifiers."""
    parent = None if ligne.parent is None else cles[ligne.parent]
    return replace(ligne, cle=cles[ligne.cle], parent=parent)


def _numero_tri(numero: str) -> str:
    prefixe, annee, rang = numero.split("-")
    return f"{prefixe}-{annee}-{rang:0>9}"
