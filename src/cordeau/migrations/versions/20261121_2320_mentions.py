"""The legal mentions of a new base, dated and sourced."""

import uuid
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "20261121_2320"
down_revision = "20261121_2310"
branch_labels = None
depends_on = None

#: (code, text, source, in force since).
MENTIONS: tuple[tuple[str, str, str, date], ...] = (
    (
        "ASSURANCE",
        "Assurance responsabilité décennale : {assureur}, {assureur_adresse}, contrat n° {police}, couverture : {zone}.",
        "Loi n° 96-603, art. 22-2 ; C. ass., art. L. 243-2",
        date(2017, 3, 1),
    ),
    (
        "ATTESTATION_10",
        "Je certifie, en qualité de preneur de la prestation, que les travaux réalisés concernent des locaux à usage d’habitation achevés depuis plus de deux ans et qu’ils n’ont pas eu pour effet, sur une période de deux ans au plus, de concourir à la production d’un immeuble neuf au sens du 2° du 2 du I de l’article 257 du CGI, ni d’entraîner une augmentation de la surface de plancher des locaux existants supérieure à 10 %.",
        "CGI, art. 279-0 bis",
        date(2025, 2, 16),
    ),
    (
        "ATTESTATION_55",
        "Je certifie, en qualité de preneur de la prestation, que les travaux réalisés concernent des locaux à usage d’habitation achevés depuis plus de deux ans et qu’ils n’ont pas eu pour effet, sur une période de deux ans au plus, de concourir à la production d’un immeuble neuf au sens du 2° du 2 du I de l’article 257 du CGI, ni d’entraîner une augmentation de la surface de plancher des locaux existants supérieure à 10 %, et qu’ils ont la nature de travaux de rénovation énergétique.",
        "CGI, art. 278-0 bis A",
        date(2025, 2, 16),
    ),
    (
        "AUTOLIQUIDATION",
        "Autoliquidation : TVA due par le preneur, art. 283-2 nonies du CGI.",
        "CGI, art. 283-2 nonies",
        date(2014, 1, 1),
    ),
    (
        "DECHETS",
        "Déchets du chantier : {quantite}. Gestion : {gestion}. Point de collecte : {collecte}. Coût estimé : {cout}.",
        "C. env., art. D. 541-45-1",
        date(2021, 7, 1),
    ),
    ("DEVIS_GRATUIT", "Devis gratuit.", "Arrêté du 24 janvier 2017, art. 3", date(2017, 3, 1)),
    (
        "ESCOMPTE",
        "Pas d’escompte pour paiement anticipé.",
        "C. com., art. L. 441-9",
        date(2017, 3, 1),
    ),
    ("FRANCHISE", "TVA non applicable, art. 293 B du CGI.", "CGI, art. 293 B", date(2017, 3, 1)),
    (
        "GARANTIES",
        "Garanties légales : conformité, vices cachés, parfait achèvement, bon fonctionnement, décennale.",
        "Arrêté du 24 janvier 2017, art. 3 ; C. civ., art. 1792 et s.",
        date(2017, 3, 1),
    ),
    (
        "INDEMNITE_40",
        "Indemnité forfaitaire pour frais de recouvrement en cas de retard de paiement : 40 €.",
        "C. com., art. L. 441-10 et D. 441-5",
        date(2013, 1, 1),
    ),
    (
        "MEDIATEUR",
        "Médiateur de la consommation : {mediateur}, {mediateur_site}.",
        "C. conso., art. L. 612-1 et R. 616-1",
        date(2016, 1, 1),
    ),
    (
        "NATURE",
        "Nature de l’opération : prestation de services.",
        "CGI, ann. II, art. 242 nonies A",
        date(2022, 10, 7),
    ),
    (
        "PENALITES",
        "Pénalités de retard exigibles sans rappel : taux de la BCE majoré de 10 points.",
        "C. com., art. L. 441-10",
        date(2013, 1, 1),
    ),
    (
        "PENALITES_PARTICULIER",
        "En cas de retard, intérêts au taux légal après mise en demeure.",
        "C. civ., art. 1231-6",
        date(2017, 3, 1),
    ),
    (
        "RETRACTATION",
        "Contrat conclu hors établissement : vous disposez de quatorze jours pour vous rétracter.",
        "C. conso., art. L. 221-18",
        date(2014, 6, 14),
    ),
    (
        "TVA_DEBITS",
        "Option pour le paiement de la taxe d’après les débits.",
        "CGI, ann. II, art. 242 nonies A",
        date(2022, 10, 7),
    ),
)

TABLE = sa.table(
    "mention",
    sa.column("id", sa.Uuid(native_uuid=False)),
    sa.column("code", sa.String),
    sa.column("texte", sa.Text),
    sa.column("reference_legale", sa.String),
    sa.column("valable_du", sa.Date),
)


def upgrade() -> None:
    """Insert them."""
    op.bulk_insert(
        TABLE,
        [
            {
                "id": uuid.uuid4(),
                "code": code,
                "texte": texte,
                "reference_legale": source,
                "valable_du": depuis,
            }
            for code, texte, source, depuis in MENTIONS
        ],
    )


def downgrade() -> None:
    """Shipped migrations go forwards only."""
    raise NotImplementedError
