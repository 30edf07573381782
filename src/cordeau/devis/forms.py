"""What the forms of a devis send, kept as typed until it is accepted.

The editor works without script: a row is the same rank in each `ligne_…` list.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from cordeau.core.errors import Faute, SaisieError, refuser_saisie
from cordeau.core.ids import new_id
from cordeau.core.texte import plier
from cordeau.devis.models import Devis, LigneDevis
from cordeau.devis.schemas import DevisSaisie
from cordeau.devis.states import CHIFFREES, StatutDevis, TypeLigne, Unite
from cordeau.web.formats import prix, quantite, saisie
from cordeau.web.validation import valider

PRESTATION = "Prestation"
#: A new row belongs to the lot above it.
AU_DESSUS = "auto"

#: Fields whose name in the form is not the API's.
CHAMPS: Mapping[str, str] = {
    "clientId": "client_id",
    "chantierId": "chantier_id",
    "dateEmission": "date_emission",
    "dateValidite": "date_validite",
    "tauxTVA": "taux_tva",
    "dateDebutTravaux": "date_debut_travaux",
    "dureeTravaux": "duree_travaux",
    "dechetsQuantite": "dechets_quantite",
    "dechetsGestion": "dechets_gestion",
    "dechetsCollecte": "dechets_collecte",
    "dechetsCout": "dechets_cout",
    "remise": "remise_valeur",
    "remise.pourcentage": "remise_valeur",
    "remise.montant": "remise_valeur",
}
CASES = ("autoliquidation", "attestation_signee", "hors_etablissement")
TEXTES = (
    "objet",
    "duree_travaux",
    "dechets_quantite",
    "dechets_gestion",
    "dechets_collecte",
    "dechets_cout",
    "conditions",
)


@dataclass(frozen=True, slots=True)
class LigneForm:
    """A row of the editor, as typed."""

    id: str = ""
    type: str = "LIGNE"
    parent: str = ""
    designation: str = ""
    description: str = ""
    quantite: str = ""
    unite: str = "UNITE"
    prix_unitaire_ht: str = ""
    remise: str = ""
    taux_tva: str = ""
    cout: str = ""

    @property
    def est_vierge(self) -> bool:
        """Whether nothing was typed in it: such a row is not sent."""
        if self.type in (TypeLigne.LOT, TypeLigne.SOUS_TOTAL):
            return False
        textes = (self.designation, self.description, self.prix_unitaire_ht, self.cout)
        return not any(texte.strip() for texte in textes)

    def donnees(self) -> dict[str, Any]:
        """The same, under the names of the API."""
        return {
            "id": self.id,
            "type": self.type,
            "parentId": self.parent or None,
            "designation": self.designation,
            "description": self.description,
            "quantite": self.quantite,
            "unite": self.unite,
            "prixUnitaireHT": self.prix_unitaire_ht,
            "remise": self.remise.strip() or Decimal(0),
            "tauxTVA": self.taux_tva,
            "coutUnitaireHT": self.cout,
        }

    @classmethod
    def lire(cls, ligne: LigneDevis) -> "LigneForm":
        """The row of an existing devis."""
        chiffree = ligne.type in CHIFFREES
        return cls(
            id=str(ligne.id),
            type=ligne.type,
            parent=str(ligne.parent_id or ""),
            designation=ligne.designation,
            description=ligne.description,
            quantite=quantite(ligne.quantite),
            unite=ligne.unite,
            prix_unitaire_ht=prix(ligne.prix_unitaire_ht),
            remise=saisie(ligne.remise) if chiffree and ligne.remise else "",
            taux_tva=saisie(ligne.taux_tva),
            cout=prix(ligne.cout_unitaire_ht),
        )


class EnteteForm(BaseModel):
    """The fields of a devis around its rows."""

    client_id: str = ""
    chantier_id: str = ""
    objet: str = ""
    date_emission: str = ""
    date_validite: str = ""
    taux_tva: str = "20"
    #: Empty, POURCENTAGE or MONTANT.
    remise_type: str = ""
    remise_valeur: str = ""
    autoliquidation: str = ""
    attestation_signee: str = ""
    date_debut_travaux: str = ""
    duree_travaux: str = ""
    hors_etablissement: str = ""
    dechets_quantite: str = ""
    dechets_gestion: str = ""
    dechets_collecte: str = ""
    dechets_cout: str = ""
    conditions: str = ""
    #: The revision that was read: refuses to overwrite somebody else's change.
    revision: str = ""

    @property
    def client_choisi(self) -> UUID | None:
        """The client chosen, None when what was sent names nobody."""
        return lire_identifiant(self.client_id)

    def donnees_entete(self) -> dict[str, Any]:
        """The same, under the names of the API."""
        return {
            "client_id": self.client_id or None,
            "chantier_id": self.chantier_id,
            "date_emission": self.date_emission,
            "date_validite": self.date_validite,
            "taux_tva": self.taux_tva,
            "remise": self._remise(),
            "date_debut_travaux": self.date_debut_travaux,
            **{nom: getattr(self, nom) for nom in TEXTES},
            **{nom: bool(getattr(self, nom)) for nom in CASES},
        }

    def _remise(self) -> dict[str, str] | None:
        if self.remise_type not in ("POURCENTAGE", "MONTANT") or not self.remise_valeur.strip():
            return None
        return {self.remise_type.lower(): self.remise_valeur}


class NouveauDevisForm(BaseModel):
    """The form of `/devis/nouveau`."""

    client_id: str = ""
    montant: str = ""
    objet: str = ""
    date_validite: str = ""
    #: Identifier of the template to start from.
    modele: str = ""

    @property
    def client_choisi(self) -> UUID | None:
        """The client chosen, None when what was sent names nobody."""
        return lire_identifiant(self.client_id)

    @property
    def modele_choisi(self) -> UUID | None:
        """The template chosen, if any."""
        return lire_identifiant(self.modele)

    def donnees(self, contenu: Mapping[str, Any] | None) -> dict[str, Any]:
        """What the API would have received: the template, or one row of the amount."""
        donnees: dict[str, Any] = {"client_id": self.client_id or None}
        if self.date_validite:
            donnees["date_validite"] = self.date_validite
        if contenu is None or self.montant.strip():
            montant = self.montant.strip() or "0"
            lignes = [ligne_au_forfait(self.objet, montant).donnees()]
            return {**(contenu or {}), **donnees, "objet": self.objet, "lignes": lignes}
        return {**contenu, **donnees, "objet": self.objet or contenu.get("objet", "")}

    def erreurs(self, refus: SaisieError) -> dict[str, str]:
        """The messages by field; what is said of the row is said of the amount."""
        return {
            "montant" if champ.startswith("lignes") else champ: message
            for champ, message in reversed(erreurs_de(refus).items())
        }


class EnvoiForm(BaseModel):
    """To whom the devis goes, with which words."""

    email: str = ""
    message: str = ""


class DevisForm(EnteteForm):
    """The form of `/devis/{id}/modifier`: the editor's, or the three fields of the first one."""

    #: A single FORFAIT row of this amount, when no row is sent.
    montant: str = ""
    #: The state asked for: « Envoyé », « ACCEPTE »…
    statut: str = ""
    ligne_id: list[str] = []
    ligne_type: list[str] = []
    ligne_parent: list[str] = []
    ligne_designation: list[str] = []
    ligne_description: list[str] = []
    ligne_quantite: list[str] = []
    ligne_unite: list[str] = []
    ligne_prix_unitaire_ht: list[str] = []
    ligne_remise: list[str] = []
    ligne_taux_tva: list[str] = []
    ligne_cout: list[str] = []
    #: Without script: the identifier of a row to take away.
    ligne_supprimee: str = ""

    @property
    def est_court(self) -> bool:
        """Whether only client, amount and status were sent."""
        return not self.ligne_id and not self.revision

    def lignes(self) -> list[LigneForm]:
        """The rows in use, each with its identifier and its lot."""
        gardees = [
            ligne
            for ligne in self._toutes()
            if not ligne.est_vierge and not (ligne.id and ligne.id == self.ligne_supprimee)
        ]
        return list(_rattacher(gardees, self._parents_des_supprimees()))

    def saisie(self, couts: Mapping[str, Decimal | None]) -> DevisSaisie:
        """What the API would have received.

        `couts` holds the known costs of rows, kept when the form does not show them.
        """
        donnees = [ligne.donnees() for ligne in self.lignes()]
        if not self.ligne_cout:
            for ligne in donnees:
                ligne["coutUnitaireHT"] = couts.get(ligne["id"])
        return valider(DevisSaisie, {**self.donnees_entete(), "lignes": donnees})

    def _toutes(self) -> Iterator[LigneForm]:
        colonnes: dict[str, list[str]] = {
            champ.name: getattr(self, f"ligne_{champ.name}") for champ in fields(LigneForm)
        }
        if not self.ligne_cout:
            colonnes["cout"] = [""] * len(self.ligne_id)
        if len({len(valeurs) for valeurs in colonnes.values()}) > 1:
            raise refuser_saisie("lignes", "Le formulaire est incomplet : rechargez la page.")
        for valeurs in zip(*colonnes.values(), strict=True):
            yield LigneForm(**dict(zip(colonnes, valeurs, strict=True)))

    def _parents_des_supprimees(self) -> dict[str, str]:
        """Where the rows of a lot taken away go: to the lot that held it."""
        if not self.ligne_supprimee:
            return {}
        return {
            self.ligne_supprimee: dict(zip(self.ligne_id, self.ligne_parent, strict=False)).get(
                self.ligne_supprimee, ""
            )
        }

    @classmethod
    def lire(cls, devis: Devis) -> "DevisForm":
        """The header of an existing devis."""
        pourcentage, montant = devis.remise_pourcentage, devis.remise_montant
        return cls(
            client_id=str(devis.client_id),
            chantier_id=str(devis.chantier_id or ""),
            date_emission=saisie(devis.date_emission),
            date_validite=saisie(devis.date_validite),
            date_debut_travaux=saisie(devis.date_debut_travaux),
            taux_tva=saisie(devis.taux_tva),
            remise_type=""
            if devis.remise.pourcentage is None and montant is None
            else ("MONTANT" if pourcentage is None else "POURCENTAGE"),
            remise_valeur=prix(montant) if pourcentage is None else saisie(pourcentage),
            revision=str(devis.revision),
            **{nom: getattr(devis, nom) for nom in TEXTES},
            **{nom: "1" if getattr(devis, nom) else "" for nom in CASES},
        )


