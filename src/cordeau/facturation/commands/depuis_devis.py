"""Billing an accepted devis: all that remains, a part, or an acompte."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from cordeau.core import journal
from cordeau.core.dates import maintenant
from cordeau.core.errors import ConflitError, Faute, refuser_saisie
from cordeau.core.money import CENT, CENT_POUR_CENT, ZERO, pourcentage
from cordeau.core.permissions import Acteur
from cordeau.devis.models import Devis, LigneDevis
from cordeau.devis.queries import chiffrer_devis, get_devis
from cordeau.devis.rules import LigneRangee
from cordeau.devis.states import StatutDevis, TypeLigne
from cordeau.facturation.commands.composition import (
    Gabarit,
    lignes_par_taux,
    poser_lignes,
    poser_totaux,
)
from cordeau.facturation.errors import (
    AcompteExcessifError,
    RienAFacturerError,
    TropFactureError,
)
from cordeau.facturation.indexation import indexer
from cordeau.facturation.models import Facture
from cordeau.facturation.queries import (
    get_facture,
    lignes_a_facturer,
    lire_etat,
    reste_par_taux,
)
from cordeau.facturation.rules import (
    EtatFacturation,
    LigneAFacturer,
    Part,
    deductions,
    part_de_remise,
    part_en_quantite,
    quantite_en_pourcentage,
    repartir_acompte,
    reste_a_facturer,
    tva_cumulee,
)
from cordeau.facturation.states import TypeFacture, TypeLigneFacture
from cordeau.web import formats


@dataclass(frozen=True, slots=True)
class Demande:
    """What to bill: nothing given means all that remains."""

    type: TypeFacture = TypeFacture.FACTURE
    pourcentage: Decimal | None = None
    #: (row of the devis, quantity).
    lignes: Sequence[tuple[UUID, Decimal]] = ()


def facturer_devis(
    session: Session, devis_id: UUID, demande: Demande, *, actor: Acteur, le: date
) -> Facture:
    """Prepare a document (BROUILLON) from an accepted devis.

    Raises `ConflitError` when the devis is not accepted, when nothing remains, or when the part
    asked exceeds what was accepted, drafts counted.
    """
    if demande.type == TypeFacture.AVOIR:
        raise refuser_saisie("type", "Un avoir se fait sur la facture qu’il corrige.")
    devis = get_devis(session, devis_id, for_update=True)
    if devis.statut != StatutDevis.ACCEPTE:
        raise ConflitError("Seul un devis accepté se facture.")
    etat = lire_etat(session, devis.id)
    facture = _nouvelle(devis, demande.type, le)
    if demande.type == TypeFacture.ACOMPTE:
        _remplir_acompte(facture, devis, etat, demande)
    else:
        _remplir_facture(session, facture, devis, etat, demande)
    indexer(facture)
    session.add(facture)
    session.flush()
    journal.record(session, actor, "facture", facture.id, "Brouillon préparé", devis=devis.numero)
    return facture


def calculer_tva(facture: Facture, etat: EtatFacturation) -> None:
    """VAT of a document of a devis, cumulated with those issued: its parts equal the whole."""
    remises = {t.taux: t.remise_ht for t in facture.tva}
    bases = {
        taux: montant - remises.get(taux, ZERO)
        for taux, montant in lignes_par_taux(facture).items()
    }
    poser_totaux(facture, remises, {t: tva_cumulee(t, base, etat) for t, base in bases.items()})


def _nouvelle(devis: Devis, type_facture: TypeFacture, le: date) -> Facture:
    return Facture(
        type=type_facture,
        client=devis.client,
        client_id=devis.client_id,
        devis=devis,
        devis_id=devis.id,
        chantier=devis.chantier,
        chantier_id=devis.chantier_id,
        objet=devis.objet,
        conditions=devis.conditions,
        date_tri=le,
        taux_tva=devis.taux_tva,
        autoliquidation=devis.autoliquidation,
        attestation_signee=devis.attestation_signee,
        cree_le=maintenant(),
        lignes=[],
        tva=[],
    )


def _remplir_acompte(
    facture: Facture, devis: Devis, etat: EtatFacturation, demande: Demande
) -> None:
    if demande.pourcentage is None or demande.lignes:
        raise refuser_saisie("pourcentage", "Donnez le pourcentage de l’acompte.")
    bases = {t.taux: t.base_ht for t in chiffrer_devis(devis).totaux.par_taux}
    parts = repartir_acompte(pourcentage(devis.montant_ht, demande.pourcentage), bases)
    if not parts:
        raise refuser_saisie("pourcentage", "Cet acompte est nul.")
    reste = reste_par_taux(devis, etat)
    libres = {
        taux: reste[taux] - etat.a_deduire(taux) - etat.acomptes_brouillon.get(taux, ZERO)
        for taux in bases
    }
    libre = sum(libres.values(), ZERO)
    if libre <= ZERO:
        raise RienAFacturerError
    parts = {taux: _au_plus(part, libres[taux]) for taux, part in parts.items()}
    if any(part > libres[taux] for taux, part in parts.items()):
        raise AcompteExcessifError(libre)
    poser_lignes(facture, [_ligne_acompte(devis, demande, t, p) for t, p in parts.items()])
    poser_totaux(facture, {}, {t: tva_cumulee(t, part, etat) for t, part in parts.items()})


def _au_plus(part: Decimal, libre: Decimal) -> Decimal:
    """The part, or what is left when only the rounding goes beyond: 50 % twice is the whole."""
    return libre if ZERO < part - libre <= CENT and libre > ZERO else part


def _ligne_acompte(devis: Devis, demande: Demande, taux: Decimal, montant: Decimal) -> Gabarit:
    pour_cent = formats.quantite(demande.pourcentage)
    return Gabarit(
        type=TypeLigneFacture.LIGNE,
        designation=f"Acompte de {pour_cent} % sur le devis {devis.numero}",
        part=Part(Decimal(1), montant),
        unite="FORFAIT",
        prix_unitaire_ht=montant,
        taux_tva=taux,
    )


def _remplir_facture(
    session: Session, facture: Facture, devis: Devis, etat: EtatFacturation, demande: Demande
) -> None:
    lignes = lignes_a_facturer(devis)
    parts = _parts(lignes, etat, demande)
    reste = reste_par_taux(devis, etat)
    poser_lignes(facture, _gabarits(devis, lignes, parts, etat))
    remises = _remises(devis, facture, etat)
    travaux = {
        taux: montant - remises.get(taux, ZERO)
        for taux, montant in lignes_par_taux(facture).items()
    }
    _refuser_acompte_brouillon(etat, reste, travaux)
    libre = {t: r - etat.acomptes_brouillon.get(t, ZERO) for t, r in reste.items()}
    reprises = deductions(etat, travaux, libre)
    numeros = {r.acompte: get_facture(session, UUID(str(r.acompte))) for r in reprises}
    gabarits = _gabarits(devis, lignes, parts, etat)
    gabarits += [_ligne_deduction(numeros[r.acompte], r.taux_tva, r.montant_ht) for r in reprises]
    poser_lignes(facture, gabarits)
    poser_totaux(facture, remises, {})
    calculer_tva(facture, etat)


def _parts(
    lignes: Mapping[UUID, LigneAFacturer], etat: EtatFacturation, demande: Demande
) -> dict[UUID, Part]:
    """The part of each row to bill; refuses what exceeds, and an empty document."""
    if demande.lignes:
        parts = _parts_choisies(lignes, etat, demande.lignes)
    elif demande.pourcentage is not None and demande.pourcentage != CENT_POUR_CENT:
        parts = {
            cle: part_en_quantite(
                ligne,
                etat.part(cle),
                quantite_en_pourcentage(ligne, etat.part(cle), demande.pourcentage),
            )
            for cle, ligne in lignes.items()
        }
    else:
        parts = {cle: reste_a_facturer(ligne, etat.part(cle)) for cle, ligne in lignes.items()}
    if not any(reste_a_facturer(li, etat.part(c)).quantite > ZERO for c, li in lignes.items()):
        raise RienAFacturerError
    _refuser_depassement(lignes, etat, parts)
    gardees = {cle: part for cle, part in parts.items() if part.quantite > ZERO}
    if not gardees:
        raise RienAFacturerError
    return gardees


def _parts_choisies(
    lignes: Mapping[UUID, LigneAFacturer],
    etat: EtatFacturation,
    choix: Sequence[tuple[UUID, Decimal]],
) -> dict[UUID, Part]:
    quantites: dict[UUID, Decimal] = {}
    fautes = []
    for rang, (cle, quantite) in enumerate(choix):
        if cle not in lignes:
            fautes.append(Faute(f"lignes[{rang}].ligneId", "Cette ligne n’est pas au devis."))
        quantites[cle] = quantites.get(cle, ZERO) + quantite
    if fautes:
        raise TropFactureError(fautes)
    return {
        cle: part_en_quantite(lignes[cle], etat.part(cle), quantite)
        for cle, quantite in quantites.items()
    }


def _refuser_depassement(
    lignes: Mapping[UUID, LigneAFacturer], etat: EtatFacturation, parts: Mapping[UUID, Part]
) -> None:
    fautes = [
        Faute(
            f"lignes[{rang}].quantite",
            "Il reste "
            f"{formats.quantite(reste_a_facturer(lignes[cle], etat.part(cle)).quantite)} "
            "à facturer sur cette ligne.",
        )
        for rang, (cle, part) in enumerate(parts.items())
        if part.quantite > reste_a_facturer(lignes[cle], etat.part(cle)).quantite
    ]
    if fautes:
        raise TropFactureError(fautes)


def _gabarits(
    devis: Devis,
    lignes: Mapping[UUID, LigneAFacturer],
    parts: Mapping[UUID, Part],
    etat: EtatFacturation,
) -> list[Gabarit]:
    """The rows billed, in the order of the devis, under their lots.

    Texts and subtotals come along only when the document bills the whole devis at once.
    """
    rangees = {r.saisie.cle: r for r in chiffrer_devis(devis).lignes}
    entier = not etat.parts and len(parts) == len(lignes)
    entier = entier and all(parts[c].quantite == lignes[c].quantite for c in parts)
    gardees = set(parts) | set(_lots(devis.lignes, parts))
    sortie = []
    for ligne in devis.lignes:
        texte = ligne.type in (TypeLigne.TEXTE, TypeLigne.SOUS_TOTAL)
        if ligne.id in gardees or (entier and texte):
            sortie.append(_gabarit(ligne, rangees[ligne.id], lignes, parts))
    return sortie


def _gabarit(
    ligne: LigneDevis,
    rangee: LigneRangee,
    lignes: Mapping[UUID, LigneAFacturer],
    parts: Mapping[UUID, Part],
) -> Gabarit:
    part = parts.get(ligne.id)
    if part is None and ligne.type == TypeLigne.SOUS_TOTAL:
        part = Part(ZERO, rangee.montant_ht or ZERO)
    chiffree = ligne.id in parts
    return Gabarit(
        type=TypeLigneFacture(ligne.type),
        designation=ligne.designation,
        description=ligne.description,
        numero=rangee.numero,
        niveau=rangee.niveau,
        part=part,
        unite=ligne.unite,
        prix_unitaire_ht=ligne.prix_unitaire_ht if chiffree else None,
        remise=ligne.remise if chiffree else ZERO,
        taux_tva=lignes[ligne.id].taux_tva if chiffree else None,
        ligne_devis_id=ligne.id if chiffree else None,
    )


def _lots(lignes: Sequence[LigneDevis], parts: Mapping[UUID, Part]) -> Iterable[UUID]:
    """Every lot above a billed row."""
    parents = {ligne.id: ligne.parent_id for ligne in lignes}
    for cle in parts:
        parent = parents[cle]
        while parent is not None:
            yield parent
            parent = parents[parent]


def _remises(devis: Devis, facture: Facture, etat: EtatFacturation) -> dict[Decimal, Decimal]:
    """This document's share of the global discount, per rate."""
    remises = {}
    billed = lignes_par_taux(facture)
    for total in chiffrer_devis(devis).totaux.par_taux:
        if total.taux in billed and total.remise_ht:
            cumul = etat.lignes_ht.get(total.taux, ZERO) + billed[total.taux]
            deja = etat.remise_ht.get(total.taux, ZERO)
            remises[total.taux] = part_de_remise(total.remise_ht, total.lignes_ht, cumul, deja)
    return remises


def _refuser_acompte_brouillon(
    etat: EtatFacturation, reste: Mapping[Decimal, Decimal], travaux: Mapping[Decimal, Decimal]
) -> None:
    """An acompte still a draft must leave room to be taken back once issued."""
    for taux, brouillon in etat.acomptes_brouillon.items():
        apres = reste[taux] - travaux.get(taux, ZERO)
        if brouillon > apres:
            raise ConflitError(
                "Un acompte de ce devis est encore en brouillon : émettez-le ou supprimez-le "
                "avant de facturer le solde."
            )


def _ligne_deduction(acompte: Facture, taux: Decimal, montant: Decimal) -> Gabarit:
    quand = f" du {acompte.date_emission:%d/%m/%Y}" if acompte.date_emission else ""
    return Gabarit(
        type=TypeLigneFacture.DEDUCTION,
        designation=f"Acompte {acompte.numero}{quand} déduit",
        part=Part(Decimal(-1), -montant),
        unite="FORFAIT",
        prix_unitaire_ht=montant,
        taux_tva=taux,
        acompte_id=acompte.id,
    )
