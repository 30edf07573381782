"""Who may do and read what: every route, every role, every field."""

from mutations.modele import dans, sans

_MATRICE = "droits/test_matrice.py::test_chacun_recoit_ce_que_dit_la_table"
_CHAMPS = "droits/test_champs.py"
_JETONS = "auth/test_jetons.py"

MUTATIONS = (
    sans(
        "droits-route-ouverte",
        "l’export comptable est ouvert à tous",
        dans(
            "comptabilite/api.py",
            "requires(Permission.EXPORT_LIRE), limiter(Geste.EXPORT)],",
            "requires(Permission.TABLEAU_LIRE), limiter(Geste.EXPORT)],",
        ),
        _MATRICE,
    ),
    sans(
        "droits-role-elargi",
        "un commercial enregistre des règlements",
        dans(
            "core/permissions.py",
            "            P.MARGE_LIRE,\n            P.TABLEAU_LIRE,\n        }\n    ),\n"
            "    Role.COMPTABLE",
            "            P.MARGE_LIRE,\n            P.TABLEAU_LIRE,\n"
            "            P.REGLEMENT_ECRIRE,\n"
            "        }\n    ),\n    Role.COMPTABLE",
        ),
        _MATRICE,
    ),
    sans(
        "droits-route-non-declaree",
        "une route ne déclare aucun droit",
        dans(
            "devis/api_versions.py",
            "    dependencies=[requires(Permission.DEVIS_LIRE)],\n",
            "",
        ),
        "architecture/test_routes.py::test_chaque_route_declare_ses_droits",
        rapide=True,
    ),
    sans(
        "droits-route-sans-ligne",
        "une route nouvelle n’a pas sa ligne dans la table",
        dans(
            "health.py",
            '@router.get("/api/docs", dependencies=[public], include_in_schema=False)',
            '@router.get("/api/autre", dependencies=[public], include_in_schema=False)\n'
            '@router.get("/api/docs", dependencies=[public], include_in_schema=False)',
        ),
        "droits/test_matrice.py::test_chaque_route_a_sa_ligne_et_chaque_ligne_sa_route",
    ),
    sans(
        "droits-jeton-fini",
        "un jeton expiré ouvre encore",
        dans(
            "auth/queries.py",
            "        or_(_JETONS.c.expire_le.is_(None), "
            '_JETONS.c.expire_le > _param("instant")),\n',
            "",
        ),
        f"{_JETONS}::test_passe_son_dernier_jour_il_n_ouvre_rien",
    ),
    sans(
        "droits-portee-choisie",
        "un jeton a tous les droits de son porteur",
        dans(
            "auth/rules.py",
            "    return frozenset(p for p in Permission if p in portee.split())\n",
            "    return frozenset(Permission)\n",
        ),
        f"{_JETONS}::test_une_portee_choisie_ne_permet_que_ce_qu_elle_dit",
    ),
    sans(
        "droits-couts-de-l-api",
        "l’API montre les coûts à qui n’en a pas le droit",
        dans(
            "devis/api.py",
            "        exclude=None if couts else SANS_COUTS,\n",
            "",
        ),
        f"{_CHAMPS}::test_sans_le_droit_des_marges_aucun_cout_ne_se_lit",
    ),
    sans(
        "droits-couts-du-journal",
        "l’historique montre les coûts à qui n’en a pas le droit",
        dans(
            "historique/libelles.py",
            '    "ligne_devis.cout_unitaire_ht": P.MARGE_LIRE,\n',
            "",
        ),
        "journal/test_pages.py::test_un_cout_ne_se_lit_pas_sans_le_droit_aux_marges",
    ),
    sans(
        "droits-prix-du-technicien",
        "un technicien lit les devis",
        dans(
            "core/permissions.py",
            "Role.TECHNICIEN: frozenset({P.CHANTIER_LIRE, P.TABLEAU_LIRE}),",
            "Role.TECHNICIEN: frozenset({P.CHANTIER_LIRE, P.DEVIS_LIRE, P.TABLEAU_LIRE}),",
        ),
        f"{_CHAMPS}::test_le_technicien_ne_lit_ni_prix_ni_cout_ni_marge_ni_iban",
        "auth/test_droits.py::test_le_technicien_ne_voit_ni_prix_ni_cout_ni_marge",
    ),
    sans(
        "droits-iban-du-commercial",
        "chaque page porte l’IBAN de l’entreprise",
        dans(
            "entreprise/queries.py",
            "    nom = session.scalar(_NOM)\n",
            "    nom = session.scalar(select(Entreprise.iban))\n",
        ),
        f"{_CHAMPS}::test_le_commercial_ne_lit_le_compte_bancaire_que_sur_les_imprimes",
    ),
    sans(
        "droits-recherche",
        "la recherche trouve ce qu’on ne peut lire",
        dans(
            "analytics/recherche.py",
            "        if acteur.peut(droit)\n",
            "        if droit\n",
        ),
        f"{_CHAMPS}::test_la_recherche_du_technicien_ne_trouve_que_des_chantiers",
        "analytics/test_pages.py::test_la_palette_ne_montre_pas_ce_qu_on_ne_peut_lire",
    ),
)
