"""The demonstration firm: « Guérin & Fils », which does not exist, complete to the last mention."""

import io
from datetime import date, timedelta
from decimal import Decimal

from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from cordeau.core.adresse import Adresse
from cordeau.core.permissions import Acteur
from cordeau.entreprise import commands

BLEU, OCRE = (31, 78, 121, 255), (217, 119, 6, 255)
CONDITIONS = (
    "Acompte de 30 % à la commande, solde à la réception des travaux.\n"
    "L’eau et l’électricité sont mises à disposition par le client pendant les travaux.\n"
    "Toute modification demandée en cours de chantier fait l’objet d’un avenant signé."
)


def creer_entreprise(session: Session, le: date, *, actor: Acteur) -> None:
    """Record the firm: numbers with right keys that no real firm bears, telephone of fiction."""
    commands.definir(
        session,
        {
            "nom": "Guérin & Fils",
            "forme_juridique": "SARL",
            "capital": Decimal("40000.00"),
            "siren": "999412737",
            "siret": "99941273700010",
            "numero_tva": "FR39999412737",
            "rcs": "Angers 999 412 737",
            "code_ape": "4399C",
            "adresse": Adresse("14 rue des Ardoisières", "", "49000", "Angers"),
            "telephone": "02 61 91 40 12",
            "email": "contact@guerin.example",
            "site": "www.guerin.example",
            "assureur": "Mutuelle des Bâtisseurs de l’Ouest",
            "assureur_adresse": "3 quai Gambetta, 49100 Angers",
            "assurance_police": "DEC-4471902",
            "assurance_zone": "France métropolitaine",
            "assurance_echeance": le + timedelta(days=210),
            "mediateur": "Médiation Bâtiment Consommation, 8 rue du Mail, 49100 Angers",
            "mediateur_site": "www.mediation-batiment.example",
            "iban": "FR7699999490000001234567890",
            "bic": "CRDUFRPPXXX",
            "conditions": CONDITIONS,
        },
        actor=actor,
    )
    commands.definir_logo(session, dessiner_logo(), actor=actor)


def dessiner_logo() -> bytes:
    """A plumb line under a roof, drawn large then reduced so that its edges are smooth."""
    cote, echelle = 240, 4
    grand = cote * echelle
    image = Image.new("RGBA", (grand, grand), (255, 255, 255, 0))
    dessin = ImageDraw.Draw(image)

    def points(*coordonnees: tuple[int, int]) -> list[tuple[int, int]]:
        return [(x * echelle, y * echelle) for x, y in coordonnees]

    dessin.polygon(points((120, 18), (228, 104), (12, 104)), fill=BLEU)
    dessin.rectangle(points((40, 104), (200, 222)), fill=BLEU)
    dessin.rectangle(points((116, 60), (124, 150)), fill=(255, 255, 255, 255))
    dessin.polygon(points((100, 150), (140, 150), (120, 206)), fill=OCRE)
    sortie = io.BytesIO()
    image.resize((cote, cote), Image.Resampling.LANCZOS).save(sortie, "PNG", optimize=True)
    return sortie.getvalue()
