"""The life of a devis, the kinds of its lines and their units."""

from collections.abc import Mapping
from enum import StrEnum

from cordeau.core.transitions import Transitions


class StatutDevis(StrEnum):
    """Where a devis stands."""

    #: Being written.
    BROUILLON = "BROUILLON"
    #: With the client.
    ENVOYE = "ENVOYE"
    #: The client agreed: frozen, may be billed.
    ACCEPTE = "ACCEPTE"
    REFUSE = "REFUSE"
    #: The client did not answer before the validity date.
    EXPIRE = "EXPIRE"


S = StatutDevis

TRANSITIONS = Transitions(
    [
        (S.BROUILLON, S.ENVOYE),
        (S.ENVOYE, S.ENVOYE),  # sent again
        (S.ENVOYE, S.ACCEPTE),
        (S.ENVOYE, S.REFUSE),
        (S.ENVOYE, S.EXPIRE),  # by the daily job, after date_validite
        (S.ENVOYE, S.BROUILLON),  # changed: version n + 1
        (S.REFUSE, S.BROUILLON),
        (S.EXPIRE, S.BROUILLON),
    ]
)


class TypeLigne(StrEnum):
    """What a row of a devis or a facture is."""

    #: A titled group; other rows name it as their parent.
    LOT = "LOT"
    #: A priced row.
    LIGNE = "LIGNE"
    TEXTE = "TEXTE"
    #: Sum of the rows of its level since the previous subtotal.
    SOUS_TOTAL = "SOUS_TOTAL"
    #: A priced row proposed on top: never in the totals.
    OPTION = "OPTION"


CHIFFREES = frozenset({TypeLigne.LIGNE, TypeLigne.OPTION})


class Unite(StrEnum):
    """Unit of a quantity."""

    FORFAIT = "FORFAIT"
    UNITE = "UNITE"
    METRE = "METRE"
    METRE_CARRE = "METRE_CARRE"
    METRE_CUBE = "METRE_CUBE"
    HEURE = "HEURE"
    JOUR = "JOUR"
    KILOGRAMME = "KILOGRAMME"
    TONNE = "TONNE"
    LITRE = "LITRE"
    ENSEMBLE = "ENSEMBLE"


#: As printed, and in UN/ECE Recommendation 20 for the e-invoice.
UNITES: Mapping[Unite, tuple[str, str]] = {
    Unite.FORFAIT: ("forfait", "LS"),
    Unite.UNITE: ("u", "C62"),
    Unite.METRE: ("m", "MTR"),
    Unite.METRE_CARRE: ("m²", "MTK"),
    Unite.METRE_CUBE: ("m³", "MTQ"),
    Unite.HEURE: ("h", "HUR"),
    Unite.JOUR: ("j", "DAY"),
    Unite.KILOGRAMME: ("kg", "KGM"),
    Unite.TONNE: ("t", "TNE"),
    Unite.LITRE: ("l", "LTR"),
    Unite.ENSEMBLE: ("ens.", "SET"),
}
#: As printed, by what a form sends.
LIBELLES_UNITES: Mapping[str, str] = {u.value: libelle for u, (libelle, _) in UNITES.items()}
