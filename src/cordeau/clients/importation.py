"""Clients that come from a file: what each row would give, why a row is refused, then creation."""

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from cordeau.clients.classeur import Tableau, lire_classeur
from cordeau.clients.colonnes import COLONNES, champ_de, champs_par_entete
from cordeau.clients.commands import enregistrer_clients, preparer_client
from cordeau.clients.models import Client
from cordeau.clients.queries import identites_connues
from cordeau.clients.rules import LIBELLES_TYPES, cle_de_doublon
from cordeau.clients.schemas import ClientCreation
from cordeau.clients.states import TypeClient
from cordeau.core.errors import ConflitError, Faute, SaisieError, refuser_saisie
from cordeau.core.permissions import Acteur
from cordeau.core.texte import plier
from cordeau.web.validation import valider

TYPES: Mapping[str, TypeClient] = {
    "": TypeClient.PARTICULIER,
    "particulier": TypeClient.PARTICULIER,
    "prive": TypeClient.PARTICULIER,
    "professionnel": TypeClient.PROFESSIONNEL,
    "pro": TypeClient.PROFESSIONNEL,
    "entreprise": TypeClient.PROFESSIONNEL,
    "societe": TypeClient.PROFESSIONNEL,
    "public": TypeClient.PUBLIC,
    "administration": TypeClient.PUBLIC,
    "collectivite": TypeClient.PUBLIC,
}
ENTETES: Mapping[str, str] = {c.champ: c.entete for c in COLONNES if c.champ}
CODE_POSTAL_CHIFFRES = 5
TELEPHONE_CHIFFRES = 10


class Mode(StrEnum):
    """What becomes of a file when some rows are refused."""

    #: Nothing is imported unless every row is right.
    TOUT = "tout"
    #: The right rows are imported, the others left out.
    JUSTES = "justes"


@dataclass(frozen=True, slots=True)
class Lecture:
    """A file once read: where each field stands, and the rows, as text."""

    champs: Sequence[str]
    #: Headers that are none of ours.
    ignorees: Sequence[str]
    #: Number in the file, then one text per field.
    lignes: Sequence[tuple[int, Sequence[str]]]

    def en_texte(self) -> str:
        """To be carried by the page from preview to confirmation."""
        brut = json.dumps([self.champs, self.ignorees, self.lignes], ensure_ascii=False)
        return b64encode(zlib.compress(brut.encode())).decode()

    @classmethod
    def relire(cls, texte: str) -> "Lecture":
        """What `en_texte` wrote; only ever fed with a value we signed."""
        champs, ignorees, lignes = json.loads(zlib.decompress(b64decode(texte)))
        return cls(champs, ignorees, lignes)


@dataclass(frozen=True, slots=True)
class LigneLue:
    """A row of the file: the client it would make, or why it is refused."""

    numero: int
    valeurs: Mapping[str, str]
    client: Client | None
    fautes: Sequence[str] = ()


def lire_fichier(contenu: bytes) -> Lecture:
    """Recognise the columns by their header; refuses a file without a name column or a row."""
    tableau = lire_classeur(contenu, "fichier")
    rang = next((i for i, ligne in enumerate(tableau) if any(ligne)), None)
    if rang is None:
        raise refuser_saisie("fichier", "Ce fichier est vide.")
    places, ignorees = _reconnaitre(tableau[rang])
    if "nom" not in places:
        raise refuser_saisie(
            "fichier", "Aucune colonne « Nom » : la première ligne doit nommer les colonnes."
        )
    lignes = _extraire(tableau, rang + 1, list(places.values()))
    if not lignes:
        raise refuser_saisie("fichier", "Ce fichier ne contient aucun client.")
    return Lecture(list(places), ignorees, lignes)


def analyser(session: Session, lecture: Lecture) -> list[LigneLue]:
    """What each row gives, the base and the rows before it being known."""
    connus = _Connus(session)
    return [_analyser_ligne(connus, numero, lecture, textes) for numero, textes in lecture.lignes]


def importer(session: Session, lecture: Lecture, mode: Mode, *, actor: Acteur) -> int:
    """Create the clients of the right rows; how many. With `Mode.TOUT`, all or nothing."""
    lignes = analyser(session, lecture)
    justes = [ligne.client for ligne in lignes if ligne.client is not None]
    if mode is Mode.TOUT and len(justes) < len(lignes):
        raise ConflitError("Des lignes sont refusées : rien n’a été importé.")
    if not justes:
        raise ConflitError("Aucune ligne n’est juste : rien n’a été importé.")
    enregistrer_clients(session, justes, "Client importé", actor=actor)
    return len(justes)


