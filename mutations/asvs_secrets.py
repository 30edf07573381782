"""Rows 27 to 30 of the standard: rights, secrets, accidents, traces."""

from mutations.modele import dans, sans

_ESSAIS = "asvs/test_secrets.py"
_V27 = f"{_ESSAIS}::TestV27_8_2_1"
_V28 = f"{_ESSAIS}::TestV28_11_4_2"
_V29 = f"{_ESSAIS}::TestV29_13_3_1"
_V30 = f"{_ESSAIS}::TestV30_15_3_3"

MUTATIONS = (
    sans(
        "v27-route-hors-table",
        "une route n’est pas dans la table des droits",
        dans(
            "health.py",
            '@router.get("/api/docs", dependencies=[public], include_in_schema=False)',
            '@router.get("/api/autre", dependencies=[public], include_in_schema=False)\n'
            '@router.get("/api/docs", dependencies=[public], include_in_schema=False)',
        ),
        f"{_V27}::test_la_table_couvre_chaque_route_et_chaque_role",
    ),
    sans(
        "v27-technicien",
        "un technicien peut modifier un chantier",
        dans(
            "core/permissions.py",
            "Role.TECHNICIEN: frozenset({P.CHANTIER_LIRE, P.TABLEAU_LIRE}),",
            "Role.TECHNICIEN: frozenset({P.CHANTIER_LIRE, P.CHANTIER_ECRIRE, P.TABLEAU_LIRE}),",
        ),
        f"{_V27}::test_un_technicien_ne_change_rien",
    ),
    sans(
        "v27-jeton-de-lecture",
        "un jeton de lecture peut écrire",
        dans(
            "core/permissions.py",
            "        return permission in DROITS[self.role] and (\n"
            "            self.portee is None or permission in self.portee\n"
            "        )\n",
            "        return permission in DROITS[self.role]\n",
        ),
        f"{_V27}::test_un_jeton_de_lecture_ne_fait_que_lire",
        rapide=True,
    ),
    sans(
        "v28-cout-des-empreintes",
        "les mots de passe se devinent à bas coût",
        dans("auth/passwords.py", "memory_cost=19 * 1024", "memory_cost=8 * 1024"),
        f"{_V28}::test_le_cout_reel_est_celui_recommande",
    ),
    sans(
        "v28-jeton-court",
        "un jeton d’API est tiré de 64 bits",
        dans(
            "auth/commands.py",
            'token = f"cordeau_{secrets.token_urlsafe(32)}"',
            'token = f"cordeau_{secrets.token_urlsafe(8)}"',
        ),
        f"{_V28}::test_les_secrets_tires_sont_longs_et_jamais_les_memes",
    ),
    sans(
        "v28-secrets-en-clair",
        "cookies et jetons sont gardés en clair",
        dans(
            "auth/queries.py",
            'return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()',
            "return secret[:64]",
        ),
        f"{_V28}::test_la_base_ne_garde_aucun_secret_en_clair",
    ),
    sans(
        "v29-accident-raconte",
        "un accident montre ce qui l’a causé",
        dans(
            "web/errors.py",
            '        _accident(500, "L’erreur a été notée. '
            'Rien n’a été enregistré : réessayez."),\n',
            "        _accident(500, str(error)),\n",
        ),
        f"{_V29}::test_un_accident_ne_montre_que_son_numero",
    ),
    sans(
        "v29-mise-au-point",
        "l’application tourne en mode de mise au point",
        dans("app.py", "        docs_url=None,\n", "        docs_url=None,\n        debug=True,\n"),
        f"{_V29}::test_rien_ne_tourne_en_mode_mise_au_point",
    ),
    sans(
        "v29-sante-bavarde",
        "la page de santé dit où est la base",
        dans(
            "health.py",
            '            "base": session.get_bind().dialect.name,\n',
            '            "base": str(request.app.state.settings),\n',
        ),
        f"{_V29}::test_l_etat_ne_dit_rien_de_l_installation",
    ),
    sans(
        "v30-champ-impose",
        "un devis prend la version qu’on lui envoie",
        (
            dans(
                "devis/schemas.py",
                "class DevisSaisie(Schema):\n",
                'class DevisSaisie(Schema, extra="allow"):\n',
            ),
            dans(
                "devis/schemas.py",
                "            simples={nom: getattr(self, nom) for nom in CHAMPS_SIMPLES "
                "if nom in donnes},\n",
                "            simples={nom: getattr(self, nom) for nom in CHAMPS_SIMPLES "
                "if nom in donnes}\n"
                "            | {n: v for n, v in (self.model_extra or {}).items() "
                'if n == "version"},\n',
            ),
        ),
        f"{_V30}::test_un_champ_inconnu_n_impose_rien",
    ),
    sans(
        "v30-refus-sans-trace",
        "une connexion refusée ne laisse pas de trace",
        dans(
            "auth/connexion.py",
            "    journal.record(session, SYSTEME, genre, objet_id, action, "
            "adresse=origine.adresse, **suite)\n",
            "    _ = (genre, objet_id, action, origine, suite, journal, session)\n",
        ),
        f"{_V30}::test_les_entrees_et_les_refus_laissent_une_trace",
    ),
    sans(
        "v30-journal-forge",
        "une ligne du journal du serveur peut être forgée",
        dans(
            "core/log.py",
            "        return json.dumps(line, ensure_ascii=False, default=str)\n",
            '        return "{" + f\'"message":"{record.getMessage()}"\' + "}"\n',
        ),
        f"{_V30}::test_le_journal_du_serveur_ne_se_forge_pas",
    ),
    sans(
        "v30-journal-indiscret",
        "le journal du serveur garde ce qu’on cherche",
        dans(
            "web/middleware.py",
            '            _sans_secret(self._scope["path"]),\n',
            '            _sans_secret(self._scope["path"]) + str(self._scope["query_string"]),\n',
        ),
        f"{_V30}::test_le_journal_du_serveur_ne_garde_aucun_secret",
    ),
    sans(
        "v30-histoire-recrite",
        "une commande efface l’histoire d’une ligne",
        dans(
            "notifications/commands.py",
            "def _promettre(",
            "def _oublier(session: Session, Evenement: type) -> None:\n"
            "    from sqlalchemy import delete\n\n"
            "    session.execute(delete(Evenement))\n\n\n"
            "def _promettre(",
        ),
        f"{_V30}::test_l_histoire_ne_se_recrit_pas_par_l_application",
    ),
)
