"""What a search looks into for a devis; it follows the names of its client and of its chantier."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, bindparam, select, update

from cordeau.chantiers.models import Chantier
from cordeau.clients.models import Client
from cordeau.core.dates import JAMAIS
from cordeau.core.db import Base
from cordeau.core.recherche import TexteDe, suivre
from cordeau.core.texte import plier
from cordeau.devis.models import Devis

_DEVIS = Base.metadata.tables[Devis.__tablename__].c
_CLIENTS = Base.metadata.tables[Client.__tablename__].c
_CHANTIERS = Base.metadata.tables[Chantier.__tablename__].c
_NOMMES = (
    select(
        _DEVIS.id,
        _DEVIS.numero,
        _DEVIS.objet,
        _CLIENTS.nom.label("client"),
        _CLIENTS.nom_tri,
        _CLIENTS.adresse_ville,
        _CHANTIERS.nom.label("chantier"),
    )
    .join(Client, _CLIENTS.id == _DEVIS.client_id)
    .outerjoin(Chantier, _CHANTIERS.id == _DEVIS.chantier_id)
    .order_by(_DEVIS.id)
)
_RENOMMER = (
    update(Base.metadata.tables[Devis.__tablename__])
    .where(_DEVIS.id == bindparam("cle"))
    .values(client_tri=bindparam("tri"), recherche=bindparam("texte"))
)


def indexer(devis: Devis) -> None:
    """What a search looks into, and what lists sort by."""
    client, chantier = devis.client, devis.chantier
    devis.client_tri = client.nom_tri
    devis.validite_tri = devis.date_validite or JAMAIS
    devis.recherche = _texte(
        devis.numero,
        client.nom,
        devis.objet,
        client.adresse.ville,
        chantier.nom if chantier else None,
    )


@suivre(Client)
def _devis_du_client(connexion: Connection, client: Client) -> Iterator[TexteDe]:
    return _renommer(connexion, _DEVIS.client_id == client.id)


@suivre(Chantier)
def _devis_du_chantier(connexion: Connection, chantier: Chantier) -> Iterator[TexteDe]:
    return _renommer(connexion, _DEVIS.chantier_id == chantier.id)


def _renommer(connexion: Connection, lesquels: ColumnElement[bool]) -> Iterator[TexteDe]:
    """Write the names as they now are; nobody's version of the devis changes by it."""
    for row in connexion.execute(_NOMMES.where(lesquels)).all():
        texte = _texte(row.numero, row.client, row.objet, row.adresse_ville, row.chantier)
        connexion.execute(_RENOMMER, {"cle": row.id, "tri": row.nom_tri, "texte": texte})
        yield TexteDe(Devis.__tablename__, row.id, texte)


def _texte(numero: str, client: str, objet: str, ville: str, chantier: str | None) -> str:
    return plier(f"{numero} {client} {objet} {ville} {chantier or ''}")
