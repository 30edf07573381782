"""Reading the journal: the history of a record, and the whole of it, filtered."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, undefer

from cordeau.core.dates import debut_du_jour, fin_du_jour
from cordeau.core.errors import IntrouvableError
from cordeau.core.journal import Evenement
from cordeau.core.listing import Demande, Page, contient_mots, paginate
from cordeau.core.permissions import Acteur
from cordeau.historique.libelles import OBJETS, droit_objet

#: What the page calls the software acting by itself.
LOGICIEL = "logiciel"
PAR_OBJET = 200
PAR_LOT = 200
EXPORT_MAX = 20_000
#: The only sort.
TOUS = "survenuLe"


@dataclass(frozen=True, slots=True)
class FiltresJournal:
    """What the page of the journal is asked."""

    #: Identifier of a person, or `LOGICIEL`.
    qui: str = ""
    #: Kind of record.
    objet: str = ""
    du: date | None = None
    au: date | None = None


def list_journal(
    session: Session, demande: Demande, filtres: FiltresJournal, *, actor: Acteur
) -> Page[Evenement]:
    """One page of the journal, latest first: what this reader may see of it."""
    return paginate(
        session,
        _filtrer(demande.q, filtres, actor),
        demande,
        tris={TOUS: Evenement.survenu_le},
        defaut=f"-{TOUS}",
        cle=Evenement.id,
    )


def iter_journal(
    session: Session, q: str, filtres: FiltresJournal, *, actor: Acteur
) -> Iterator[list[Evenement]]:
    """The journal, whole, a batch at a time; at most `EXPORT_MAX` facts."""
    demande = Demande(q=q, limite=PAR_LOT)
    for _ in range(EXPORT_MAX // PAR_LOT):
        page = list_journal(session, demande, filtres, actor=actor)
        yield page.elements
        if page.suivant is None:
            return
        demande = replace(demande, curseur=page.suivant)


def list_objet(session: Session, objet_type: str, objet_id: UUID) -> list[Evenement]:
    """The history of one record with its details, latest first.

    Raises `IntrouvableError` when nothing was ever told of it.
    """
    faits = session.scalars(
        select(Evenement)
        .where(Evenement.objet_type == objet_type, Evenement.objet_id == objet_id)
        .options(undefer(Evenement.changements))
        .order_by(Evenement.survenu_le.desc(), Evenement.id.desc())
        .limit(PAR_OBJET)
    ).all()
    if not faits:
        raise IntrouvableError
    return list(faits)


def _filtrer(q: str, filtres: FiltresJournal, actor: Acteur) -> Select[Evenement]:
    interdits = [nom for nom in OBJETS if not actor.peut(droit_objet(nom))]
    statement = select(Evenement).options(undefer(Evenement.changements))
    if interdits:
        statement = statement.where(Evenement.objet_type.not_in(interdits))
    if filtres.qui == LOGICIEL:
        statement = statement.where(Evenement.acteur_id.is_(None))
    elif filtres.qui:
        statement = statement.where(Evenement.acteur_id == _uuid(filtres.qui))
    if filtres.objet:
        statement = statement.where(Evenement.objet_type == filtres.objet)
    if filtres.du is not None:
        statement = statement.where(Evenement.survenu_le >= debut_du_jour(filtres.du))
    if filtres.au is not None:
        statement = statement.where(Evenement.survenu_le < fin_du_jour(filtres.au))
    if q.strip():
        statement = statement.where(contient_mots(Evenement.recherche, q))
    return statement


def _uuid(texte: str) -> UUID:
    try:
        return UUID(texte)
    except ValueError:
        return UUID(int=0)