def _rattacher(lignes: Sequence[LigneForm], remplaces: Mapping[str, str]) -> Iterator[LigneForm]:
    """Give each row an identifier, and each new one the lot above it."""
    lot = ""
    for ligne in lignes:
        cle = ligne.id or str(new_id())
        parent = remplaces.get(ligne.parent, ligne.parent)
        if parent == AU_DESSUS:
            parent = "" if ligne.type == TypeLigne.LOT else lot
        lot = cle if ligne.type == TypeLigne.LOT else parent
        yield replace(ligne, id=cle, parent=parent)


def niveaux(lignes: Sequence[LigneForm]) -> list[int]:
    """The depth of each row in the tree of lots."""
    par_cle: dict[str, int] = {}
    for ligne in lignes:
        par_cle[ligne.id] = par_cle.get(ligne.parent, -1) + 1
    return [par_cle[ligne.id] for ligne in lignes]


def ligne_au_forfait(objet: str, montant: str, ancienne: LigneForm | None = None) -> LigneForm:
    """The single row of a devis given by its amount."""
    depart = ancienne or LigneForm(designation=objet.strip() or PRESTATION)
    return replace(
        depart,
        id=depart.id or str(new_id()),
        parent="",
        quantite="1",
        unite=Unite.FORFAIT,
        prix_unitaire_ht=montant,
        remise="",
    )


