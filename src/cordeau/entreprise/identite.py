"""The firm as its documents print it, and the mentions they owe."""

import base64
from collections.abc import Iterable, Mapping

from cordeau.documents import modele
from cordeau.entreprise.mentions import CodeMention, MentionLegale
from cordeau.entreprise.models import Entreprise


def emetteur(entreprise: Entreprise) -> modele.Emetteur:
    """The firm, as of now, for a document."""
    return modele.Emetteur(
        nom=entreprise.nom,
        adresse=modele.Adresse(**entreprise.adresse.en_dict()),
        forme_juridique=entreprise.forme_juridique or "",
        capital=entreprise.capital,
        siren=entreprise.siren or "",
        siret=entreprise.siret or "",
        numero_tva=entreprise.numero_tva or "",
        rcs=entreprise.rcs or "",
        code_ape=entreprise.code_ape or "",
        telephone=entreprise.telephone or "",
        email=entreprise.email or "",
        site=entreprise.site or "",
        iban=entreprise.iban or "",
        bic=entreprise.bic or "",
        logo_base64=base64.b64encode(entreprise.logo).decode() if entreprise.logo else "",
    )


def valeurs_mentions(entreprise: Entreprise) -> dict[str, str]:
    """What fills the placeholders that depend on the firm alone."""
    return {
        "assureur": entreprise.assureur or "",
        "assureur_adresse": entreprise.assureur_adresse or "",
        "police": entreprise.assurance_police or "",
        "zone": entreprise.assurance_zone or "",
        "mediateur": entreprise.mediateur or "",
        "mediateur_site": entreprise.mediateur_site or "",
    }


def rediger_mentions(
    codes: Iterable[CodeMention],
    en_vigueur: Mapping[CodeMention, MentionLegale],
    valeurs: Mapping[str, str],
) -> list[modele.Mention]:
    """The sentences of these rules, filled; a rule without a text in force is left out."""
    return [
        modele.Mention(code=code, texte=en_vigueur[code].remplie(valeurs))
        for code in codes
        if code in en_vigueur
    ]


def mentions_emetteur(entreprise: Entreprise, *, particulier: bool) -> list[CodeMention]:
    """The rules about the firm that apply to every document: insurance, mediator."""
    codes = []
    if entreprise.assureur:
        codes.append(CodeMention.ASSURANCE)
    if particulier and entreprise.mediateur:
        codes.append(CodeMention.MEDIATEUR)
    return codes
