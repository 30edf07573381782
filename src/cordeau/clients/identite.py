"""A client as documents print it."""

from cordeau.clients.models import Client
from cordeau.documents import modele


def destinataire(client: Client) -> modele.Destinataire:
    """The addressee of a devis or a facture, as of now."""
    return modele.Destinataire(
        nom=client.nom,
        adresse=modele.Adresse(**client.adresse.en_dict()),
        type=client.type,
        siren=client.siren,
        siret=client.siret,
        numero_tva=client.numero_tva,
        email=client.email,
    )
