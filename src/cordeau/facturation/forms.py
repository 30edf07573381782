"""What the forms of factures send, kept as typed until it is accepted.

They work without script: a row is the same rank in each `ligne_…` list.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from cordeau.core.errors import DomainError, Faute, SaisieError, refuser_saisie
from cordeau.core.money import ZERO
from cordeau.devis.states import TypeLigne
from cordeau.facturation.commands.brouillon import CHAMPS_SIMPLES, SaisieFacture
from cordeau.facturation.commands.depuis_devis import Demande
from cordeau.facturation.models import Facture, LigneFacture
from cordeau.facturation.schemas import AvoirSaisie, DepuisDevisSaisie, FactureSaisie
from cordeau.facturation.states import TypeFacture, TypeLigneFacture
from cordeau.web.formats import prix, quantite, saisie
from cordeau.web.validation import valider

#: Fields whose name in the form is not the API's.
CHAMPS: Mapping[str, str] = {
    "clientId": "client_id",
    "chantierId": "chantier_id",
    "dateEcheance": "date_echeance",
    "datePrestation": "date_prestation",
    "referenceCommande": "reference_commande",
    "referenceAcheteur": "reference_acheteur",
    "attestationSignee": "attestation_signee",
    "tauxTVA": "taux_tva",
    "remise": "remise_valeur",
    "remise.pourcentage": "remise_valeur",
    "remise.montant": "remise_valeur",
}
#: A row typed here; DEDUCTION comes from a devis.
TYPES_SAISIS = (TypeLigne.LIGNE, TypeLigne.LOT, TypeLigne.TEXTE, TypeLigne.SOUS_TOTAL)


@dataclass(frozen=True, slots=True)
class LigneForm:
    """A row of a free facture, as typed."""

    type: str = "LIGNE"
    #: Depth among the lots; empty: in the lot above.
    niveau: str = ""
    designation: str = ""
    description: str = ""
    quantite: str = ""
    unite: str = "UNITE"
    prix_unitaire_ht: str = ""
    remise: str = ""
    taux_tva: str = ""

    @property
    def est_vierge(self) -> bool:
        """Whether nothing was typed in it: such a row is not sent."""
        if self.type == TypeLigne.SOUS_TOTAL:
            return False
        textes = (self.designation, self.description, self.prix_unitaire_ht)
        return not any(texte.strip() for texte in textes)

    def donnees(self, cle: str, parent: str | None) -> dict[str, Any]:
        """The same, under the names of the API."""
        return {
            "id": cle,
            "type": self.type,
            "parentId": parent,
            "designation": self.designation,
            "description": self.description,
            "quantite": self.quantite,
            "unite": self.unite,
            "prixUnitaireHT": self.prix_unitaire_ht,
            "remise": self.remise.strip() or ZERO,
            "tauxTVA": self.taux_tva,
        }

    @classmethod
    def lire(cls, ligne: LigneFacture, *, autoliquidation: bool) -> "LigneForm":
        """The row of an existing draft."""
        chiffree = ligne.type == TypeLigneFacture.LIGNE
        return cls(
            type=ligne.type,
            niveau=str(ligne.niveau),
            designation=ligne.designation,
            description=ligne.description,
            quantite=quantite(ligne.quantite) if chiffree else "",
            unite=ligne.unite,
            prix_unitaire_ht=prix(ligne.prix_unitaire_ht) if chiffree else "",
            remise=saisie(ligne.remise) if chiffree and ligne.remise else "",
            taux_tva="" if autoliquidation else saisie(ligne.taux_tva),
        )


class FactureForm(BaseModel):
    """The fields of `/factures/nouvelle` and of `/factures/{id}/modifier`."""

    client_id: str = ""
    chantier_id: str = ""
    objet: str = ""
    date_echeance: str = ""
    date_prestation: str = ""
    reference_commande: str = ""
    reference_acheteur: str = ""
    conditions: str = ""
    attestation_signee: str = ""
    taux_tva: str = "20"
    #: Empty, POURCENTAGE or MONTANT.
    remise_type: str = ""
    remise_valeur: str = ""
    autoliquidation: str = ""
    #: The revision that was read: refuses to overwrite somebody else's change.
    revision: str = ""
    ligne_type: list[str] = []
    ligne_niveau: list[str] = []
    ligne_designation: list[str] = []
    ligne_description: list[str] = []
    ligne_quantite: list[str] = []
    ligne_unite: list[str] = []
    ligne_prix_unitaire_ht: list[str] = []
    ligne_remise: list[str] = []
    ligne_taux_tva: list[str] = []

    @property
    def client_choisi(self) -> UUID | None:
        """The client chosen, None when what was sent names nobody."""
        return lire_identifiant(self.client_id)

    def lignes(self) -> list[LigneForm]:
        """The rows in use."""
        return [ligne for ligne in self.toutes_les_lignes() if not ligne.est_vierge]

    def toutes_les_lignes(self) -> list[LigneForm]:
        """Every row sent, blank ones too."""
        colonnes = [getattr(self, f"ligne_{champ.name}") for champ in fields(LigneForm)]
        if len({len(colonne) for colonne in colonnes}) > 1:
            raise refuser_saisie("lignes", "Le formulaire est incomplet : rechargez la page.")
        return [LigneForm(*valeurs) for valeurs in zip(*colonnes, strict=True)]

    def saisie(self) -> SaisieFacture:
        """A free facture, whole."""
        donnees = {
            **self._simples(),
            "client_id": self.client_id or None,
            "chantier_id": self.chantier_id,
            "taux_tva": self.taux_tva,
            "remise": self._remise(),
            "autoliquidation": bool(self.autoliquidation),
            "lignes": list(_rattacher(self.lignes())),
        }
        return valider(FactureSaisie, donnees).en_saisie()

    def saisie_des_termes(self) -> SaisieFacture:
        """What may change on a draft whose rows come from elsewhere."""
        return valider(FactureSaisie, self._simples()).en_saisie()

    def _simples(self) -> dict[str, Any]:
        simples: dict[str, Any] = {nom: getattr(self, nom) for nom in CHAMPS_SIMPLES}
        return {**simples, "attestation_signee": bool(self.attestation_signee)}

    def _remise(self) -> dict[str, str] | None:
        if self.remise_type not in ("POURCENTAGE", "MONTANT") or not self.remise_valeur.strip():
            return None
        return {self.remise_type.lower(): self.remise_valeur}

    @classmethod
    def lire(cls, facture: Facture) -> "FactureForm":
        """The form of an existing draft, its rows apart."""
        pourcentage, montant = facture.remise_pourcentage, facture.remise_montant
        genre = "POURCENTAGE" if pourcentage is not None else "MONTANT"
        return cls(
            client_id=str(facture.client_id),
            chantier_id=str(facture.chantier_id or ""),
            objet=facture.objet,
            date_echeance=saisie(facture.date_echeance),
            date_prestation=saisie(facture.date_prestation),
            reference_commande=facture.reference_commande,
            reference_acheteur=facture.reference_acheteur,
            conditions=facture.conditions,
            attestation_signee="1" if facture.attestation_signee else "",
            taux_tva=saisie(facture.taux_tva),
            remise_type="" if pourcentage is None and montant is None else genre,
            remise_valeur=prix(montant) if pourcentage is None else saisie(pourcentage),
            autoliquidation="1" if facture.autoliquidation else "",
            revision=str(facture.revision),
        )


class Choix(StrEnum):
    """How much of a devis, or of a facture, a person wants to bill or credit."""

    RESTE = "RESTE"
    POURCENTAGE = "POURCENTAGE"
    ACOMPTE = "ACOMPTE"
    LIGNES = "LIGNES"


class PartForm(BaseModel):
    """What to bill of a devis, or to credit of a facture; nothing sent takes all that remains."""

    choix: Choix = Choix.RESTE
    pourcentage: str = ""
    acompte: str = ""
    ligne_id: list[str] = []
    quantite: list[str] = []

    def lignes(self) -> list[tuple[str, str]]:
        """The rows where a quantity was typed."""
        paires = zip(self.ligne_id, self.quantite, strict=False)
        return [(cle, texte) for cle, texte in paires if texte.strip()]

    def demande(self) -> Demande:
        """What to bill of a devis."""
        if self.choix == Choix.LIGNES:
            donnees: dict[str, Any] = {"lignes": self._lignes_choisies("facturer")}
        elif self.choix == Choix.ACOMPTE:
            donnees = {"type": TypeFacture.ACOMPTE, "pourcentage": self.acompte}
        elif self.choix == Choix.POURCENTAGE:
            if not self.pourcentage.strip():
                raise refuser_saisie("pourcentage", "Donnez le pourcentage à facturer.")
            donnees = {"pourcentage": self.pourcentage}
        else:
            self._refuser_hesitation()
            donnees = {}
        return valider(DepuisDevisSaisie, donnees).en_demande()

    def lignes_a_crediter(self) -> list[tuple[UUID, Any]]:
        """What to credit of a facture; nothing credits all that is left."""
        if self.choix != Choix.LIGNES:
            self._refuser_hesitation()
            return []
        choisies = valider(AvoirSaisie, {"lignes": self._lignes_choisies("créditer")}).lignes
        return [(ligne.ligne_id, ligne.quantite) for ligne in choisies]

    def erreurs(self, refus: DomainError) -> dict[str, str]:
        """The messages by field; what is said of a row goes by its identifier."""
        cles = [cle for cle, _quantite in self.lignes()]
        erreurs: dict[str, str] = {}
        for faute in refus.fautes:
            erreurs.setdefault(self._champ(faute, cles), faute.message)
        return erreurs

    def _refuser_hesitation(self) -> None:
        """Refuse when everything is asked for, yet a part was typed."""
        if self.pourcentage.strip() or self.acompte.strip() or self.lignes():
            raise refuser_saisie("lignes", "Cochez ce que vous voulez, ou videz la case remplie.")

    def _champ(self, faute: Faute, cles: Sequence[str]) -> str:
        rang = rang_de(faute.champ)
        if rang is not None and self.choix == Choix.LIGNES and rang < len(cles):
            return f"quantite-{cles[rang]}"
        if faute.champ == "pourcentage" and self.choix == Choix.ACOMPTE:
            return "acompte"
        return faute.champ if rang is None else "lignes"

    def _lignes_choisies(self, verbe: str) -> list[dict[str, str]]:
        lignes = self.lignes()
        if not lignes:
            raise refuser_saisie("lignes", f"Donnez la quantité à {verbe} d’une ligne au moins.")
        return [{"ligneId": cle, "quantite": texte} for cle, texte in lignes]


def lignes_de(facture: Facture) -> list[LigneForm]:
    """The rows of a free draft, ready to be changed."""
    autoliquidation = facture.autoliquidation
    return [LigneForm.lire(ligne, autoliquidation=autoliquidation) for ligne in facture.lignes]


def rang_de(champ: str) -> int | None:
    """`lignes[2].quantite` → 2; None for another field."""
    debut, crochet, suite = champ.partition("[")
    rang = suite.partition("]")[0]
    connu = crochet and debut in ("lignes", "imputations") and rang.isdecimal()
    return int(rang) if connu else None


def lire_identifiant(texte: str) -> UUID | None:
    """An identifier chosen in a list; None when it names nothing."""
    try:
        return UUID(texte)
    except ValueError:
        return None


def erreurs_de(refus: SaisieError) -> dict[str, str]:
    """The messages by field of the form, the first one of each; `lignes[2].quantite` as is."""
    erreurs: dict[str, str] = {}
    for faute in refus.fautes:
        erreurs.setdefault(CHAMPS.get(faute.champ, faute.champ), faute.message)
    return erreurs


def _rattacher(lignes: Sequence[LigneForm]) -> Iterator[dict[str, Any]]:
    """Each row with an identifier, and the lot that holds it, found by its depth."""
    lots: list[str] = []
    for rang, ligne in enumerate(lignes):
        du_dessus = 0 if ligne.type == TypeLigne.LOT else len(lots)
        del lots[int(ligne.niveau) if ligne.niveau.isdecimal() else du_dessus :]
        cle = f"ligne-{rang}"
        yield ligne.donnees(cle, lots[-1] if lots else None)
        if ligne.type == TypeLigne.LOT:
            lots.append(cle)
