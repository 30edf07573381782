"""What makes a client's identity coherent, findable and unique; nothing here reads the base."""

from collections.abc import Mapping

from cordeau.clients.states import TypeClient
from cordeau.core.errors import Faute
from cordeau.core.texte import plier

LIBELLES_TYPES: Mapping[TypeClient, str] = {
    TypeClient.PARTICULIER: "Particulier",
    TypeClient.PROFESSIONNEL: "Professionnel",
    TypeClient.PUBLIC: "Public",
}

#: Prefix of a French VAT number; its last nine characters are the SIREN (art. 286 ter CGI).
TVA_FRANCE = "FR"
#: Width of the sorting column: folding may lengthen a name.
NOM_TRI_MAX = 255


def fautes_identite(siren: str, siret: str, numero_tva: str) -> list[Faute]:
    """What contradicts what among the numbers of one firm, each already valid by itself."""
    fautes = []
    if siren and siret and not siret.startswith(siren):
        fautes.append(Faute("siret", "Le SIRET doit commencer par le SIREN."))
    if siren and numero_tva.startswith(TVA_FRANCE) and not numero_tva.endswith(siren):
        fautes.append(Faute("numeroTva", "Le numéro de TVA doit se terminer par le SIREN."))
    return fautes


def nom_de_tri(nom: str) -> str:
    """The name as lists sort it."""
    return plier(nom)[:NOM_TRI_MAX]


def marque_ville(ville: str) -> str:
    """How a town is written in the search text: a filter finds it, and never a name alike."""
    return f"ville:{plier(ville)}"


def texte_de_recherche(*, ville: str, autres: tuple[str, ...]) -> str:
    """Everything by which a client may be looked for, folded."""
    mots = " ".join(plier(autre) for autre in autres if autre)
    return f"{mots} {marque_ville(ville)}" if ville else mots


def cle_de_doublon(nom: str, code_postal: str) -> tuple[str, str]:
    """Two clients alike by name and postcode are taken for one until a person says otherwise."""
    return nom_de_tri(nom), plier(code_postal)
