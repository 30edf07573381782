"""What waits for somebody: worded, with its link, the most pressing first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from cordeau.analytics.queries import CompteChantiers
from cordeau.analytics.rules import Impayes
from cordeau.web.formats import montant

#: How long before its end an insurance is worth a word.
PREAVIS_ASSURANCE = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class ATraiter:
    """One thing to do."""

    texte: str
    note: str
    url: str
    icone: str
    ton: str = "attention"


def factures_en_retard(impayes: Impayes) -> Iterator[ATraiter]:
    """Clients to remind."""
    if impayes.nombre_en_retard:
        yield ATraiter(
            _compte(impayes.nombre_en_retard, "facture en retard", "factures en retard"),
            f"{montant(impayes.montant_en_retard)} · la plus ancienne a "
            f"{_compte(impayes.retard_max, 'jour', 'jours')}",
            "/factures?etat=EN_RETARD",
            icone="exclamation-triangle",
            ton="mal",
        )


def devis_a_facturer(nombre: int) -> Iterator[ATraiter]:
    """Accepted works nobody has billed."""
    if nombre:
        yield ATraiter(
            _compte(nombre, "devis accepté à facturer", "devis acceptés à facturer"),
            "aucune facture ne les mentionne encore",
            "/devis?statut=ACCEPTE",
            icone="receipt",
            ton="",
        )


def devis_bientot_expires(nombre: int) -> Iterator[ATraiter]:
    """Clients to call before the offer ends."""
    if nombre:
        yield ATraiter(
            _compte(nombre, "devis envoyé expire bientôt", "devis envoyés expirent bientôt"),
            "dans les sept jours",
            "/devis?statut=ENVOYE",
            icone="calendar-x",
        )


def factures_a_emettre(nombre: int) -> Iterator[ATraiter]:
    """Drafts to finish."""
    if nombre:
        yield ATraiter(
            _compte(nombre, "facture à émettre", "factures à émettre"),
            "préparées, sans numéro",
            "/factures?etat=BROUILLON",
            icone="pencil",
            ton="",
        )


def chantiers_decales(compte: CompteChantiers) -> Iterator[ATraiter]:
    """Chantiers whose state lags behind their dates."""
    if compte.a_demarrer:
        yield ATraiter(
            _compte(compte.a_demarrer, "chantier à démarrer", "chantiers à démarrer"),
            "la date de début est passée",
            "/chantiers?statut=PLANIFIE&tri=dateDebut",
            icone="play-circle",
        )
    if compte.a_terminer:
        yield ATraiter(
            _compte(compte.a_terminer, "chantier à terminer", "chantiers à terminer"),
            "la date de fin est passée",
            "/chantiers?statut=EN_COURS&tri=dateDebut",
            icone="cone-striped",
        )


def assurance(echeance: date | None, le: date) -> Iterator[ATraiter]:
    """The decennial insurance, without which no devis is lawful (art. L. 243-2 C. assur.)."""
    if echeance is not None and echeance <= le + PREAVIS_ASSURANCE:
        verbe = "a expiré" if echeance < le else "expire"
        yield ATraiter(
            "Attestation décennale à renouveler",
            f"{verbe} le {echeance:%d/%m/%Y}",
            "/parametres/entreprise",
            icone="shield-exclamation",
        )


def par_urgence(taches: Iterable[ATraiter]) -> list[ATraiter]:
    """Alarms first, then warnings, then the rest, each in the order given."""
    rangs = {"mal": 0, "attention": 1}
    return sorted(taches, key=lambda tache: rangs.get(tache.ton, 2))


def _compte(nombre: int, un: str, plusieurs: str) -> str:
    return f"{nombre} {un if nombre == 1 else plusieurs}"
