"""The columns of a client in a spreadsheet: what an export writes, what an import recognises."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cordeau.clients.models import Client
from cordeau.clients.rules import LIBELLES_TYPES
from cordeau.clients.states import TypeClient
from cordeau.core.texte import plier
from cordeau.web.tableur import Cellule


@dataclass(frozen=True, slots=True)
class Colonne:
    """One column; `champ` is its path in the API, empty when it is only exported."""

    champ: str
    entete: str
    lire: Callable[[Client], Cellule]
    #: Other headers seen in the files of other software, folded.
    synonymes: tuple[str, ...] = ()


COLONNES: tuple[Colonne, ...] = (
    Colonne(
        "nom",
        "Nom",
        lambda c: c.nom,
        ("raison sociale", "client", "nom du client", "nom client", "societe", "intitule"),
    ),
    Colonne(
        "type",
        "Type",
        lambda c: LIBELLES_TYPES[TypeClient(c.type)],
        ("type de client", "categorie", "genre"),
    ),
    Colonne(
        "email",
        "Courriel",
        lambda c: c.email,
        ("email", "e-mail", "mail", "adresse e-mail", "adresse email", "adresse de courriel"),
    ),
    Colonne(
        "telephone",
        "Téléphone",
        lambda c: c.telephone,
        ("tel", "tel.", "portable", "mobile", "numero de telephone", "phone"),
    ),
    Colonne(
        "adresse.ligne1",
        "Adresse",
        lambda c: c.adresse.ligne1,
        ("adresse 1", "adresse ligne 1", "rue", "voie", "adresse de facturation"),
    ),
    Colonne(
        "adresse.ligne2",
        "Complément d’adresse",
        lambda c: c.adresse.ligne2,
        ("complement", "complement adresse", "adresse 2", "adresse ligne 2"),
    ),
    Colonne(
        "adresse.codePostal",
        "Code postal",
        lambda c: c.adresse.code_postal,
        ("cp", "codepostal", "code_postal"),
    ),
    Colonne("adresse.ville", "Ville", lambda c: c.adresse.ville, ("commune", "localite")),
    Colonne("adresse.pays", "Pays", lambda c: c.adresse.pays, ("code pays",)),
    Colonne("siren", "SIREN", lambda c: c.siren, ("numero siren", "n siren")),
    Colonne("siret", "SIRET", lambda c: c.siret, ("numero siret", "n siret")),
    Colonne(
        "numeroTva",
        "N° de TVA",
        lambda c: c.numero_tva,
        ("tva", "numero de tva", "numero tva", "tva intracommunautaire", "n tva intracom"),
    ),
    Colonne(
        "codeJde",
        "Code JDE",
        lambda c: c.code_jde,
        ("code jd edwards", "code_jde", "jde"),
    ),
    Colonne(
        "delaiPaiement",
        "Délai de paiement",
        lambda c: c.delai_paiement,
        ("delai", "delai paiement", "delai de reglement", "echeance (jours)"),
    ),
    Colonne(
        "soldeOuverture",
        "Solde d’ouverture",
        lambda c: c.solde_ouverture,
        ("solde", "solde ouverture", "solde initial", "report a nouveau"),
    ),
    Colonne(
        "soldeOuvertureLe",
        "Date du solde",
        lambda c: c.solde_ouverture_le,
        ("date solde", "date du solde d'ouverture", "solde au"),
    ),
    Colonne("notes", "Notes", lambda c: c.notes, ("note", "commentaire", "remarques")),
    Colonne("", "Archivé", lambda c: "oui" if c.archive else ""),
)


def entetes() -> list[str]:
    """The first row of an export."""
    return [colonne.entete for colonne in COLONNES]


def valeurs(client: Client) -> list[Cellule]:
    """The row of a client."""
    return [colonne.lire(client) for colonne in COLONNES]


def champs_par_entete() -> Mapping[str, str]:
    """Which field each known header, folded, stands for."""
    return {
        _cle(mot): colonne.champ
        for colonne in COLONNES
        if colonne.champ
        for mot in (colonne.entete, colonne.champ, *colonne.synonymes)
    }


def champ_de(entete: str, connus: Mapping[str, str]) -> str:
    """The field a header of a file stands for, empty when it is none of ours."""
    return connus.get(_cle(entete), "")


def _cle(entete: str) -> str:
    """A header without case, accent nor punctuation: « N° de T.V.A. » reads as « n de tva »."""
    mots = plier(entete).replace("’", "'").replace(".", "").replace("°", "").rstrip(" :*")
    return " ".join(mots.replace("_", " ").split())
