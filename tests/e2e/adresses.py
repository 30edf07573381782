"""Every page of the application, with identifiers that exist."""

from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from string import Formatter
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from cordeau.app import create_app
from cordeau.auth.models import Utilisateur
from cordeau.chantiers.models import Chantier
from cordeau.clients.models import Client, Contact, Site
from cordeau.core.db import Database
from cordeau.core.money import ZERO
from cordeau.devis.models import Devis, VersionDevis
from cordeau.devis.states import StatutDevis
from cordeau.entreprise.mentions import CodeMention
from cordeau.entreprise.models import Entreprise
from cordeau.facturation.models import Facture, Reglement, Solde
from cordeau.notifications.models import Message
from tests.conftest import make_settings

#: What a path asks for after the question mark, and other faces of a page.
DEMANDES = {
    "/chantiers/evenements": ("?du=2026-01-01&au=2026-01-31",),
    "/chantiers": ("", "?vue=calendrier", "?q=introuvable"),
    "/clients": ("", "?q=introuvable"),
    "/devis": ("", "?statut=ENVOYE", "?q=introuvable"),
    "/factures": ("", "?q=introuvable"),
    "/reglements": ("", "?q=introuvable"),
    "/export/jde": ("", "?du=1999-01-01&au=1999-12-31"),
    "/recherche": ("?q=martin",),
}
#: Answered 404 once the application is installed.
FERMEES = {"/installation"}


def chemins() -> list[str]:
    """The paths a person may open, read from the application itself."""
    with TemporaryDirectory() as dossier:
        app = create_app(make_settings(Path(dossier), "sqlite://"))
        trouves = sorted(
            contexte.original_route.path
            for contexte in iter_route_contexts(app.routes)
            if isinstance(contexte.original_route, APIRoute)
            and "GET" in (contexte.original_route.methods or ())
        )
        app.state.database.dispose()
    return [c for c in trouves if not c.startswith("/api/v1/") and c not in FERMEES]


def adresses(database: Database) -> list[tuple[str, str]]:
    """Each path, and its addresses with every example it asks for."""
    with database.read() as session:
        exemples = _exemples(session)
        return [
            (chemin, f"{adresse}{demande}")
            for chemin in chemins()
            for adresse in _remplir(chemin, exemples, session)
            for demande in DEMANDES.get(chemin, ("",))
        ]


def _remplir(chemin: str, exemples: dict[str, Sequence[Any]], session: Session) -> Iterator[str]:
    noms = [nom for _, nom, _, _ in Formatter().parse(chemin) if nom]
    if chemin == "/factures/generer/{devis_id}":
        yield chemin.format(devis_id=_a_facturer(session))
        return
    if noms[1:]:
        yield from _paires(chemin, noms[1], session)
        return
    for valeurs in product(*(exemples[nom] for nom in noms)):
        yield chemin.format(**dict(zip(noms, valeurs, strict=True)))


def _a_facturer(session: Session) -> UUID:
    """A devis accepted, of which nothing is billed: any other is refused."""
    factures = exists().where(Facture.devis_id == Devis.id)
    return session.scalars(
        select(Devis.id).where(Devis.statut == StatutDevis.ACCEPTE, ~factures).limit(1)
    ).one()


def _paires(chemin: str, second: str, session: Session) -> Iterator[str]:
    """Paths with two names: the second belongs to the first."""
    if second == "version":
        version = session.scalars(select(VersionDevis).limit(1)).one()
        yield chemin.format(devis_id=version.devis_id, version=version.version)
        return
    tous = select(Contact) if second == "contact_id" else select(Site)
    element: Contact | Site = session.scalars(tous.limit(1)).one()
    yield chemin.format(client_id=element.client_id, **{second: element.id})


def _exemples(session: Session) -> dict[str, Sequence[Any]]:
    """One of each kind: what a page shows depends on the state of its object."""
    return {
        "client_id": _un_par(session, Client.id, Client.type),
        "chantier_id": _un_par(session, Chantier.id, Chantier.statut),
        "devis_id": _un_par(session, Devis.id, Devis.statut),
        "facture_id": _factures(session),
        "reglement_id": _un_par(session, Reglement.id, Reglement.annule_id.is_(None)),
        "message_id": _un_par(session, Message.id, Message.statut),
        "entreprise_id": [session.scalars(select(Entreprise.id)).one()],
        "code": [CodeMention.PENALITES],
        "genre": ["csv", "xlsx"],
        "piece_id": [],
        # a file to download, not a page
        "periode": [],
        "utilisateur_id": [session.scalars(select(func.min(Utilisateur.id))).one()],
        # a link would be used up, and the pages it leads to have their own test
        "jeton": [],
    }


def _factures(session: Session) -> list[UUID]:
    """One document of each kind, drafts, paid and unpaid."""
    requete = select(func.min(Facture.id)).outerjoin(Solde, Solde.facture_id == Facture.id)
    return list(session.scalars(requete.group_by(Facture.type, Facture.statut, Solde.reste > ZERO)))


def _un_par(session: Session, cle: Any, *criteres: Any) -> list[Any]:
    """The first row of each kind."""
    return list(session.scalars(select(func.min(cle)).group_by(*criteres)))
