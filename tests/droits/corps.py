"""What each writing route is sent so that it succeeds, and which object it is aimed at."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.devis.builders import une_ligne
from tests.dossier import INCONNU, Dossier
from tests.entreprise.builders import une_image
from tests.gens import MOT_DE_PASSE

Corps = Mapping[str, Any]

#: The firm, as its own page sends it.
IDENTITE = {
    "nom": "Charpentes Vasseur",
    "siren": "732829320",
    "siret": "73282932000074",
    "ligne1": "4 rue du Port",
    "code_postal": "49000",
    "ville": "Angers",
    "pays": "FR",
    "iban": "FR7630006000011234567890189",
    "regime_tva": "ENCAISSEMENTS",
    "taux_tva_defaut": "20",
    "delai_paiement": "30",
    "duree_validite": "30",
}

#: The object a parameter of a path names, unless the route needs one in another state.
OBJETS = {
    "client_id": "client",
    "contact_id": "contact",
    "site_id": "site",
    "chantier_id": "chantier",
    "devis_id": "devis",
    "facture_id": "facture",
    "reglement_id": "reglement",
    "job_id": "travail",
    "message_id": "message",
    "piece_id": "piece",
    "modele_id": "modele",
    "code": "mention",
    # somebody else's: only who manages users may touch them
    "utilisateur_id": "utilisateur",
    "session_id": "session",
    "jeton_id": "jeton",
    "jeton": "lien",
    "entreprise_id": "entreprise",
}
#: Routes that act on an object in a given state.
ETATS = {
    "GET /devis/{devis_id}/acceptation": "devis_envoye",
    "POST /devis/{devis_id}/acceptation": "devis_envoye",
    "GET /devis/{devis_id}/refus": "devis_envoye",
    "POST /devis/{devis_id}/refus": "devis_envoye",
    "POST /devis/{devis_id}/chantier": "devis_accepte",
    "GET /devis/{devis_id}/versions/{version}/pdf": "devis_envoye",
    "GET /factures/generer/{devis_id}": "devis_accepte",
    "POST /factures/generer/{devis_id}": "devis_accepte",
    "GET /factures/{facture_id}/avoir": "facture_emise",
    "POST /factures/{facture_id}/avoir": "facture_emise",
    "GET /api/v1/devis/{devis_id}/versions": "devis_envoye",
    "GET /api/v1/devis/{devis_id}/versions/{version}": "devis_envoye",
    "GET /api/v1/devis/{devis_id}/versions/{version}/pdf": "devis_envoye",
    "GET /factures/{facture_id}/reglement": "facture_emise",
    "POST /factures/{facture_id}/reglement": "facture_emise",
    "GET /factures/{facture_id}/xml": "facture_emise",
    "POST /chantiers/{chantier_id}/suppression": "chantier_vide",
    "DELETE /api/v1/chantiers/{chantier_id}": "chantier_vide",
    "PUT /api/v1/devis/{devis_id}/accepter": "devis_envoye",
    "PUT /api/v1/devis/{devis_id}/refuser": "devis_envoye",
    "POST /api/v1/devis/{devis_id}/chantier": "devis_accepte",
    "POST /api/v1/factures/depuis-devis/{devis_id}": "devis_accepte",
    "POST /api/v1/factures/{facture_id}/avoir": "facture_emise",
    "POST /api/v1/factures/{facture_id}/reglements": "facture_emise",
    "GET /api/v1/factures/{facture_id}/reglements": "facture_emise",
    "GET /api/v1/factures/{facture_id}/xml": "facture_emise",
}
#: Parameters that name no row: (existing, missing, malformed).
VALEURS = {
    "genre": ("csv", "exe", "csv%20"),
    "version": ("1", "99", "un"),
    "periode": ("2020-01", "2001-01", "janvier"),
    "code": ("", "AUCUNE", "%00"),
}
#: What is asked after the question mark, without which the route has nothing to answer.
QUESTIONS = {
    "GET /chantiers/evenements": "?du=2026-01-01&au=2026-01-31",
    "GET /export/jde": "?du=2026-01-01&au=2026-12-31&format=csv",
    "GET /api/v1/exports/jde": "?du=2026-01-01&au=2026-12-31",
    "GET /clients/export": "?format=csv",
    "GET /chantiers/export": "?format=csv",
    "GET /parametres/journal/export": "?format=csv",
    "GET /recherche": "?q=lavandier",
}


def objets_de(cle: str, noms: list[str], dossier: Dossier) -> dict[str, str]:
    """The identifiers of existing objects for the parameters of a route."""
    inconnus = set(noms) - OBJETS.keys() - VALEURS.keys()
    assert not inconnus, (
        f"{cle} : dites dans OBJETS (tests/droits/corps.py) quel objet nomme {inconnus}, créez-en "
        "un dans tests/dossier.py"
    )
    return {
        nom: VALEURS[nom][0] or dossier[OBJETS[nom]]
        if nom in VALEURS
        else dossier[ETATS.get(cle, OBJETS[nom])]
        for nom in noms
    }


def absents_de(existants: Mapping[str, str], dossier: Dossier) -> list[dict[str, str]]:
    """Each parameter in turn naming nothing; a part of another client's is nothing either."""
    essais = []
    for nom in existants:
        essais.append({**existants, nom: VALEURS[nom][1] if nom in VALEURS else INCONNU})
        if nom == "contact_id":
            essais.append({**existants, nom: dossier["autre_contact"]})
    return essais