class _Connus:
    """The clients already there, by SIRET and by name and postcode; grows as rows are read."""

    def __init__(self, session: Session) -> None:
        self._sirets: dict[str, str] = {}
        self._noms: dict[tuple[str, str], str] = {}
        for nom, code_postal, siret in identites_connues(session):
            self._noter(nom, code_postal, siret, f"déjà dans vos clients : {nom}")

    def doublon(self, client: Client) -> str:
        """What this client repeats, empty when it is new."""
        cle = cle_de_doublon(client.nom, client.adresse.code_postal)
        return self._sirets.get(client.siret, "") or self._noms.get(cle, "")

    def ajouter(self, client: Client, numero: int) -> None:
        """A row before this one gives this client."""
        ou = f"répète la ligne {numero}"
        self._noter(client.nom, client.adresse.code_postal, client.siret, ou)

    def _noter(self, nom: str, code_postal: str, siret: str, ou: str) -> None:
        self._noms.setdefault(cle_de_doublon(nom, code_postal), ou)
        if siret:
            self._sirets.setdefault(siret, ou)


def _reconnaitre(entetes: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Where each field stands, and the headers left aside."""
    connus = champs_par_entete()
    places: dict[str, int] = {}
    ignorees = []
    for place, entete in enumerate(entetes):
        champ = champ_de(entete, connus)
        if champ and champ not in places:
            places[champ] = place
        elif entete:
            ignorees.append(entete)
    return places, ignorees


def _extraire(
    tableau: Tableau, debut: int, places: Sequence[int]
) -> list[tuple[int, Sequence[str]]]:
    lignes: list[tuple[int, Sequence[str]]] = []
    for numero, ligne in enumerate(tableau[debut:], start=debut + 1):
        textes = [ligne[place] if place < len(ligne) else "" for place in places]
        if any(textes):
            lignes.append((numero, textes))
    return lignes


def _analyser_ligne(
    connus: _Connus, numero: int, lecture: Lecture, textes: Sequence[str]
) -> LigneLue:
    valeurs = dict(zip(lecture.champs, textes, strict=True))
    try:
        client = preparer_client(valider(ClientCreation, _donnees(valeurs)).champs())
    except SaisieError as refus:
        return LigneLue(numero, valeurs, None, [_dire(faute) for faute in refus.fautes])
    doublon = connus.doublon(client)
    if doublon:
        return LigneLue(numero, valeurs, None, [f"Doublon : {doublon}."])
    connus.ajouter(client, numero)
    return LigneLue(numero, valeurs, client)


def _donnees(valeurs: Mapping[str, str]) -> dict[str, Any]:
    """The row under the names of the API; an empty cell is left out."""
    donnees: dict[str, Any] = {}
    adresse: dict[str, str] = {}
    for champ, texte in valeurs.items():
        if not texte:
            continue
        parent, _, nom = champ.rpartition(".")
        if parent:
            adresse[nom] = texte
        else:
            donnees[champ] = texte
    if "type" in donnees:
        donnees["type"] = TYPES.get(plier(donnees["type"]), donnees["type"])
    adresse = _adresse(adresse)
    if "telephone" in donnees and adresse["pays"] == "FR":
        donnees["telephone"] = _avec_zero(donnees["telephone"], TELEPHONE_CHIFFRES)
    return {**donnees, "adresse": adresse}


def _adresse(adresse: dict[str, str]) -> dict[str, str]:
    """The address, « France » and « 49 100 » written as they are kept."""
    code, pays = adresse.get("codePostal", ""), adresse.get("pays", "FR").upper()
    pays = "FR" if plier(pays) == "france" else pays
    if pays == "FR":
        serre = "".join(code.split())
        code = _avec_zero(serre if serre.isdecimal() else code, CODE_POSTAL_CHIFFRES)
    return {**adresse, "codePostal": code, "pays": pays}


def _avec_zero(texte: str, chiffres: int) -> str:
    """With the zero a spreadsheet drops from « 01000 » put back."""
    return f"0{texte}" if texte.isdecimal() and len(texte) == chiffres - 1 else texte


def _dire(faute: Faute) -> str:
    entete = ENTETES.get(faute.champ, faute.champ)
    if faute.champ == "type":
        return f"{entete} : écrivez {', '.join(LIBELLES_TYPES.values())}."
    return f"{entete} : {faute.message}"
