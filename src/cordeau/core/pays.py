"""Names of the countries a French building firm meets, as an address prints them."""

from collections.abc import Mapping

#: By ISO 3166-1 alpha-2 code; an address elsewhere prints its code.
NOMS: Mapping[str, str] = {
    "AD": "Andorre",
    "AT": "Autriche",
    "BE": "Belgique",
    "BG": "Bulgarie",
    "CA": "Canada",
    "CH": "Suisse",
    "CY": "Chypre",
    "CZ": "Tchéquie",
    "DE": "Allemagne",
    "DK": "Danemark",
    "DZ": "Algérie",
    "EE": "Estonie",
    "ES": "Espagne",
    "FI": "Finlande",
    "FR": "France",
    "GB": "Royaume-Uni",
    "GR": "Grèce",
    "HR": "Croatie",
    "HU": "Hongrie",
    "IE": "Irlande",
    "IT": "Italie",
    "LI": "Liechtenstein",
    "LT": "Lituanie",
    "LU": "Luxembourg",
    "LV": "Lettonie",
    "MA": "Maroc",
    "MC": "Monaco",
    "MT": "Malte",
    "NL": "Pays-Bas",
    "NO": "Norvège",
    "PL": "Pologne",
    "PT": "Portugal",
    "RO": "Roumanie",
    "SE": "Suède",
    "SI": "Slovénie",
    "SK": "Slovaquie",
    "TN": "Tunisie",
    "US": "États-Unis",
}


def nommer(code: str) -> str:
    """« DE » → « Allemagne »."""
    return NOMS.get(code.upper(), code)
