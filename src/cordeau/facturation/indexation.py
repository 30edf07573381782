"""What a search looks into for a document; a draft follows the names of its client and chantier.

Once issued it keeps those it was issued under.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, select, update

from cordeau.chantiers.models import Chantier
from cordeau.clients.models import Client
from cordeau.core.dates import JAMAIS
from cordeau.core.db import Base
from cordeau.core.recherche import TexteDe, suivre
from cordeau.core.texte import plier
from cordeau.devis.models import Devis
from cordeau.facturation.models import Facture
from cordeau.facturation.states import StatutFacture

_FACTURES = Base.metadata.tables[Facture.__tablename__].c
_CLIENTS = Base.metadata.tables[Client.__tablename__].c
_CHANTIERS = Base.metadata.tables[Chantier.__tablename__].c
_DEVIS = Base.metadata.tables[Devis.__tablename__].c
_NOMMEES = (
    select(
        _FACTURES.id,
        _FACTURES.objet,
        _CLIENTS.nom.label("client"),
        _CLIENTS.nom_tri,
        _CLIENTS.adresse_ville,
        _DEVIS.numero.label("devis"),
        _CHANTIERS.nom.label("chantier"),
    )
    .join(Client, _CLIENTS.id == _FACTURES.client_id)
    .outerjoin(Devis, _DEVIS.id == _FACTURES.devis_id)
    .outerjoin(Chantier, _CHANTIERS.id == _FACTURES.chantier_id)
    .where(_FACTURES.statut == StatutFacture.BROUILLON)
    .order_by(_FACTURES.id)
)
_RENOMMER = (
    update(Base.metadata.tables[Facture.__tablename__])
    .where(_FACTURES.id == bindparam("cle"), _FACTURES.statut == StatutFacture.BROUILLON)
    .values(client_nom=bindparam("nom"), client_tri=bindparam("tri"), recherche=bindparam("texte"))
)


def indexer(facture: Facture) -> None:
    """What a search looks into, and the client's name as the document says it."""
    for nom, valeur in indexation(facture).items():
        setattr(facture, nom, valeur)


def indexation(facture: Facture) -> dict[str, Any]:
    """The columns that follow from the others, by name."""
    client, devis, chantier = facture.client, facture.devis, facture.chantier
    texte = _texte(
        facture.numero,
        client.nom,
        facture.objet,
        client.adresse.ville,
        devis.numero if devis else None,
        chantier.nom if chantier else None,
    )
    return {
        "client_nom": client.nom,
        "client_tri": client.nom_tri,
        "echeance_tri": facture.date_echeance or JAMAIS,
        "recherche": texte,
    }


@suivre(Client)
def _brouillons_du_client(connexion: Connection, client: Client) -> Iterator[TexteDe]:
    return _renommer(connexion, _FACTURES.client_id == client.id)


@suivre(Chantier)
def _brouillons_du_chantier(connexion: Connection, chantier: Chantier) -> Iterator[TexteDe]:
    return _renommer(connexion, _FACTURES.chantier_id == chantier.id)


def _renommer(connexion: Connection, lesquelles: ColumnElement[bool]) -> Iterator[TexteDe]:
    for row in connexion.execute(_NOMMEES.where(lesquelles)).all():
        texte = _texte(None, row.client, row.objet, row.adresse_ville, row.devis, row.chantier)
        noms = {"nom": row.client, "tri": row.nom_tri, "texte": texte}
        if connexion.execute(_RENOMMER, {"cle": row.id, **noms}).rowcount:  # not issued meanwhile
            yield TexteDe(Facture.__tablename__, row.id, texte)


def _texte(numero: str | None, *mots: str | None) -> str:
    return plier(" ".join([numero or "brouillon", *(mot or "" for mot in mots)]))
