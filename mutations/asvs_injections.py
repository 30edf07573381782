"""Rows 1 to 7 of the standard: what is typed stays text."""

from mutations.modele import dans, sans

_ESSAIS = "asvs/test_injections.py"
_V01 = f"{_ESSAIS}::TestV01_1_2_1"
_V02 = f"{_ESSAIS}::TestV02_1_2_4"
_V03 = f"{_ESSAIS}::TestV03_1_3_1"
_V04 = f"{_ESSAIS}::TestV04_1_3_6"
_V05 = f"{_ESSAIS}::TestV05_1_3_7"
_V06 = f"{_ESSAIS}::TestV06_1_3_11"
_V07 = f"{_ESSAIS}::TestV07_1_5_1"

MUTATIONS = (
    sans(
        "v01-page-echappee",
        "les pages n’échappent plus ce qu’elles montrent",
        dans("web/templating.py", "autoescape=True,", "autoescape=False,"),
        f"{_V01}::test_une_page_montre_le_texte_et_rien_d_autre",
    ),
    sans(
        "v01-pdf-a-la-lettre",
        "le PDF lit les désignations comme du balisage",
        dans(
            "documents/gabarits/commun.typ",
            "  lignes(r.designation)\n",
            '  eval(r.designation, mode: "markup")\n',
        ),
        f"{_V01}::test_un_pdf_et_un_xml_portent_le_texte_a_la_lettre",
    ),
    sans(
        "v01-courriel-en-texte",
        "les courriels partent en HTML",
        dans(
            "notifications/jobs.py",
            "(message.corps, message.confidentiel))))",
            '(message.corps, message.confidentiel))), subtype="html")',
        ),
        f"{_V01}::test_un_message_porte_le_texte_a_la_lettre",
    ),
    sans(
        "v02-tri-de-la-liste",
        "un tri inconnu n’est plus refusé",
        dans(
            "core/listing.py",
            "    if colonne is None:\n",
            "    if colonne is None:\n"
            '        tri, colonne = defaut, tris[defaut.removeprefix("-")]\n'
            "    if colonne is None:\n",
        ),
        f"{_V02}::test_un_tri_qui_n_est_pas_de_la_liste_est_refuse",
        "core/test_listing.py::test_un_tri_inconnu_nomme_les_tris_possibles",
    ),
    sans(
        "v02-recherche-a-la-lettre",
        "une recherche faite de signes trouve tout",
        dans(
            "core/recherche.py",
            "mots_cherches(q), COURANT)\n"
            "    if not mots:\n"
            "        return false() if q.strip() else true()\n",
            "mots_cherches(q), COURANT)\n    if not mots:\n        return true()\n",
        ),
        f"{_V02}::test_une_recherche_cherche_la_lettre",
    ),
    sans(
        "v02-sql-assemble",
        "une requête est assemblée avec un texte",
        dans(
            "clients/queries.py",
            "def select_clients(",
            "def _brute(nom: str) -> object:\n"
            "    from sqlalchemy import text\n\n"
            '    return text(f"SELECT {nom} FROM client")\n\n\n'
            "def select_clients(",
        ),
        f"{_V02}::test_aucun_texte_sql_n_est_assemble",
    ),
    sans(
        "v03-texte-declare-sur",
        "les notes d’un client sont déclarées sûres",
        dans(
            "clients/templates/clients/fiche.html",
            "{{ ligne }}<br>",
            "{{ ligne|safe }}<br>",
        ),
        f"{_V03}::test_aucun_code_ne_declare_un_texte_sur",
        f"{_V03}::test_les_balises_du_corpus_restent_du_texte",
    ),
    sans(
        "v03-balises-du-corpus",
        "les pages n’échappent plus les notes d’un client",
        dans("web/templating.py", "autoescape=True,", "autoescape=False,"),
        f"{_V03}::test_les_balises_du_corpus_restent_du_texte",
    ),
    sans(
        "v04-aucun-appel",
        "un module apprend à appeler une adresse",
        dans("documents/logo.py", "import base64\n", "import base64\nimport urllib.request\n"),
        f"{_V04}::test_aucun_module_ne_sait_appeler_une_adresse",
    ),
    sans(
        "v04-document-sans-reseau",
        "la mise en page visite les adresses qu’un devis contient",
        dans(
            "documents/composition.py",
            '    gabarit = "devis.typ" if',
            "    import re\n"
            "    import socket\n"
            '    for port in re.findall(r"127.0.0.1:(\\d+)/x.png", lues["data"]):\n'
            '        socket.create_connection(("127.0.0.1", int(port)))\n'
            '    gabarit = "devis.typ" if',
        ),
        f"{_V04}::test_une_adresse_dans_un_document_n_est_pas_appelee",
    ),
    sans(
        "v05-champs-des-mentions",
        "une mention admet n’importe quel champ entre accolades",
        dans("entreprise/commands.py", "    if fautes:\n        raise SaisieError(fautes)\n", ""),
        f"{_V05}::test_une_mention_n_atteint_aucun_objet",
    ),
    sans(
        "v05-format-des-mentions",
        "une mention est remplie par format, qui lit les attributs",
        dans(
            "entreprise/mentions.py",
            'texte = texte.replace(f"{{{nom}}}", valeur)',
            "texte = texte.format_map({nom: valeur})",
        ),
        f"{_V05}::test_aucun_format_ne_lit_un_texte_d_utilisateur",
    ),
    sans(
        "v05-gabarit-compile",
        "un texte est compilé comme un gabarit",
        dans(
            "web/templating.py",
            "html = environment.get_template(template).render(",
            "html = environment.from_string(template).render(",
        ),
        f"{_V05}::test_aucun_gabarit_n_est_compile_a_la_demande",
    ),
    sans(
        "v06-sujet-d-une-ligne",
        "le sujet d’un courriel garde ses retours à la ligne",
        dans(
            "notifications/commands.py",
            'sujet=" ".join(nettoyer(sujet).split())[:255],',
            "sujet=sujet[:255],",
        ),
        f"{_V06}::test_un_sujet_sur_deux_lignes_n_ajoute_pas_d_en_tete",
    ),
    sans(
        "v06-un-destinataire",
        "l’adresse d’un destinataire n’est plus vérifiée",
        dans(
            "notifications/commands.py",
            'destinataire=verifier_email(destinataire, "emailClient"),',
            "destinataire=destinataire,",
        ),
        f"{_V06}::test_un_destinataire_n_en_cache_pas_un_autre",
    ),
    sans(
        "v07-type-de-document",
        "un analyseur XML suit les entités et les adresses",
        dans(
            "clients/mesure.py",
            "resolve_entities=False, no_network=True",
            "resolve_entities=True, no_network=False",
        ),
        f"{_V07}::test_aucun_analyseur_ne_suit_d_entite",
    ),
    sans(
        "v07-classeur-piege",
        "un classeur est lu par un analyseur qui suit les entités",
        dans(
            "clients/classeur.py",
            "        sain = _assainir(contenu)\n",
            "        from lxml import etree\n"
            "        with zipfile.ZipFile(io.BytesIO(contenu)) as archive:\n"
            "            for nom in archive.namelist():\n"
            "                regles = dict(resolve_entities=True, no_network=False, recover=True)\n"
            "                ouvert = etree.XMLParser(**regles)\n"
            "                lu = etree.fromstring(archive.read(nom), ouvert)\n"
            '                if lu is not None and "root:" in "".join(lu.itertext()):\n'
            '                    return [["root:"]]\n'
            "        sain = _assainir(contenu)\n",
        ),
        f"{_V07}::test_un_classeur_piege_n_est_pas_suivi",
    ),
)
