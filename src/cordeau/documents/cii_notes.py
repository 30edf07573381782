"""Notes of the e-invoice (BG-1): the compulsory French mentions, then what the paper says."""

from collections.abc import Collection, Iterable, Iterator

from cordeau.documents.caracteres import nettoyer_xml
from cordeau.documents.cii_xml import Noeud, noeud
from cordeau.documents.formats import euros
from cordeau.documents.modele import Document, Emetteur, Mention

#: Mentions that have a code of their own in the French rules (BR-FR-05, BR-FR-06): those of the
#: document that say it, the code of UNTDID 4451, and what to write when the document says nothing.
#: A consumer's invoice prints no indemnity, its XML must still carry one.
OBLIGATOIRES = (
    (
        ("INDEMNITE_40",),
        "PMT",
        (
            "Indemnité forfaitaire pour frais de recouvrement, due par le professionnel en retard "
            "de paiement : 40 € (art. L. 441-10 et D. 441-5 du code de commerce)."
        ),
    ),
    (
        ("PENALITES", "PENALITES_PARTICULIER", "PENALITES_PUBLIC"),
        "PMD",
        (
            "Pénalités de retard, dues par le professionnel : taux de refinancement de la Banque "
            "centrale européenne majoré de 10 points (art. L. 441-10 du code de commerce)."
        ),
    ),
    (("ESCOMPTE",), "AAB", "Pas d’escompte pour paiement anticipé."),
)
#: Option of art. 269-2-c CGI, printed since décret n° 2022-1299.
TVA_DEBITS = "TVA_DEBITS"
TEXTE_DEBITS = "Option pour le paiement de la taxe d’après les débits."

_TAXE = "TXD"
_LIBRE = "AAI"
_REGISTRE = "ABL"
_FORME = "REG"
_TRAITEMENT = "BAR"


def notes(document: Document, remarques: Iterable[str]) -> list[Noeud | None]:
    """Every note of the document; `remarques` are the rows that bill nothing."""
    return [
        noeud("ram:IncludedNote", noeud("ram:Content", texte), noeud("ram:SubjectCode", code))
        for code, texte in _textes(document, remarques)
        if nettoyer_xml(texte)
    ]


def _textes(document: Document, remarques: Iterable[str]) -> Iterator[tuple[str, str]]:
    dites: set[str] = set()
    for regles, code, repli in OBLIGATOIRES:
        yield code, _dire(document.mentions, regles) or repli
        dites.update(regles)
    yield _TRAITEMENT, document.bar
    yield _FORME, _forme(document.emetteur)
    yield _REGISTRE, document.emetteur.rcs
    if document.tva_debits:
        yield _TAXE, _dire(document.mentions, (TVA_DEBITS,)) or TEXTE_DEBITS
        dites.add(TVA_DEBITS)
    yield _LIBRE, f"Objet : {document.objet}" if nettoyer_xml(document.objet) else ""
    for mention in document.mentions:
        yield _LIBRE, "" if mention.code in dites else mention.texte
    yield _LIBRE, document.attestation_tva
    for remarque in remarques:
        yield _LIBRE, remarque


def _dire(mentions: Iterable[Mention], codes: Collection[str]) -> str:
    dits = (nettoyer_xml(mention.texte) for mention in mentions if mention.code in codes)
    return " ".join(filter(None, dits))


def _forme(emetteur: Emetteur) -> str:
    if not nettoyer_xml(emetteur.forme_juridique):
        return ""
    capital = f" au capital de {euros(emetteur.capital)}" if emetteur.capital else ""
    return f"{emetteur.nom}, {emetteur.forme_juridique}{capital}"
