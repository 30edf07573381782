"""What the demonstration firm sells: works with their quantities, prices and costs.

One row a line: designation | quantity unit | unit price | unit cost | VAT rate when it is not that
of the works. `#` opens a lot, `>` is a text, `+` an option, `=` a subtotal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Travaux:
    """A kind of works; its rate is that of its rows unless they name one."""

    objet: str
    taux_tva: Decimal
    duree: str
    lignes: str


NORMAL, TRAVAUX_LOGEMENT, ENERGIE = Decimal(20), Decimal(10), Decimal("5.5")

TRAVAUX: Mapping[str, Travaux] = {
    "salle_de_bains": Travaux(
        "Rénovation de la salle de bains",
        TRAVAUX_LOGEMENT,
        "3 semaines",
        """
# Dépose et protection
Protection des sols et des circulations | 1 forfait | 140 | 70
Dépose des appareils sanitaires et évacuation | 1 forfait | 420 | 260
Dépose de la faïence et du carrelage existants | 24 m2 | 26 | 16,50
# Plomberie
Reprise des alimentations en multicouche et des évacuations | 1 forfait | 980 | 610
Receveur extra-plat 120 × 90 cm et paroi fixe | 1 ens | 1 150 | 790
Mitigeur thermostatique de douche | 1 u | 310 | 198
Meuble vasque 80 cm, miroir éclairant | 1 ens | 890 | 605
WC suspendu sur bâti-support | 1 ens | 760 | 512
+ Sèche-serviettes électrique 750 W | 1 u | 480 | 305
# Carrelage et faïence
Étanchéité sous carrelage (SPEC) | 9 m2 | 42 | 24
Faïence grès cérame 30 × 60, pose collée | 22 m2 | 74 | 47
Carrelage de sol antidérapant 60 × 60 | 7,5 m2 | 82 | 53
> Carrelage choisi en salle d’exposition, base 32 € HT le m².
# Électricité
Points d’éclairage et prises, volumes de sécurité NF C 15-100 | 5 u | 96 | 58
Extracteur d’air hygroréglable | 1 u | 265 | 160
""",
    ),
    "couverture": Travaux(
        "Réfection de la couverture en ardoises",
        TRAVAUX_LOGEMENT,
        "5 semaines",
        """
# Installation
Échafaudage de pied, montage, démontage et location | 120 m2 | 17,50 | 11,80
Protection des abords et benne à gravats | 1 forfait | 640 | 455
# Dépose
Dépose de la couverture existante et tri des ardoises | 110 m2 | 19 | 12,40
Évacuation en centre de tri | 6 t | 96 | 71
# Couverture
Écran de sous-toiture respirant | 110 m2 | 9,80 | 5,60
Liteaux et contre-lattes en sapin traité | 110 m2 | 14,50 | 8,90
Ardoises naturelles 32 × 22, pose au crochet inox | 110 m2 | 86 | 56
Faîtage et rives en terre cuite | 28 m | 58 | 35
# Zinguerie
Gouttières demi-rondes en zinc, développé 25 | 26 m | 64 | 39,50
Descentes en zinc, diamètre 80 mm | 12 m | 52 | 31
Noues et abergement de cheminée | 1 forfait | 890 | 560
=
+ Démoussage et hydrofuge du garage | 45 m2 | 18 | 9
# Isolation
Isolation en rampants, laine de bois 200 mm, R = 5,25 | 95 m2 | 61 | 39 | 5,5
""",
    ),
    "menuiseries": Travaux(
        "Remplacement des menuiseries extérieures",
        ENERGIE,
        "6 jours",
        """
# Fenêtres
Fenêtre PVC 2 vantaux 135 × 120, Uw 1,2, pose en rénovation | 5 u | 685 | 462
Porte-fenêtre aluminium 2 vantaux 215 × 140, Uw 1,3 | 2 u | 1 480 | 1 035
Habillages et calfeutrement | 7 u | 68 | 34
# Porte d’entrée
Porte d’entrée aluminium, Ud 1,1, serrure 5 points | 1 u | 2 350 | 1 690
# Fermetures
Volet roulant électrique en rénovation | 7 u | 520 | 362 | 10
Raccordement des volets | 7 u | 85 | 48 | 10
> Dépose, tri et recyclage des anciennes menuiseries compris.
+ Centralisation des volets (domotique) | 1 ens | 390 | 245 | 10
""",
    ),
    "extension": Travaux(
        "Extension de 28 m² en ossature bois",
        NORMAL,
        "4 mois",
        """
