"""The register of erasures: what was erased, when, by which command; never whose it was.

Triggers let a line of the journal lose its content, and a devis nobody signed be deleted with its
versions, only when the record stands here; rows here never change, and each is chained.
"""

from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Select, String, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from cordeau.core.columns import Cle, Instant, identifiant
from cordeau.core.db import Base
from cordeau.core.permissions import SYSTEME, Permission
from cordeau.core.provenance import provenance_courante
from cordeau.core.registre.canonique import horodater, serialiser
from cordeau.core.registre.ecriture import inscrire
from cordeau.core.registre.states import Evenement, Journal

#: What the journal calls a person of the firm once erased; the trigger knows this very text.
NOM_EFFACE = "Utilisateur effacé"
#: The kind of person a client is (`Effacement.personne_type`).
CLIENT = "client"
Filtree = TypeVar("Filtree", bound=Select[*tuple[Any, ...]])


class Effacement(Base):
    """One person erased, as the law asks (GDPR art. 17)."""

    __tablename__ = "effacement"

    id: Mapped[Cle]
    #: « client », « contact » or « utilisateur ».
    personne_type: Mapped[str] = mapped_column(String(20))
    personne_id: Mapped[UUID] = mapped_column(identifiant(), index=True)
    fait_le: Mapped[Instant]
    #: The command that did it, and the account of the machine that ran it.
    par: Mapped[str] = mapped_column(String(160))
    #: How many rows of each table were erased, deleted, kept.
    bilan: Mapped[dict[str, Any]] = mapped_column(JSON)


class EffacementObjet(Base):
    """A record whose lines of the journal lost their content."""

    __tablename__ = "effacement_objet"

    objet_type: Mapped[str] = mapped_column(String(40), primary_key=True)
    objet_id: Mapped[UUID] = mapped_column(identifiant(), primary_key=True)
    effacement_id: Mapped[UUID] = mapped_column(
        identifiant(), ForeignKey("effacement.id", ondelete="RESTRICT"), index=True
    )


def voit_les_archives() -> bool:
    """Whether whoever asks keeps the accounts, and so may see what the law alone still keeps."""
    acteur = provenance_courante().acteur
    return acteur is None or acteur.peut(Permission.EXPORT_LIRE)


def hors_archives(statement: Filtree, client_id: InstrumentedAttribute[UUID]) -> Filtree:
    """Leave the documents of erased clients to who keeps the accounts.

    They are kept word for word because the accounts must be (GDPR art. 17(3)(b)), hence for those
    who keep them alone (CNIL, intermediate archive).
    """
    if voit_les_archives():
        return statement
    return sans_effaces(statement, client_id)


def sans_effaces(statement: Filtree, client_id: InstrumentedAttribute[UUID]) -> Filtree:
    """Without the documents of clients who were erased."""
    efface = exists().where(Effacement.personne_type == CLIENT, Effacement.personne_id == client_id)
    return statement.where(~efface)


def chainer_effacement(session: Session, effacement: Effacement) -> None:
    """Chain an erasure with the records it covers."""
    objets = session.scalars(
        select(EffacementObjet).where(EffacementObjet.effacement_id == effacement.id)
    )
    contenu = decrire(effacement, objets)
    inscrire(
        session,
        Journal.TECHNIQUE,
        Evenement.EFFACEMENT,
        contenu,
        actor=SYSTEME,
        objet_id=effacement.id,
    )


def decrire(effacement: Effacement, objets: Iterable[EffacementObjet]) -> dict[str, Any]:
    """What the ledger says of an erasure."""
    return {
        "personne_type": effacement.personne_type,
        "personne_id": effacement.personne_id.hex,
        "fait_le": horodater(effacement.fait_le),
        "par": effacement.par,
        "bilan": serialiser(effacement.bilan),
        "objets": sorted([objet.objet_type, objet.objet_id.hex] for objet in objets),
    }
