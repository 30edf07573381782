"""What the base holds, read at one instant: plain rows for the checker to judge."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Engine, bindparam, create_engine, event, text
from sqlalchemy.pool import NullPool

#: Identifiers in one question.
LOT = 500


class Devis(NamedTuple):
    """A devis, its rows counted and summed."""

    id: str
    numero: str
    marque: str
    objet: str
    statut: str
    montant_ht: int
    remises: int
    lignes: int
    somme_ht: int


class Facture(NamedTuple):
    """A document, with its balance and what should come with it."""

    id: str
    type: str
    statut: str
    numero: str | None
    devis_id: str | None
    origine_id: str | None
    objet: str
    montant_ht: int
    montant_tva: int
    montant_ttc: int
    figee: bool
    regle: int | None
    credite: int | None
    reste: int | None
    tva_detaillee: int
    lignes: int
    rendue: bool


class Reglement(NamedTuple):
    """A payment or its counter-entry."""

    id: str
    reference: str
    motif: str
    annule_id: str | None
    montant: int


class Imputation(NamedTuple):
    """The part of a payment that goes to a document."""

    reglement_id: str
    facture_id: str
    montant: int


class Message(NamedTuple):
    """An e-mail."""

    id: str
    objet_id: str
    corps: str
    statut: str
    pieces: int


class Job(NamedTuple):
    """A promise of work."""

    nom: str
    cle: str
    etat: str
    erreur: str


class Serie(NamedTuple):
    """The counter of a series of numbers."""

    prefixe: str
    annee: int
    dernier_rang: int
    rang_initial: int


@dataclass(slots=True)
class Releve:
    """Everything the checker looks at."""

    devis: list[Devis] = field(default_factory=list)
    factures: list[Facture] = field(default_factory=list)
    reglements: list[Reglement] = field(default_factory=list)
    imputations: list[Imputation] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    series: list[Serie] = field(default_factory=list)
    #: Every number of the base, whatever the scope of the rest.
    numeros: list[str] = field(default_factory=list)


def ouvrir(url: str) -> Engine:
    """An engine whose connections each read one consistent state of the base."""
    if not url.startswith("sqlite"):
        return create_engine(url, poolclass=NullPool, isolation_level="REPEATABLE READ")
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": 30})
    event.listen(engine, "connect", lambda dbapi, _: setattr(dbapi, "isolation_level", None))
    event.listen(engine, "begin", lambda connexion: connexion.exec_driver_sql("BEGIN"))
    return engine


def relever(engine: Engine, touches: Iterable[str] | None = None, depuis: str = "") -> Releve:
    """The rows named and those made since; all of them when `touches` is None.

    Identifiers sort by creation: `depuis` is the lowest of those to read.
    """
    with engine.connect() as connexion:
        lecteur = _Lecteur(connexion, None if touches is None else set(touches), depuis)
        return lecteur.lire()


class _Lecteur:
    def __init__(self, connexion: Connection, touches: set[str] | None, depuis: str) -> None:
        self._connexion = connexion
        self._touches = touches
        self._depuis = depuis

    def lire(self) -> Releve:
        releve = Releve(series=[Serie(*r) for r in self._tout(SERIES)])
        releve.numeros = [numero for (numero,) in self._tout(NUMEROS)]
        releve.reglements = [Reglement(*r) for r in self._choisir(REGLEMENTS, "r.id", ())]
        self._ajouter_reglees(releve)
        groupes = self._groupes()
        releve.factures = [Facture(*r) for r in self._choisir(FACTURES, "f.id", groupes)]
        reglees = {f.id for f in releve.factures}
        releve.imputations = [
            Imputation(*r) for r in self._choisir(IMPUTATIONS, "i.facture_id", reglees)
        ]
        releve.devis = [Devis(*r) for r in self._choisir(DEVIS, "d.id", ())]
        releve.messages = [Message(*r) for r in self._choisir(MESSAGES, "m.id", ())]
        releve.jobs = self._jobs()
        return releve

    def _ajouter_reglees(self, releve: Releve) -> None:
        """Documents whose balance the payments read moved."""
        if self._touches is None:
            return
        ids = {r.id for r in releve.reglements}
        trouvees = self._par_lots(
            "SELECT facture_id FROM imputation WHERE reglement_id IN :ids", ids
        )
        self._touches |= {facture_id for (facture_id,) in trouvees}

    def _groupes(self) -> set[str]:
        """With a document, its avoirs; with an avoir, the document and its other avoirs."""
        if self._touches is None:
            return set()
        nouvelles = self._connexion.execute(
            text("SELECT id FROM facture WHERE id >= :depuis"), {"depuis": self._depuis}
        )
        ids = self._touches | {id_ for (id_,) in nouvelles}
        origines = self._par_lots(
            "SELECT facture_origine_id FROM facture WHERE id IN :ids"
            " AND facture_origine_id IS NOT NULL",
            ids,
        )
        ids |= {id_ for (id_,) in origines}
        avoirs = self._par_lots("SELECT id FROM facture WHERE facture_origine_id IN :ids", ids)
        return ids | {id_ for (id_,) in avoirs}

    def _jobs(self) -> list[Job]:
        """All of them, whatever the scope: one without unique key is known by its document."""
        return [
            Job(nom, cle or _cle_par_document(nom, parametres), etat, erreur)
            for nom, cle, etat, erreur, parametres in self._tout(JOBS)
        ]

    def _choisir(self, question: str, cle: str, ids: Iterable[str]) -> list[Sequence[Any]]:
        """Rows of the scope: all, or those touched and those made since."""
        if self._touches is None:
            return self._tout(question)
        voulues = self._touches | set(ids)
        trouvees = self._par_lots(f"{question} WHERE {cle} IN :ids", voulues)
        recentes = self._connexion.execute(
            text(f"{question} WHERE {cle} >= :depuis"), {"depuis": self._depuis}
        )
        return list(dict.fromkeys([*map(tuple, trouvees), *map(tuple, recentes)]))

    def _tout(self, question: str) -> list[Sequence[Any]]:
        return list(self._connexion.execute(text(question)).all())

    def _par_lots(self, question: str, ids: Iterable[str]) -> list[Sequence[Any]]:
        demande = text(question).bindparams(bindparam("ids", expanding=True))
        triees = sorted(ids)
        return [
            ligne
            for debut in range(0, len(triees), LOT)
            for ligne in self._connexion.execute(demande, {"ids": triees[debut : debut + LOT]})
        ]


SERIES = "SELECT prefixe, annee, dernier_rang, rang_initial FROM serie"
NUMEROS = "SELECT numero FROM devis UNION ALL SELECT numero FROM facture WHERE numero IS NOT NULL"
DEVIS = """
SELECT d.id, d.numero, d.duree_travaux, d.objet, d.statut, d.montant_ht,
  CASE WHEN d.remise_montant IS NULL AND d.remise_pourcentage IS NULL THEN 0 ELSE 1 END,
  (SELECT COUNT(*) FROM ligne_devis l WHERE l.devis_id = d.id),
  (SELECT COALESCE(SUM(l.montant_ht), 0) FROM ligne_devis l WHERE l.devis_id = d.id)
