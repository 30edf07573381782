"""Work done after commit: a row written in the business transaction, run by a worker.

A job is a promise: it is written with the change that calls for it, so it is never lost and never
run for a change that was rolled back. It runs at least once; handlers are idempotent. A worker
holds a job by a lease it renews while it works, so that a long job is never run by two workers and
a killed worker's job is taken up by another.
"""

import logging
import os
import random
import socket
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Index,
    Integer,
    String,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from cordeau.core.columns import Cle, Instant, LongText
from cordeau.core.dates import aujourd_hui, maintenant
from cordeau.core.db import Base, Database, rows_written
from cordeau.core.provenance import Origine, Provenance, depuis

log = logging.getLogger(__name__)

BAIL = timedelta(minutes=2)
#: Renewals in one lease: a few may fail before another worker takes over.
RENOUVELLEMENTS = 4
ESSAIS_MAX = 8
PAUSE_SECONDS = 0.5
#: Jobs done at once by a process: one more than it lays out documents, so that none of its
#: rendering processes waits for a row to be read or written.
DE_FRONT = 3
ARRET_SECONDES = 30


class EtatJob(StrEnum):
    """Where a job stands."""

    EN_ATTENTE = "EN_ATTENTE"
    #: Held by a worker until its lease ends.
    EN_COURS = "EN_COURS"
    FAIT = "FAIT"
    #: Failed as often as permitted: a person decides.
    MORT = "MORT"
    #: A person decided that it will not be done.
    ABANDONNE = "ABANDONNE"


class Job(Base):
    """One piece of work to do after commit."""

    __tablename__ = "job"
    __table_args__ = (Index(None, "etat", "a_partir_de"),)

    id: Mapped[Cle]
    nom: Mapped[str] = mapped_column(String(100))
    parametres: Mapped[dict[str, Any]] = mapped_column(JSON)
    etat: Mapped[str] = mapped_column(String(20), default=EtatJob.EN_ATTENTE)
    a_partir_de: Mapped[Instant]
    essais: Mapped[int] = mapped_column(Integer, default=0)
    bail_jusqu_a: Mapped[Instant | None]
    ouvrier: Mapped[str | None] = mapped_column(String(80))
    erreur: Mapped[str | None] = mapped_column(LongText)
    #: At most one job of this name, done or not: « facture.rendre:<id> ».
    cle_unique: Mapped[str | None] = mapped_column(String(160), unique=True)
    cree_le: Mapped[Instant]
    #: When it was done, died or was given up.
    termine_le: Mapped[Instant | None]


class CleConsommee(Base):
    """The unique key of a job that was purged: what was promised once is never promised again."""

    __tablename__ = "cle_consommee"

    cle: Mapped[str] = mapped_column(String(160), primary_key=True)
    consommee_le: Mapped[Instant]


_PROMETTRE = insert(Base.metadata.tables[Job.__tablename__])
#: What a handler receives: the database (it opens its own units of work) and its parameters.
Handler = Callable[[Database, Mapping[str, Any]], None]


def enqueue(
    session: Session,
    nom: str,
    parametres: Mapping[str, Any],
    *,
    cle_unique: str | None = None,
    apres: datetime | None = None,
) -> None:
    """Promise a job in the caller's transaction; with `cle_unique`, at most once for ever."""
    if cle_unique is not None and _est_promis(session, cle_unique):
        return
    instant = maintenant()
    session.connection().execute(
        _PROMETTRE,
        {
            "nom": nom,
            "parametres": dict(parametres),
            "a_partir_de": apres or instant,
            "cle_unique": cle_unique,
            "cree_le": instant,
        },
    )


def _est_promis(session: Session, cle_unique: str) -> bool:
    """Whether the key was used: by a job, else by one since purged (in that order, as it moves)."""
    if session.scalar(select(Job.id).where(Job.cle_unique == cle_unique)):
        return True
    return session.get(CleConsommee, cle_unique) is not None


def count_by_state(session: Session) -> dict[str, int]:
    """How many jobs are in each state."""
    rows = session.execute(select(Job.etat, func.count()).group_by(Job.etat))
    return {etat: nombre for etat, nombre in rows.all()}  # noqa: C416 (rows are not pairs to mypy)


