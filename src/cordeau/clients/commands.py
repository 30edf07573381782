"""What is done to clients."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from cordeau.clients.models import Client, Contact, Site
from cordeau.clients.ouvertures import Ouverture, inscrire_ouvertures
from cordeau.clients.rules import fautes_identite, nom_de_tri, texte_de_recherche
from cordeau.clients.states import TypeClient
from cordeau.core import journal
from cordeau.core.adresse import Adresse
from cordeau.core.dates import aujourd_hui, maintenant
from cordeau.core.errors import SaisieError
from cordeau.core.ids import new_id
from cordeau.core.money import arrondir
from cordeau.core.permissions import Acteur
from cordeau.core.revisions import Attendues, check_revision

#: The two lists a client holds.
Carnet = Literal["contacts", "sites"]

#: What the history calls each field.
LIBELLES: Mapping[str, str] = {
    "nom": "nom",
    "type": "type",
    "email": "courriel",
    "telephone": "téléphone",
    "adresse": "adresse",
    "siren": "SIREN",
    "siret": "SIRET",
    "numero_tva": "numéro de TVA",
    "code_jde": "code JD Edwards",
    "delai_paiement": "délai de paiement",
    "notes": "notes",
    "solde_ouverture": "solde d’ouverture",
    "solde_ouverture_le": "date du solde d’ouverture",
    "contacts": "contacts",
    "sites": "adresses de chantier",
}


def creer_client(session: Session, champs: Mapping[str, Any], *, actor: Acteur) -> Client:
    """Add a client; only `nom` is required, the other columns keep their defaults."""
    client = preparer_client(champs)
    enregistrer_clients(session, [client], "Client créé", actor=actor)
    return client


def preparer_client(champs: Mapping[str, Any]) -> Client:
    """A client checked and complete, not yet saved."""
    client = Client(
        id=new_id(),
        type=TypeClient.PARTICULIER,
        nom="",
        email="",
        telephone="",
        adresse=Adresse(),
        siren="",
        siret="",
        numero_tva="",
        code_jde="",
        notes="",
        archive=False,
        cree_le=maintenant(),
        contacts=[],
        sites=[],
    )
    _appliquer(client, champs)
    return client


def enregistrer_clients(
    session: Session, clients: Sequence[Client], action: str, *, actor: Acteur
) -> None:
    """Save clients just prepared; `action` is what their history says."""
    session.add_all(clients)
    session.flush()
    for client in clients:
        journal.record(session, actor, "client", client.id, action)
    inscrire_ouvertures(session, clients, actor=actor)


def modifier_client(
    session: Session,
    client: Client,
    champs: Mapping[str, Any],
    *,
    actor: Acteur,
    revision_attendue: Attendues = None,
) -> None:
    """Change the fields given of a client loaded complete; the others keep their value.

    Raises `VersionPerimeeError` when somebody saved after `revision_attendue`, `ConflitError` when
    the opening balance cannot change (`ouvertures`).
    """
    check_revision(client.revision, revision_attendue)
    avant = Ouverture.de(client)
    changes = _appliquer(client, champs)
    if not changes:
        return
    _toucher(client)
    session.flush()
    details = ", ".join(libelle for nom, libelle in LIBELLES.items() if nom in changes)
    journal.record(session, actor, "client", client.id, "Client modifié", champs=details)
    inscrire_ouvertures(session, [client], avant=avant, actor=actor)


def definir_element(
    session: Session,
    client: Client,
    carnet: Carnet,
    valeurs: Mapping[str, Any],
    *,
    element_id: UUID | None,
    actor: Acteur,
) -> None:
    """Add a contact or a site to a client loaded complete, or change the one of this identifier."""
    autres = [{"id": e.id} for e in getattr(client, carnet) if e.id != element_id]
    voulus = [*autres, {**valeurs, "id": element_id}]
    modifier_client(session, client, {carnet: voulus}, actor=actor)


def retirer_element(
    session: Session, client: Client, carnet: Carnet, element_id: UUID, *, actor: Acteur
) -> None:
    """Remove a contact or a site; documents keep the copy they made of it."""
    autres = [{"id": e.id} for e in getattr(client, carnet) if e.id != element_id]
    modifier_client(session, client, {carnet: autres}, actor=actor)


def archiver(session: Session, client: Client, *, actor: Acteur) -> None:
    """Keep the client for its documents, propose it no longer."""
    _archiver(session, client, "Client archivé", archive=True, actor=actor)


def restaurer(session: Session, client: Client, *, actor: Acteur) -> None:
    """Propose an archived client again."""
    _archiver(session, client, "Client remis en service", archive=False, actor=actor)


def supprimer_client(
    session: Session, client: Client, *, actor: Acteur, revision_attendue: Attendues = None
) -> bool:
    """Delete a client loaded complete, or archive it once it has served; True when deleted.

    What uses a client holds a foreign key on it: the database itself says whether it has served.
    """
    check_revision(client.revision, revision_attendue)
    if not client.solde_ouverture:
        try:
            with session.begin_nested():
                session.delete(client)
                session.flush()
        except IntegrityError:
            session.refresh(client)
        else:
            journal.record(session, actor, "client", client.id, "Client supprimé")
            return True
    archiver(session, client, actor=actor)
    return False


def _archiver(
    session: Session, client: Client, action: str, *, archive: bool, actor: Acteur
) -> None:
    if client.archive == archive:
        return
    client.archive = archive
    session.flush()
    journal.record(session, actor, "client", client.id, action)


def _appliquer(client: Client, champs: Mapping[str, Any]) -> list[str]:
    """Set the fields, check the whole; the names of those that changed."""
    changes = []
    for nom, valeur in champs.items():
        if nom == "solde_ouverture_le" and valeur is None:
            continue  # a balance keeps its day, and goes with it
        if nom in ("contacts", "sites"):
            changed = _remplacer(client, nom, valeur)
        else:
            changed = getattr(client, nom) != valeur
            setattr(client, nom, valeur)
        if changed:
            changes.append(nom)
    _completer(client)
    fautes = fautes_identite(client.siren, client.siret, client.numero_tva)
    if fautes:
        raise SaisieError(fautes)
    return changes


def _completer(client: Client) -> None:
    """Derive what the typed fields imply."""
    client.siren = client.siren or client.siret[:9]
    if client.solde_ouverture is None:
        client.solde_ouverture_le = None
    else:
        client.solde_ouverture = arrondir(client.solde_ouverture)
        client.solde_ouverture_le = client.solde_ouverture_le or aujourd_hui()
    client.nom_tri = nom_de_tri(client.nom)
    client.recherche = texte_de_recherche(
        ville=client.adresse.ville,
        autres=(
            client.nom,
            client.email,
            client.telephone,
            client.adresse.code_postal,
            client.siren,
            client.siret,
            client.numero_tva,
            client.code_jde,
        ),
    )


def _remplacer(client: Client, nom: str, voulus: Sequence[Mapping[str, Any]]) -> bool:
    """Make the contacts or the sites those wanted; one that gives its `id` is kept and changed."""
    modele: type[Contact | Site] = Contact if nom == "contacts" else Site
    actuels = {element.id: element for element in getattr(client, nom)}
    gardes = [_element(modele, actuels, voulu) for voulu in voulus]
    setattr(client, nom, [element for element, _ in gardes])
    retires = bool(actuels)
    return retires or any(change for _, change in gardes)


def _element(
    modele: type[Contact] | type[Site],
    actuels: dict[UUID, Contact | Site],
    voulu: Mapping[str, Any],
) -> tuple[Contact | Site, bool]:
    """The contact or site wanted, and whether it is new or changed; known ones leave `actuels`."""
    valeurs = {nom: valeur for nom, valeur in voulu.items() if nom != "id"}
    connu = actuels.pop(voulu["id"], None) if voulu.get("id") else None
    if connu is None:
        return modele(**valeurs), True
    avant = {nom: getattr(connu, nom) for nom in valeurs}
    for nom, valeur in valeurs.items():
        setattr(connu, nom, valeur)
    return connu, avant != valeurs


def _toucher(client: Client) -> None:
    """Count a change of its contacts or sites as a change of the client: its ETag moves too."""
    flag_modified(client, "nom")
