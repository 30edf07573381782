"""What passes through the base and may name a person on its way: answers, jobs, counts."""

from collections.abc import Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from cordeau.auth.freins import cle_compte, cles_de_code
from cordeau.auth.liens import JOB_LIEN
from cordeau.auth.models import FreinConnexion, Utilisateur
from cordeau.auth.queries import digest_adresse
from cordeau.core.jobs import Job
from cordeau.core.limites import Limite
from cordeau.core.operations import Operation
from cordeau.core.quotas import Geste


def oublier_reponses(session: Session, mots: Sequence[str]) -> None:
    """Drop the stored answers, and the errors of jobs, that name the person."""
    connus = [mot.encode() for mot in mots if mot]
    pris = [
        cle
        for cle, corps in session.execute(select(Operation.id, Operation.corps))
        if any(mot in corps for mot in connus)
    ]
    session.execute(delete(Operation).where(Operation.id.in_(pris)))
    for mot in mots:
        if mot:
            session.execute(
                update(Job)
                .where(Job.erreur.contains(mot, autoescape=True))
                .values(erreur=None)
                .execution_options(synchronize_session=False)
            )


def oublier_compte(session: Session, user: Utilisateur) -> None:
    """Drop the counts of an account and the links promised to its address."""
    freins = [cle_compte(user.email), *cles_de_code(user.id)]
    session.execute(delete(FreinConnexion).where(FreinConnexion.cle.in_(freins)))
    empreinte = digest_adresse(user.email)
    limites = [f"{geste}:{qui}" for geste in Geste for qui in (empreinte, user.id)]
    session.execute(delete(Limite).where(Limite.cle.in_(limites)))
    for job in session.scalars(select(Job).where(Job.nom == JOB_LIEN)):
        # the previous release kept the address itself
        if empreinte in (job.parametres.get("adresse"), digest_adresse(_adresse(job))):
            session.delete(job)


def _adresse(job: Job) -> str:
    return str(job.parametres.get("email") or "")
