"""Every column of every table: what it says of a person. A new column must be classified here."""

from collections.abc import Mapping
from enum import StrEnum


class Classe(StrEnum):
    """What a column holds about people."""

    #: Names or reaches a person: name, e-mail, telephone, address.
    IDENTITE = "IDENTITE"
    #: Free text that may speak of a person.
    TEXTE = "TEXTE"
    #: A fact about the person that names nobody: amounts, dates, states.
    FAIT = "FAIT"
    #: Leads to the person, or to a record of theirs.
    LIEN = "LIEN"
    #: Names who of the firm acted, or holds words that do: given back to that person alone.
    EQUIPE = "EQUIPE"
    #: Never given to anybody: digests, salts, costs of the firm.
    SECRET = "SECRET"  # noqa: S105 (a class of columns)
    #: Says nothing of anybody.
    AUCUNE = "AUCUNE"


#: Classes a person is given back when they ask (GDPR art. 15 and 20).
COMMUNIQUEES = frozenset({Classe.IDENTITE, Classe.TEXTE, Classe.FAIT, Classe.LIEN})

_ADRESSE = "adresse_ligne1 adresse_ligne2 adresse_code_postal adresse_ville adresse_pays"
_MONTANTS = "montant_ht montant_tva montant_ttc"

#: Table → class → columns.
_TABLES: Mapping[str, Mapping[Classe, str]] = {
    "agregat": {Classe.AUCUNE: "mesure cle jour nombre montant"},
    "chantier": {
        Classe.IDENTITE: f"nom nom_tri {_ADRESSE}",
        Classe.EQUIPE: "responsable recherche",
        Classe.TEXTE: "notes",
        Classe.FAIT: "code date_debut date_fin statut cree_le",
        Classe.LIEN: "id client_id",
        Classe.AUCUNE: "revision",
    },
    "cle_consommee": {Classe.AUCUNE: "cle consommee_le"},
    "client": {
        Classe.IDENTITE: f"nom nom_tri recherche email telephone {_ADRESSE} siren siret numero_tva",
        Classe.TEXTE: "notes",
        Classe.FAIT: "type code_jde delai_paiement archive solde_ouverture "
        "solde_ouverture_le cree_le",
        Classe.LIEN: "id",
        Classe.AUCUNE: "revision",
    },
    "cloture": {Classe.EQUIPE: "close_par", Classe.AUCUNE: "id genre debut fin close_le"},
    "code_secours": {
        Classe.LIEN: "id utilisateur_id",
        Classe.SECRET: "empreinte",
        Classe.FAIT: "utilise_le",
    },
    "contact": {
        Classe.IDENTITE: "nom fonction email telephone",
        Classe.LIEN: "id client_id",
    },
    "devis": {
        Classe.IDENTITE: "client_tri recherche",
        Classe.TEXTE: "objet conditions dechets_quantite dechets_gestion dechets_collecte "
        "dechets_cout",
        Classe.FAIT: "numero version statut date_emission date_validite taux_tva "
        f"remise_pourcentage remise_montant autoliquidation {_MONTANTS} attestation_signee "
        "date_debut_travaux duree_travaux hors_etablissement cree_le envoye_le date_reponse",
        Classe.LIEN: "id client_id chantier_id",
        Classe.SECRET: "marge_vente_ht marge_cout_ht",
        Classe.AUCUNE: "revision numero_tri validite_tri",
    },
    "effacement": {Classe.LIEN: "personne_id", Classe.AUCUNE: "id personne_type fait_le par bilan"},
    "effacement_objet": {Classe.LIEN: "objet_id", Classe.AUCUNE: "objet_type effacement_id"},
    "entreprise": {
        Classe.AUCUNE: "id rang revision nom forme_juridique capital siren siret numero_tva rcs "
        f"code_ape {_ADRESSE} telephone email site assureur assureur_adresse assurance_police "
        "assurance_zone assurance_echeance mediateur mediateur_site iban bic logo regime_tva "
        "taux_tva_defaut delai_paiement duree_validite conditions courriel_ancres",
    },
    "evenement": {
        Classe.IDENTITE: "objet_nom",
        Classe.EQUIPE: "acteur_id acteur_nom adresse recherche",
        Classe.TEXTE: "details changements",
        Classe.FAIT: "action survenu_le origine lieu",
        Classe.LIEN: "id objet_type objet_id",
        Classe.SECRET: "empreinte requete",
    },
    "facture": {
        Classe.IDENTITE: "client_nom client_tri recherche",
        Classe.TEXTE: "objet conditions contenu reference_commande reference_acheteur",
        Classe.FAIT: "type statut numero date_emission date_echeance date_prestation taux_tva "
        "remise_pourcentage remise_montant autoliquidation attestation_signee lignes_ht remise_ht "
        f"{_MONTANTS} cree_le emise_le",
        Classe.LIEN: "id client_id devis_id chantier_id facture_origine_id",
        Classe.AUCUNE: "revision numero_tri echeance_tri date_tri",
    },
    "frein_connexion": {
        Classe.IDENTITE: "cle",
        Classe.AUCUNE: "id echecs dernier_le bloque_jusqu_a",
    },
    "imputation": {Classe.FAIT: "montant", Classe.LIEN: "id reglement_id facture_id"},
    "jeton_api": {
        Classe.TEXTE: "nom",
        Classe.FAIT: "cree_le portee expire_le utilise_le",
        Classe.LIEN: "id utilisateur_id",
        Classe.SECRET: "empreinte",
    },
    "job": {
        Classe.TEXTE: "erreur",
        Classe.LIEN: "parametres cle_unique",
        Classe.AUCUNE: "id nom etat a_partir_de essais bail_jusqu_a ouvrier cree_le termine_le",
    },
    "lien_mot_de_passe": {
        Classe.FAIT: "cree_le expire_le",
        Classe.LIEN: "id utilisateur_id",
        Classe.SECRET: "empreinte",
    },
    "ligne_devis": {
        Classe.TEXTE: "designation description",
        Classe.FAIT: "position type quantite unite prix_unitaire_ht remise taux_tva montant_ht",
        Classe.LIEN: "id devis_id parent_id",
        Classe.SECRET: "cout_unitaire_ht",
    },
    "ligne_facture": {
        Classe.TEXTE: "designation description",
        Classe.FAIT: "position type numero niveau quantite unite prix_unitaire_ht remise "
        "taux_tva montant_ht",
        Classe.LIEN: "id facture_id ligne_devis_id ligne_origine_id acompte_id",
    },
    "limite": {Classe.IDENTITE: "cle", Classe.AUCUNE: "id depuis nombre"},
    "mention": {Classe.AUCUNE: "id code texte reference_legale valable_du valable_au"},
    "message": {
        Classe.IDENTITE: "destinataire expediteur repondre_a",
        Classe.TEXTE: "sujet corps erreur",
        Classe.FAIT: "statut cree_le envoye_le confidentiel",
        Classe.LIEN: "id objet_type objet_id",
    },
    "modele_devis": {Classe.AUCUNE: "id nom contenu cree_le"},
    "mot": {Classe.IDENTITE: "mot", Classe.LIEN: "objet_id", Classe.AUCUNE: "genre"},
    "mouvement_agregat": {Classe.AUCUNE: "id mesure cle jour nombre montant"},
    "operation": {
        Classe.TEXTE: "corps",
        Classe.LIEN: "acteur_id adresse",
        Classe.SECRET: "empreinte cle",
        Classe.AUCUNE: "id statut type_mime etag faite_le",
    },
    "piece_facture": {
        Classe.TEXTE: "pdf xml",
        Classe.LIEN: "facture_id",
        Classe.FAIT: "rendue_le",
        Classe.AUCUNE: "pdf_sha256 xml_sha256",
    },
    "piece_jointe": {
        Classe.TEXTE: "nom contenu",
        Classe.LIEN: "id message_id",
        Classe.AUCUNE: "type_mime",
    },
    "registre_ancre": {Classe.AUCUNE: "id journal rang empreinte posee_le cle_id signature"},
    "registre_entree": {
        Classe.TEXTE: "contenu",
        Classe.LIEN: "objet_id",
        Classe.SECRET: "sel",
        Classe.AUCUNE: "journal rang evenement survenu_le algorithme contenu_sha256 "
        "precedente empreinte",
    },
    "registre_tete": {Classe.AUCUNE: "journal rang empreinte"},
    "reglage_acces": {Classe.AUCUNE: "id rang second_facteur_obligatoire"},
    "reglement": {
        Classe.EQUIPE: "cree_par",
        Classe.TEXTE: "reference motif",
        Classe.FAIT: "date montant mode cree_le",
        Classe.LIEN: "id client_id annule_id",
    },
    "sauvegarde": {Classe.AUCUNE: "id faite_le fichier taille chiffree empreinte"},
    "serie": {Classe.AUCUNE: "prefixe annee dernier_rang rang_initial derniere_date"},
    "session_web": {
        Classe.IDENTITE: "adresse navigateur",
        Classe.FAIT: "cree_le expire_le vu_le confirme_le enrolement_du",
        Classe.LIEN: "id utilisateur_id",
        Classe.SECRET: "empreinte",
    },
    "site": {Classe.IDENTITE: f"nom {_ADRESSE}", Classe.LIEN: "id client_id"},
    "solde": {
        Classe.FAIT: "date_echeance regle credite reste solde_le",
        Classe.LIEN: "facture_id client_id",
    },
    "temoin": {Classe.AUCUNE: "id"},
    "tva_facture": {
        Classe.FAIT: "taux lignes_ht remise_ht base_ht montant_tva",
        Classe.LIEN: "facture_id",
    },
    "utilisateur": {
        Classe.IDENTITE: "nom email",
        Classe.FAIT: "role actif cree_le facteur_depuis",
        Classe.LIEN: "id",
        Classe.SECRET: "mot_de_passe facteur_graine facteur_pas",
    },
    "version_devis": {
        Classe.TEXTE: "contenu",
        Classe.FAIT: "version statut figee_le",
        Classe.LIEN: "id devis_id",
    },
}

INVENTAIRE: Mapping[str, Mapping[str, Classe]] = {
    table: {colonne: classe for classe, noms in classes.items() for colonne in noms.split()}
    for table, classes in _TABLES.items()
}


def communicables(table: str) -> list[str]:
    """The columns of a table that a person is given back."""
    return [nom for nom, classe in INVENTAIRE.get(table, {}).items() if classe in COMMUNIQUEES]
