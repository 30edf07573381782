"""Legal mentions of the documents: which codes exist, what may be filled in, when they apply."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class CodeMention(StrEnum):
    """The rules a document may have to quote."""

    #: Decennial insurance: every devis and facture.
    ASSURANCE = "ASSURANCE"
    #: 10 % rate: what the client certifies (art. 279-0 bis CGI).
    ATTESTATION_10 = "ATTESTATION_10"
    #: 5.5 % rate: what the client certifies (art. 278-0 bis A CGI).
    ATTESTATION_55 = "ATTESTATION_55"
    AUTOLIQUIDATION = "AUTOLIQUIDATION"
    DECHETS = "DECHETS"
    DEVIS_GRATUIT = "DEVIS_GRATUIT"
    ESCOMPTE = "ESCOMPTE"
    FRANCHISE = "FRANCHISE"
    GARANTIES = "GARANTIES"
    #: Fixed recovery fee, professionals only.
    INDEMNITE_40 = "INDEMNITE_40"
    #: Consumers only.
    MEDIATEUR = "MEDIATEUR"
    NATURE = "NATURE"
    #: Late penalties between professionals.
    PENALITES = "PENALITES"
    #: Late interest for a consumer.
    PENALITES_PARTICULIER = "PENALITES_PARTICULIER"
    #: Late interest for a public body.
    PENALITES_PUBLIC = "PENALITES_PUBLIC"
    RETRACTATION = "RETRACTATION"
    TVA_DEBITS = "TVA_DEBITS"


#: Between two clauses of a mention.
_COUPURE = re.compile(r"(, |\. )")


@dataclass(frozen=True, slots=True)
class MentionLegale:
    """A mention in force, its placeholders still to fill."""

    code: CodeMention
    texte: str
    valable_du: date
    reference_legale: str = ""
    #: The last day of a wording that another one followed.
    valable_au: date | None = None

    def remplie(self, valeurs: Mapping[str, str]) -> str:
        """The sentence filled: a clause about what is not known is left out.

        Placeholders of another rule stay as they are.
        """
        morceaux = _COUPURE.split(self.texte.removesuffix("."))
        clauses = zip(["", *morceaux[1::2]], morceaux[::2], strict=True)
        dites = [(coupure, clause) for coupure, clause in clauses if not _est_vide(clause, valeurs)]
        texte = "".join(f"{coupure if rang else ''}{c}" for rang, (coupure, c) in enumerate(dites))
        for nom, valeur in valeurs.items():
            texte = texte.replace(f"{{{nom}}}", valeur)
        return f"{texte}." if texte and self.texte.endswith(".") else texte


def _est_vide(clause: str, valeurs: Mapping[str, str]) -> bool:
    """Whether a clause only says what is not known."""
    attendues = [nom for nom in valeurs if f"{{{nom}}}" in clause]
    return bool(attendues) and not any(valeurs[nom].strip() for nom in attendues)


_SOCLE = date(2017, 3, 1)
_ATTESTATION = (
    "Je certifie, en qualité de preneur de la prestation, que les travaux réalisés concernent "
    "des locaux à usage d’habitation achevés depuis plus de deux ans et qu’ils n’ont pas eu "
    "pour effet, sur une période de deux ans au plus, de concourir à la production d’un immeuble "
    "neuf au sens du 2° du 2 du I de l’article 257 du CGI, ni d’entraîner une augmentation de la "
    "surface de plancher des locaux existants supérieure à 10 %"
)

#: What the law says; a firm changes a wording by adding a dated row, which then prevails.
MENTIONS_INITIALES: tuple[MentionLegale, ...] = (
    MentionLegale(
        CodeMention.ASSURANCE,
        "Assurance responsabilité décennale : {assureur}, {assureur_adresse}, "
        "contrat n° {police}, couverture : {zone}.",
        _SOCLE,
        "Loi n° 96-603, art. 22-2 ; C. ass., art. L. 243-2",
    ),
    MentionLegale(
        CodeMention.ATTESTATION_10, f"{_ATTESTATION}.", date(2025, 2, 16), "CGI, art. 279-0 bis"
    ),
    MentionLegale(
        CodeMention.ATTESTATION_55,
        f"{_ATTESTATION}, et qu’ils ont la nature de travaux de rénovation énergétique.",
        date(2025, 2, 16),
        "CGI, art. 278-0 bis A",
    ),
    MentionLegale(
        CodeMention.AUTOLIQUIDATION,
        "Autoliquidation : TVA due par le preneur, art. 283-2 nonies du CGI.",
        date(2014, 1, 1),
        "CGI, art. 283-2 nonies",
    ),
    MentionLegale(
        CodeMention.DECHETS,
        "Déchets du chantier : {quantite}. Gestion : {gestion}. Point de collecte : {collecte}. "
        "Coût estimé : {cout}.",
        date(2021, 7, 1),
        "C. env., art. D. 541-45-1",
    ),
    MentionLegale(
        CodeMention.DEVIS_GRATUIT, "Devis gratuit.", _SOCLE, "Arrêté du 24 janvier 2017, art. 3"
    ),
    MentionLegale(
        CodeMention.ESCOMPTE,
        "Pas d’escompte pour paiement anticipé.",
        _SOCLE,
        "C. com., art. L. 441-9",
    ),
    MentionLegale(
        CodeMention.FRANCHISE,
        "TVA non applicable, art. 293 B du CGI.",
        _SOCLE,
        "CGI, art. 293 B",
    ),
    MentionLegale(
        CodeMention.GARANTIES,
        "Garanties légales : conformité, vices cachés, parfait achèvement, bon fonctionnement, "
        "décennale.",
        _SOCLE,
        "Arrêté du 24 janvier 2017, art. 3 ; C. civ., art. 1792 et s.",
    ),
    MentionLegale(
        CodeMention.INDEMNITE_40,
        "Indemnité forfaitaire pour frais de recouvrement en cas de retard de paiement : 40 €.",
        date(2013, 1, 1),
        "C. com., art. L. 441-10 et D. 441-5",
    ),
    MentionLegale(
        CodeMention.MEDIATEUR,
        "Médiateur de la consommation : {mediateur}, {mediateur_site}.",
        date(2016, 1, 1),
        "C. conso., art. L. 612-1 et R. 616-1",
    ),
    MentionLegale(
        CodeMention.NATURE,
        "Nature de l’opération : prestation de services.",
        date(2022, 10, 7),
        "CGI, ann. II, art. 242 nonies A",
    ),
    MentionLegale(
        CodeMention.PENALITES,
        "Pénalités de retard exigibles sans rappel : taux de la BCE majoré de 10 points.",
        date(2013, 1, 1),
        "C. com., art. L. 441-10",
    ),
    MentionLegale(
        CodeMention.PENALITES_PARTICULIER,
        "En cas de retard, intérêts au taux légal après mise en demeure.",
        _SOCLE,
        "C. civ., art. 1231-6",
    ),
    MentionLegale(
        CodeMention.PENALITES_PUBLIC,
        "Intérêts moratoires exigibles sans rappel : taux de la BCE majoré de 8 points.",
        date(2019, 4, 1),
        "CCP, art. L. 2192-13 et R. 2192-31",
    ),
    MentionLegale(
        CodeMention.RETRACTATION,
        "Contrat conclu hors établissement : vous disposez de quatorze jours pour vous rétracter.",
        date(2014, 6, 14),
        "C. conso., art. L. 221-18",
    ),
    MentionLegale(
        CodeMention.TVA_DEBITS,
        "Option pour le paiement de la taxe d’après les débits.",
        date(2022, 10, 7),
        "CGI, ann. II, art. 242 nonies A",
    ),
)
