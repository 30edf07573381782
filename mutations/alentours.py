"""What stands around: dependencies, plans of the base, processes killed under load."""

from mutations.ecritures import ACQUITTER_TROP_TOT
from mutations.modele import Remplacement, dans, sans

_AUDIT = "audit/test_audit.py"
_INDEX = "performances/test_index.py"

MUTATIONS = (
    sans(
        "audit-faille",
        "une faille connue n’échoue plus",
        Remplacement(
            "audit/rapport.py",
            "        if refusees:\n            code = FAILLE\n        elif",
            "        if refusees:\n            code = SAIN\n        elif",
        ),
        f"{_AUDIT}::test_une_faille_connue_echoue_et_se_nomme",
    ),
    sans(
        "audit-acceptation-perimee",
        "une faille acceptée l’est pour toujours",
        (
            Remplacement(
                "audit/rapport.py",
                "    valables = [a for a in acceptations if not a.perimee(le)]\n",
                "    valables = list(acceptations)\n",
            ),
            Remplacement(
                "audit/rapport.py",
                "    code = FAILLE if perimees else SAIN\n",
                "    code = SAIN\n",
            ),
        ),
        f"{_AUDIT}::test_une_faille_acceptee_passe_jusqu_a_sa_date",
        f"{_AUDIT}::test_une_acceptation_perimee_echoue_meme_sans_reseau",
    ),
    sans(
        "audit-silence",
        "un service muet passe pour une bonne nouvelle",
        Remplacement(
            "audit/rapport.py",
            "        elif not releve.complet and strict:\n",
            "        elif not releve.complet and not strict and not releve:\n",
        ),
        f"{_AUDIT}::test_un_service_muet_se_dit_et_n_echoue_qu_en_strict",
    ),
    sans(
        "vitesse-index",
        "le filtre des règlements par mode parcourt la table",
        dans(
            "migrations/versions/20261126_1530_filtres_et_soldes.py",
            "    op.create_index(\n"
            '        op.f("ix_reglement_mode_date_id"), "reglement", ["mode", "date", "id"], '
            "unique=False\n    )\n",
            "",
        ),
        f"{_INDEX}::test_un_filtre_suit_un_index",
    ),
    sans(
        "galera-sonde",
        "un nœud coupé de la majorité reçoit des écritures",
        Remplacement(
            "deploy/galera/sonde.py",
            '    if valeurs.get("wsrep_cluster_status") != "Primary":\n',
            '    if valeurs.get("wsrep_cluster_status") == "":\n',
        ),
        "grappe/test_galera.py::test_la_sonde_refuse_un_noeud_qui_ne_peut_pas_ecrire",
    ),
    sans(
        "torture-acquitte-trop-tot",
        "un serveur acquitte 50 ms avant d’enregistrer",
        ACQUITTER_TROP_TOT,
        "grappe/test_torture.py::test_rien_ne_se_perd_quand_on_tue_les_processus",
    ),
)
