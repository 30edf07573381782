"""The life of a devis in words: its line, what may be done next, what its history keeps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cordeau.core.dates import a_paris
from cordeau.core.permissions import Acteur, Permission
from cordeau.devis.models import Devis
from cordeau.devis.states import TRANSITIONS, StatutDevis

S = StatutDevis
P = Permission

LIBELLES: Mapping[StatutDevis, str] = {
    S.BROUILLON: "Brouillon",
    S.ENVOYE: "Envoyé",
    S.ACCEPTE: "Accepté",
    S.REFUSE: "Refusé",
    S.EXPIRE: "Expiré",
}
#: The chips of the list.
PLURIELS: Mapping[StatutDevis, str] = {
    S.BROUILLON: "Brouillons",
    S.ENVOYE: "Envoyés",
    S.ACCEPTE: "Acceptés",
    S.REFUSE: "Refusés",
    S.EXPIRE: "Expirés",
}


@dataclass(frozen=True, slots=True)
class Suite:
    """Something to do with a devis: where, in which words."""

    url: str
    bouton: str
    icone: str
    #: A link to a page that asks; else a form that acts.
    lien: bool = True
    #: The one filled button of the page.
    principal: bool = False


def vie(devis: Devis) -> list[dict[str, str]]:
    """The life line: written, sent, answered, its chantier."""
    statut = StatutDevis(devis.statut)
    version = f"version {devis.version}, le {devis.date_emission:%d/%m/%Y}"
    envoi = f"le {a_paris(devis.envoye_le):%d/%m/%Y}" if devis.envoye_le else ""
    ici, fait = "ici", "fait"
    return [
        {"mot": "Rédigé", "note": version, "etat": ici if statut == S.BROUILLON else fait},
        {
            "mot": "Envoyé",
            "note": envoi,
            "etat": {S.BROUILLON: "", S.ENVOYE: ici}.get(statut, fait),
        },
        {"mot": _reponse(statut), "note": _note_reponse(devis, statut), "etat": _etat(devis)},
        {
            "mot": "Chantier",
            "note": devis.chantier.nom if devis.chantier else "",
            "etat": ici if devis.chantier and statut == S.ACCEPTE else "",
        },
    ]


def _reponse(statut: StatutDevis) -> str:
    return LIBELLES[statut] if statut in (S.ACCEPTE, S.REFUSE, S.EXPIRE) else "Accepté"


def _note_reponse(devis: Devis, statut: StatutDevis) -> str:
    if devis.date_reponse is not None:
        return f"le {devis.date_reponse:%d/%m/%Y}"
    if devis.date_validite is None:
        return ""
    mot = "depuis le" if statut == S.EXPIRE else "réponse attendue au"
    return f"{mot} {devis.date_validite:%d/%m/%Y}"


def _etat(devis: Devis) -> str:
    if devis.statut == S.ACCEPTE:
        return "fait" if devis.chantier else "ici"
    return "ici" if devis.statut in (S.REFUSE, S.EXPIRE) else ""


def suites(devis: Devis, acteur: Acteur) -> list[Suite]:
    """What this person may do next, as the state allows; the usual next step comes last."""
    possibles = list(_suites(devis, acteur))
    if possibles and not any(suite.principal for suite in possibles):
        possibles[-1] = replace(possibles[-1], principal=True)
    return possibles


def _suites(devis: Devis, acteur: Acteur) -> Sequence[Suite]:
    url, statut = f"/devis/{devis.id}", StatutDevis(devis.statut)
    faites: list[Suite] = []
    if acteur.peut(P.DEVIS_ECRIRE):
        faites += _suites_ecriture(url, statut)
        if statut == S.ACCEPTE and devis.chantier is None and acteur.peut(P.CHANTIER_ECRIRE):
            faites.append(
                Suite(f"{url}/chantier", "Ouvrir le chantier", icone="cone-striped", lien=False)
            )
    if statut == S.ACCEPTE and acteur.peut(P.FACTURE_ECRIRE):
        faites.append(Suite(f"/factures/generer/{devis.id}", "Facturer", icone="receipt"))
    return faites


def _suites_ecriture(url: str, statut: StatutDevis) -> list[Suite]:
    faites: list[Suite] = []
    if statut != S.ACCEPTE:
        mot = "Modifier" if statut == S.BROUILLON else "Nouvelle version"
        faites.append(Suite(f"{url}/modifier", mot, icone="pencil"))
    if statut == S.ENVOYE:
        faites.append(Suite(f"{url}/envoi", "Renvoyer", icone="send"))
    if TRANSITIONS.allows(statut, S.REFUSE):
        faites.append(Suite(f"{url}/refus", "Noter le refus", icone="x-circle"))
    if TRANSITIONS.allows(statut, S.ACCEPTE):
        faites.append(Suite(f"{url}/acceptation", "Noter l’accord", icone="check-circle"))
    if statut == S.BROUILLON:
        faites.append(Suite(f"{url}/envoi", "Envoyer", icone="send"))
    return faites