FROM devis d"""
FACTURES = """
SELECT f.id, f.type, f.statut, f.numero, f.devis_id, f.facture_origine_id, f.objet,
  f.montant_ht, f.montant_tva, f.montant_ttc, f.contenu IS NOT NULL,
  s.regle, s.credite, s.reste,
  (SELECT COALESCE(SUM(t.montant_tva), 0) FROM tva_facture t WHERE t.facture_id = f.id),
  (SELECT COUNT(*) FROM ligne_facture l WHERE l.facture_id = f.id),
  EXISTS (SELECT 1 FROM piece_facture p WHERE p.facture_id = f.id)
FROM facture f LEFT JOIN solde s ON s.facture_id = f.id"""
REGLEMENTS = "SELECT r.id, r.reference, r.motif, r.annule_id, r.montant FROM reglement r"
IMPUTATIONS = "SELECT i.reglement_id, i.facture_id, i.montant FROM imputation i"
MESSAGES = """
SELECT m.id, m.objet_id, m.corps, m.statut,
  (SELECT COUNT(*) FROM piece_jointe p WHERE p.message_id = m.id)
FROM message m"""
JOBS = "SELECT nom, cle_unique, etat, COALESCE(erreur, ''), parametres FROM job"


def _cle_par_document(nom: str, parametres: str | dict[str, str]) -> str:
    lus = json.loads(parametres) if isinstance(parametres, str) else parametres
    return f"{nom}:{UUID(lus['facture_id'])}" if "facture_id" in lus else nom


def identifiant(valeur: object) -> str:
    """An identifier of the API as the base writes it."""
    return str(valeur).replace("-", "")


def plus_bas(instant_ms: int) -> str:
    """The lowest identifier that can be drawn from this instant on (UUID version 7)."""
    return f"{instant_ms:012x}" + "0" * 20


def compter(lignes: Iterable[Any], champ: str) -> Mapping[Any, list[Any]]:
    """Rows by one of their fields."""
    groupes: dict[Any, list[Any]] = {}
    for ligne in lignes:
        groupes.setdefault(getattr(ligne, champ), []).append(ligne)
    return groupes