# Terrassement et fondations
Décapage et terrassement | 18 m3 | 48 | 31
Fondations filantes en béton armé | 6,5 m3 | 310 | 205
Dallage isolé 13 cm, treillis soudé | 28 m2 | 92 | 61
# Ossature et charpente
Murs à ossature bois 145 mm, laine de bois, pare-pluie | 54 m2 | 178 | 122
Charpente et solivage de toiture-terrasse | 30 m2 | 134 | 91
Étanchéité EPDM et relevés | 30 m2 | 88 | 57
# Façades et menuiseries
Bardage en douglas posé à claire-voie | 46 m2 | 104 | 68
Baie coulissante aluminium 300 × 215 | 1 u | 3 650 | 2 590
Fenêtre aluminium 120 × 115 | 2 u | 920 | 648
# Second œuvre
Doublages et plafond en plaques de plâtre | 82 m2 | 46 | 29
Électricité, 12 points | 1 forfait | 2 180 | 1 390
Chape et parquet chêne contrecollé | 27 m2 | 98 | 64
+ Poêle à granulés 6 kW, conduit et raccordement | 1 ens | 4 900 | 3 650
""",
    ),
    "cuisine": Travaux(
        "Ouverture de la cuisine sur le séjour",
        TRAVAUX_LOGEMENT,
        "3 semaines",
        """
# Gros œuvre
Étaiement et démolition du mur porteur | 7 m2 | 165 | 104
Fourniture et pose d’un IPN 200, scellements | 4,2 m | 480 | 318
Jambages en béton armé | 2 u | 390 | 250
# Plâtrerie
Habillage coupe-feu de la poutre | 4,2 m | 92 | 55
Reprise des enduits et bandes | 26 m2 | 34 | 19,50
# Réseaux
Déplacement des alimentations et évacuations | 1 forfait | 760 | 470
Circuits spécialisés et prises de plan de travail | 8 u | 98 | 59
# Finitions
Ragréage et carrelage 60 × 60 | 24 m2 | 79 | 51
Peinture velours, deux couches | 58 m2 | 21 | 11,50
""",
    ),
    "electricite": Travaux(
        "Mise en sécurité de l’installation électrique",
        TRAVAUX_LOGEMENT,
        "8 jours",
        """
# Tableau
Tableau de répartition 4 rangées, différentiels 30 mA | 1 ens | 1 280 | 840
Liaison équipotentielle et prise de terre | 1 forfait | 390 | 225
# Distribution
Prise de courant 16 A en rénovation | 22 u | 88 | 52
Point d’éclairage simple allumage | 12 u | 94 | 57
Prise RJ45 grade 3 | 5 u | 105 | 66
Circuit spécialisé 20 ou 32 A | 4 u | 148 | 92
> Attestation Consuel fournie à la fin des travaux.
# Ventilation
VMC simple flux hygro B, 4 bouches | 1 ens | 940 | 615 | 5,5
""",
    ),
    "ravalement": Travaux(
        "Ravalement des façades",
        TRAVAUX_LOGEMENT,
        "4 semaines",
        """
# Préparation
Échafaudage avec filets | 165 m2 | 15,50 | 10,20
Lavage haute pression et piquage des parties non adhérentes | 165 m2 | 14 | 8,60
# Maçonnerie
Reprise de fissures, trame noyée | 34 m | 38 | 22
Réparation des appuis et bandeaux en tuffeau | 6 u | 240 | 152
# Enduit
Enduit à la chaux, deux passes, finition talochée | 150 m2 | 62 | 39,50
Peinture des sous-faces et débords | 32 m2 | 29 | 16
""",
    ),
    "cloture": Travaux(
        "Mur de clôture et portail",
        NORMAL,
        "2 semaines",
        """
# Maçonnerie
Fouilles et semelle filante | 22 m | 72 | 46
Mur en blocs à bancher, hauteur 1,60 m | 35 m2 | 118 | 76
Piliers 40 × 40 et chapeaux | 2 u | 460 | 295
Enduit monocouche gratté, deux faces | 70 m2 | 34 | 20,50
# Serrurerie
Portail coulissant aluminium 3,50 m, motorisé | 1 ens | 3 280 | 2 310
Portillon assorti | 1 u | 890 | 610
""",
    ),
    "combles": Travaux(
        "Isolation des combles perdus",
        ENERGIE,
        "2 jours",
        """
Dépose de l’ancien isolant et évacuation | 85 m2 | 8,50 | 5,10
Ouate de cellulose soufflée 320 mm, R = 7,5 | 85 m2 | 27 | 16,40
Déflecteurs et repérage des spots | 1 forfait | 190 | 105
Trappe isolée étanche à l’air | 1 u | 245 | 148
""",
    ),
    "terrasse": Travaux(
        "Terrasse et allée carrossable",
        NORMAL,
        "8 jours",
        """