def contenu_de_modele(devis: Devis) -> dict[str, Any]:
    """What a devis gives to a template: its rows and terms, without client, dates nor signature."""
    form = DevisForm.lire(devis)
    propre = {"client_id", "chantier_id", "date_emission", "date_validite", "date_debut_travaux"}
    donnees = {nom: v for nom, v in form.donnees_entete().items() if nom not in propre}
    donnees["lignes"] = [LigneForm.lire(ligne).donnees() for ligne in devis.lignes]
    propose = valider(DevisSaisie, donnees)
    return propose.model_dump(
        mode="json", by_alias=True, exclude_unset=True, exclude={"attestation_signee"}
    )


def lire_identifiant(texte: str) -> UUID | None:
    """An identifier chosen in a list; None when it names nothing."""
    try:
        return UUID(texte)
    except ValueError:
        return None


def lire_statut(texte: str) -> StatutDevis | None:
    """« Envoyé » → ENVOYE; None when nothing was asked."""
    if not texte.strip():
        return None
    try:
        return StatutDevis(plier(texte).upper())
    except ValueError as error:
        raise refuser_saisie("statut", "Choisissez envoyé, accepté ou refusé.") from error


def erreurs_de(refus: SaisieError) -> dict[str, str]:
    """The messages by field of the form, the first one of each; `lignes[2].quantite` as is."""
    erreurs: dict[str, str] = {}
    for faute in refus.fautes:
        erreurs.setdefault(_champ(faute), faute.message)
    return erreurs


def _champ(faute: Faute) -> str:
    return CHAMPS.get(faute.champ, faute.champ)
