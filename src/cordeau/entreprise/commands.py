"""What the firm says of itself."""

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from cordeau.core import journal, numbering
from cordeau.core.errors import SaisieError, refuser_saisie
from cordeau.core.permissions import Acteur
from cordeau.core.registre.ecriture import inscrire
from cordeau.core.registre.releve import relever
from cordeau.core.registre.states import Evenement, Journal
from cordeau.core.revisions import Attendues, check_revision
from cordeau.entreprise.mentions import CodeMention
from cordeau.entreprise.models import Entreprise, Mention
from cordeau.entreprise.queries import blank_entreprise, find_entreprise, latest_mention
from cordeau.entreprise.rules import fautes_de_redaction

#: Chained by its digest.
HORS_REGLAGES = frozenset({"logo"})
#: Series have no identifier: their history is kept under this one.
SERIES_ID = UUID(int=0)


def definir(
    session: Session,
    champs: Mapping[str, Any],
    *,
    actor: Acteur,
    revision_attendue: Attendues = None,
) -> Entreprise:
    """Record the identity and settings given; what `champs` leaves out stays as it is.

    Raises `VersionPerimeeError` when somebody saved after `revision_attendue`, `SaisieError` when
    the SIRET is another firm's.
    """
    entreprise = find_entreprise(session, for_update=True)
    if entreprise is None:
        entreprise = blank_entreprise()
        session.add(entreprise)
    else:
        check_revision(entreprise.revision, revision_attendue)
    for nom, valeur in champs.items():
        setattr(entreprise, nom, valeur)
    if entreprise.siret and not entreprise.siren:
        entreprise.siren = entreprise.siret[:9]
    if entreprise.siret and not entreprise.siret.startswith(entreprise.siren):
        raise refuser_saisie("siret", "Le SIRET doit commencer par le SIREN.")
    entreprise.revision += 1
    session.flush()
    journal.record(session, actor, "entreprise", entreprise.id, "Identité et réglages modifiés")
    _chainer_reglages(session, entreprise, actor)
    return entreprise


def definir_logo(session: Session, logo: bytes | None, *, actor: Acteur) -> None:
    """Set or remove the logo printed on documents (already re-encoded)."""
    definir(session, {"logo": logo}, actor=actor)


def dater_mention(
    session: Session,
    code: CodeMention,
    *,
    texte: str,
    reference_legale: str,
    valable_du: date,
    actor: Acteur,
) -> Mention:
    """Give a rule a new wording from a day on; the former one ends the day before.

    Documents already issued keep the wording they carry. Raises `SaisieError` on a placeholder
    nobody fills and on a day that is not after the start of the latest wording.
    """
    fautes = fautes_de_redaction(code, texte)
    if fautes:
        raise SaisieError(fautes)
    precedente = latest_mention(session, code, for_update=True)
    if precedente is not None:
        if valable_du <= precedente.valable_du:
            raise refuser_saisie(
                "valableDu",
                f"La dernière rédaction commence le {precedente.valable_du:%d/%m/%Y} : "
                "choisissez un jour suivant.",
            )
        precedente.valable_au = valable_du - timedelta(days=1)
    mention = Mention(
        code=code, texte=texte, reference_legale=reference_legale, valable_du=valable_du
    )
    session.add(mention)
    session.flush()
    journal.record(session, actor, "mention", mention.id, "Mention rédigée", code=code)
    inscrire(
        session,
        Journal.TECHNIQUE,
        Evenement.MENTION,
        {"mention": relever(mention)},
        actor=actor,
        objet_id=mention.id,
    )
    return mention


def choisir_premier_numero(
    session: Session, prefixe: str, annee: int, premier: int, *, actor: Acteur
) -> None:
    """Start a series of a year at this number, as long as none was taken (`ConflitError`)."""
    numbering.set_first_number(session, prefixe, annee, premier)
    serie = f"{prefixe}-{annee}"
    journal.record(
        session, actor, "serie", SERIES_ID, "Premier numéro choisi", serie=serie, rang=str(premier)
    )
    contenu = {"serie": serie, "premier": premier}
    inscrire(session, Journal.TECHNIQUE, Evenement.SERIE, contenu, actor=actor)


def _chainer_reglages(session: Session, entreprise: Entreprise, actor: Acteur) -> None:
    """What documents and VAT will be made from, as it stands from now on."""
    logo = hashlib.sha256(entreprise.logo).hexdigest() if entreprise.logo else ""
    contenu = {"entreprise": relever(entreprise, HORS_REGLAGES), "logo_sha256": logo}
    inscrire(
        session,
        Journal.TECHNIQUE,
        Evenement.REGLAGES,
        contenu,
        actor=actor,
        objet_id=entreprise.id,
    )
