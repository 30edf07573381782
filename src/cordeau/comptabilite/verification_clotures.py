"""Whether the totals of closed periods are still those of their rows."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from cordeau.comptabilite.mouvements import ORIGINE, Mouvements, lire_mouvements
from cordeau.core.registre.models import Cloture
from cordeau.core.registre.releve import relever
from cordeau.core.registre.verification import Anomalie, Entree, comparer


def relever_clotures(connection: Connection, entrees: Sequence[Entree]) -> Iterator[Anomalie]:
    """Each closing against its row, its period and all that came before."""
    ids = [UUID(hex=entree.objet_id) for entree in entrees if entree.objet_id]
    with Session(connection) as session:
        clotures = session.scalars(select(Cloture).where(Cloture.id.in_(ids)))
        lues = {cloture.id.hex: relever(cloture) for cloture in clotures}
    cumul = Cumul(connection)
    for entree in entrees:
        attendue = entree.contenu.get("cloture") or {}
        yield from comparer(entree, "clôture", attendue, lues.get(entree.objet_id))
        debut, fin = (date.fromisoformat(str(attendue[borne])) for borne in ("debut", "fin"))
        totaux = {
            "periode": lire_mouvements(connection, debut, fin).en_contenu(),
            "perpetuel": cumul.au(fin).en_contenu(),
        }
        if any(entree.contenu.get(partie) != lu for partie, lu in totaux.items()):
            detail = f"les totaux de la clôture au {fin:%d/%m/%Y} ne sont plus ceux des lignes"
            yield Anomalie(entree.journal, entree.rang, "cloture", detail)


class Cumul:
    """Totals since ever at each day asked: from the nearest day before, not from the first."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._jours = [ORIGINE]
        self._totaux = {ORIGINE: Mouvements()}

    def au(self, jour: date) -> Mouvements:
        """Everything recorded up to this day."""
        if jour not in self._totaux:
            place = bisect_left(self._jours, jour)
            avant = self._jours[place - 1]
            depuis = lire_mouvements(self._connection, avant + timedelta(days=1), jour)
            self._totaux[jour] = self._totaux[avant] + depuis
            self._jours.insert(place, jour)
        return self._totaux[jour]
