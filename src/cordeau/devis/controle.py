"""What a devis still lacks before it goes: a list with the way to mend each point.

Nothing here blocks: the person decides (arrêté du 24 janvier 2017, art. L. 612-1 C. conso.,
art. D. 541-45-1 C. env., art. 279-0 bis CGI).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cordeau.clients.states import TypeClient
from cordeau.devis.models import Devis
from cordeau.devis.rules import Chiffrage
from cordeau.entreprise.models import Entreprise
from cordeau.entreprise.taux import TAUX_AVEC_ATTESTATION

PAGE_ENTREPRISE = "/parametres/entreprise"


@dataclass(frozen=True, slots=True)
class PointControle:
    """One thing to have: done or not, and where to do it."""

    code: str
    fait: bool
    #: What is missing, in a sentence, or what is there.
    texte: str
    url: str


def controler(
    devis: Devis, chiffrage: Chiffrage, entreprise: Entreprise, le: date
) -> list[PointControle]:
    """Every point that applies to this devis, done or not."""
    points = [*_points_entreprise(devis, entreprise, le), *_points_devis(devis)]
    if devis.client.type == TypeClient.PARTICULIER:
        points += _points_particulier(entreprise)
    taux = {t.taux for t in chiffrage.totaux.par_taux}
    if taux & TAUX_AVEC_ATTESTATION:
        points.append(
            PointControle(
                "ATTESTATION",
                devis.attestation_signee,
                "Attestation du client pour la TVA réduite signée"
                if devis.attestation_signee
                else "Attestation du client pour la TVA réduite : à faire signer",
                f"/devis/{devis.id}#attestation",
            )
        )
    return points


def avertissements(points: Iterable[PointControle]) -> list[str]:
    """What is missing, for the API's reply."""
    return [point.texte for point in points if not point.fait]


def _points_entreprise(devis: Devis, entreprise: Entreprise, le: date) -> Iterable[PointControle]:
    identite = bool(entreprise.nom and entreprise.siret and entreprise.adresse.est_complete)
    yield _point("IDENTITE", identite, "Identité de l’entreprise", PAGE_ENTREPRISE)
    yield _point(
        "ASSURANCE",
        bool(entreprise.assureur and entreprise.assureur_adresse and entreprise.assurance_zone),
        "Assurance décennale : assureur, adresse, zone",
        PAGE_ENTREPRISE,
    )
    echeance = entreprise.assurance_echeance
    if echeance is not None:
        debut = devis.date_debut_travaux or le
        yield PointControle(
            "ASSURANCE_ECHEANCE",
            echeance >= debut,
            f"Assurance décennale valable jusqu’au {echeance:%d/%m/%Y}"
            + ("" if echeance >= debut else " : expirée au début des travaux"),
            PAGE_ENTREPRISE,
        )


def _points_devis(devis: Devis) -> Iterable[PointControle]:
    page = f"/devis/{devis.id}/modifier"
    adresse = devis.client.adresse.est_complete
    yield _point("CLIENT", adresse, "Adresse du client", f"/clients/{devis.client_id}/modifier")
    yield _point("VALIDITE", devis.date_validite is not None, "Date de validité", page)
    yield _point(
        "DEBUT",
        bool(devis.date_debut_travaux or devis.duree_travaux),
        "Début ou durée des travaux",
        f"{page}#travaux",
    )
    yield _point(
        "DECHETS",
        all(
            (
                devis.dechets_quantite,
                devis.dechets_gestion,
                devis.dechets_collecte,
                devis.dechets_cout,
            )
        ),
        "Déchets : quantité, gestion, point de collecte, coût",
        f"{page}#dechets",
    )


def _points_particulier(entreprise: Entreprise) -> Iterable[PointControle]:
    yield _point(
        "MEDIATEUR",
        bool(entreprise.mediateur and entreprise.mediateur_site),
        "Médiateur de la consommation",
        PAGE_ENTREPRISE,
    )


def _point(code: str, fait: object, libelle: str, url: str) -> PointControle:
    return PointControle(code, bool(fait), libelle if fait else f"{libelle} : à compléter", url)