def malformes_de(existants: Mapping[str, str]) -> list[dict[str, str]]:
    """Each parameter in turn not even an identifier."""
    return [
        {**existants, nom: VALEURS[nom][2] if nom in VALEURS else "1%20or%201=1"}
        for nom in existants
    ]


def corps_de(cle: str, dossier: Dossier) -> Corps:
    """The keyword arguments of the request."""
    corps = CORPS.get(cle)
    return corps(dossier) if corps else {}


def _form(**champs: Any) -> Callable[[Dossier], Corps]:
    return lambda _: {"data": champs}


def _json(**champs: Any) -> Callable[[Dossier], Corps]:
    return lambda _: {"json": champs}


def _un_devis(d: Dossier) -> Corps:
    return {"json": {"clientId": d["client"], "lignes": [une_ligne()]}}


#: A row of each editor, every column sent as the page does.
LIGNE = {
    "ligne_type": "LIGNE",
    "ligne_designation": "Charpente",
    "ligne_description": "",
    "ligne_quantite": "1",
    "ligne_unite": "UNITE",
    "ligne_prix_unitaire_ht": "100",
    "ligne_remise": "",
    "ligne_taux_tva": "20",
}


def _editeur_devis(d: Dossier) -> Corps:
    propres = {"ligne_id": "", "ligne_parent": "", "ligne_cout": "60", "revision": "1"}
    return {"data": {"client_id": d["client"], "taux_tva": "20", **LIGNE, **propres}}


def _editeur_facture(d: Dossier) -> Corps:
    return {"data": {"client_id": d["client"], "taux_tva": "20", **LIGNE, "ligne_niveau": ""}}


