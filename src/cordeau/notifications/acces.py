"""Letters about access: the link by which a person chooses a password."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from cordeau.auth import liens
from cordeau.auth.liens import Motif
from cordeau.auth.queries import digest_adresse, find_user_by_digest
from cordeau.core.db import Database
from cordeau.core.jobs import Handler
from cordeau.core.settings import Settings
from cordeau.notifications.commands import ecrire

SUJETS: Mapping[Motif, str] = {
    Motif.OUBLI: "Choisir un nouveau mot de passe",
    Motif.ADMINISTRATEUR: "Choisir un nouveau mot de passe",
    Motif.INVITATION: "Votre accès à Cordeau",
}
DEBUTS: Mapping[Motif, str] = {
    Motif.OUBLI: "Vous avez demandé à choisir un nouveau mot de passe pour Cordeau.",
    Motif.ADMINISTRATEUR: "Votre administrateur vous invite à choisir un nouveau mot de passe.",
    Motif.INVITATION: "Un compte vous est ouvert dans Cordeau : choisissez votre mot de passe.",
}
SUITE = (
    "Le lien ci-dessous sert une seule fois, pendant une heure. Si vous n’attendiez pas ce "
    "message, ne faites rien : rien n’a changé."
)


def make_link_writer(settings: Settings) -> Handler:
    """The handler of `auth.lien` for these settings; done twice, it sends two links."""

    def envoyer(database: Database, parametres: Mapping[str, Any]) -> None:
        """Write to who bears the address, if anybody active does."""
        database.transaction(lambda session: _ecrire(session, parametres, settings.base_url))

    return envoyer


def _ecrire(session: Session, parametres: Mapping[str, Any], base_url: str) -> None:
    motif = Motif(parametres["motif"])
    # what the previous release promised names the address
    empreinte = parametres.get("adresse") or digest_adresse(parametres["email"])
    user = find_user_by_digest(session, empreinte)
    if user is None or not user.actif:
        return
    ecrire(
        session,
        destinataire=user.email,
        sujet=SUJETS[motif],
        corps=f"Bonjour {user.nom},\n\n{DEBUTS[motif]}\n\n{SUITE}",
        confidentiel=f"{base_url}/mot-de-passe/{liens.creer(session, user)}",
        objet=("utilisateur", user.id),
    )
