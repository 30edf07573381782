"""Every row that carries a person, found by the links of the inventory."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, false, or_, select
from sqlalchemy.orm import Session

from cordeau.core.db import Base
from cordeau.rgpd.inventaire import communicables
from cordeau.rgpd.remise import AUTEUR, remettre_contact, remettre_entree, remettre_evenement

#: How rows lead to a client: table → (column, table it points to), in the order they are read.
LIENS_CLIENT: Mapping[str, tuple[str, str]] = {
    "client": ("id", "client"),
    "contact": ("client_id", "client"),
    "site": ("client_id", "client"),
    "chantier": ("client_id", "client"),
    "devis": ("client_id", "client"),
    "ligne_devis": ("devis_id", "devis"),
    "version_devis": ("devis_id", "devis"),
    "facture": ("client_id", "client"),
    "ligne_facture": ("facture_id", "facture"),
    "tva_facture": ("facture_id", "facture"),
    "solde": ("facture_id", "facture"),
    "piece_facture": ("facture_id", "facture"),
    "reglement": ("client_id", "client"),
    "imputation": ("reglement_id", "reglement"),
}
LIENS_CONTACT: Mapping[str, tuple[str, str]] = {"contact": ("id", "contact")}
LIENS_UTILISATEUR: Mapping[str, tuple[str, str]] = {
    "utilisateur": ("id", "utilisateur"),
    "session_web": ("utilisateur_id", "utilisateur"),
    "jeton_api": ("utilisateur_id", "utilisateur"),
    "code_secours": ("utilisateur_id", "utilisateur"),
    "lien_mot_de_passe": ("utilisateur_id", "utilisateur"),
}
LIENS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "client": LIENS_CLIENT,
    "contact": LIENS_CONTACT,
    "utilisateur": LIENS_UTILISATEUR,
}
#: Read by what they are about, or by the address they were sent to.
PAR_OBJET = ("message", "piece_jointe", "evenement", "registre_entree")
#: Tables that may name people and are not given back, each with its reason.
HORS_DOSSIER: Mapping[str, str] = {
    "cloture": "nom de qui a clos, écriture comptable",
    "effacement": "registre des effacements, sans nom",
    "effacement_objet": "registre des effacements, sans nom",
    "frein_connexion": "compteur oublié de lui-même",
    "job": "travaux, qui ne nomment que des identifiants et des empreintes d’adresse",
    "limite": "compteur oublié de lui-même",
    "mot": "mots tirés des fiches",
    "operation": "copie passagère de réponses, oubliée de lui-même",
}


@dataclass(frozen=True, slots=True)
class Personne:
    """Whose data is asked for: a client, a contact of theirs, or somebody of the firm."""

    genre: str
    id: UUID
    nom: str
    email: str
    #: A professional who is a natural person, as whoever asks for the erasure says.
    individuel: bool = False


@dataclass(slots=True)
class Dossier:
    """The rows of a person, by table."""

    personne: Personne
    lignes: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def ids(self, table: str) -> list[UUID]:
        """The identifiers of its rows of a table."""
        return [ligne["id"] for ligne in self.lignes.get(table, ())]

    def objets(self) -> list[tuple[str, UUID]]:
        """The records that have a journal."""
        suivis = ("client", "utilisateur", "chantier", "devis", "facture", "reglement", "message")
        return [(table, cle) for table in suivis for cle in self.ids(table)]


def reunir(session: Session, personne: Personne) -> Dossier:
    """Everything kept about this person."""
    dossier = Dossier(personne)
    for table, (colonne, parent) in LIENS[personne.genre].items():
        ids = [personne.id] if parent == personne.genre else dossier.ids(parent)
        dossier.lignes[table] = _lire(session, table, _parmi(table, colonne, ids))
    dossier.lignes["message"] = _lire(session, "message", _messages(dossier))
    messages = dossier.ids("message")
    dossier.lignes["piece_jointe"] = _lire(
        session, "piece_jointe", _parmi("piece_jointe", "message_id", messages)
    )
    if personne.genre == "contact":
        dossier.lignes["evenement"] = list(_du_contact(session, dossier))
        return dossier
    siens = set(dossier.objets())
    dossier.lignes["evenement"] = [
        remettre_evenement(rang, personne.id, sien=(rang["objet_type"], rang["objet_id"]) in siens)
        for rang in _lire(session, "evenement", _evenements(dossier), AUTEUR)
    ]
    entrees = _parmi("registre_entree", "objet_id", [cle for _, cle in siens])
    dossier.lignes["registre_entree"] = [
        remettre_entree(rang) for rang in _lire(session, "registre_entree", entrees)
    ]
    return dossier


def _table(nom: str) -> Table:
    return Base.metadata.tables[nom]


def _lire(
    session: Session, nom: str, condition: ColumnElement[bool], aussi: Sequence[str] = ()
) -> list[dict[str, Any]]:
    table = _table(nom)
    colonnes = [table.c[colonne] for colonne in (*communicables(nom), *aussi)]
    cles = [c for c in table.primary_key if c not in colonnes]
    lues = session.execute(select(*colonnes, *cles).where(condition))
    return [{str(nom): valeur for nom, valeur in ligne.items()} for ligne in lues.mappings()]


def _du_contact(session: Session, dossier: Dossier) -> Iterator[dict[str, Any]]:
    """Of the journal of the client, what tells of this contact."""
    table, clients = _table("evenement"), [c["client_id"] for c in dossier.lignes["contact"]]
    faits = and_(table.c.objet_type == "client", table.c.objet_id.in_(clients))
    for rang in _lire(session, "evenement", faits, AUTEUR):
        fait = remettre_contact(rang, dossier.personne.id)
        if fait is not None:
            yield fait


def _parmi(table: str, colonne: str, ids: Sequence[UUID]) -> ColumnElement[bool]:
    return _table(table).c[colonne].in_(ids)


def _messages(dossier: Dossier) -> ColumnElement[bool]:
    """What was written about their records, or to their address."""
    table = _table("message")
    par_objet: list[ColumnElement[bool]] = [false()]
    par_objet += [
        and_(table.c.objet_type == genre, table.c.objet_id.in_(dossier.ids(genre)))
        for genre in ("client", "devis", "facture", "utilisateur")
        if dossier.ids(genre)
    ]
    if dossier.personne.email:
        par_objet.append(table.c.destinataire == dossier.personne.email)
    return or_(*par_objet)


def _evenements(dossier: Dossier) -> ColumnElement[bool]:
    table = _table("evenement")
    par_genre: dict[str, list[UUID]] = {}
    for genre, cle in dossier.objets():
        par_genre.setdefault(genre, []).append(cle)
    conditions = [
        and_(table.c.objet_type == genre, table.c.objet_id.in_(ids))
        for genre, ids in par_genre.items()
    ]
    return or_(*conditions, table.c.acteur_id == dossier.personne.id)
