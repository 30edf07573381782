"""A year of the demonstration firm: each devis, and what became of it.

Days are counted from the day the demonstration is made; those of the past are below zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from cordeau.chantiers.demo import Travail
from cordeau.chantiers.states import StatutChantier
from cordeau.core.totaux import Remise
from cordeau.devis.demo import Commande
from cordeau.devis.states import StatutDevis
from cordeau.facturation.states import ModeReglement, TypeFacture

ACCEPTE, REFUSE, EXPIRE = StatutDevis.ACCEPTE, StatutDevis.REFUSE, StatutDevis.EXPIRE
EN_COURS, SUSPENDU = StatutChantier.EN_COURS, StatutChantier.SUSPENDU
TERMINE = StatutChantier.TERMINE
CHEQUE = ModeReglement.CHEQUE

YANN, LOIC, MARC = "Yann Le Goff", "Loïc Guérin", "Marc Guérin"


@dataclass(frozen=True, slots=True)
class Paiement:
    """Money received: a part, in percent, of what is still due."""

    jour: int
    part: int = 100
    mode: ModeReglement = ModeReglement.VIREMENT
    #: Day the bank sent it back.
    rejet: int | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A document: a percentage of the devis, or all that remains."""

    jour: int
    pourcentage: int | None = None
    type: TypeFacture = TypeFacture.FACTURE
    paiements: tuple[Paiement, ...] = ()
    emise: bool = True
    #: An avoir on the first row alone.
    premiere_ligne: bool = False
    #: The order number a public buyer gives.
    engagement: str = ""


@dataclass(frozen=True, slots=True)
class Dossier:
    """A devis and its whole story."""

    client: str
    jour: int
    commande: Commande
    issue: StatutDevis = StatutDevis.ENVOYE
    #: Day of the answer, or of the expiry: late enough to be it when brought back to a Friday.
    reponse: int = 0
    #: Sent, changed at the client's request, then sent again.
    repris: bool = False
    attestation: bool = True
    chantier: Travail | None = None
    pieces: tuple[Piece, ...] = ()


def acompte(jour: int, paye: int | None = None, pourcentage: int = 30) -> Piece:
    """A deposit, paid or not yet."""
    paiements = () if paye is None else (Paiement(paye),)
    return Piece(jour, pourcentage, TypeFacture.ACOMPTE, paiements)


def facture(jour: int, *paiements: Paiement | int, pourcentage: int | None = None) -> Piece:
    """A facture of a part or of the rest, with its payments (a bare day pays it all)."""
    return Piece(
        jour,
        pourcentage,
        paiements=tuple(Paiement(p) if isinstance(p, int) else p for p in paiements),
    )


def avoir(jour: int, *, premiere_ligne: bool = False) -> Piece:
    """A credit note on the document before: on its first row alone, or total."""
    return Piece(jour, type=TypeFacture.AVOIR, premiere_ligne=premiere_ligne)


def travail(debut: int, fin: int, responsable: str, *suite: tuple[int, StatutChantier]) -> Travail:
    """The works on site, begun on their day unless that day is to come."""
    commence = ((debut, EN_COURS),) if debut < 0 else ()
    return Travail(debut, fin, responsable, (*commence, *suite))


def accepte(client: str, jour: int, reponse: int, commande: Commande, *pieces: Piece) -> Dossier:
    """A devis the client agreed to."""
    return Dossier(client, jour, commande, ACCEPTE, reponse, pieces=pieces)


C = Commande
CINQ_POUR_CENT = Remise(pourcentage=Decimal(5))