CORPS: Mapping[str, Callable[[Dossier], Corps]] = {
    "POST /comptabilite/clotures": _form(genre="MOIS", periode="2025-01"),
    "POST /compte/email": _form(email="camille@exemple.fr"),
    "POST /compte/jetons": _form(nom="Tableur", portee="lecture"),
    "POST /compte/mot-de-passe": _form(actuel=MOT_DE_PASSE, mot_de_passe="une phrase bien longue"),
    "POST /compte/nom": _form(nom="Camille"),
    "POST /mot-de-passe/oublie": _form(email="personne@exemple.fr"),
    "POST /mot-de-passe/{jeton}": _form(mot_de_passe="une phrase bien longue"),
    "POST /parametres/utilisateurs/nouveau": _form(
        nom="Rose", email="rose@exemple.fr", role="technicien"
    ),
    "POST /parametres/utilisateurs/{utilisateur_id}/role": _form(role="commercial"),
    "POST /login": _form(username="personne@exemple.fr", password="un mot de passe faux"),
    "POST /parametres/entreprise": _form(**IDENTITE),
    "POST /parametres/entreprise/logo": lambda _: {
        "files": {"logo": ("logo.png", une_image(), "image/png")}
    },
    "POST /parametres/numerotation": _form(prefixe="DEV", annee="2027", premier="12"),
    "POST /parametres/mentions/{code}": _form(
        texte="Pénalités au taux légal.", reference_legale="", valable_du="2027-01-01"
    ),
    "POST /clients/import": lambda _: {
        "files": {"fichier": ("c.csv", b"Nom\nConstructeo\n", "text/csv")}
    },
    "POST /clients/import/confirmation": _form(donnees="x", mode="tout"),
    "POST /clients/nouveau": _form(nom="Constructeo", type="PROFESSIONNEL"),
    "POST /clients/{client_id}/modifier": _form(nom="Constructeo", type="PROFESSIONNEL"),
    "POST /clients/{client_id}/contacts/nouveau": _form(nom="Rose"),
    "POST /clients/{client_id}/contacts/{contact_id}": _form(nom="Rose"),
    "POST /clients/{client_id}/sites/nouveau": _form(nom="Longère", ville="Angers"),
    "POST /clients/{client_id}/sites/{site_id}": _form(nom="Longère", ville="Angers"),
    "POST /chantiers/nouveau": lambda d: {
        "data": {
            "nom": "Grange",
            "client_id": d["client"],
            "date_debut": "2026-12-01",
            "date_fin": "2026-12-18",
        }
    },
    "POST /chantiers/{chantier_id}/modifier": lambda d: {
        "data": {
            "nom": "Grange",
            "client_id": d["client"],
            "date_debut": "2026-12-01",
            "date_fin": "2026-12-18",
        }
    },
    "POST /chantiers/{chantier_id}/statut": _form(statut="EN_COURS"),
    "POST /devis/lot/envoi": lambda d: {"data": {"ids": d["devis"]}},
    "POST /devis/lot/pdf": lambda d: {"data": {"ids": d["devis_envoye"]}},
    "POST /factures/lot/emission": lambda d: {"data": {"ids": d["facture"]}},
    "POST /factures/lot/pdf": lambda d: {"data": {"ids": d["facture_emise"]}},
    "POST /devis/nouveau": lambda d: {"data": {"client_id": d["client"]}},
    "POST /devis/{devis_id}/modifier": _editeur_devis,
    "POST /devis/{devis_id}/envoi": _form(email="lavandier@exemple.fr", message="Bonjour"),
    "POST /devis/{devis_id}/attestation": _form(attestation_signee="1"),
    "POST /devis/{devis_id}/modele": _form(nom="Charpente"),
    "POST /factures/generer/{devis_id}": _form(choix="RESTE"),
    "POST /factures/nouvelle": _editeur_facture,
    "POST /factures/calcul": _editeur_facture,
    "POST /factures/{facture_id}/modifier": _editeur_facture,
    "POST /factures/{facture_id}/avoir": _form(choix="RESTE"),
    "POST /factures/{facture_id}/reglement": _form(montant="10", mode="VIREMENT"),
    "POST /reglements/nouveau": lambda d: {
        "data": {
            "client_id": d["client"],
            "montant": "10",
            "mode": "VIREMENT",
            "choix": d["facture_emise"],
            "du": d["facture_emise"],
            "part": "10",
        }
    },
    "POST /reglements/repartition": lambda d: {"data": {"client_id": d["client"], "montant": "10"}},
    "POST /reglements/{reglement_id}/annulation": _form(motif="Chèque refusé"),
    "PUT /api/v1/entreprise": _json(nom="Charpentes Vasseur"),
    "POST /api/v1/clients": _json(nom="Constructeo"),
    "PUT /api/v1/clients/{client_id}": _json(nom="Constructeo"),
    "POST /api/v1/chantiers": lambda d: {
        "json": {"nom": "Grange", "clientId": d["client"], "dateDebut": "2026-12-01"}
    },
    "PUT /api/v1/chantiers/{chantier_id}": _json(nom="Grange"),
    "PUT /api/v1/chantiers/{chantier_id}/statut": _json(statut="EN_COURS"),
    "POST /api/v1/devis": _un_devis,
    "POST /api/v1/devis/calcul": _un_devis,
    "PUT /api/v1/devis/{devis_id}": _json(objet="Charpente"),
    "PUT /api/v1/devis/{devis_id}/envoyer": _json(emailClient="lavandier@exemple.fr"),
    "PUT /api/v1/devis/{devis_id}/refuser": _json(motif="Trop cher"),
    "PUT /api/v1/devis/{devis_id}/attestation": _json(attestationSignee=True),
    "POST /api/v1/factures": _un_devis,
    "PUT /api/v1/factures/{facture_id}": _json(objet="Charpente"),
    "POST /api/v1/factures/{facture_id}/reglements": _json(montant=10, mode="VIREMENT"),
    "POST /api/v1/reglements": lambda d: {
        "json": {
            "clientId": d["client"],
            "mode": "VIREMENT",
            "imputations": [{"factureId": d["facture_emise"], "montant": 10}],
        }
    },
    "POST /api/v1/reglements/{reglement_id}/annulation": _json(motif="Chèque refusé"),
}
