"""One search over everything a person may read: the palette behind Ctrl K."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from cordeau.analytics.actions import actions_de
from cordeau.chantiers.models import Chantier
from cordeau.clients.models import Client
from cordeau.core.effacements import hors_archives
from cordeau.core.permissions import Acteur, Permission
from cordeau.core.recherche import par_cle, parmi_les_premiers
from cordeau.core.texte import plier
from cordeau.devis.models import Devis
from cordeau.facturation.etapes import LIBELLES_TYPES
from cordeau.facturation.models import Facture
from cordeau.facturation.states import TypeFacture

#: Few of each kind: the palette shows a dozen lines, and one more letter finds the rest.
PAR_GENRE = 3


@dataclass(frozen=True, slots=True)
class Trouvaille:
    """One line of the palette."""

    titre: str
    genre: str
    url: str
    icone: str


def chercher(session: Session, acteur: Acteur, q: str) -> list[Trouvaille]:
    """Actions, then rows, that hold every word; without words, the actions alone."""
    mots = plier(q).split()
    actions = [
        Trouvaille(action.titre, "Action", action.url, action.icone)
        for action in actions_de(acteur)
        if all(mot in plier(action.titre) for mot in mots)
    ]
    if not mots:
        return actions
    sources = (
        (Permission.CLIENT_LIRE, _clients),
        (Permission.DEVIS_LIRE, _devis),
        (Permission.CHANTIER_LIRE, _chantiers),
        (Permission.FACTURE_LIRE, _factures),
    )
    lignes = [
        trouvaille
        for droit, source in sources
        if acteur.peut(droit)
        for trouvaille in source(session, q)
    ]
    return [*actions, *lignes]


def _clients(session: Session, q: str) -> Iterator[Trouvaille]:
    statement = (
        select(Client.id, Client.nom)
        .where(parmi_les_premiers(session, Client, Client.id, q, PAR_GENRE))
        .order_by(Client.archive, Client.nom_tri, Client.id)
    )
    for row in _premiers(session, par_cle(statement, Client)):
        yield Trouvaille(row.nom, "Client", f"/clients/{row.id}", icone="person")


def _devis(session: Session, q: str) -> Iterator[Trouvaille]:
    statement = (
        select(Devis.id, Devis.numero, Devis.objet, Client.nom)
        .join(Client, Client.id == Devis.client_id)
        .where(parmi_les_premiers(session, Devis, Devis.id, q, PAR_GENRE))
        .order_by(Devis.numero_tri.desc(), Devis.id.desc())
    )
    for row in _premiers(session, par_cle(statement, Devis)):
        titre = _titre(row.numero, row.nom, row.objet)
        yield Trouvaille(titre, "Devis", f"/devis/{row.id}", icone="file-earmark-text")


def _chantiers(session: Session, q: str) -> Iterator[Trouvaille]:
    statement = (
        select(Chantier.id, Chantier.nom, Client.nom.label("client"))
        .join(Client, Client.id == Chantier.client_id)
        .where(parmi_les_premiers(session, Chantier, Chantier.id, q, PAR_GENRE))
        .order_by(Chantier.date_debut.desc(), Chantier.id.desc())
    )
    for row in _premiers(session, par_cle(statement, Chantier)):
        titre = _titre(row.nom, row.client)
        yield Trouvaille(titre, "Chantier", f"/chantiers/{row.id}", icone="cone-striped")


def _factures(session: Session, q: str) -> Iterator[Trouvaille]:
    statement = (
        select(Facture.id, Facture.type, Facture.numero, Client.nom)
        .join(Client, Client.id == Facture.client_id)
        .where(parmi_les_premiers(session, Facture, Facture.id, q, PAR_GENRE))
        .order_by(Facture.date_tri.desc(), Facture.id.desc())
    )
    statement = hors_archives(statement, Facture.client_id)
    for row in _premiers(session, par_cle(statement, Facture)):
        titre = _titre(row.numero or "Brouillon", row.nom)
        genre = LIBELLES_TYPES[TypeFacture(row.type)]
        yield Trouvaille(titre, genre, f"/factures/{row.id}", icone="receipt")


def _premiers(session: Session, statement: Select[*tuple[Any, ...]]) -> Any:
    return session.execute(statement.limit(PAR_GENRE)).all()


def _titre(*parties: str) -> str:
    return " · ".join(partie for partie in parties if partie)
