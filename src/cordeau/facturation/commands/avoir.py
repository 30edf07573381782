"""Avoirs: crediting an issued facture, whole or in part, never beyond it."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from cordeau.core import journal
from cordeau.core.dates import maintenant
from cordeau.core.errors import ConflitError, Faute
from cordeau.core.money import ZERO
from cordeau.core.permissions import Acteur
from cordeau.facturation.commands.composition import (
    Gabarit,
    lignes_par_taux,
    poser_lignes,
    poser_totaux,
)
from cordeau.facturation.errors import TropFactureError
from cordeau.facturation.indexation import indexer
from cordeau.facturation.models import Facture, LigneFacture
from cordeau.facturation.queries import get_facture, lire_etat, list_avoirs
from cordeau.facturation.rules import (
    RIEN,
    LigneAFacturer,
    Part,
    part_de_remise,
    part_en_quantite,
    reste_a_facturer,
    sommes,
    tva_avoir,
)
from cordeau.facturation.states import StatutFacture, TypeFacture, TypeLigneFacture
from cordeau.web import formats


def preparer_avoir(
    session: Session,
    facture_id: UUID,
    lignes: Sequence[tuple[UUID, Decimal]] = (),
    *,
    actor: Acteur,
    le: date,
) -> Facture:
    """Prepare an avoir (BROUILLON) on an issued facture: total unless rows are chosen.

    Raises `ConflitError` on a draft, on an avoir, when nothing is left to credit (drafts
    counted), or when a row would be credited beyond what it billed.
    """
    origine = get_facture(session, facture_id, for_update=True)
    exiger_creditable(session, origine)
    avoirs = list_avoirs(session, origine.id)
    parts = _parts(origine, avoirs, lignes)
    avoir = _nouveau(origine, le)
    _remplir(avoir, origine, avoirs, parts)
    indexer(avoir)
    session.add(avoir)
    session.flush()
    journal.record(session, actor, "facture", avoir.id, "Avoir préparé", origine=_nom(origine))
    journal.record(session, actor, "facture", origine.id, "Avoir préparé")
    return avoir


def exiger_creditable(session: Session, origine: Facture) -> None:
    """Refuse a draft, an avoir, and an acompte that a facture already takes back."""
    if origine.type == TypeFacture.AVOIR:
        raise ConflitError("Un avoir ne se corrige pas par un avoir : refaites une facture.")
    if origine.statut != StatutFacture.EMISE:
        raise ConflitError("Ce brouillon n’est pas émis : modifiez-le ou supprimez-le.")
    if origine.type == TypeFacture.ACOMPTE and origine.devis_id is not None:
        exiger_non_deduit(session, origine, origine.devis_id)


def exiger_non_deduit(session: Session, acompte: Facture, devis_id: UUID) -> None:
    """An acompte taken back by a facture is settled there: credit that facture first.

    Checked again at issue: a facture may have taken it back since the avoir was prepared.
    """
    a_reprendre = sum(
        lire_etat(session, devis_id).acomptes.get(acompte.id, {}).values(), Decimal("0.00")
    )
    credite = sum(
        (
            avoir.montant_ht
            for avoir in list_avoirs(session, acompte.id)
            if avoir.statut == StatutFacture.EMISE
        ),
        Decimal("0.00"),
    )
    if a_reprendre + credite < acompte.montant_ht:
        raise ConflitError(
            "Cet acompte est déjà déduit d’une facture : faites d’abord un avoir sur celle-ci."
        )


def _nouveau(origine: Facture, le: date) -> Facture:
    return Facture(
        type=TypeFacture.AVOIR,
        client=origine.client,
        client_id=origine.client_id,
        devis=origine.devis,
        devis_id=origine.devis_id,
        chantier=origine.chantier,
        chantier_id=origine.chantier_id,
        origine=origine,
        facture_origine_id=origine.id,
        objet=origine.objet,
        date_tri=le,
        reference_commande=origine.reference_commande,
        reference_acheteur=origine.reference_acheteur,
        taux_tva=origine.taux_tva,
        autoliquidation=origine.autoliquidation,
        attestation_signee=origine.attestation_signee,
        cree_le=maintenant(),
        lignes=[],
        tva=[],
    )


def _parts(
    origine: Facture, avoirs: Sequence[Facture], choix: Sequence[tuple[UUID, Decimal]]
) -> dict[UUID, Part]:
    """The part of each row to credit."""
    deja = _deja_credite(avoirs)
    sources = _sources(origine)
    restes = restes_a_crediter(origine, avoirs)
    if not any(reste.quantite > ZERO for reste in restes.values()):
        raise ConflitError("Cette facture est déjà entièrement créditée (brouillons compris).")
    if not choix:
        return {cle: reste for cle, reste in restes.items() if reste.quantite > ZERO}
    fautes, quantites = [], dict[UUID, Decimal]()
    for rang, (cle, quantite) in enumerate(choix):
        quantites[cle] = quantites.get(cle, ZERO) + quantite
        if cle not in restes:
            fautes.append(Faute(f"lignes[{rang}].ligneId", "Cette ligne n’est pas à la facture."))
        elif quantites[cle] > restes[cle].quantite:
            reste = formats.quantite(restes[cle].quantite)
            fautes.append(
                Faute(f"lignes[{rang}].quantite", f"Il reste {reste} à créditer sur cette ligne.")
            )
    if fautes:
        raise TropFactureError(fautes)
    return {
        cle: part_en_quantite(sources[cle], deja.get(cle, RIEN), quantite)
        for cle, quantite in quantites.items()
    }


def restes_a_crediter(origine: Facture, avoirs: Sequence[Facture]) -> dict[UUID, Part]:
    """Per row of a facture: what no avoir credits yet, drafts counted."""
    deja = _deja_credite(avoirs)
    return {
        cle: reste_a_facturer(source, deja.get(cle, RIEN))
        for cle, source in _sources(origine).items()
    }


def _sources(origine: Facture) -> dict[UUID, LigneAFacturer]:
    return {
        ligne.id: _creditable(ligne)
        for ligne in origine.lignes
        if ligne.type == TypeLigneFacture.LIGNE
    }


def _creditable(ligne: LigneFacture) -> LigneAFacturer:
    return LigneAFacturer(
        ligne.id,
        ligne.quantite or ZERO,
        ligne.prix_unitaire_ht or ZERO,
        ligne.remise,
        ligne.taux_tva or ZERO,
        ligne.montant_ht or ZERO,
    )


def _deja_credite(avoirs: Sequence[Facture]) -> dict[UUID, Part]:
    deja: dict[UUID, Part] = {}
    for avoir in avoirs:
        for ligne in avoir.lignes:
            if ligne.ligne_origine_id is not None:
                avant = deja.get(ligne.ligne_origine_id, RIEN)
                deja[ligne.ligne_origine_id] = Part(
                    avant.quantite + (ligne.quantite or ZERO),
                    avant.montant_ht + (ligne.montant_ht or ZERO),
                )
    return deja


def _remplir(
    avoir: Facture, origine: Facture, avoirs: Sequence[Facture], parts: Mapping[UUID, Part]
) -> None:
    """Rows, then the share of the discount, then deductions given back, then VAT."""
    gabarits = [_gabarit(ligne, parts[ligne.id]) for ligne in origine.lignes if ligne.id in parts]
    poser_lignes(avoir, gabarits)
    remises = _remises(avoir, origine, avoirs)
    gabarits += _deductions_rendues(avoir, origine, avoirs, remises)
    poser_lignes(avoir, gabarits)
    bases = {
        taux: montant - remises.get(taux, ZERO) for taux, montant in lignes_par_taux(avoir).items()
    }
    tva = {}
    for ligne in origine.tva:
        if ligne.taux in bases:
            deja = _deja_par_taux(avoirs, ligne.taux)
            tva[ligne.taux] = tva_avoir(
                ligne.taux, bases[ligne.taux], deja, (ligne.base_ht, ligne.montant_tva)
            )
    poser_totaux(avoir, remises, tva)


def _gabarit(ligne: LigneFacture, part: Part) -> Gabarit:
    return Gabarit(
        type=TypeLigneFacture(ligne.type),
        designation=ligne.designation,
        description=ligne.description,
        numero=ligne.numero,
        part=part,
        unite=ligne.unite,
        prix_unitaire_ht=ligne.prix_unitaire_ht,
        remise=ligne.remise,
        taux_tva=ligne.taux_tva,
        ligne_devis_id=ligne.ligne_devis_id,
        ligne_origine_id=ligne.id,
    )


def _remises(avoir: Facture, origine: Facture, avoirs: Sequence[Facture]) -> dict[Decimal, Decimal]:
    """Per rate: the share of the facture's discount that goes with the rows credited."""
    travaux, avant = _travaux(origine), _travaux(*avoirs)
    creditees = lignes_par_taux(avoir)
    remises = {}
    for ligne in origine.tva:
        if ligne.taux in creditees and ligne.remise_ht:
            deja = sum((t.remise_ht for a in avoirs for t in a.tva if t.taux == ligne.taux), ZERO)
            cumul = avant.get(ligne.taux, ZERO) + creditees[ligne.taux]
            remises[ligne.taux] = part_de_remise(ligne.remise_ht, travaux[ligne.taux], cumul, deja)
    return remises


