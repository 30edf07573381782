"""What a legal wording may hold; what a number reads like."""

import re
from collections.abc import Mapping

from cordeau.core.errors import Faute
from cordeau.entreprise.mentions import MENTIONS_INITIALES, CodeMention
from cordeau.entreprise.states import RegimeTva

LIBELLES_MENTIONS: Mapping[CodeMention, str] = {
    CodeMention.ASSURANCE: "Assurance décennale",
    CodeMention.ATTESTATION_10: "Attestation du client, TVA à 10 %",
    CodeMention.ATTESTATION_55: "Attestation du client, TVA à 5,5 %",
    CodeMention.AUTOLIQUIDATION: "Autoliquidation de la TVA",
    CodeMention.DECHETS: "Déchets du chantier",
    CodeMention.DEVIS_GRATUIT: "Gratuité du devis",
    CodeMention.ESCOMPTE: "Escompte",
    CodeMention.FRANCHISE: "Franchise en base de TVA",
    CodeMention.GARANTIES: "Garanties légales",
    CodeMention.INDEMNITE_40: "Indemnité de recouvrement",
    CodeMention.MEDIATEUR: "Médiateur de la consommation",
    CodeMention.NATURE: "Nature de l’opération",
    CodeMention.PENALITES: "Pénalités de retard, professionnels",
    CodeMention.PENALITES_PARTICULIER: "Intérêts de retard, particuliers",
    CodeMention.PENALITES_PUBLIC: "Intérêts moratoires, acheteurs publics",
    CodeMention.RETRACTATION: "Droit de rétractation",
    CodeMention.TVA_DEBITS: "Option pour les débits",
}

LIBELLES_REGIMES: Mapping[RegimeTva, str] = {
    RegimeTva.ENCAISSEMENTS: "Sur les encaissements",
    RegimeTva.DEBITS: "Sur les débits, par option",
    RegimeTva.FRANCHISE: "Franchise en base",
}

#: Series of legal numbers, by their prefix.
SERIES: Mapping[str, str] = {"DEV": "Devis", "FAC": "Factures et acomptes", "AVO": "Avoirs"}

_JETON = re.compile(r"\{([a-z_]+)\}")


def jetons_permis(code: CodeMention) -> tuple[str, ...]:
    """The placeholders a wording of this rule may hold: those documents know how to fill."""
    initiales = (m.texte for m in MENTIONS_INITIALES if m.code is code)
    return tuple(dict.fromkeys(jeton for texte in initiales for jeton in _JETON.findall(texte)))


def fautes_de_redaction(code: CodeMention, texte: str) -> list[Faute]:
    """What a document could not fill in a wording: a placeholder of another rule, a lone brace."""
    permis = jetons_permis(code)
    if not texte:
        return [Faute("texte", "Écrivez la mention.")]
    inconnus = [jeton for jeton in _JETON.findall(texte) if jeton not in permis]
    reste = _JETON.sub("", texte)
    if not inconnus and "{" not in reste and "}" not in reste:
        return []
    if not permis:
        return [Faute("texte", "Cette mention n’admet aucun champ entre accolades.")]
    champs = ", ".join(f"{{{jeton}}}" for jeton in permis)
    return [Faute("texte", f"Seuls ces champs sont remplis dans cette mention : {champs}.")]