class Worker:
    """Takes due jobs one at a time and runs them; `run` returns when `stop` is called."""

    def __init__(
        self,
        database: Database,
        handlers: Mapping[str, Handler],
        quotidiens: Sequence[str] = (),
    ) -> None:
        self.database = database
        self.handlers = handlers
        #: Jobs to run once each Paris day.
        self.quotidiens = quotidiens
        self._promised_for: date | None = None
        self.name = f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"[:80]
        self._stopping = threading.Event()
        self._threads: set[threading.Thread] = set()

    @property
    def is_alive(self) -> bool:
        """Whether every thread that began to work still does."""
        return all(thread.is_alive() for thread in set(self._threads))

    def run(self) -> None:
        """Work until stopped, on several jobs at once."""
        aides = [threading.Thread(target=self._work, daemon=True) for _ in range(DE_FRONT - 1)]
        for aide in aides:
            aide.start()
        self._work()
        for aide in aides:
            aide.join(ARRET_SECONDES)

    def _work(self) -> None:
        """One job after another; trouble of any kind is logged and waited out."""
        self._threads.add(threading.current_thread())
        while not self._stopping.is_set():
            try:
                self.promise_daily(aujourd_hui())
                worked = self.run_one()
            except Exception:
                log.exception("worker interrupted")
                worked = False
            if not worked:
                self._stopping.wait(PAUSE_SECONDS)

    def promise_daily(self, le: date) -> None:
        """Enqueue the jobs of this day, once for all workers."""
        if self._promised_for == le:
            return
        for nom in self.quotidiens:
            promettre = partial(enqueue, nom=nom, parametres={}, cle_unique=f"{nom}:{le}")
            try:
                self.database.transaction(promettre)
            except IntegrityError:
                log.info("daily job promised by another worker", extra={"job": nom})
        self._promised_for = le

    def stop(self) -> None:
        """Ask `run` to return after the job in hand."""
        self._stopping.set()

    def run_one(self) -> bool:
        """Run one due job; False when there is none."""
        job = self._claim()
        if job is None:
            return False
        try:
            provenance = partial(Provenance, Origine.TRAVAIL, requete=job.id.hex, lieu=job.nom)
            with self._renewing(job), depuis(provenance):
                self.handlers[job.nom](self.database, job.parametres)
        except Exception:
            log.warning("job failed", extra={"job": job.nom}, exc_info=True)
            self._settle(job, traceback.format_exc()[-4000:])
        else:
            self._settle(job, None)
        return True

    def _claim(self) -> Job | None:
        """Take a due job by a conditional update: the loser of a race takes another."""
        with self.database.read() as session:
            candidats = list(
                session.execute(
                    select(Job.id, Job.essais)
                    .where(_due())
                    .order_by(Job.a_partir_de, Job.id)
                    .limit(10)
                )
            )
        for job_id, essais in candidats:
            job = self.database.transaction(partial(self._take, job_id=job_id, essais=essais))
            if job is not None:
                return job
        return None

    def _take(self, session: Session, job_id: object, essais: int) -> Job | None:
        """Hold the job by a lease, or bury one whose every worker died with it."""
        epuise = essais >= ESSAIS_MAX
        taken = session.execute(
            update(Job)
            .where(Job.id == job_id, Job.essais == essais, _due())
            .values(_enterre() if epuise else self._bail(essais + 1))
            .execution_options(synchronize_session=False)
        )
        if epuise or rows_written(taken) != 1:
            return None
        return session.get(Job, job_id)

    @contextmanager
    def _renewing(self, job: Job) -> Iterator[None]:
        """Keep the lease while the handler works, however long it takes."""
        fini = threading.Event()
        battement = threading.Thread(target=self._renew, args=(job, fini), daemon=True)
        battement.start()
        try:
            yield
        finally:
            fini.set()
            battement.join()

    def _renew(self, job: Job, fini: threading.Event) -> None:
        pause = BAIL.total_seconds() / RENOUVELLEMENTS
        while not fini.wait(pause):
            try:
                tenu = self._update_held(job, {"bail_jusqu_a": maintenant() + BAIL})
            except Exception:
                log.warning("lease not renewed", extra={"job": job.nom}, exc_info=True)
                continue
            if not tenu:
                log.error("lease lost while working", extra={"job": job.nom})
                return

    def _update_held(self, job: Job, values: Mapping[str, Any]) -> bool:
        """Write to a job this worker holds; False when another one holds it now."""
        changement = (
            update(Job)
            .where(Job.id == job.id, Job.essais == job.essais, Job.ouvrier == self.name)
            .where(Job.etat == EtatJob.EN_COURS)
            .values(values)
            .execution_options(synchronize_session=False)
        )
        result = self.database.transaction(lambda session: session.execute(changement))
        return rows_written(result) == 1

    def _bail(self, essais: int) -> dict[str, Any]:
        return {
            "etat": EtatJob.EN_COURS,
            "ouvrier": self.name,
            "essais": essais,
            "bail_jusqu_a": maintenant() + BAIL,
        }

    def _settle(self, job: Job, erreur: str | None) -> None:
        """Write the outcome, unless the lease was lost and another worker took over."""
        values: dict[str, Any] = {"erreur": erreur, "bail_jusqu_a": None}
        if erreur is None:
            values |= {"etat": EtatJob.FAIT, "termine_le": maintenant()}
        elif job.essais >= ESSAIS_MAX:
            values |= {"etat": EtatJob.MORT, "termine_le": maintenant()}
        else:
            pause = min(3600.0, 2.0**job.essais) * random.uniform(1, 2)  # noqa: S311 (spreads, hides nothing)
            suite = maintenant() + timedelta(seconds=pause)
            values |= {"etat": EtatJob.EN_ATTENTE, "a_partir_de": suite}
        self._update_held(job, values)


def _enterre() -> dict[str, Any]:
    erreur = "Le processus s’est arrêté pendant ce travail, à chaque essai."
    return {
        "etat": EtatJob.MORT,
        "bail_jusqu_a": None,
        "erreur": erreur,
        "termine_le": maintenant(),
    }


def _due() -> ColumnElement[bool]:
    instant = maintenant()
    return and_(
        Job.a_partir_de <= instant,
        or_(
            Job.etat == EtatJob.EN_ATTENTE,
            and_(Job.etat == EtatJob.EN_COURS, Job.bail_jusqu_a < instant),
        ),
    )


def purge(session: Session, avant: datetime, limite: int = 500) -> int:
    """Forget jobs finished before this instant, their unique keys kept; how many were.

    Dead ones stay: a person has not decided yet.
    """
    finis = session.execute(
        select(Job.id, Job.cle_unique)
        .where(Job.etat.in_((EtatJob.FAIT, EtatJob.ABANDONNE)))
        .where(Job.a_partir_de < avant, func.coalesce(Job.termine_le, Job.a_partir_de) < avant)
        .order_by(Job.id)
        .limit(limite)
        .with_for_update(skip_locked=True)
    ).all()
    instant = maintenant()
    session.add_all(
        CleConsommee(cle=cle, consommee_le=instant) for _, cle in finis if cle is not None
    )
    session.execute(delete(Job).where(Job.id.in_([job_id for job_id, _ in finis])))
    return len(finis)