# Terrasse
Décaissement et évacuation | 14 m3 | 52 | 34
Dalle béton 12 cm, joints de fractionnement | 42 m2 | 74 | 47,50
Dalles grès cérame 2 cm sur plots | 42 m2 | 96 | 64
# Allée
Empierrement et compactage | 60 m2 | 24 | 14,80
Enrobé à chaud 5 cm | 60 m2 | 39 | 27
Bordures P1 | 48 m | 31 | 19
""",
    ),
    "peinture": Travaux(
        "Parquet et peinture de l’étage",
        TRAVAUX_LOGEMENT,
        "2 semaines",
        """
# Préparation
Dépose des revêtements et lessivage | 46 m2 | 12 | 7
Enduit de lissage et ponçage | 128 m2 | 13,50 | 7,80
# Peinture
Plafonds mat, deux couches | 46 m2 | 19 | 10,40
Murs velours, deux couches | 128 m2 | 21 | 11,60
Boiseries et huisseries | 14 u | 62 | 36
# Sols
Parquet stratifié 12 mm sur sous-couche | 46 m2 | 44 | 28,50
Plinthes assorties | 52 m | 9,80 | 5,60
""",
    ),
    "assainissement": Travaux(
        "Assainissement individuel",
        TRAVAUX_LOGEMENT,
        "6 jours",
        """
Filière compacte agréée 5 EH, fourniture et pose | 1 ens | 6 450 | 4 780
Terrassement et lit de pose | 22 m3 | 46 | 29
Canalisations PVC CR8 et regards | 24 m | 42 | 26,50
Raccordement, mise en service et contrôle du SPANC | 1 forfait | 580 | 340
Remise en état des abords | 60 m2 | 8 | 4,60
""",
    ),
    "classe": Travaux(
        "Rénovation de deux salles de classe",
        NORMAL,
        "5 semaines, pendant les congés",
        """
# Menuiseries
Châssis aluminium à soufflet 240 × 150 | 8 u | 1 190 | 835
Stores intérieurs classés M1 | 8 u | 210 | 128
# Plafonds et cloisons
Plafond acoustique 600 × 600 | 118 m2 | 46 | 29
Cloison 98/48, isolation phonique | 34 m2 | 68 | 42
# Sols et peinture
Sol souple U4P3, remontées en plinthes | 118 m2 | 54 | 35,50
Peinture sans COV | 210 m2 | 17,50 | 9,80
# Électricité
Luminaires LED sur détection | 24 u | 168 | 108
""",
    ),
    "agencement": Travaux(
        "Agencement du local",
        NORMAL,
        "4 semaines",
        """
# Cloisons et plafonds
Cloison 72/48 sur ossature métallique | 62 m2 | 52 | 33
Plafond suspendu 600 × 600 | 74 m2 | 41 | 26
# Menuiserie
Banque d’accueil en stratifié, sur mesure | 1 u | 3 480 | 2 290
Bloc-porte à âme pleine, quincaillerie | 5 u | 468 | 305
Placards sous rampant | 4,5 m | 520 | 338
# Courants forts et faibles
Distribution et appareillage | 1 forfait | 4 260 | 2 840
Éclairage LED encastré | 26 u | 92 | 57
# Finitions
Sol PVC en lames | 74 m2 | 49 | 31,50
Peinture | 160 m2 | 18 | 9,90
""",
    ),
    "charpente": Travaux(
        "Lot charpente et ossature (sous-traitance)",
        NORMAL,
        "6 semaines",
        """
Charpente traditionnelle en douglas, taille et levage | 14 m3 | 1 480 | 1 020
Ossature bois des pignons | 86 m2 | 112 | 76
Voligeage et sous-toiture | 240 m2 | 29 | 18,50
Moyens de levage | 3 j | 690 | 480
Études d’exécution et plans | 1 forfait | 1 650 | 900
""",
    ),
    "reparation": Travaux(
        "Réparation de toiture après tempête",
        TRAVAUX_LOGEMENT,
        "1 jour",
        """
Mise en sécurité et bâchage | 1 forfait | 260 | 140
Remplacement d’ardoises cassées | 46 u | 11,50 | 6,20
Reprise de faîtage au mortier de chaux | 3,5 m | 64 | 36
Nettoyage des gouttières | 18 m | 7,50 | 3,80
""",
    ),
}
