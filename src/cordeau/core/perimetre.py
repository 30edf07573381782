"""What the journal follows: every table but those left out here, each with its reason.

A table nobody thought of is followed whole; a column named like a secret is hidden until somebody
says it is none. Tests walk the schema and name what is not settled.
"""

import re
from collections.abc import Mapping

#: Tables the journal does not follow, and why.
HORS_JOURNAL: Mapping[str, str] = {
    "agregat": "sommes tenues à jour, refaites par une commande ; ce qu’elles comptent est suivi",
    "cloture": "chaînée au registre, qui en est la trace",
    "cle_consommee": "noms de travaux déjà faits",
    "effacement": "registre des effacements, lui-même une trace",
    "effacement_objet": "registre des effacements, lui-même une trace",
    "evenement": "le journal lui-même",
    "frein_connexion": "compteurs d’essais de connexion",
    "job": "file de travaux : le bail bouge sans cesse, l’effet du travail est suivi",
    "limite": "compteurs de demandes",
    "mot": "mots cherchables, tirés des fiches suivies",
    "mouvement_agregat": "mouvements des sommes tenues à jour",
    "operation": "réponses déjà données, gardées avec l’effet, qui est suivi",
    "registre_ancre": "registre inaltérable, lui-même une trace",
    "registre_entree": "registre inaltérable, lui-même une trace",
    "registre_tete": "registre inaltérable, lui-même une trace",
    "serie": "compteur : le document numéroté est suivi, le choix d’un premier numéro est un fait",
    "session_web": "connexions : ouvertures et fermetures sont des faits, le reste est technique",
    "temoin": "témoin d’une écriture, sans contenu",
}

#: Columns computed from others of the same record, or moved by its mere use: no change to tell.
DERIVEES: Mapping[str, frozenset[str]] = {
    # moves at each use: the use itself is no change of the record
    "jeton_api": frozenset({"utilise_le"}),
    "utilisateur": frozenset({"facteur_pas"}),
    "client": frozenset({"nom_tri", "recherche"}),
    "chantier": frozenset({"nom_tri", "recherche"}),
    "devis": frozenset({"numero_tri", "client_tri", "validite_tri", "recherche"}),
    "facture": frozenset({"numero_tri", "client_tri", "echeance_tri", "date_tri", "recherche"}),
}
#: Counted at each save, in every table that has it.
VERSION = "revision"

#: Columns whose value is never written anywhere else: a change shows, its value does not.
SECRETS = frozenset(
    {
        "code_secours.empreinte",
        "jeton_api.empreinte",
        "lien_mot_de_passe.empreinte",
        "message.confidentiel",
        "registre_entree.sel",
        "session_web.empreinte",
        "utilisateur.facteur_graine",
        "utilisateur.mot_de_passe",
    }
)
#: How a secret is usually named; a column so named is hidden unless it stands in `PAS_SECRETS`.
NOMS_DE_SECRET = re.compile(
    r"mot_de_passe|passe|password|secret|empreinte|jeton|token|totp|otp|recuperation|secours"
    r"|(^|_)(cle|key|sel|salt|graine|digest|hash|cookie|signature)(_|$)"
)
#: Columns named like a secret that hold none.
PAS_SECRETS: Mapping[str, str] = {
    "agregat.cle": "ce qu’une somme compte",
    "cle_consommee.cle": "nom d’un travail et identifiant de son objet",
    "evenement.empreinte": "SHA-256 salé du détail d’un fait",
    "frein_connexion.cle": "adresse ou compte freiné",
    "job.cle_unique": "nom d’un travail et identifiant de son objet",
    "limite.cle": "ce dont on compte les demandes",
    "mouvement_agregat.cle": "ce qu’une somme compte",
    "operation.cle": "clé d’opération tirée par le navigateur, sans pouvoir",
    "operation.empreinte": "SHA-256 d’une demande",
    "registre_ancre.cle_id": "nom d’une clé publique",
    "registre_ancre.empreinte": "SHA-256 du registre, publié",
    "registre_ancre.signature": "signature publiée",
    "registre_entree.empreinte": "SHA-256 du registre, imprimé sur les documents",
    "registre_tete.empreinte": "SHA-256 du registre",
    "sauvegarde.empreinte": "SHA-256 d’un fichier de sauvegarde",
}

#: Long values kept elsewhere: the journal holds their SHA-256 and size. Bytes always are.
#: So is the body of a message, which may hold a link that opens an account.
VOLUMINEUSES = frozenset(
    {"facture.contenu", "message.corps", "modele_devis.contenu", "version_devis.contenu"}
)

#: Rows told in the line of the record they are part of: table, key to that record.
AGREGATS: Mapping[str, str] = {
    "code_secours": "utilisateur_id",
    "contact": "client_id",
    "imputation": "reglement_id",
    "jeton_api": "utilisateur_id",
    "lien_mot_de_passe": "utilisateur_id",
    "ligne_devis": "devis_id",
    "ligne_facture": "facture_id",
    "piece_facture": "facture_id",
    "piece_jointe": "message_id",
    "site": "client_id",
    "solde": "facture_id",
    "tva_facture": "facture_id",
    "version_devis": "devis_id",
}

#: The column by which people call a record.
NOMS: Mapping[str, str] = {
    "chantier": "nom",
    "client": "nom",
    "devis": "numero",
    "entreprise": "nom",
    "facture": "numero",
    "mention": "code",
    "message": "sujet",
    "modele_devis": "nom",
    "reglement": "reference",
    "sauvegarde": "fichier",
    "utilisateur": "nom",
}


def est_secrete(table: str, colonne: str) -> bool:
    """Whether a value of this column must never be written elsewhere."""
    nom = f"{table}.{colonne}"
    return nom in SECRETS or (nom not in PAS_SECRETS and bool(NOMS_DE_SECRET.search(colonne)))


def est_suivie(table: str, colonne: str) -> bool:
    """Whether a change of this column is told."""
    return colonne != VERSION and colonne not in DERIVEES.get(table, ())
