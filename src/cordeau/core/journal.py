"""The journal: who did what to which record, when, from where, each field before and after.

Commands `record` what they mean; what changed is gathered by `core.collecte`. Both make one row per
record, all written by one statement when the unit of work ends.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, String, event, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.orm.util import identity_key

from cordeau.core.collecte import Ecriture, Genre, Objet, collecte_de, modele_de
from cordeau.core.columns import Cle, Instant, Libelle, LongText, identifiant
from cordeau.core.dates import maintenant
from cordeau.core.db import Base, WritingSession
from cordeau.core.detail import Detail, composer
from cordeau.core.ids import new_id
from cordeau.core.perimetre import NOMS
from cordeau.core.permissions import SYSTEME, Acteur
from cordeau.core.provenance import CLE, Provenance
from cordeau.core.texte import plier

#: Repeated saves within it are shown as one line of history.
UNE_SEANCE = timedelta(minutes=30)
RECHERCHE_MAX = 600
#: Set in a session's `info` by a unit of work whose lines must hold no name and no value (`rgpd`).
TAIRE = "taire"


class Evenement(Base):
    """One fact in the life of a record; never changed, only erased when the law asks (`rgpd`)."""

    __tablename__ = "evenement"
    __table_args__ = (
        Index(None, "objet_type", "objet_id", "survenu_le"),
        Index(None, "survenu_le", "id"),
        Index(None, "acteur_id", "survenu_le", "id"),
        Index(None, "objet_type", "survenu_le", "id"),
    )

    id: Mapped[Cle]
    #: « devis », « facture »…: the table of the record.
    objet_type: Mapped[str] = mapped_column(String(40))
    objet_id: Mapped[UUID] = mapped_column(identifiant())
    #: What people called the record that day.
    objet_nom: Mapped[str | None] = mapped_column(String(255))
    #: In French, as shown: « Facture émise ».
    action: Mapped[Libelle]
    acteur_id: Mapped[UUID | None] = mapped_column(identifiant())
    acteur_nom: Mapped[Libelle]
    survenu_le: Mapped[Instant]
    #: Details worth showing, as plain strings.
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    #: A door of `core.provenance`; none before the journal told it.
    origine: Mapped[str | None] = mapped_column(String(20))
    adresse: Mapped[str | None] = mapped_column(String(45))
    #: Identifier of the request or of the job.
    requete: Mapped[str | None] = mapped_column(String(40))
    #: Route, command or kind of job.
    lieu: Mapped[str | None] = mapped_column(String(160))

    #: Folded words: action, person, record.
    recherche: Mapped[str | None] = mapped_column(String(RECHERCHE_MAX))
    #: SHA-256 of `changements`, kept once they are erased.
    empreinte: Mapped[str | None] = mapped_column(String(64))
    #: Each row written with its fields before and after, as `core.detail` writes them.
    changements: Mapped[str | None] = mapped_column(LongText, deferred=True)


_INSERER = insert(Base.metadata.tables[Evenement.__tablename__])


def record(
    session: Session,
    acteur: Acteur,
    objet_type: str,
    objet_id: UUID,
    action: str,
    **details: str,
) -> None:
    """Add a line to the history of a record, written with what changed when the unit ends."""
    collecte_de(session).faits.append(
        {
            "id": new_id(),
            "objet_type": objet_type,
            "objet_id": objet_id,
            "action": action,
            "acteur_id": acteur.id,
            "acteur_nom": acteur.nom,
            "survenu_le": maintenant(),
            "details": details,
        }
    )


def ecrire(session: Session) -> None:
    """Write what this unit of work did so far; its end does it by itself."""
    session.flush()
    collecte = collecte_de(session)
    if not collecte.faits and not collecte.ecritures:
        return
    provenance = session.info.get(CLE) or Provenance()
    if session.info.get(TAIRE):
        _ecrire_sans_rien_dire(session)
        return
    details = composer(collecte.ecritures)
    rangs = [*collecte.faits, *_sans_fait(details, provenance, collecte.faits)]
    origine = _origine(provenance)
    noms = _noms(session, {(r["objet_type"], r["objet_id"]) for r in rangs}, collecte.ecritures)
    for rang in rangs:
        objet = (rang["objet_type"], rang["objet_id"])
        detail = details.pop(objet, None)
        rang.update(origine)
        rang["objet_nom"] = noms.get(objet)
        rang["recherche"] = _mots(rang["action"], rang["acteur_nom"], noms.get(objet, ""))
        rang["changements"] = None if detail is None else detail.texte
        rang["empreinte"] = None if detail is None else detail.empreinte
    session.connection().execute(_INSERER, rangs)
    collecte.vider()


def list_history(session: Session, objet_type: str, objet_id: UUID) -> list[Evenement]:
    """The history of a record, latest first."""
    if isinstance(session, WritingSession):
        ecrire(session)
    return list(
        session.scalars(
            select(Evenement)
            .where(Evenement.objet_type == objet_type, Evenement.objet_id == objet_id)
            .order_by(Evenement.survenu_le.desc(), Evenement.id.desc())
            .limit(200)
        )
    )


@event.listens_for(WritingSession, "before_commit")
def _avant_de_valider(session: Session) -> None:
    if not session.in_nested_transaction():
        ecrire(session)


#: What a change says that no command named.
ACTIONS = {
    Genre.CREATION: "Création",
    Genre.MODIFICATION: "Modification",
    Genre.SUPPRESSION: "Suppression",
}


def _sans_fait(
    details: Mapping[Objet, Detail], provenance: Provenance, faits: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """A line for each record changed that no fact speaks of."""
    dits = {(fait["objet_type"], fait["objet_id"]) for fait in faits}
    acteur = provenance.acteur or SYSTEME
    qui = {"acteur_id": acteur.id, "acteur_nom": acteur.nom}
    if provenance.acteur is None and faits:
        qui = {cle: faits[0][cle] for cle in qui}
    return [
        {
            "id": new_id(),
            "objet_type": objet[0],
            "objet_id": objet[1],
            "action": ACTIONS[detail.genre],
            "survenu_le": maintenant(),
            "details": {},
            **qui,
        }
        for objet, detail in details.items()
        if objet not in dits
    ]


def _ecrire_sans_rien_dire(session: Session) -> None:
    """Only what commands recorded, without names: what was changed is what had to be forgotten."""
    collecte, origine = collecte_de(session), _origine(session.info.get(CLE) or Provenance())
    rangs = [
        {**fait, **origine, "objet_nom": None, "recherche": _mots(fait["action"])}
        for fait in collecte.faits
    ]
    if rangs:
        session.connection().execute(_INSERER, rangs)
    collecte.vider()


def _origine(provenance: Provenance) -> dict[str, str | None]:
    return {
        "origine": provenance.origine,
        "adresse": provenance.adresse or None,
        "requete": provenance.requete or None,
        "lieu": provenance.lieu[:160] or None,
    }


def _mots(*textes: str) -> str:
    return plier(" ".join(textes))[:RECHERCHE_MAX]


def _noms(session: Session, objets: set[Objet], ecritures: Iterable[Ecriture]) -> dict[Objet, str]:
    """What people call these records, from what the unit of work holds in memory."""
    noms: dict[Objet, str] = {}
    for objet in objets:
        modele, attribut = modele_de(objet[0]), NOMS.get(objet[0], "")
        connu = None if modele is None else session.identity_map.get(identity_key(modele, objet[1]))
        if connu is not None and connu.__dict__.get(attribut):
            noms[objet] = connu.__dict__[attribut][:255]
    noms |= {e.objet: e.nom[:255] for e in ecritures if e.nom}
    return noms
