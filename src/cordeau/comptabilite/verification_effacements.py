"""Whether what is gone from the journal and from sent devis was erased, and the erasure chained."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from cordeau.core.effacements import NOM_EFFACE, Effacement, EffacementObjet, decrire
from cordeau.core.journal import Evenement
from cordeau.core.registre.models import EntreeRegistre
from cordeau.core.registre.states import Evenement as Fait
from cordeau.core.registre.states import Journal
from cordeau.core.registre.verification import Anomalie
from cordeau.devis.models import VersionDevis

#: The line of the journal each sent version leaves.
ENVOI = "Devis envoyé"

Contenu = Mapping[str, Any]
#: Type and identifier of a record.
Objet = tuple[str, str]


def verifier_effacements(connection: Connection) -> Iterator[Anomalie]:
    """Erasures without their entry, or other than chained; content lost without an erasure."""
    with Session(connection) as session:
        chaines = _lire_chaines(session)
        couverts = {(genre, cle) for c in chaines.values() for genre, cle in c["objets"]}
        yield from _comparer(session, chaines)
        for genre, cle in sorted(_vides(session) - couverts):
            yield _anomalie(f"le journal de {genre} {cle} a été vidé sans effacement inscrit")
        for cle in _envoyes_sans_version(session):
            if ("devis", cle) not in couverts:
                yield _anomalie(f"une version envoyée du devis {cle} manque")


def _lire_chaines(session: Session) -> dict[str, Contenu]:
    """What the ledger says of each erasure."""
    entrees = session.execute(
        select(EntreeRegistre.objet_id, EntreeRegistre.contenu).where(
            EntreeRegistre.journal == Journal.TECHNIQUE,
            EntreeRegistre.evenement == Fait.EFFACEMENT,
        )
    )
    return {"" if cle is None else cle.hex: orjson.loads(contenu) for cle, contenu in entrees}


def _comparer(session: Session, chaines: Mapping[str, Contenu]) -> Iterator[Anomalie]:
    objets: dict[str, list[EffacementObjet]] = {}
    for objet in session.scalars(select(EffacementObjet)):
        objets.setdefault(objet.effacement_id.hex, []).append(objet)
    lus = {
        e.id.hex: decrire(e, objets.get(e.id.hex, ())) for e in session.scalars(select(Effacement))
    }
    for cle, lu in lus.items():
        chaine = chaines.get(cle)
        if chaine is None:
            detail = f"effacement {cle} n’a pas d’écriture"
            yield Anomalie(Journal.TECHNIQUE, 0, "hors_registre", detail)
        elif any(chaine.get(nom) != valeur for nom, valeur in lu.items()):
            yield _anomalie(f"l’effacement {cle} n’est pas celui qui a été inscrit")
    for cle in sorted(chaines.keys() - lus.keys()):
        yield _anomalie(f"l’effacement {cle}, inscrit, manque")


def _vides(session: Session) -> set[Objet]:
    """Records, and authors, whose lines of the journal lost what they said."""
    lignes = select(Evenement.objet_type, Evenement.objet_id).where(
        Evenement.empreinte.is_not(None), Evenement.changements.is_(None)
    )
    auteurs = select(Evenement.acteur_id).where(
        Evenement.acteur_nom == NOM_EFFACE, Evenement.acteur_id.is_not(None)
    )
    objets = {(genre, cle.hex) for genre, cle in session.execute(lignes.distinct())}
    return objets | {
        ("utilisateur", cle.hex) for cle in session.scalars(auteurs.distinct()) if cle is not None
    }


def _envoyes_sans_version(session: Session) -> Iterator[str]:
    """Devis sent more often than they have versions: each sending freezes one."""
    envois = (
        select(Evenement.objet_id, func.count().label("nombre"))
        .where(Evenement.objet_type == "devis", Evenement.action == ENVOI)
        .group_by(Evenement.objet_id)
        .subquery()
    )
    versions = (
        select(VersionDevis.devis_id, func.count().label("nombre"))
        .group_by(VersionDevis.devis_id)
        .subquery()
    )
    manques = (
        select(envois.c.objet_id)
        .outerjoin(versions, versions.c.devis_id == envois.c.objet_id)
        .where(envois.c.nombre > func.coalesce(versions.c.nombre, 0))
        .order_by(envois.c.objet_id)
    )
    return (cle.hex for cle in session.scalars(manques))


def _anomalie(detail: str) -> Anomalie:
    return Anomalie(Journal.TECHNIQUE, 0, "effacement", detail)