def _travaux(*factures: Facture) -> dict[Decimal, Decimal]:
    """Σ priced rows per rate, deductions left out."""
    return sommes(
        (ligne.taux_tva or ZERO, ligne.montant_ht or ZERO)
        for facture in factures
        for ligne in facture.lignes
        if ligne.type == TypeLigneFacture.LIGNE
    )


def _deductions_rendues(
    avoir: Facture,
    origine: Facture,
    avoirs: Sequence[Facture],
    remises: Mapping[Decimal, Decimal],
) -> list[Gabarit]:
    """The acomptes the facture had taken back, beyond what it really asked for.

    What was asked is credited first; the rest of the works was paid by the acomptes, which
    become deductible again.
    """
    rendus = []
    deja_rendu = _deja_credite(avoirs)
    for tva in origine.tva:
        base_deja, _ = _deja_par_taux(avoirs, tva.taux)
        base = lignes_par_taux(avoir).get(tva.taux, ZERO) - remises.get(tva.taux, ZERO)
        a_rendre = base_deja + base - tva.base_ht
        for ligne in origine.lignes:
            if ligne.type != TypeLigneFacture.DEDUCTION or ligne.taux_tva != tva.taux:
                continue
            disponible = -(ligne.montant_ht or ZERO) + deja_rendu.get(ligne.id, RIEN).montant_ht
            rendu = min(a_rendre, disponible)
            if rendu > ZERO:
                rendus.append(_ligne_rendue(ligne, rendu))
                a_rendre -= rendu
    return rendus


def _ligne_rendue(ligne: LigneFacture, montant: Decimal) -> Gabarit:
    return Gabarit(
        type=TypeLigneFacture.DEDUCTION,
        designation=ligne.designation,
        part=Part(Decimal(-1), -montant),
        unite=ligne.unite,
        prix_unitaire_ht=montant,
        taux_tva=ligne.taux_tva,
        ligne_origine_id=ligne.id,
        acompte_id=ligne.acompte_id,
    )


def _deja_par_taux(avoirs: Sequence[Facture], taux: Decimal) -> tuple[Decimal, Decimal]:
    """(base, VAT) of earlier avoirs at a rate."""
    tables = [t for avoir in avoirs for t in avoir.tva if t.taux == taux]
    return (
        sum((t.base_ht for t in tables), ZERO),
        sum((t.montant_tva for t in tables), ZERO),
    )


def _nom(facture: Facture) -> str:
    return facture.numero or "brouillon"
