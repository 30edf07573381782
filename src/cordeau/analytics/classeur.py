"""The dashboard as a workbook: one sheet per question."""

from collections.abc import Iterator, Sequence

from cordeau.analytics.rules import nom_du_mois
from cordeau.analytics.tableau import PartChantiers, PartDevis, PartFactures, Tableau
from cordeau.chantiers.etapes import LIBELLES as LIBELLES_CHANTIER
from cordeau.chantiers.states import StatutChantier
from cordeau.devis.etapes import LIBELLES as LIBELLES_DEVIS
from cordeau.devis.states import StatutDevis
from cordeau.web.tableur import Cellule, Feuille

Lignes = Iterator[Sequence[Cellule]]


def feuilles(tableau: Tableau) -> Iterator[Feuille]:
    """The sheets of what this person sees."""
    yield Feuille("Indicateurs", ("Indicateur", "Valeur", "Unité"), _indicateurs(tableau))
    if tableau.factures is not None:
        entetes = ("Mois", "Facturé HT", "Année précédente HT")
        yield Feuille("Facturé par mois", entetes, _mois(tableau.factures))
        yield Feuille("Impayés", ("Âge", "Documents", "Reste TTC"), _ages(tableau.factures))
    if tableau.devis is not None:
        entetes = ("Statut", "Devis", "Montant HT")
        yield Feuille("Devis par statut", entetes, _statuts(tableau.devis))
        entetes_devis = ("Numéro", "Client", "Objet", "Statut", "Date", "Montant HT")
        yield Feuille("Derniers devis", entetes_devis, _derniers(tableau.devis))
    if tableau.chantiers is not None:
        entetes_chantiers = ("Code", "Chantier", "Client", "Statut", "Début", "Fin")
        yield Feuille("Prochains chantiers", entetes_chantiers, _prochains(tableau.chantiers))


def _indicateurs(tableau: Tableau) -> Lignes:
    mois = nom_du_mois(tableau.le)
    if tableau.devis is not None:
        yield "Devis en cours", tableau.devis.en_cours, "devis"
        yield "Devis en attente de réponse", tableau.devis.en_attente.nombre, "devis"
        yield "Devis en attente de réponse", tableau.devis.en_attente.montant_ht, "€ HT"
        yield "Taux d’acceptation", tableau.devis.taux_acceptation, "%"
    if tableau.chantiers is not None:
        yield "Chantiers actifs", tableau.chantiers.compte.actifs, "chantiers"
    if tableau.factures is not None:
        impayes = tableau.factures.impayes
        yield "Impayés", impayes.nombre, "documents"
        yield "Impayés", impayes.montant, "€ TTC"
        yield "Impayés en retard", impayes.nombre_en_retard, "documents"
        yield "Impayés en retard", impayes.montant_en_retard, "€ TTC"
        yield f"Facturé en {mois}", tableau.factures.ce_mois.montant_ht, "€ HT"
    if tableau.encaisse is not None:
        yield f"Encaissé en {mois}", tableau.encaisse, "€ TTC"


def _mois(part: PartFactures) -> Lignes:
    for mois in part.mois:
        yield mois.nom, mois.montant_ht, mois.annee_precedente_ht


def _ages(part: PartFactures) -> Lignes:
    for tranche in part.impayes.tranches:
        yield tranche.libelle, tranche.nombre, tranche.montant


def _statuts(part: PartDevis) -> Lignes:
    for statut, compte in part.par_statut.items():
        yield LIBELLES_DEVIS[statut], compte.nombre, compte.montant_ht


def _derniers(part: PartDevis) -> Lignes:
    for devis in part.derniers:
        statut = LIBELLES_DEVIS[StatutDevis(devis.statut)]
        yield (
            devis.numero,
            devis.client,
            devis.objet,
            statut,
            devis.date_emission,
            devis.montant_ht,
        )


def _prochains(part: PartChantiers) -> Lignes:
    for chantier in part.prochains:
        statut = LIBELLES_CHANTIER[StatutChantier(chantier.statut)]
        yield (
            chantier.code,
            chantier.nom,
            chantier.client.nom,
            statut,
            chantier.date_debut,
            chantier.date_fin,
        )
