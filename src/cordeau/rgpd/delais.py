"""How long what is kept is kept, and which text says so. Engineering input, not legal advice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Delai:
    """A retention: so many years from an event, by this text."""

    quoi: str
    annees: int
    depart: str
    source: str


DELAIS: Mapping[str, Delai] = {
    "comptabilite": Delai(
        "Factures, avoirs, règlements et leur journal",
        10,
        "clôture de l’exercice",
        "C. com., art. L. 123-22 ; LPF, art. L. 102 B (6 ans) ; RGPD, art. 17, 3, b",
    ),
    "decennale": Delai(
        "Devis signés, adresse et dates du chantier",
        10,
        "fin des travaux",
        "C. civ., art. 1792-4-1 (garantie décennale)",
    ),
    "messages": Delai(
        "Courriels envoyés au client, preuve de l’envoi",
        2,
        "envoi",
        "C. conso., art. L. 218-2 (prescription entre professionnel et consommateur)",
    ),
    "prospects": Delai(
        "Prospects et devis jamais signés",
        3,
        "dernier contact",
        "CNIL, référentiel relatif à la gestion commerciale",
    ),
}


def fin(code: str, depuis: date) -> date:
    """Until when, counted from the end of the year for accounts: the fiscal year may end then."""
    annee = depuis.year + DELAIS[code].annees
    if code == "comptabilite":
        return date(annee, 12, 31)
    try:
        return depuis.replace(year=annee)
    except ValueError:  # 29 February
        return date(annee, 3, 1)
