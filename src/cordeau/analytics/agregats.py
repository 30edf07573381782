"""Checking kept sums against the rows they come from, and putting them right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import Date, Select, case, exists, func, literal, select, type_coerce, union_all
from sqlalchemy.orm import Session

from cordeau.core.agregats import Agregat, Cle, Mesure, MouvementAgregat, additionner
from cordeau.core.columns import ScaledDecimal
from cordeau.core.dates import JAMAIS
from cordeau.core.money import ZERO
from cordeau.devis.models import Devis
from cordeau.devis.states import StatutDevis
from cordeau.facturation.models import Facture, Reglement, Solde
from cordeau.facturation.states import StatutFacture, TypeFacture

RIEN = (0, Decimal("0.00"))


@dataclass(frozen=True, slots=True)
class Ecart:
    """A kept sum that is not the sum of its rows."""

    cle: Cle
    nombre_garde: int
    montant_garde: Decimal
    nombre: int
    montant: Decimal


def verifier(session: Session) -> list[Ecart]:
    """What differs; kept sums and rows are read by one statement, at one instant."""
    ecarts = []
    for mesure, vivante in _vivantes().items():
        gardes, vrais = _lire(session, mesure, vivante)
        for cle in sorted(gardes.keys() | vrais.keys()):
            garde, vrai = gardes.get(cle, RIEN), vrais.get(cle, RIEN)
            if garde != vrai:
                ecarts.append(Ecart(cle, *garde, *vrai))
    return ecarts


def reconstruire(session: Session) -> list[Ecart]:
    """Write the movements that put the sums right, whoever writes meanwhile; what differed."""
    ecarts = verifier(session)
    session.add_all(
        MouvementAgregat(
            **ecart.cle._asdict(),
            nombre=ecart.nombre - ecart.nombre_garde,
            montant=ecart.montant - ecart.montant_garde,
        )
        for ecart in ecarts
    )
    return ecarts


def _lire(
    session: Session, mesure: Mesure, vivante: Select[Any]
) -> tuple[Mapping[Cle, tuple[int, Decimal]], Mapping[Cle, tuple[int, Decimal]]]:
    """The same sums, as kept and as the rows make them."""
    gardees = (
        select(
            literal(value="garde").label("source"),
            *(genre.mesure, genre.cle, genre.jour, genre.nombre, genre.montant),
        ).where(genre.mesure == mesure)
        for genre in (Agregat, MouvementAgregat)
    )
    parts: Sequence[Any] = session.execute(union_all(vivante, *gardees)).all()

    def sommer(source: Literal["garde", "vif"]) -> Mapping[Cle, tuple[int, Decimal]]:
        sommes = additionner([part for part in parts if part.source == source])
        return {cle: somme for cle, somme in sommes.items() if somme != RIEN}

    return sommer("garde"), sommer("vif")


def _vivantes() -> Mapping[Mesure, Select[Any]]:
    """Each measure from its rows: what the triggers keep up to date."""
    facture_du_devis = exists().where(Facture.devis_id == Devis.id)
    pas_un_avoir = exists().where(Facture.id == Solde.facture_id, Facture.type != TypeFacture.AVOIR)
    validite = case(
        (Devis.statut == StatutDevis.ENVOYE, func.coalesce(Devis.date_validite, _jamais())),
        else_=_jamais(),
    )
    return {
        Mesure.DEVIS: _sommer(Mesure.DEVIS, Devis.statut, validite, Devis.montant_ht),
        Mesure.A_FACTURER: _sommer(Mesure.A_FACTURER, literal(""), _jamais(), None).where(
            Devis.statut == StatutDevis.ACCEPTE, ~facture_du_devis
        ),
        Mesure.FACTURE: _sommer(
            Mesure.FACTURE, Facture.type, Facture.date_emission, Facture.montant_ht
        ).where(Facture.statut == StatutFacture.EMISE),
        Mesure.DU: _sommer(
            Mesure.DU, literal(""), func.coalesce(Solde.date_echeance, _jamais()), Solde.reste
        ).where(Solde.reste > ZERO, pas_un_avoir),
        Mesure.ENCAISSE: _sommer(Mesure.ENCAISSE, literal(""), Reglement.date, Reglement.montant),
    }


def _sommer(mesure: Mesure, cle: Any, jour: Any, montant: Any) -> Select[Any]:
    somme = literal(ZERO, ScaledDecimal(2)) if montant is None else func.sum(montant)
    return select(
        literal("vif").label("source"),
        literal(mesure.value).label("mesure"),
        cle.label("cle"),
        type_coerce(jour, Date).label("jour"),
        func.count().label("nombre"),
        somme.label("montant"),
    ).group_by("cle", "jour")


def _jamais() -> Any:
    return literal(JAMAIS, Date)
