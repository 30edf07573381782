"""Templates: lines and terms to start from."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from cordeau.core import journal
from cordeau.core.dates import maintenant
from cordeau.core.errors import refuser_saisie
from cordeau.core.permissions import Acteur
from cordeau.core.texte import nettoyer
from cordeau.devis.models import ModeleDevis
from cordeau.devis.queries import get_modele


def creer_modele(
    session: Session, nom: str, contenu: dict[str, Any], *, actor: Acteur
) -> ModeleDevis:
    """Keep the content of a devis (as the API writes it) under a name."""
    propre = nettoyer(nom)
    if not propre or len(propre) > 255:
        raise refuser_saisie("nom", "Donnez un nom au modèle.")
    modele = ModeleDevis(nom=propre, contenu=contenu, cree_le=maintenant())
    session.add(modele)
    session.flush()
    journal.record(session, actor, "modele_devis", modele.id, "Modèle créé", nom=propre)
    return modele


def supprimer_modele(session: Session, modele_id: UUID, *, actor: Acteur) -> None:
    """Remove a template; the devis made from it are not touched."""
    modele = get_modele(session, modele_id)
    journal.record(session, actor, "modele_devis", modele.id, "Modèle supprimé", nom=modele.nom)
    session.delete(modele)
