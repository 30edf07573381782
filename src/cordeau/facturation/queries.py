"""Reading factures and what a devis has already been billed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload, undefer
from sqlalchemy.orm.attributes import set_committed_value

from cordeau.core.db import Base, lock_row, tient_toute_la_base
from cordeau.core.effacements import hors_archives, sans_effaces, voit_les_archives
from cordeau.core.errors import IntrouvableError
from cordeau.core.listing import LIMITE_MAX, Colonnes, Demande, Page, paginate
from cordeau.core.money import ZERO
from cordeau.core.recherche import est_vague, restreindre
from cordeau.devis.models import Devis
from cordeau.devis.queries import chiffrer_devis
from cordeau.devis.states import TypeLigne
from cordeau.facturation.conditions import du_chantier, entre, paiement_parmi
from cordeau.facturation.models import Facture, LigneFacture, Solde, TvaFacture
from cordeau.facturation.rules import EtatFacturation, LigneAFacturer, Part
from cordeau.facturation.states import (
    StatutFacture,
    StatutPaiement,
    TypeFacture,
    TypeLigneFacture,
)

Filtree = TypeVar("Filtree", bound=Select[*tuple[Any, ...]])

TRIS = {
    "date": Facture.date_tri,
    "dateEmission": Facture.date_tri,
    "numero": Facture.numero_tri,
    "dateEcheance": Facture.echeance_tri,
    "montantTTC": Facture.montant_ttc,
    "client": Facture.client_tri,
}


@dataclass(frozen=True, slots=True)
class FiltreFacture:
    """Which documents a list shows."""

    statuts: Sequence[StatutFacture] = ()
    paiements: Sequence[StatutPaiement] = ()
    types: Sequence[TypeFacture] = ()
    client_id: UUID | None = None
    devis_id: UUID | None = None
    chantier_id: UUID | None = None
    du: date | None = None
    au: date | None = None
    numero: str = ""
    facture_origine_id: UUID | None = None
    date_emission: date | None = None
    date_echeance: date | None = None
    #: Drafts too, beside the payment states asked for.
    ou_brouillons: bool = False


#: Built once: a facture is read whole at each of its pages and actions.
_FACTURE = (
    select(Facture)
    .where(Facture.id == bindparam("cle"))
    .options(
        joinedload(Facture.client),
        joinedload(Facture.devis),
        joinedload(Facture.chantier),
        joinedload(Facture.solde),
        joinedload(Facture.tva),
        undefer(Facture.contenu),
    )
)
_FACTURE_COURANTE = sans_effaces(_FACTURE, Facture.client_id)
_ORIGINE = select(Facture).where(Facture.id == bindparam("cle"))
_LIGNES = (
    select(LigneFacture)
    .where(LigneFacture.facture_id == bindparam("cle"))
    .order_by(LigneFacture.position)
)
_FACTURES = Base.metadata.tables[Facture.__tablename__]
_TVAS = Base.metadata.tables[TvaFacture.__tablename__]
_TVA_EMISE = (
    select(_FACTURES.c.type, _TVAS.c.taux, _TVAS.c.base_ht, _TVAS.c.montant_tva)
    .select_from(_FACTURES.join(_TVAS, _TVAS.c.facture_id == _FACTURES.c.id))
    .where(_FACTURES.c.devis_id == bindparam("devis"), _FACTURES.c.statut == StatutFacture.EMISE)
)


def get_facture(session: Session, facture_id: UUID, *, for_update: bool = False) -> Facture:
    """A document with everything its page shows; `IntrouvableError` when there is none to see."""
    if for_update:
        _verrouiller(session, facture_id)
    cle, options = {"cle": facture_id}, {"populate_existing": for_update}
    cherchee = _FACTURE if voit_les_archives() else _FACTURE_COURANTE
    trouvees = session.scalars(cherchee, cle, execution_options=options)
    facture = trouvees.unique().one_or_none()
    if facture is None:
        raise IntrouvableError("Cette facture n’existe pas.")
    if for_update or "lignes" not in facture.__dict__:
        lignes = session.scalars(_LIGNES, cle, execution_options=options)
        set_committed_value(facture, "lignes", lignes.all())
    if for_update or "origine" not in facture.__dict__:
        set_committed_value(facture, "origine", _origine(session, facture, options))
    return facture


def _origine(session: Session, facture: Facture, options: Mapping[str, Any]) -> Facture | None:
    """The facture an avoir corrects, asked for only then: few documents have one."""
    if facture.facture_origine_id is None:
        return None
    cle = {"cle": facture.facture_origine_id}
    return session.scalars(_ORIGINE, cle, execution_options=options).one()


def _verrouiller(session: Session, facture_id: UUID) -> None:
    """Lock the devis first, then the document: the same order for everybody."""
    if tient_toute_la_base(session):
        return
    devis_id = select(Facture.devis_id).where(Facture.id == facture_id).scalar_subquery()
    lock_row(session, Devis.id, devis_id)
    lock_row(session, Facture.id, facture_id)


def nommer_factures(session: Session, ids: Sequence[UUID]) -> list[Colonnes]:
    """Several documents, oldest first, by what names them; unknown ones are left out."""
    colonnes = (Facture.id, Facture.type, Facture.statut, Facture.numero, Facture.client_nom)
    statement = hors_archives(select(*colonnes).where(Facture.id.in_(ids)), Facture.client_id)
    return list(session.execute(statement.order_by(Facture.date_tri, Facture.id)))


def list_factures(
    session: Session, demande: Demande, filtre: FiltreFacture, le: date
) -> Page[Facture]:
    """One page of the documents that match, with client and balance."""
    statement = filtrer(session, select(Facture), demande.q, filtre, le).options(
        joinedload(Facture.client), joinedload(Facture.solde), joinedload(Facture.chantier)
    )
    return paginate(session, statement, demande, tris=TRIS, defaut="-date", cle=Facture.id)


def iter_factures(
    session: Session, demande: Demande, filtre: FiltreFacture, le: date
) -> Iterator[Facture]:
    """The whole list in its order, for an export, so many at a time."""
    demande = replace(demande, limite=LIMITE_MAX, curseur=None)
    while True:
        page = list_factures(session, demande, filtre, le)
        yield from page.elements
        if page.suivant is None:
            return
        demande = replace(demande, curseur=page.suivant)


def filtrer(
    session: Session,
    statement: Filtree,
    q: str,
    filtre: FiltreFacture,
    le: date,
    *,
    tout: bool = False,
) -> Filtree:
    """Narrow a statement on `Facture` to what a list shows; `tout` to read all of it."""
    statement = hors_archives(statement, Facture.client_id)
    if q:
        statement = restreindre(session, statement, Facture, q, tout=tout)
    for choisie, valeurs in ((Facture.statut, filtre.statuts), (Facture.type, filtre.types)):
        if valeurs:
            statement = statement.where(choisie.in_(valeurs))
    for colonne, valeur in (
        (Facture.client_id, filtre.client_id),
        (Facture.devis_id, filtre.devis_id),
        (Facture.numero, filtre.numero or None),
        (Facture.facture_origine_id, filtre.facture_origine_id),
        (Facture.date_tri, filtre.date_emission),
        (Facture.date_emission, filtre.date_emission),
        (Facture.echeance_tri, filtre.date_echeance),
    ):
        if valeur is not None:
            statement = statement.where(colonne == valeur)
    if filtre.chantier_id:
        statement = statement.where(du_chantier(filtre.chantier_id))
    statement = statement.where(*entre(Facture.date_tri, filtre.du, filtre.au))
    if filtre.paiements:
        etat = paiement_parmi(filtre.paiements, le)
        if filtre.ou_brouillons:
            etat = or_(etat, Facture.statut == StatutFacture.BROUILLON)
        statement = statement.where(etat)
    return statement


def totaux_filtre(
    session: Session, q: str, filtre: FiltreFacture, le: date
) -> tuple[int, Decimal, Decimal] | None:
    """How many documents match, their total TTC (avoirs taken off) and what remains to pay.

    None when the words looked for are too common to tell.
    """
    if est_vague(session, Facture, q):
        return None
    rows = session.execute(
        filtrer(
            session,
            select(Facture.type, func.count(), func.sum(Facture.montant_ttc), func.sum(Solde.reste))
            .select_from(Facture)
            .outerjoin(Solde, Solde.facture_id == Facture.id)
            .group_by(Facture.type),
            q,
            filtre,
            le,
            tout=True,
        )
    ).all()
    nombre, ttc, reste = 0, Decimal("0.00"), Decimal("0.00")
    for genre, combien, montant, solde in rows:
        signe = -1 if genre == TypeFacture.AVOIR else 1
        nombre += combien
        ttc += signe * (montant or ZERO)
        reste += signe * (solde or ZERO)
    return nombre, ttc, reste


def list_avoirs(session: Session, facture_id: UUID) -> list[Facture]:
    """The avoirs on a facture, drafts included, oldest first."""
    return list(
        session.scalars(
            select(Facture)
            .where(Facture.facture_origine_id == facture_id)
            .options(
                selectinload(Facture.lignes),
                selectinload(Facture.tva),
                joinedload(Facture.solde),
            )
            .order_by(Facture.cree_le)
        )
    )


def list_factures_devis(session: Session, devis_id: UUID) -> list[Facture]:
    """Everything made from a devis, drafts included, oldest first."""
    statement = select(Facture).where(Facture.devis_id == devis_id).order_by(Facture.cree_le)
    statement = hors_archives(statement, Facture.client_id).options(joinedload(Facture.solde))
    return list(session.scalars(statement))


def list_deductions(session: Session, facture: Facture) -> list[Facture]:
    """The acomptes a facture takes back, or the documents that take this acompte back."""
    deduits = [ligne.acompte_id for ligne in facture.lignes if ligne.acompte_id]
    statement = select(Facture).order_by(Facture.cree_le)
    if deduits:
        return list(session.scalars(statement.where(Facture.id.in_(deduits))))
    reprises = select(LigneFacture.facture_id).where(LigneFacture.acompte_id == facture.id)
    return list(session.scalars(statement.where(Facture.id.in_(reprises))))


def lignes_a_facturer(devis: Devis) -> dict[UUID, LigneAFacturer]:
    """The rows of an accepted devis that can be billed."""
    return {
        ligne.id: LigneAFacturer(
            ligne.id,
            ligne.quantite or ZERO,
            ligne.prix_unitaire_ht or ZERO,
            ligne.remise,
            ZERO if devis.autoliquidation else ligne.taux_tva or ZERO,
            ligne.montant_ht or ZERO,
        )
        for ligne in devis.lignes
        if ligne.type == TypeLigne.LIGNE
    }


def lire_etat(session: Session, devis_id: UUID) -> EtatFacturation:
    """What a devis has been billed: drafts count for quantities, issued documents for VAT.

    A draft avoir gives nothing back yet.
    """
    etat = EtatFacturation()
    documents = session.scalars(
        select(Facture)
        .where(Facture.devis_id == devis_id)
        .options(
            selectinload(Facture.lignes), selectinload(Facture.tva), joinedload(Facture.origine)
        )
        .order_by(Facture.cree_le)
    ).all()
    for facture in documents:
        if facture.type == TypeFacture.AVOIR and facture.statut == StatutFacture.BROUILLON:
            continue
        if est_acompte(facture):
            _compter_acompte(etat, facture)
        else:
            _compter_facture(etat, facture)
    _compter_tva_emise(session, etat, devis_id)
    return etat


def lire_tva_emise(session: Session, devis_id: UUID) -> EtatFacturation:
    """The same, of what `rules.tva_cumulee` looks at: the VAT of issued documents."""
    etat = EtatFacturation()
    _compter_tva_emise(session, etat, devis_id)
    return etat


def est_acompte(facture: Facture) -> bool:
    """An acompte, or the avoir of one."""
    if facture.type == TypeFacture.AVOIR and facture.origine is not None:
        return facture.origine.type == TypeFacture.ACOMPTE
    return facture.type == TypeFacture.ACOMPTE


def reste_par_taux(devis: Devis, etat: EtatFacturation) -> dict[Decimal, Decimal]:
    """Per rate: the base of the devis (after discount) not billed yet."""
    return {
        total.taux: total.base_ht
        - etat.lignes_ht.get(total.taux, ZERO)
        + etat.remise_ht.get(total.taux, ZERO)
        for total in chiffrer_devis(devis).totaux.par_taux
    }


def _compter_tva_emise(session: Session, etat: EtatFacturation, devis_id: UUID) -> None:
    rows = session.execute(_TVA_EMISE, {"devis": devis_id})
    for genre, taux, base, tva in rows:
        signe = -1 if genre == TypeFacture.AVOIR else 1
        _ajouter(etat.base_emise, taux, signe * base)
        _ajouter(etat.tva_emise, taux, signe * tva)


def _compter_acompte(etat: EtatFacturation, facture: Facture) -> None:
    cle = facture.facture_origine_id or facture.id
    for tva in facture.tva:
        if facture.statut == StatutFacture.BROUILLON:
            _ajouter(etat.acomptes_brouillon, tva.taux, tva.base_ht)
        else:
            soldes = etat.acomptes.setdefault(cle, {})
            _ajouter(soldes, tva.taux, facture.signe * tva.base_ht)


def _compter_facture(etat: EtatFacturation, facture: Facture) -> None:
    for ligne in facture.lignes:
        montant = facture.signe * (ligne.montant_ht or ZERO)
        taux = ligne.taux_tva or ZERO
        if ligne.type == TypeLigneFacture.DEDUCTION:
            if ligne.acompte_id is not None:
                _ajouter(etat.acomptes.setdefault(ligne.acompte_id, {}), taux, montant)
        elif ligne.type == TypeLigneFacture.LIGNE:
            _ajouter(etat.lignes_ht, taux, montant)
            if ligne.ligne_devis_id is not None:
                deja = etat.part(ligne.ligne_devis_id)
                quantite = facture.signe * (ligne.quantite or ZERO)
                etat.parts[ligne.ligne_devis_id] = Part(
                    deja.quantite + quantite, deja.montant_ht + montant
                )
    for tva in facture.tva:
        _ajouter(etat.remise_ht, tva.taux, facture.signe * tva.remise_ht)


def _ajouter(cumul: dict[Decimal, Decimal], taux: Decimal, montant: Decimal) -> None:
    cumul[taux] = cumul.get(taux, Decimal("0.00")) + montant


def get_ligne(facture: Facture, ligne_id: UUID) -> LigneFacture | None:
    """A row of this document."""
    return next((ligne for ligne in facture.lignes if ligne.id == ligne_id), None)
