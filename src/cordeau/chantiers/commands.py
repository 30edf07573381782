"""What is done to chantiers: opened, modified, moved along their life, deleted while unused."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cordeau.chantiers.etapes import LIBELLES, MOUVEMENTS
from cordeau.chantiers.models import Chantier
from cordeau.chantiers.queries import code_existe
from cordeau.chantiers.states import TRANSITIONS, StatutChantier
from cordeau.clients.models import Client
from cordeau.core import journal
from cordeau.core.adresse import Adresse
from cordeau.core.dates import maintenant
from cordeau.core.errors import ConflitError, refuser_saisie
from cordeau.core.numbering import next_number
from cordeau.core.permissions import Acteur
from cordeau.core.references import est_reference
from cordeau.core.texte import plier

PREFIXE = "CH"


def ouvrir_chantier(
    session: Session,
    *,
    nom: str,
    client_id: UUID,
    date_debut: date,
    date_fin: date,
    responsable: str = "",
    code: str = "",
    adresse: Adresse | None = None,
    notes: str = "",
    actor: Acteur,
) -> Chantier:
    """Open a chantier, planned; its code is « CH-2026-001 » unless the firm has its own."""
    _check_dates(date_debut, date_fin)
    client = _client(session, client_id)
    chantier = Chantier(
        code=_code_libre(session, code) if code else _prochain_code(session, date_debut),
        nom=nom,
        client=client,
        date_debut=date_debut,
        date_fin=date_fin,
        responsable=responsable,
        adresse=adresse or Adresse(),
        notes=notes,
        statut=StatutChantier.PLANIFIE,
        cree_le=maintenant(),
    )
    _index(chantier)
    session.add(chantier)
    session.flush()
    journal.record(session, actor, "chantier", chantier.id, "Chantier ouvert")
    return chantier


def modifier_chantier(
    session: Session, chantier: Chantier, champs: Mapping[str, Any], *, actor: Acteur
) -> Chantier:
    """Record the columns given; what `champs` leaves out, or an empty code, stays as it is."""
    _check_dates(
        champs.get("date_debut", chantier.date_debut), champs.get("date_fin", chantier.date_fin)
    )
    colonnes = dict(champs)
    if "client_id" in colonnes:
        colonnes["client"] = _nouveau_client(session, chantier, colonnes.pop("client_id"))
    code = colonnes.pop("code", "")
    if code and code != chantier.code:
        colonnes["code"] = _code_libre(session, code)
    for nom, valeur in colonnes.items():
        setattr(chantier, nom, valeur)
    _index(chantier)
    if session.is_modified(chantier):
        session.flush()
        journal.record(session, actor, "chantier", chantier.id, "Chantier modifié")
    return chantier


def changer_statut(
    session: Session, chantier: Chantier, cible: StatutChantier, *, actor: Acteur
) -> Chantier:
    """Move a chantier along its life; asking for the state it is in changes nothing."""
    actuel = StatutChantier(chantier.statut)
    if cible == actuel:
        return chantier
    chantier.statut = TRANSITIONS.check(
        actuel,
        cible,
        f"Ce chantier est « {LIBELLES[actuel]} » : il ne peut pas passer directement à "
        f"« {LIBELLES[cible]} ».",
    )
    session.flush()
    journal.record(session, actor, "chantier", chantier.id, MOUVEMENTS[actuel, cible].fait)
    return chantier


def supprimer_chantier(session: Session, chantier: Chantier, *, actor: Acteur) -> None:
    """Delete a chantier that nothing refers to; the database is the judge."""
    try:
        with session.begin_nested():
            session.delete(chantier)
    except IntegrityError as error:
        raise ConflitError(
            "Ce chantier a déjà des devis ou des factures : il ne peut plus être supprimé. "
            "Terminez-le plutôt."
        ) from error
    journal.record(session, actor, "chantier", chantier.id, "Chantier supprimé", code=chantier.code)


def _nouveau_client(session: Session, chantier: Chantier, client_id: UUID) -> Client:
    """The client of a chantier changes as long as nothing was written for it."""
    client = _client(session, client_id)
    if client_id != chantier.client_id and est_reference(session, "chantier", chantier.id):
        raise ConflitError(
            "Ce chantier a déjà des devis ou des factures : il garde leur client. "
            "Ouvrez-en un autre."
        )
    return client


def _client(session: Session, client_id: UUID) -> Client:
    client = session.get(Client, client_id)
    if client is None:
        raise refuser_saisie("clientId", "Ce client n’existe pas.")
    return client


def _check_dates(debut: date, fin: date) -> None:
    if fin < debut:
        raise refuser_saisie("dateFin", "La fin ne peut pas précéder le début.")


def _code_libre(session: Session, code: str) -> str:
    if code_existe(session, code):
        raise refuser_saisie("code", f"Un autre chantier porte déjà le code {code}.")
    return code


def _prochain_code(session: Session, le: date) -> str:
    """The next of the series that nobody typed by hand."""
    code = next_number(session, PREFIXE, le, chronologique=False)
    while code_existe(session, code):
        code = next_number(session, PREFIXE, le, chronologique=False)
    return code


def _index(chantier: Chantier) -> None:
    chantier.nom_tri = plier(chantier.nom)[:255]
    parties = (chantier.code, chantier.nom, chantier.responsable, chantier.adresse.en_ligne)
    chantier.recherche = plier(" ".join(parties))
