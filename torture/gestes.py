"""The requests of the load: what is sent, with a mark by which the effect is found again."""

from random import Random
from typing import Any

from torture.temoin import Geste, Nature

API = "/api/v1"
PARTS_CLE = 0.6


def devis(hasard: Random, tour: int, marque: str, client_id: str) -> Geste:
    """A devis of three rows."""
    corps = {
        "clientId": client_id,
        "objet": f"Travaux {marque}",
        "dureeTravaux": marque,
        "lignes": [_ligne(hasard, rang) for rang in range(3)],
    }
    return _post(hasard, tour, Nature.DEVIS, marque, f"{API}/devis", corps)


def modifier(
    hasard: Random, tour: int, marque: str, cible: str, client_id: str, revision: str | None
) -> Geste:
    """Another object for a devis still being written."""
    corps = {
        "clientId": client_id,
        "objet": marque,
        "lignes": [_ligne(hasard, rang) for rang in range(3)],
    }
    geste = _put(hasard, tour, Nature.MODIFIER, marque, f"{API}/devis/{cible}", corps)
    geste.cible, geste.revision = cible, revision
    return geste


def envoyer(hasard: Random, tour: int, marque: str, cible: str, email: str) -> Geste:
    """Send a devis; without address it is only marked so."""
    corps = {"emailClient": email, "message": marque}
    geste = _put(hasard, tour, Nature.ENVOYER, marque, f"{API}/devis/{cible}/envoyer", corps)
    geste.cible = cible
    return geste


def accepter(hasard: Random, tour: int, marque: str, cible: str) -> Geste:
    """The client agrees."""
    geste = _put(hasard, tour, Nature.ACCEPTER, marque, f"{API}/devis/{cible}/accepter", {})
    geste.cible = cible
    return geste


def facturer(hasard: Random, tour: int, marque: str, cible: str, nature: Nature) -> Geste:
    """An acompte of a tenth, or all that remains."""
    acompte = {"type": "ACOMPTE", "pourcentage": 10}
    corps = acompte if nature is Nature.ACOMPTE else {"type": "FACTURE"}
    geste = _post(hasard, tour, nature, marque, f"{API}/factures/depuis-devis/{cible}", corps)
    geste.cible = cible
    return geste


def libre(hasard: Random, tour: int, marque: str, client_id: str) -> Geste:
    """A facture without devis."""
    corps = {"clientId": client_id, "objet": marque, "lignes": [_ligne(hasard, 0)]}
    return _post(hasard, tour, Nature.LIBRE, marque, f"{API}/factures", corps)


def emettre(hasard: Random, tour: int, marque: str, cible: str) -> Geste:
    """Number and freeze a document."""
    geste = _put(hasard, tour, Nature.EMETTRE, marque, f"{API}/factures/{cible}/emettre", None)
    geste.cible = cible
    return geste


def avoir(hasard: Random, tour: int, marque: str, cible: str) -> Geste:
    """Credit a facture, whole."""
    geste = _post(hasard, tour, Nature.AVOIR, marque, f"{API}/factures/{cible}/avoir", None)
    geste.cible = cible
    return geste


def regler(hasard: Random, tour: int, marque: str, cible: str) -> Geste:
    """A few cents or euros towards a document."""
    corps = {"montant": _centimes(hasard), "reference": marque, "mode": "VIREMENT"}
    chemin = f"{API}/factures/{cible}/reglements"
    geste = _post(hasard, tour, Nature.REGLER, marque, chemin, corps)
    geste.cible = cible
    return geste


def multiple(hasard: Random, tour: int, marque: str, cibles: list[str], client_id: str) -> Geste:
    """One payment over several documents."""
    corps = {
        "clientId": client_id,
        "reference": marque,
        "imputations": [{"factureId": c, "montant": _centimes(hasard)} for c in cibles],
    }
    geste = _post(hasard, tour, Nature.MULTIPLE, marque, f"{API}/reglements", corps)
    geste.cible = cibles[0]
    return geste


def annuler(hasard: Random, tour: int, marque: str, cible: str) -> Geste:
    """Reverse a payment."""
    chemin = f"{API}/reglements/{cible}/annulation"
    geste = _post(hasard, tour, Nature.ANNULER, marque, chemin, {"motif": marque})
    geste.cible = cible
    return geste


def _post(hasard: Random, tour: int, nature: Nature, marque: str, chemin: str, corps: Any) -> Geste:
    return Geste(tour, nature, marque, "POST", chemin, corps, cle=_cle(hasard, marque))


def _put(hasard: Random, tour: int, nature: Nature, marque: str, chemin: str, corps: Any) -> Geste:
    return Geste(tour, nature, marque, "PUT", chemin, corps, cle=_cle(hasard, marque))


def _cle(hasard: Random, marque: str) -> str | None:
    """Most requests carry an operation key; the rest are never sent twice."""
    return f"torture:{marque}" if hasard.random() < PARTS_CLE else None


def _ligne(hasard: Random, rang: int) -> dict[str, Any]:
    return {
        "designation": f"Cloison de 72 mm, pièce {rang + 1}",
        "quantite": hasard.randint(1, 400) / 4,
        "unite": "METRE_CARRE",
        "prixUnitaireHT": hasard.randint(500, 9_000) / 100,
        "tauxTVA": 20,
    }


def _centimes(hasard: Random) -> float:
    return hasard.randint(1, 900) / 100