TERMINES: Sequence[Dossier] = (
    accepte("martin", -352, -338, C("salle_de_bains"), acompte(-335, -325), facture(-290, -262)),
    accepte(
        "dubois",
        -345,
        -330,
        C("couverture", 110, remise=CINQ_POUR_CENT),
        acompte(-327, -318),
        facture(-285, -258, pourcentage=50),
        facture(-265, -239),
    ),
    accepte(
        "tilleuls",
        -338,
        -318,
        C("agencement", objet="Agencement des bureaux du rez-de-chaussée"),
        facture(-303, pourcentage=50),
        facture(-255),
    ),
    accepte("leroy", -310, -300, C("combles"), facture(-285, -270)),
    accepte(
        "boulangerie",
        -300,
        -286,
        C("agencement", 60, "Agencement du fournil et de la boutique"),
        acompte(-283, -276),
        facture(-235, Paiement(-205, 50), -180),
    ),
    accepte("garnier", -290, -275, C("cloture"), acompte(-270, -262), facture(-228, -203)),
    accepte(
        "mairie", -285, -250, C("classe"), replace(facture(-170, -141), engagement="2211-0147")
    ),
    accepte(
        "moreau",
        -265,
        -255,
        C("electricite", remise=Remise(montant=Decimal("150.00"))),
        facture(-225, Paiement(-212, mode=CHEQUE, rejet=-204), -195),
    ),
    accepte(
        "constructions",
        -260,
        -245,
        C("charpente", autoliquidation=True),
        facture(-215, -156, pourcentage=40),
        facture(-180, -119),
    ),
    accepte(
        "lambert",
        -240,
        -226,
        C("menuiseries"),
        acompte(-224, -216, 40),
        facture(-178),
        avoir(-170, premiere_ligne=True),
    ),
    accepte("faure", -225, -214, C("peinture"), facture(-180, -151)),
    accepte(
        "syndic",
        -210,
        -180,
        C("ravalement", 180, "Ravalement de la résidence Les Capucins", CINQ_POUR_CENT),
        acompte(-176, -150),
        facture(-108, -64),
    ),
    accepte("roussel", -190, -176, C("cuisine"), acompte(-174, -165), facture(-128, -104)),
    accepte(
        "domaine",
        -175,
        -160,
        C("terrasse", 150, "Cour du chai et quai de chargement"),
        facture(-120),
        avoir(-117),
        facture(-115, -82),
    ),
    accepte("garage", -160, -150, C("cloture", 80), facture(-112, Paiement(-70, 50))),
)

EN_CHANTIER: Sequence[Dossier] = (
    replace(
        accepte(
            "perrin",
            -150,
            -128,
            C("extension", debut_dans=55),
            acompte(-125, -117),
            facture(-60, -38, pourcentage=40),
            facture(-15, pourcentage=30),
        ),
        repris=True,
        chantier=travail(-95, 12, MARC),
    ),
    replace(
        accepte("renaud", -130, -118, C("assainissement"), facture(-85, -57)),
        chantier=travail(-96, -89, YANN, (-89, TERMINE)),
    ),
    replace(
        accepte("blanc", -115, -104, C("menuiseries", 80), acompte(-102, -95, 40), facture(-58)),
        chantier=travail(-64, -59, LOIC, (-59, TERMINE)),
    ),
    replace(
        accepte(
            "hotel",
            -100,
            -85,
            C("agencement", 140, "Réfection de la salle du petit-déjeuner"),
            acompte(-82, -70),
            facture(-19, pourcentage=40),
        ),
        chantier=travail(-40, 18, MARC),
    ),
    replace(
        accepte(
            "guillot",
            -88,
            -74,
            C("couverture", 90, debut_dans=63),
            acompte(-71, -62),
            facture(-11, pourcentage=40),
        ),
        chantier=travail(-25, 9, LOIC),
    ),
    replace(
        accepte(
            "dentaire",
            -75,
            -58,
            C("agencement", 70, "Rénovation du cabinet"),
            acompte(-55, -41),
            facture(-36, -9, pourcentage=40),
        ),
        chantier=travail(-30, 5, YANN, (-13, SUSPENDU)),
    ),
    replace(
        accepte("francois", -62, -50, C("salle_de_bains", 90), acompte(-47, -40)),
        chantier=travail(-12, 8, YANN),
    ),
    replace(
        accepte("mercier", -55, -46, C("combles", 120), facture(-22, Paiement(-8, 50))),
        chantier=travail(-27, -25, LOIC, (-25, TERMINE)),
    ),
    accepte("chevalier", -48, -44, C("reparation"), facture(-33, Paiement(-12, 40, CHEQUE))),
    replace(
        accepte("besnard", -42, -31, C("electricite", 90), acompte(-28, -20), facture(-8)),
        chantier=travail(-24, -10, YANN, (-10, TERMINE)),
    ),
    replace(
        accepte("martin", -40, -27, C("terrasse", 90), acompte(-25, -15)),
        chantier=travail(6, 16, LOIC),
    ),
    replace(
        accepte("mairie", -38, -20, C("classe", 60, "Bibliothèque de l’école")),
        chantier=travail(25, 50, MARC),
    ),
    replace(
        accepte(
            "tilleuls",
            -33,
            -15,
            C("electricite", objet="Mise en sécurité de trois logements"),
            acompte(-6),
        ),
        chantier=travail(14, 24, YANN),
    ),
    replace(
        accepte("roussel", -28, -9, C("peinture", 90), replace(acompte(-7), emise=False)),
        attestation=False,
    ),
    accepte("dubois", -21, -4, C("menuiseries", 60)),
)

