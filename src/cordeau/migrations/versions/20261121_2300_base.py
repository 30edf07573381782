"""Every table of the first version."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "20261121_2300"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "client",
        sa.Column("id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("nom", sa.String(length=255), nullable=False),
        sa.Column("nom_tri", sa.String(length=255), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("telephone", sa.String(length=40), nullable=False),
        sa.Column("adresse_ligne1", sa.String(length=255), nullable=False),
        sa.Column("adresse_ligne2", sa.String(length=255), nullable=False),
        sa.Column("adresse_code_postal", sa.String(length=20), nullable=False),
        sa.Column("adresse_ville", sa.String(length=255), nullable=False),
        sa.Column("adresse_pays", sa.String(length=2), nullable=False),
        sa.Column("siren", sa.String(length=9), nullable=False),
        sa.Column("siret", sa.String(length=14), nullable=False),
        sa.Column("numero_tva", sa.String(length=20), nullable=False),
        sa.Column("code_jde", sa.String(length=40), nullable=False),
        sa.Column("delai_paiement", sa.Integer(), nullable=True),
        sa.Column(
            "notes",
            sa.Text()
            .with_variant(mysql.LONGTEXT(), "mariadb")
            .with_variant(mysql.LONGTEXT(), "mysql"),
            nullable=False,
        ),
        sa.Column("archive", sa.Boolean(), nullable=False),
        sa.Column("solde_ouverture", sa.BigInteger(), nullable=True),
        sa.Column("solde_ouverture_le", sa.Date(), nullable=True),
        sa.Column(
            "recherche",
            sa.Text()
            .with_variant(mysql.LONGTEXT(), "mariadb")
            .with_variant(mysql.LONGTEXT(), "mysql"),
            nullable=False,
        ),
        sa.Column(
            "cree_le",
            sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_client_archive_nom_tri_id"), ["archive", "nom_tri", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_client_code_jde"), ["code_jde"], unique=False)
        batch_op.create_index(batch_op.f("ix_client_cree_le_id"), ["cree_le", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_client_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_client_nom_tri_id"), ["nom_tri", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_client_siren"), ["siren"], unique=False)
        batch_op.create_index(batch_op.f("ix_client_siret"), ["siret"], unique=False)
        batch_op.create_index(batch_op.f("ix_client_type"), ["type"], unique=False)

    op.create_table(
        "entreprise",
        sa.Column("id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("rang", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("nom", sa.String(length=255), nullable=False),
        sa.Column("forme_juridique", sa.String(length=40), nullable=False),
        sa.Column("capital", sa.BigInteger(), nullable=True),
        sa.Column("siren", sa.String(length=9), nullable=False),
        sa.Column("siret", sa.String(length=14), nullable=False),
        sa.Column("numero_tva", sa.String(length=20), nullable=False),
        sa.Column("rcs", sa.String(length=255), nullable=False),
        sa.Column("code_ape", sa.String(length=40), nullable=False),
        sa.Column("adresse_ligne1", sa.String(length=255), nullable=False),
        sa.Column("adresse_ligne2", sa.String(length=255), nullable=False),
        sa.Column("adresse_code_postal", sa.String(length=20), nullable=False),
        sa.Column("adresse_ville", sa.String(length=255), nullable=False),
        sa.Column("adresse_pays", sa.String(length=2), nullable=False),
        sa.Column("telephone", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("site", sa.String(length=255), nullable=False),
        sa.Column("assureur", sa.String(length=255), nullable=False),
        sa.Column("assureur_adresse", sa.String(length=255), nullable=False),
        sa.Column("assurance_police", sa.String(length=40), nullable=False),
        sa.Column("assurance_zone", sa.String(length=255), nullable=False),
        sa.Column("assurance_echeance", sa.Date(), nullable=True),
        sa.Column("mediateur", sa.String(length=255), nullable=False),
        sa.Column("mediateur_site", sa.String(length=255), nullable=False),
        sa.Column("iban", sa.String(length=34), nullable=False),
        sa.Column("bic", sa.String(length=11), nullable=False),
        sa.Column("logo", sa.LargeBinary(length=16777215), nullable=True),
        sa.Column("regime_tva", sa.String(length=20), nullable=False),
        sa.Column("taux_tva_defaut", sa.BigInteger(), nullable=False),
        sa.Column("delai_paiement", sa.Integer(), nullable=False),
        sa.Column("duree_validite", sa.Integer(), nullable=False),
        sa.Column(
            "conditions",
            sa.Text()
            .with_variant(mysql.LONGTEXT(), "mariadb")
            .with_variant(mysql.LONGTEXT(), "mysql"),
            nullable=False,
        ),
        sa.CheckConstraint("rang = 1", name=op.f("ck_entreprise_unique")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entreprise")),
        sa.UniqueConstraint("rang", name=op.f("uq_entreprise_rang")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "evenement",
        sa.Column("id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("objet_type", sa.String(length=40), nullable=False),
        sa.Column("objet_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("action", sa.String(length=255), nullable=False),
        sa.Column("acteur_id", sa.Uuid(native_uuid=False), nullable=True),
        sa.Column("acteur_nom", sa.String(length=255), nullable=False),
        sa.Column(
            "survenu_le",
            sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb"),
            nullable=False,
        ),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evenement")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("evenement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_evenement_objet_type_objet_id_survenu_le"),
            ["objet_type", "objet_id", "survenu_le"],
            unique=False,
        )

    op.create_table(
        "job",
        sa.Column("id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("nom", sa.String(length=100), nullable=False),
        sa.Column("parametres", sa.JSON(), nullable=False),
        sa.Column("etat", sa.String(length=20), nullable=False),
        sa.Column(
            "a_partir_de",
            sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb"),
            nullable=False,
        ),
        sa.Column("essais", sa.Integer(), nullable=False),
        sa.Column(
            "bail_jusqu_a",
            sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb"),
            nullable=True,
        ),
        sa.Column("ouvrier", sa.String(length=80), nullable=True),
        sa.Column(
            "erreur",
            sa.Text()
            .with_variant(mysql.LONGTEXT(), "mariadb")
            .with_variant(mysql.LONGTEXT(), "mysql"),
            nullable=True,
        ),
        sa.Column("cle_unique", sa.String(length=160), nullable=True),
        sa.Column(
            "cree_le",
            sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("cle_unique", name=op.f("uq_job_cle_unique")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_job_etat_a_partir_de"), ["etat", "a_partir_de"], unique=False
        )

    op.create_table(
        "mention",
        sa.Column("id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column(
            "texte",
            sa.Text()
            .with_variant(mysql.LONGTEXT(), "mariadb")
            .with_variant(mysql.LONGTEXT(), "mysql"),
            nullable=False,
        ),
        sa.Column("reference_legale", sa.String(length=255), nullable=False),
        sa.Column("valable_du", sa.Date(), nullable=False),
        sa.Column("valable_au", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mention")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("mention", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mention_code_valable_du"), ["code", "valable_du"], unique=True
        )

    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("destinataire", sa.String(length=255), nullable=False),
        sa.Column("expediteur", sa.String(length=255), nullable=False),
        sa.Column("repondre_a", sa.String(length=255), nullable=False),
        sa.Column("sujet", sa.String(length=255), nullable=False),
        sa.Column(
            "corps",
            sa.Text()
            .with_variant(mysql.LONGTEXT(), "mariadb")
            .with_variant(mysql.LONGTEXT(), "mysql"),
            nullable=False,
        ),
        sa.Column("statut", sa.String(length=20), nullable=False),
        sa.Column(
            "erreur",
            sa.Text()
            .with_variant(mysql.LONGTEXT(), "mariadb")
            .with_variant(mysql.LONGTEXT(), "mysql"),
            nullable=True,
        ),
        sa.Column(
            "cree_le",
            sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb"),
            nullable=False,
        ),
        sa.Column(
            "envoye_le",
            sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb"),
            nullable=True,
        ),
        sa.Column("objet_type", sa.String(length=40), nullable=False),
        sa.Column("objet_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_cree_le"), ["cree_le"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_message_objet_type_objet_id"), ["objet_type", "objet_id"], unique=False
        )

    op.create_table(
        "modele_devis",
        sa.Column("id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("nom", sa.String(length=255), nullable=False),
        sa.Column("contenu", sa.JSON(), nullable=False),
        sa.Column(
            "cree_le",
            sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_modele_devis")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("modele_devis", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_modele_devis_nom"), ["nom"], unique=False)

    op.create_table(
        "operation",
        sa.Column("id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("acteur_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("cle", sa.String(length=120), nullable=False),
        sa.Column("empreinte", sa.String(length=64), nullable=False),
        sa.Column("statut", sa.Integer(), nullable=False),
        sa.Column("type_mime", sa.String(length=100), nullable=False),
        sa.Column("adresse", sa.String(length=500), nullable=False),
        sa.Column("corps", sa.LargeBinary(length=16777215), nullable=False),
        sa.Column(
            "faite_le",
            sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operation")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("operation", schema=None) as batch_op:
        batch_op.create_index("uq_operation_acteur_id_cle", ["acteur_id", "cle"], unique=True)

    op.create_table(
        "serie",
        sa.Column("prefixe", sa.String(length=10), nullable=False),
        sa.Column("annee", sa.Integer(), nullable=False),
        sa.Column("dernier_rang", sa.BigInteger(), nullable=False),
        sa.Column("rang_initial", sa.BigInteger(), nullable=False),
        sa.Column("derniere_date", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("prefixe", "annee", name=op.f("pk_serie")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "utilisateur",
        sa.Column("id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("nom", sa.String(length=255), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("mot_de_passe", sa.String(length=255), nullable=False),
        sa.Column("actif", sa.Boolean(), nullable=False),
        sa.Column(
            "cree_le",
            sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_utilisateur")),
        sa.UniqueConstraint("email", name=op.f("uq_utilisateur_email")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "chantier",
        sa.Column("id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("nom", sa.String(length=255), nullable=False),
        sa.Column("nom_tri", sa.String(length=255), nullable=False),
        sa.Column("client_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("adresse_ligne1", sa.String(length=255), nullable=False),
        sa.Column("adresse_ligne2", sa.String(length=255), nullable=False),
        sa.Column("adresse_code_postal", sa.String(length=20), nullable=False),
        sa.Column("adresse_ville", sa.String(length=255), nullable=False),
        sa.Column("adresse_pays", sa.String(length=2), nullable=False),
        sa.Column("date_debut", sa.Date(), nullable=False),
        sa.Column("date_fin", sa.Date(), nullable=False),
        sa.Column("responsable", sa.String(length=255), nullable=False),
        sa.Column("statut", sa.String(length=20), nullable=False),
        sa.Column(
            "notes",
            sa.Text()
            .with_variant(mysql.LONGTEXT(), "mariadb")
            .with_variant(mysql.LONGTEXT(), "mysql"),
            nullable=False,
        ),
        sa.Column(
            "recherche",
            sa.Text()
            .with_variant(mysql.LONGTEXT(), "mariadb")
            .with_variant(mysql.LONGTEXT(), "mysql"),
            nullable=False,
        ),
        sa.Column(
            "cree_le",
            sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_chantier_client_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chantier")),
        sa.UniqueConstraint("code", name=op.f("uq_chantier_code")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("chantier", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_chantier_client_id_date_debut_id"),
            ["client_id", "date_debut", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_chantier_date_debut_id"), ["date_debut", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_chantier_nom_tri_id"), ["nom_tri", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_chantier_responsable_date_debut_id"),
            ["responsable", "date_debut", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_chantier_statut_date_debut_id"),
            ["statut", "date_debut", "id"],
            unique=False,
        )

    op.create_table(
        "contact",
        sa.Column("id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("client_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("nom", sa.String(length=255), nullable=False),
        sa.Column("fonction", sa.String(length=255), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("telephone", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_contact_client_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_client_id"), ["client_id"], unique=False)

    op.create_table(
        "jeton_api",
        sa.Column("id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("empreinte", sa.String(length=64), nullable=False),
        sa.Column("utilisateur_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column(
            "cree_le",
            sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["utilisateur_id"],
            ["utilisateur.id"],
            name=op.f("fk_jeton_api_utilisateur_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jeton_api")),
        sa.UniqueConstraint("empreinte", name=op.f("uq_jeton_api_empreinte")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("jeton_api", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_jeton_api_utilisateur_id"), ["utilisateur_id"], unique=False
        )

    op.create_table(
        "piece_jointe",
        sa.Column("id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("message_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("nom", sa.String(length=255), nullable=False),
        sa.Column("type_mime", sa.String(length=100), nullable=False),
        sa.Column("contenu", sa.LargeBinary(length=268435456), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
            name=op.f("fk_piece_jointe_message_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piece_jointe")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("piece_jointe", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_piece_jointe_message_id"), ["message_id"], unique=False
        )

    op.create_table(
        "reglement",
        sa.Column("id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("client_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("montant", sa.BigInteger(), nullable=False),
        sa.Column("mode", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=255), nullable=False),
        sa.Column("annule_id", sa.Uuid(native_uuid=False), nullable=True),
        sa.Column("motif", sa.String(length=255), nullable=False),
        sa.Column(
            "cree_le",
            sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb"),
            nullable=False,
        ),
        sa.Column("cree_par", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["annule_id"],
            ["reglement.id"],
            name=op.f("fk_reglement_annule_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_reglement_client_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reglement")),
        sa.UniqueConstraint("annule_id", name=op.f("uq_reglement_annule_id")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("reglement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reglement_client_id_date_id"), ["client_id", "date", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_reglement_date_id"), ["date", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_reglement_montant_id"), ["montant", "id"], unique=False
        )

    op.create_table(
        "session_web",
        sa.Column("id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("empreinte", sa.String(length=64), nullable=False),
        sa.Column("utilisateur_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column(
            "cree_le",
            sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb"),
            nullable=False,
        ),
        sa.Column(
            "expire_le",
            sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["utilisateur_id"],
            ["utilisateur.id"],
            name=op.f("fk_session_web_utilisateur_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_web")),
        sa.UniqueConstraint("empreinte", name=op.f("uq_session_web_empreinte")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("session_web", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_session_web_utilisateur_id"), ["utilisateur_id"], unique=False
        )

    op.create_table(
        "site",
        sa.Column("id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("client_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("nom", sa.String(length=255), nullable=False),
        sa.Column("adresse_ligne1", sa.String(length=255), nullable=False),
        sa.Column("adresse_ligne2", sa.String(length=255), nullable=False),
        sa.Column("adresse_code_postal", sa.String(length=20), nullable=False),
        sa.Column("adresse_ville", sa.String(length=255), nullable=False),
        sa.Column("adresse_pays", sa.String(length=2), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_site_client_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_site_client_id"), ["client_id"], unique=False)

    op.create_table(
        "devis",
        sa.Column("id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("numero", sa.String(length=40), nullable=False),
        sa.Column("numero_tri", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("statut", sa.String(length=20), nullable=False),
        sa.Column("client_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("client_tri", sa.String(length=255), nullable=False),
        sa.Column("chantier_id", sa.Uuid(native_uuid=False), nullable=True),
        sa.Column("objet", sa.String(length=255), nullable=False),
        sa.Column("date_emission", sa.Date(), nullable=False),
        sa.Column("date_validite", sa.Date(), nullable=True),
        sa.Column("validite_tri", sa.Date(), nullable=False),
        sa.Column("taux_tva", sa.BigInteger(), nullable=False),
        sa.Column("remise_pourcentage", sa.BigInteger(), nullable=True),
        sa.Column("remise_montant", sa.BigInteger(), nullable=True),
        sa.Column("autoliquidation", sa.Boolean(), nullable=False),
        sa.Column("montant_ht", sa.BigInteger(), nullable=False),
        sa.Column("montant_tva", sa.BigInteger(), nullable=False),
        sa.Column("montant_ttc", sa.BigInteger(), nullable=False),
        sa.Column("marge_vente_ht", sa.BigInteger(), nullable=False),
        sa.Column("marge_cout_ht", sa.BigInteger(), nullable=False),
        sa.Column("attestation_signee", sa.Boolean(), nullable=False),
        sa.Column("date_debut_travaux", sa.Date(), nullable=True),
        sa.Column("duree_travaux", sa.String(length=255), nullable=False),
        sa.Column("hors_etablissement", sa.Boolean(), nullable=False),
        sa.Column("dechets_quantite", sa.String(length=255), nullable=False),
        sa.Column("dechets_gestion", sa.String(length=255), nullable=False),
        sa.Column("dechets_collecte", sa.String(length=255), nullable=False),
        sa.Column("dechets_cout", sa.String(length=255), nullable=False),
        sa.Column(
            "conditions",
            sa.Text()
            .with_variant(mysql.LONGTEXT(), "mariadb")
            .with_variant(mysql.LONGTEXT(), "mysql"),
            nullable=False,
        ),
        sa.Column(
            "recherche",
            sa.Text()
            .with_variant(mysql.LONGTEXT(), "mariadb")
            .with_variant(mysql.LONGTEXT(), "mysql"),
            nullable=False,
        ),
        sa.Column(
            "cree_le",
            sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb"),
            nullable=False,
        ),
        sa.Column(
            "envoye_le",
            sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb"),
            nullable=True,
        ),
        sa.Column("date_reponse", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["chantier_id"], ["chantier.id"], name=op.f("fk_devis_chantier_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_devis_client_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devis")),
        sa.UniqueConstraint("numero", name=op.f("uq_devis_numero")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("devis", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_devis_chantier_id_numero_tri_id"),
            ["chantier_id", "numero_tri", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_devis_client_id_numero_tri_id"),
            ["client_id", "numero_tri", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_devis_client_tri_id"), ["client_tri", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_devis_date_emission_id"), ["date_emission", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_devis_montant_ht_id"), ["montant_ht", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_devis_montant_ttc_id"), ["montant_ttc", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_devis_numero_tri_id"), ["numero_tri", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_devis_statut_date_validite_montant_ht"),
            ["statut", "date_validite", "montant_ht"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_devis_statut_id"), ["statut", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_devis_statut_numero_tri_id"),
            ["statut", "numero_tri", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_devis_validite_tri_id"), ["validite_tri", "id"], unique=False
        )

    op.create_table(
        "facture",
        sa.Column("id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("statut", sa.String(length=20), nullable=False),
        sa.Column("numero", sa.String(length=40), nullable=True),
        sa.Column("numero_tri", sa.String(length=40), nullable=False),
        sa.Column("client_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("client_nom", sa.String(length=255), nullable=False),
        sa.Column("client_tri", sa.String(length=255), nullable=False),
        sa.Column("devis_id", sa.Uuid(native_uuid=False), nullable=True),
        sa.Column("chantier_id", sa.Uuid(native_uuid=False), nullable=True),
        sa.Column("facture_origine_id", sa.Uuid(native_uuid=False), nullable=True),
        sa.Column("objet", sa.String(length=255), nullable=False),
        sa.Column("date_emission", sa.Date(), nullable=True),
        sa.Column("date_echeance", sa.Date(), nullable=True),
        sa.Column("echeance_tri", sa.Date(), nullable=False),
        sa.Column("date_prestation", sa.Date(), nullable=True),
        sa.Column("date_tri", sa.Date(), nullable=False),
        sa.Column("reference_commande", sa.String(length=255), nullable=False),
        sa.Column("reference_acheteur", sa.String(length=255), nullable=False),
        sa.Column(
            "conditions",
            sa.Text()
            .with_variant(mysql.LONGTEXT(), "mariadb")
            .with_variant(mysql.LONGTEXT(), "mysql"),
            nullable=False,
        ),
        sa.Column("taux_tva", sa.BigInteger(), nullable=False),
        sa.Column("remise_pourcentage", sa.BigInteger(), nullable=True),
        sa.Column("remise_montant", sa.BigInteger(), nullable=True),
        sa.Column("autoliquidation", sa.Boolean(), nullable=False),
        sa.Column("attestation_signee", sa.Boolean(), nullable=False),
        sa.Column("lignes_ht", sa.BigInteger(), nullable=False),
        sa.Column("remise_ht", sa.BigInteger(), nullable=False),
        sa.Column("montant_ht", sa.BigInteger(), nullable=False),
        sa.Column("montant_tva", sa.BigInteger(), nullable=False),
        sa.Column("montant_ttc", sa.BigInteger(), nullable=False),
        sa.Column(
            "recherche",
            sa.Text()
            .with_variant(mysql.LONGTEXT(), "mariadb")
            .with_variant(mysql.LONGTEXT(), "mysql"),
            nullable=False,
        ),
        sa.Column(
            "cree_le",
            sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb"),
            nullable=False,
        ),
        sa.Column(
            "emise_le",
            sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb"),
            nullable=True,
        ),
        sa.Column(
            "contenu",
            sa.Text()
            .with_variant(mysql.LONGTEXT(), "mariadb")
            .with_variant(mysql.LONGTEXT(), "mysql"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(statut = 'EMISE') = (numero IS NOT NULL)", name=op.f("ck_facture_numero_emise")
        ),
        sa.ForeignKeyConstraint(
            ["chantier_id"],
            ["chantier.id"],
            name=op.f("fk_facture_chantier_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_facture_client_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["devis_id"], ["devis.id"], name=op.f("fk_facture_devis_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["facture_origine_id"],
            ["facture.id"],
            name=op.f("fk_facture_facture_origine_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facture")),
        sa.UniqueConstraint("numero", name=op.f("uq_facture_numero")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("facture", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_facture_chantier_id_date_tri_id"),
            ["chantier_id", "date_tri", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_facture_client_id_date_tri_id"),
            ["client_id", "date_tri", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_facture_client_tri_id"), ["client_tri", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_facture_date_tri_id"), ["date_tri", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_facture_devis_id"), ["devis_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_facture_echeance_tri_id"), ["echeance_tri", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_facture_facture_origine_id"), ["facture_origine_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_facture_montant_ttc_id"), ["montant_ttc", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_facture_numero_tri_id"), ["numero_tri", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_facture_statut_date_emission_type_montant_ht"),
            ["statut", "date_emission", "type", "montant_ht"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_facture_statut_date_tri_id"), ["statut", "date_tri", "id"], unique=False
        )

    op.create_table(
        "ligne_devis",
        sa.Column("id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("devis_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("parent_id", sa.Uuid(native_uuid=False), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column(
            "designation",
            sa.Text()
            .with_variant(mysql.LONGTEXT(), "mariadb")
            .with_variant(mysql.LONGTEXT(), "mysql"),
            nullable=False,
        ),
        sa.Column(
            "description",
            sa.Text()
            .with_variant(mysql.LONGTEXT(), "mariadb")
            .with_variant(mysql.LONGTEXT(), "mysql"),
            nullable=False,
        ),
        sa.Column("quantite", sa.BigInteger(), nullable=True),
        sa.Column("unite", sa.String(length=20), nullable=False),
        sa.Column("prix_unitaire_ht", sa.BigInteger(), nullable=True),
        sa.Column("remise", sa.BigInteger(), nullable=False),
        sa.Column("taux_tva", sa.BigInteger(), nullable=True),
        sa.Column("cout_unitaire_ht", sa.BigInteger(), nullable=True),
        sa.Column("montant_ht", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["devis_id"], ["devis.id"], name=op.f("fk_ligne_devis_devis_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ligne_devis")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("ligne_devis", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_ligne_devis_devis_id_position"), ["devis_id", "position"], unique=False
        )

    op.create_table(
        "version_devis",
        sa.Column("id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("devis_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("statut", sa.String(length=20), nullable=False),
        sa.Column(
            "contenu",
            sa.Text()
            .with_variant(mysql.LONGTEXT(), "mariadb")
            .with_variant(mysql.LONGTEXT(), "mysql"),
            nullable=False,
        ),
        sa.Column(
            "figee_le",
            sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["devis_id"], ["devis.id"], name=op.f("fk_version_devis_devis_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version_devis")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("version_devis", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_version_devis_devis_id_version"), ["devis_id", "version"], unique=True
        )

    op.create_table(
        "imputation",
        sa.Column("id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("reglement_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("facture_id", sa.Uuid(native_uuid=False), nullable=True),
        sa.Column("montant", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["facture_id"],
            ["facture.id"],
            name=op.f("fk_imputation_facture_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["reglement_id"],
            ["reglement.id"],
            name=op.f("fk_imputation_reglement_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imputation")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("imputation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_imputation_facture_id"), ["facture_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_imputation_reglement_id"), ["reglement_id"], unique=False
        )

    op.create_table(
        "ligne_facture",
        sa.Column("id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("facture_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("numero", sa.String(length=40), nullable=False),
        sa.Column("niveau", sa.Integer(), nullable=False),
        sa.Column("ligne_devis_id", sa.Uuid(native_uuid=False), nullable=True),
        sa.Column("ligne_origine_id", sa.Uuid(native_uuid=False), nullable=True),
        sa.Column("acompte_id", sa.Uuid(native_uuid=False), nullable=True),
        sa.Column(
            "designation",
            sa.Text()
            .with_variant(mysql.LONGTEXT(), "mariadb")
            .with_variant(mysql.LONGTEXT(), "mysql"),
            nullable=False,
        ),
        sa.Column(
            "description",
            sa.Text()
            .with_variant(mysql.LONGTEXT(), "mariadb")
            .with_variant(mysql.LONGTEXT(), "mysql"),
            nullable=False,
        ),
        sa.Column("quantite", sa.BigInteger(), nullable=True),
        sa.Column("unite", sa.String(length=20), nullable=False),
        sa.Column("prix_unitaire_ht", sa.BigInteger(), nullable=True),
        sa.Column("remise", sa.BigInteger(), nullable=False),
        sa.Column("taux_tva", sa.BigInteger(), nullable=True),
        sa.Column("montant_ht", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["acompte_id"],
            ["facture.id"],
            name=op.f("fk_ligne_facture_acompte_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["facture_id"],
            ["facture.id"],
            name=op.f("fk_ligne_facture_facture_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["ligne_devis_id"],
            ["ligne_devis.id"],
            name=op.f("fk_ligne_facture_ligne_devis_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["ligne_origine_id"],
            ["ligne_facture.id"],
            name=op.f("fk_ligne_facture_ligne_origine_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ligne_facture")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("ligne_facture", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_ligne_facture_acompte_id"), ["acompte_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_ligne_facture_facture_id_position"),
            ["facture_id", "position"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_ligne_facture_ligne_devis_id"), ["ligne_devis_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_ligne_facture_ligne_origine_id"), ["ligne_origine_id"], unique=False
        )

    op.create_table(
        "piece_facture",
        sa.Column("facture_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("pdf", sa.LargeBinary(length=268435456), nullable=False),
        sa.Column("xml", sa.LargeBinary(length=268435456), nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=False),
        sa.Column("xml_sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "rendue_le",
            sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["facture_id"],
            ["facture.id"],
            name=op.f("fk_piece_facture_facture_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("facture_id", name=op.f("pk_piece_facture")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "solde",
        sa.Column("facture_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("client_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("date_echeance", sa.Date(), nullable=True),
        sa.Column("regle", sa.BigInteger(), nullable=False),
        sa.Column("credite", sa.BigInteger(), nullable=False),
        sa.Column("reste", sa.BigInteger(), nullable=False),
        sa.Column("solde_le", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_solde_client_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["facture_id"], ["facture.id"], name=op.f("fk_solde_facture_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("facture_id", name=op.f("pk_solde")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("solde", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_solde_client_id_reste"), ["client_id", "reste"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_solde_reste_date_echeance"), ["reste", "date_echeance"], unique=False
        )

    op.create_table(
        "tva_facture",
        sa.Column("facture_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("taux", sa.BigInteger(), nullable=False),
        sa.Column("lignes_ht", sa.BigInteger(), nullable=False),
        sa.Column("remise_ht", sa.BigInteger(), nullable=False),
        sa.Column("base_ht", sa.BigInteger(), nullable=False),
        sa.Column("montant_tva", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["facture_id"],
            ["facture.id"],
            name=op.f("fk_tva_facture_facture_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("facture_id", "taux", name=op.f("pk_tva_facture")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )


def downgrade() -> None:
    """Refuse: shipped migrations go forwards only."""
    raise NotImplementedError
