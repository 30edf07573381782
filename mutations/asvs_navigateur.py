"""Rows 13 to 17 of the standard: what a browser is told, and may be made to do."""

from mutations.modele import dans, sans

_ESSAIS = "asvs/test_navigateur.py"
_V13 = f"{_ESSAIS}::TestV13_3_2_1"
_V14 = f"{_ESSAIS}::TestV14_3_3_1"
_V15 = f"{_ESSAIS}::TestV15_3_4_3"
_V16 = f"{_ESSAIS}::TestV16_3_5_1"
_V17 = f"{_ESSAIS}::TestV17_4_1_3"

MUTATIONS = (
    sans(
        "v13-type-devine",
        "les réponses laissent le navigateur deviner leur type",
        dans("web/middleware.py", '    "X-Content-Type-Options": "nosniff",\n', ""),
        f"{_V13}::test_rien_que_les_pages_n_est_une_page",
    ),
    sans(
        "v13-piece-ouverte",
        "un fichier rendu s’ouvre dans la page",
        dans(
            "web/templating.py",
            'disposition = "inline" if inline else "attachment"',
            'disposition = "inline"',
        ),
        f"{_V13}::test_une_piece_envoyee_ne_s_ouvre_pas_comme_une_page",
    ),
    sans(
        "v14-nom-du-cookie",
        "le cookie de session perd son préfixe __Host-",
        dans(
            "auth/deps.py",
            'return f"__Host-{nom}" if is_secure(request) else nom',
            "return nom",
        ),
        f"{_V14}::test_en_https_chaque_cookie_est_protege",
    ),
    sans(
        "v14-cookie-secure",
        "les cookies partent aussi sans HTTPS",
        dans(
            "auth/cookies.py",
            "        max_age=int(duree),\n        secure=is_secure(request),\n",
            "        max_age=int(duree),\n        secure=False,\n",
        ),
        f"{_V14}::test_en_https_chaque_cookie_est_protege",
    ),
    sans(
        "v14-cookie-httponly",
        "un script peut lire le cookie de session",
        dans(
            "auth/cookies.py",
            '        httponly=True,\n        samesite="lax",\n',
            '        httponly=False,\n        samesite="lax",\n',
        ),
        f"{_V14}::test_en_https_chaque_cookie_est_protege",
    ),
    sans(
        "v14-cookie-samesite",
        "un autre site peut envoyer le cookie de session",
        dans(
            "auth/cookies.py",
            '        httponly=True,\n        samesite="lax",\n',
            '        httponly=True,\n        samesite="none",\n',
        ),
        f"{_V14}::test_en_https_chaque_cookie_est_protege",
    ),
    sans(
        "v15-script-en-ligne",
        "la politique de contenu admet les scripts en ligne",
        dans("web/middleware.py", "script-src 'self';", "script-src 'self' 'unsafe-inline';"),
        f"{_V15}::test_chaque_reponse_porte_la_politique",
    ),
    sans(
        "v15-encadrement",
        "une page peut être encadrée par un autre site",
        dans("web/middleware.py", "frame-ancestors 'none'\"", '"'),
        f"{_V15}::test_chaque_reponse_porte_la_politique",
    ),
    sans(
        "v16-jeton-de-formulaire",
        "un formulaire sans notre jeton est accepté",
        dans(
            "auth/deps.py",
            " or not notre or not hmac.compare_digest(sent.encode(), notre.encode()):",
            ":",
        ),
        f"{_V16}::test_sans_le_jeton_de_la_page_chaque_ecriture_est_refusee",
        rapide=True,
    ),
    sans(
        "v16-jeton-d-une-session",
        "le jeton d’un formulaire vaut pour toutes les sessions",
        dans(
            "auth/deps.py",
            'return sign(secret, "csrf", session_cookie)',
            'return sign(secret, "csrf", "le cookie d’une autre session")',
        ),
        f"{_V16}::test_sans_le_jeton_de_la_page_chaque_ecriture_est_refusee",
    ),
    sans(
        "v16-autre-site",
        "un formulaire envoyé d’un autre site est accepté",
        dans(
            "auth/deps.py",
            'request.headers.get("Sec-Fetch-Site") == "cross-site"',
            'request.headers.get("Sec-Fetch-Site") is request',
        ),
        f"{_V16}::test_un_formulaire_envoye_d_un_autre_site_est_refuse",
    ),
    sans(
        "v16-autre-origine",
        "un formulaire qui se dit d’une autre origine est accepté",
        dans("auth/deps.py", "return origine is not None and origine", "return False and origine"),
        f"{_V16}::test_un_formulaire_envoye_d_un_autre_site_est_refuse",
    ),
    sans(
        "v16-lire-n-ecrit-rien",
        "montrer une page note un travail à faire",
        (
            dans(
                "web/templating.py",
                "        with _lecture(request) as session:\n",
                "        get_database(request).transaction(\n"
                '            lambda session: enqueue(session, "operations.oublier", {})\n'
                "        )\n"
                "        with _lecture(request) as session:\n",
            ),
            dans(
                "web/templating.py",
                "from cordeau.core.permissions import Acteur, Permission\n",
                "from cordeau.core.jobs import enqueue\n"
                "from cordeau.core.permissions import Acteur, Permission\n",
            ),
        ),
        f"{_V16}::test_lire_n_ecrit_rien",
    ),
    sans(
        "v17-liens-des-pages",
        "les pages se lient par l’adresse que la demande annonce",
        dans(
            "web/templates/base.html",
            '<a class="c-evite" href="#contenu">',
            '<a class="c-evite" href="{{ request.base_url }}#contenu">',
        ),
        f"{_V17}::test_aucun_lien_ne_vient_de_la_demande",
    ),
    sans(
        "v17-lien-du-courriel",
        "le lien d’un courriel ne vient plus des réglages",
        dans(
            "notifications/acces.py",
            "settings.base_url",
            '"http://evil.example"',
        ),
        f"{_V17}::test_le_lien_d_un_courriel_vient_des_reglages",
    ),
    sans(
        "v17-adresse-annoncee",
        "X-Forwarded-For est cru d’où qu’il vienne",
        dans(
            "web/origine.py",
            "return lue is not None and any(lue in reseau for reseau in "
            "get_settings(request).proxies)",
            "return lue is not None or bool(get_settings(request).proxies)",
        ),
        f"{_V17}::test_l_adresse_annoncee_ne_change_pas_celle_qui_compte",
    ),
)