SANS_SUITE: Sequence[Dossier] = (
    Dossier("moreau", -295, C("extension", 130), REFUSE, -272),
    Dossier("blanc", -245, C("salle_de_bains"), EXPIRE, -212),
    Dossier("guillot", -205, C("cuisine"), REFUSE, -190),
    Dossier("francois", -155, C("ravalement"), EXPIRE, -122),
    Dossier("renaud", -140, C("cloture"), REFUSE, -133),
    Dossier("boulangerie", -105, C("terrasse", 40), EXPIRE, -72),
    Dossier("constructions", -95, C("charpente", 180, autoliquidation=True), REFUSE, -80),
    Dossier("mercier", -70, C("assainissement"), EXPIRE, -37),
    Dossier("besnard", -66, C("couverture", 130), REFUSE, -58),
)

EN_ATTENTE: Sequence[Dossier] = (
    Dossier("lambert", -26, C("salle_de_bains", 110)),
    Dossier("garnier", -24, C("extension", 120, remise=CINQ_POUR_CENT), repris=True),
    Dossier("faure", -19, C("cuisine", 80)),
    Dossier("syndic", -16, C("couverture", 200, "Couverture du bâtiment B, Les Capucins")),
    Dossier("domaine", -12, C("cloture", 160)),
    Dossier("leroy", -9, C("ravalement", 80, debut_dans=45)),
    Dossier("perrin", -6, C("assainissement")),
    Dossier("hotel", -4, C("terrasse", 70, "Terrasse du bar")),
    Dossier("martin", -5, C("combles"), StatutDevis.BROUILLON),
    Dossier("garage", -3, C("agencement", 50, "Bureau d’accueil"), StatutDevis.BROUILLON),
    Dossier("moreau", -2, C("peinture"), StatutDevis.BROUILLON),
    Dossier("mairie", -2, C("cloture", 90, "Clôture du cimetière"), StatutDevis.BROUILLON),
)

DOSSIERS = (*TERMINES, *EN_CHANTIER, *SANS_SUITE, *EN_ATTENTE)


@dataclass(frozen=True, slots=True)
class Depannage:
    """Works billed without devis, by the hour."""

    client: str
    jour: int
    objet: str
    heures: Decimal
    fournitures: Decimal
    paiements: tuple[Paiement, ...] = ()


DEPANNAGES: Sequence[Depannage] = (
    Depannage(
        "hotel",
        -200,
        "Remplacement d’une serrure de chambre",
        Decimal("1.5"),
        Decimal("146.00"),
        (Paiement(-172),),
    ),
    Depannage(
        "syndic",
        -146,
        "Débouchage d’une descente d’eaux pluviales",
        Decimal(3),
        Decimal("48.50"),
        (Paiement(-101),),
    ),
    Depannage(
        "boulangerie",
        -94,
        "Reprise du seuil de la boutique",
        Decimal(5),
        Decimal("212.40"),
        (Paiement(-62, mode=ModeReglement.CARTE),),
    ),
    Depannage("garage", -44, "Réparation de la porte sectionnelle", Decimal(4), Decimal("385.00")),
    Depannage(
        "dentaire",
        -14,
        "Recherche de fuite en plafond",
        Decimal("2.5"),
        Decimal("67.90"),
        (Paiement(-5),),
    ),
    Depannage("syndic", -3, "Reprise d’étanchéité du local vélos", Decimal(6), Decimal("318.00")),
)

#: The year before, billed by the hour: what the charts compare this one with.
REGIE: Sequence[Depannage] = tuple(
    Depannage(client, jour, objet, Decimal(heures), Decimal(fournitures), (Paiement(jour + 34),))
    for client, jour, objet, heures, fournitures in (
        ("hotel", -722, "Entretien des couvertures", 96, 4180),
        ("syndic", -701, "Reprise des balcons, Les Capucins", 240, 11650),
        ("domaine", -676, "Charpente du hangar", 310, 14200),
        ("mairie", -648, "Préau de l’école", 260, 12480),
        ("tilleuls", -617, "Remise en état de deux logements", 290, 9340),
        ("garage", -590, "Dalle de l’atelier", 180, 13900),
        ("boulangerie", -561, "Réserve et quai", 210, 8760),
        ("constructions", -533, "Renfort de chantier", 330, 5120),
        ("dentaire", -502, "Cloisons et peinture", 150, 6890),
        ("syndic", -470, "Cage d’escalier, résidence du Parc", 275, 10240),
        ("hotel", -441, "Rénovation de quatre chambres", 320, 15600),
        ("mairie", -410, "Toiture de la salle des fêtes", 290, 17350),
        ("domaine", -384, "Bardage du chai", 165, 7420),
    )
)

#: Days when a client paid all it owed in one go.
REGLEMENTS_GROUPES: Sequence[tuple[str, int]] = (("tilleuls", -207), ("lambert", -145))

#: A client who pays back what it owed before the firm came to Cordeau.
REPRISES: Sequence[tuple[str, int, Decimal]] = (("chevalier", -190, Decimal("500.00")),)
