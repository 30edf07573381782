"""A firm with many devis, written in bulk: clients, chantiers, devis, factures, balances."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, create_engine, insert, select
from sqlalchemy.pool import NullPool

from cordeau.chantiers.models import Chantier
from cordeau.clients.models import Client
from cordeau.core.db import Base, Database
from cordeau.core.ids import new_id
from cordeau.core.journal import Evenement
from cordeau.core.numbering import Serie
from cordeau.core.recherche import Cherchable, Mot, mots_de
from cordeau.core.texte import plier
from cordeau.core.totaux import Totaux, montant_ligne, totaliser
from cordeau.devis.models import Devis, LigneDevis
from cordeau.facturation.models import (
    Facture,
    Imputation,
    LigneFacture,
    Reglement,
    Solde,
    TvaFacture,
)

Rangee = dict[str, Any]

#: Share of each state among devis.
STATUTS = {"BROUILLON": 10, "ENVOYE": 20, "ACCEPTE": 50, "REFUSE": 12, "EXPIRE": 8}
#: Among the accepted ones: how many of ten are billed, and how many of those are paid.
FACTURES_SUR_DIX, PAYEES_SUR_DIX = 8, 7
DUREE = timedelta(days=730)
#: Chantiers under way or to come.
EN_TRAIN = 60
TRAVAUX = (
    ("Fourniture et pose de parquet massif chêne, lames de 140 mm", "METRE_CARRE", "78.50"),
    ("Dépose de l’ancien revêtement, évacuation en décharge agréée", "METRE_CARRE", "14.20"),
    ("Mise en peinture de deux couches, teinte au choix", "METRE_CARRE", "23.90"),
    ("Main-d’œuvre de pose, compagnon et aide", "HEURE", "47.00"),
    ("Plinthes assorties, coupes d’onglet comprises", "METRE", "11.75"),
)
VILLES = (("49000", "Angers"), ("44000", "Nantes"), ("72000", "Le Mans"), ("53000", "Laval"))
NOMS = ("Marchand", "Lefèvre", "Rousseau", "Garnier", "Chevalier", "Besnard", "Moreau", "Poirier")
TAUX = Decimal(20)


@dataclass(frozen=True, slots=True)
class Gens:
    """Clients and the chantiers of some of them."""

    clients: Sequence[Rangee]
    chantiers: Sequence[Rangee]


def remplir(database: Database, devis: int, factures_a_emettre: int, le: date) -> list[UUID]:
    """Write it all; gives the accepted devis kept for measures, all of one client, not billed.

    Works without foreign keys: rows of issued factures must precede them, for triggers refuse them
    after.
    """
    hasard = random.Random(2026)  # noqa: S311 (the same firm at each run)
    with en_masse(database) as connexion:
        gens = _ecrire_gens(connexion, hasard, max(devis // 10, 20), le)
        proposes = list(_devis(hasard, gens, devis, factures_a_emettre, le))
        _ecrire(connexion, Devis, [d for d, _ in proposes])
        _ecrire(connexion, LigneDevis, [ligne for _, lignes in proposes for ligne in lignes])
        gardes = [d for d, _ in proposes[-factures_a_emettre:]]
        _facturer(connexion, hasard, proposes[:-factures_a_emettre], le)
        _ecrire_series(connexion, [d for d, _ in proposes])
        connexion.commit()
        analyser(connexion)
    return [d["id"] for d in gardes]


@contextmanager
def en_masse(database: Database) -> Iterator[Connection]:
    """A connection outside the application: it may put rows before those they refer to."""
    url = database.engine.url
    moteur = create_engine(
        url.set(drivername="sqlite") if database.is_sqlite else url, poolclass=NullPool
    )
    with moteur.connect() as connexion:
        sqlite = connexion.dialect.name == "sqlite"
        curseur: Any = connexion.connection.cursor()
        curseur.execute("PRAGMA foreign_keys=OFF" if sqlite else "SET FOREIGN_KEY_CHECKS = 0")
        yield connexion


def analyser(connexion: Connection) -> None:
    """Let the engine know how its tables are made, as it does by itself with time."""
    if connexion.dialect.name == "sqlite":
        connexion.exec_driver_sql("ANALYZE")
    else:
        tables = ", ".join(f"`{table.name}`" for table in Base.metadata.sorted_tables)
        connexion.exec_driver_sql(f"ANALYZE TABLE {tables}")
    connexion.commit()


def _ecrire(connexion: Connection, modele: Any, rangees: Sequence[Rangee]) -> None:
    if rangees:
        connexion.execute(insert(modele.__table__), list(rangees))
    if issubclass(modele, Cherchable):
        _ecrire_mots(connexion, modele, rangees)


def _ecrire_mots(connexion: Connection, modele: Any, rangees: Sequence[Rangee]) -> None:
    mots = [
        {"objet_id": rangee["id"], "mot": mot, "genre": modele.__tablename__}
        for rangee in rangees
        for mot in sorted(mots_de(f"{rangee['recherche']} {rangee.get('client_tri', '')}"))
    ]
    connexion.execute(insert(Mot), mots)


def _ecrire_gens(connexion: Connection, hasard: random.Random, nombre: int, le: date) -> Gens:
    clients = [_client(rang, hasard) for rang in range(nombre)]
    chantiers = [_chantier(rang, client, hasard, le) for rang, client in enumerate(clients[::2])]
    _ecrire(connexion, Client, clients)
    _ecrire(connexion, Chantier, chantiers)
    return Gens(clients, chantiers)


def _client(rang: int, hasard: random.Random) -> Rangee:
    code_postal, ville = hasard.choice(VILLES)
    nom = f"{hasard.choice(NOMS)} {rang:05d}"
    return {
        "id": new_id(),
        "revision": 1,
        "nom": nom,
        "nom_tri": plier(nom),
        "email": f"client{rang}@example.com",
        "adresse_ligne1": f"{rang % 90 + 1} rue des Tilleuls",
        "adresse_code_postal": code_postal,
        "adresse_ville": ville,
        "code_jde": str(100000 + rang),
        "recherche": plier(f"{nom} {ville}"),
        "cree_le": datetime.now(UTC),
    }


def _chantier(rang: int, client: Rangee, hasard: random.Random, le: date) -> Rangee:
    debut = le + timedelta(days=hasard.randint(-400, 120))
    nom = f"Rénovation {client['nom']}"
    return {
        "id": new_id(),
        "revision": 1,
        "code": f"CH-{rang:06d}",
        "nom": nom,
        "nom_tri": plier(nom),
        "client_id": client["id"],
        "date_debut": debut,
        "date_fin": debut + timedelta(days=hasard.randint(5, 60)),
        "responsable": hasard.choice(NOMS),
        "statut": _statut_chantier(rang, debut, le),
        "recherche": plier(nom),
        "cree_le": datetime.now(UTC),
    }


def _statut_chantier(rang: int, debut: date, le: date) -> str:
    """A firm has few chantiers under way, whatever its past."""
    if debut > le:
        return "PLANIFIE" if rang < EN_TRAIN else "TERMINE"
    return "EN_COURS" if rang < EN_TRAIN else "TERMINE"


def _devis(
    hasard: random.Random, gens: Gens, nombre: int, a_emettre: int, le: date
) -> Iterator[tuple[Rangee, list[Rangee]]]:
    """The devis oldest first; the last ones, accepted and of the first client, are for measures."""
    rangs: Counter[int] = Counter()
    statuts, parts = list(STATUTS), list(STATUTS.values())
    total = nombre + a_emettre
    par_id = {client["id"]: client for client in gens.clients}
    for rang in range(total):
        emission = le - DUREE + DUREE * rang // total
        rangs[emission.year] += 1
        numero = f"DEV-{emission.year}-{rangs[emission.year]:03d}"
        mesure = rang >= nombre
        client = gens.clients[0] if mesure else hasard.choice(gens.clients)
        chantier = hasard.choice(gens.chantiers) if hasard.random() < 0.3 and not mesure else None
        if chantier is not None:
            client = par_id[chantier["client_id"]]
        lignes = _lignes(hasard)
        devis = {
            **_entete(numero, client, emission, len(lignes)),
            **_montants(lignes),
            "chantier_id": chantier["id"] if chantier else None,
            "statut": "ACCEPTE" if mesure else hasard.choices(statuts, parts)[0],
        }
        yield devis, [{**ligne, "devis_id": devis["id"]} for ligne in lignes]


def _entete(numero: str, client: Rangee, emission: date, lignes: int) -> Rangee:
    prefixe, annee, rang = numero.split("-")
    objet = f"Rénovation d’un appartement, {lignes} postes"
    return {
        "id": new_id(),
        "revision": 1,
        "numero": numero,
        "numero_tri": f"{prefixe}-{annee}-{rang:0>9}",
        "client_id": client["id"],
        "client_tri": client["nom_tri"],
        "objet": objet,
        "date_emission": emission,
        "date_validite": emission + timedelta(days=30),
        "validite_tri": emission + timedelta(days=30),
        "taux_tva": TAUX,
        "recherche": plier(f"{numero} {client['nom']} {objet} {client['adresse_ville']}"),
        "cree_le": _instant(emission),
    }


def _lignes(hasard: random.Random) -> list[Rangee]:
    lignes = []
    for position, (designation, unite, prix) in enumerate(hasard.sample(TRAVAUX, 3)):
        quantite = Decimal(hasard.randint(10, 4000)) / 100
        lignes.append(
            {
                "id": new_id(),
                "position": position,
                "type": "LIGNE",
                "designation": designation,
                "quantite": quantite,
                "unite": unite,
                "prix_unitaire_ht": Decimal(prix),
                "remise": Decimal(0),
                "taux_tva": TAUX,
                "cout_unitaire_ht": Decimal(prix) / 2,
                "montant_ht": montant_ligne(quantite, Decimal(prix), Decimal(0)),
            }
        )
    return lignes


def _montants(lignes: Sequence[Rangee]) -> Rangee:
    totaux = _totaux(lignes)
    return {
        "montant_ht": totaux.montant_ht,
        "montant_tva": totaux.montant_tva,
        "montant_ttc": totaux.montant_ttc,
        "marge_vente_ht": totaux.montant_ht,
        "marge_cout_ht": totaux.montant_ht / 2 // Decimal("0.01") * Decimal("0.01"),
    }


def _totaux(lignes: Sequence[Rangee]) -> Totaux:
    return totaliser([(ligne["taux_tva"], ligne["montant_ht"]) for ligne in lignes])


def _facturer(
    connexion: Connection,
    hasard: random.Random,
    proposes: Sequence[tuple[Rangee, list[Rangee]]],
    le: date,
) -> None:
    """Bill most of the accepted devis, and settle most of what is billed."""
    tables: dict[Any, list[Rangee]] = {
        LigneFacture: [],
        TvaFacture: [],
        Facture: [],
        Solde: [],
        Reglement: [],
        Imputation: [],
        Evenement: [],
    }
    rangs: Counter[int] = Counter()
    for devis, lignes in proposes:
        tables[Evenement].append(_evenement("devis", devis, "Devis créé"))
        if devis["statut"] != "ACCEPTE" or hasard.randrange(10) >= FACTURES_SUR_DIX:
            continue
        emission = min(devis["date_emission"] + timedelta(days=20), le)
        rangs[emission.year] += 1
        facture = _facture(devis, emission, rangs[emission.year])
        paye = hasard.randrange(10) < PAYEES_SUR_DIX
        tables[Facture].append(facture)
        tables[LigneFacture] += [_ligne_facture(facture, ligne) for ligne in lignes]
        tables[TvaFacture].append(_tva(facture))
        tables[Solde].append(_solde(facture, paye=paye))
        tables[Evenement].append(_evenement("facture", facture, "Facture émise"))
        if paye:
            reglement = _reglement(facture)
            tables[Reglement].append(reglement)
            tables[Imputation].append(_imputation(facture, reglement))
    for modele, rangees in tables.items():
        _ecrire(connexion, modele, rangees)


def _facture(devis: Rangee, emission: date, rang: int) -> Rangee:
    numero = f"FAC-{emission.year}-{rang:03d}"
    repris = ("client_id", "client_tri", "chantier_id", "objet")
    montants = ("montant_ht", "montant_tva", "montant_ttc")
    return {
        **{nom: devis[nom] for nom in repris + montants},
        "client_nom": devis["client_tri"],
        "id": new_id(),
        "revision": 2,
        "type": "FACTURE",
        "statut": "EMISE",
        "numero": numero,
        "numero_tri": f"FAC-{emission.year}-{rang:09d}",
        "devis_id": devis["id"],
        "date_emission": emission,
        "date_echeance": emission + timedelta(days=30),
        "echeance_tri": emission + timedelta(days=30),
        "date_tri": emission,
        "taux_tva": TAUX,
        "lignes_ht": devis["montant_ht"],
        "remise_ht": Decimal(0),
        "recherche": f"{numero.lower()} {devis['recherche']}",
        "cree_le": _instant(emission),
        "emise_le": _instant(emission),
        # as long as the document of three rows that issuing writes
        "contenu": '{"numero":"' + numero + '","texte":"' + "m" * 5000 + '"}',
    }


def _ligne_facture(facture: Rangee, ligne: Rangee) -> Rangee:
    sans = ("id", "devis_id", "cout_unitaire_ht")
    return {
        **{nom: valeur for nom, valeur in ligne.items() if nom not in sans},
        "id": new_id(),
        "facture_id": facture["id"],
        "ligne_devis_id": ligne["id"],
        "numero": str(ligne["position"] + 1),
    }


def _tva(facture: Rangee) -> Rangee:
    return {
        "facture_id": facture["id"],
        "taux": TAUX,
        "lignes_ht": facture["montant_ht"],
        "remise_ht": Decimal(0),
        "base_ht": facture["montant_ht"],
        "montant_tva": facture["montant_tva"],
    }


def _solde(facture: Rangee, *, paye: bool) -> Rangee:
    du = facture["montant_ttc"]
    return {
        "facture_id": facture["id"],
        "client_id": facture["client_id"],
        "date_echeance": facture["date_echeance"],
        "regle": du if paye else Decimal(0),
        "credite": Decimal(0),
        "reste": Decimal(0) if paye else du,
        "solde_le": facture["date_echeance"] if paye else None,
    }


def _reglement(facture: Rangee) -> Rangee:
    return {
        "id": new_id(),
        "client_id": facture["client_id"],
        "date": facture["date_echeance"],
        "montant": facture["montant_ttc"],
        "mode": "VIREMENT",
        "cree_le": facture["emise_le"],
        "cree_par": "Cordeau",
    }


def _imputation(facture: Rangee, reglement: Rangee) -> Rangee:
    return {
        "id": new_id(),
        "reglement_id": reglement["id"],
        "facture_id": facture["id"],
        "montant": facture["montant_ttc"],
    }


def _evenement(genre: str, objet: Rangee, action: str) -> Rangee:
    return {
        "id": new_id(),
        "objet_type": genre,
        "objet_id": objet["id"],
        "action": action,
        "acteur_nom": "Cordeau",
        "survenu_le": objet["cree_le"],
    }


def _ecrire_series(connexion: Connection, devis: Sequence[Rangee]) -> None:
    """Where each series stands, so that the next numbers are free."""
    emises = list(connexion.scalars(select(Facture.date_emission).order_by(Facture.date_tri)))
    dernieres = {("FAC", le.year): le for le in emises if le}
    rangs = Counter(("FAC", le.year) for le in emises if le)
    rangs.update(("DEV", d["date_emission"].year) for d in devis)
    _ecrire(
        connexion,
        Serie,
        [
            {
                "prefixe": prefixe,
                "annee": annee,
                "dernier_rang": rang,
                "derniere_date": dernieres.get((prefixe, annee)),
            }
            for (prefixe, annee), rang in rangs.items()
        ],
    )


def _instant(jour: date) -> datetime:
    return datetime.combine(jour, time(9), UTC)
