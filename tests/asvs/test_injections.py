"""Rows 1 to 7: what is typed stays text, in every context it is written into."""

import ast
import io
import re
import socket
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from lxml import etree
from pypdf import PdfReader
from starlette.testclient import TestClient

from cordeau.clients.classeur import DECOMPRESSE_MAX, lire_classeur
from cordeau.core.db import Database
from cordeau.core.errors import SaisieError
from cordeau.core.settings import Settings
from tests.architecture.sources import PAQUET, gabarits, modules
from tests.badinput.catalogue import BALISES, GABARITS, SQL
from tests.badinput.fichiers import bombes_xml
from tests.badinput.sorties import Page
from tests.clients.builders import un_client
from tests.devis.builders import un_devis, une_ligne
from tests.facturation.builders import une_entreprise, une_facture_emise
from tests.gens import Navigateur
from tests.notifications.builders import un_serveur
from tests.notifications.test_jobs import travailler, un_message

Navigateurs = Callable[..., Navigateur]
#: A name that means something in HTML, XML, Typst and a header at once.
NOM = "<b>&\"' #strong[x] $a$ ]]> {{7*7}}"


class TestV01_1_2_1:
    """Every string is escaped for its context: pages, PDF, XML, e-mail."""

    def test_une_page_montre_le_texte_et_rien_d_autre(
        self, database: Database, navigateur: Navigateurs
    ) -> None:
        with database.write() as session:
            client = un_client(session, NOM, notes=BALISES[0])

        page = navigateur("admin").get(f"/clients/{client.id}")

        assert not Page(page.text).fautes
        assert NOM in "".join(map(str, etree.HTML(page.text).itertext()))
        assert "49" not in re.findall(r">([^<]*\{\{[^<]*)<", page.text)

    def test_un_pdf_et_un_xml_portent_le_texte_a_la_lettre(
        self, database: Database, api: Callable[..., TestClient]
    ) -> None:
        with database.write() as session:
            une_entreprise(session)
            client = un_client(session, NOM)
            emise = une_facture_emise(session, client=client, lignes=[une_ligne(designation=NOM)])

        programme = api()
        pdf = programme.get(f"/api/v1/factures/{emise.id}/pdf").content
        xml = programme.get(f"/api/v1/factures/{emise.id}/xml").content

        lu = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
        assert NOM.replace(" ", "") in re.sub(r"\s", "", lu)
        noms = [e.text for e in etree.fromstring(xml).iter("{*}Name")]
        assert noms.count(NOM) == 2

    def test_un_message_porte_le_texte_a_la_lettre(
        self, database: Database, settings: Settings
    ) -> None:
        un_message(database, sujet=NOM, corps=NOM)

        with un_serveur() as (url, boite):
            travailler(database, settings, url)

        recu: EmailMessage = boite.recus[0]
        assert recu["Subject"] == NOM
        assert recu.get_content_type() == "text/plain"
        assert recu.get_content().strip() == NOM


class TestV02_1_2_4:
    """No SQL is built from what is typed, names of sorts and filters included."""

    def test_aucun_texte_sql_n_est_assemble(self) -> None:
        """`text(…)` and raw statements are literals, outside migrations and their few helpers."""
        fautes = [
            f"{module.relative_to(PAQUET)}:{appel.lineno}"
            for module in modules()
            if "migrations" not in module.parts
            for appel in ast.walk(ast.parse(module.read_text("utf-8")))
            if isinstance(appel, ast.Call)
            and _nom(appel.func) == "text"
            and not all(_est_fixe(argument) for argument in appel.args)
        ]

        assert not [
            f for f in fautes if not f.startswith(SQL_ASSEMBLE) or f.startswith(SANS_SQL_ASSEMBLE)
        ]

    def test_un_tri_qui_n_est_pas_de_la_liste_est_refuse(
        self, api: Callable[..., TestClient]
    ) -> None:
        programme = api()
        for liste in ("clients", "devis", "factures", "reglements", "chantiers"):
            for essai in SQL:
                reponse = programme.get(f"/api/v1/{liste}", params={"tri": essai})
                assert reponse.status_code == 422, f"{liste} {essai}"

    def test_une_recherche_cherche_la_lettre(
        self, database: Database, api: Callable[..., TestClient]
    ) -> None:
        with database.write() as session:
            un_client(session, "Cent pour cent")

        for essai in SQL:
            reponse = api().get("/api/v1/clients", params={"q": essai})
            assert reponse.status_code == 200
            assert reponse.json()["elements"] == [], essai


class TestV03_1_3_1:
    """No rich text: nothing typed is ever taken for markup."""

    def test_aucun_code_ne_declare_un_texte_sur(self) -> None:
        """`Markup` and `|safe` are absent: what is not escaped does not exist."""
        marques = [
            str(module.relative_to(PAQUET))
            for module in modules()
            if re.search(r"\bMarkup\(", module.read_text("utf-8"))
        ]
        surs = [
            gabarit.name
            for gabarit in gabarits()
            if re.search(r"\|\s*safe\b", gabarit.read_text("utf-8"))
        ]

        assert not surs
        assert set(marques) <= MARKUP_PERMIS

    def test_les_balises_du_corpus_restent_du_texte(
        self, database: Database, navigateur: Navigateurs
    ) -> None:
        with database.write() as session:
            client = un_client(session, notes="\n".join(BALISES))

        page = navigateur("admin").get(f"/clients/{client.id}").text

        assert not Page(page).fautes
        texte = "".join(map(str, etree.HTML(page).itertext()))
        assert all(balise in texte for balise in BALISES)


class TestV04_1_3_6:
    """The software calls nobody: it has no client but that of its mail server."""

    def test_aucun_module_ne_sait_appeler_une_adresse(self) -> None:
        interdits = {"urllib.request", "http.client", "httpx", "httpx2", "requests", "aiohttp"}
        fautes = [
            f"{module.relative_to(PAQUET)} : {nom}"
            for module in modules()
            for nom in _importes(module)
            if nom in interdits
        ]

        assert not fautes

    def test_une_adresse_dans_un_document_n_est_pas_appelee(
        self, database: Database, api: Callable[..., TestClient]
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as ecoute:
            ecoute.settimeout(0)
            adresse = f"http://127.0.0.1:{ecoute.getsockname()[1]}/x.png"
            piege = f'<img src="{adresse}"> #image("{adresse}") {adresse}'
            with database.write() as session:
                une_entreprise(session, site=adresse)
                devis = un_devis(session, objet=piege, lignes=[une_ligne(designation=piege)])
            reponse = api().get(f"/api/v1/devis/{devis.id}/pdf")

            assert reponse.status_code == 200
            with pytest.raises(BlockingIOError):
                ecoute.accept()


class TestV05_1_3_7:
    """What people word has flat placeholders: no object, no code is within reach."""

    @pytest.mark.parametrize("texte", [t for t in GABARITS if "{" in t])
    def test_une_mention_n_atteint_aucun_objet(self, navigateur: Navigateurs, texte: str) -> None:
        champs = {"texte": texte, "reference_legale": "", "valable_du": "2030-01-01"}
        reponse = navigateur("admin").soumettre("/parametres/mentions/PENALITES", champs)

        assert reponse.status_code == 422

    def test_aucun_format_ne_lit_un_texte_d_utilisateur(self) -> None:
        """`str.format` reads attributes: it is called on literals only."""
        fautes = [
            f"{module.relative_to(PAQUET)}:{appel.lineno}"
            for module in modules()
            for appel in ast.walk(ast.parse(module.read_text("utf-8")))
            if isinstance(appel, ast.Call)
            and isinstance(appel.func, ast.Attribute)
            and appel.func.attr in {"format", "format_map"}
            and not _est_fixe(appel.func.value)
        ]

        assert not [f for f in fautes if f.split(":")[0] not in FORMATS_CONNUS]

    def test_aucun_gabarit_n_est_compile_a_la_demande(self) -> None:
        assert not [
            str(module.relative_to(PAQUET))
            for module in modules()
            if re.search(
                r"from_string\(|\beval\(|\bexec\(|pickle|yaml\.load", module.read_text("utf-8")
            )
        ]


class TestV06_1_3_11:
    """No header of a message can be added by what is typed."""

    @pytest.mark.parametrize("fin", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x00"])
    def test_un_sujet_sur_deux_lignes_n_ajoute_pas_d_en_tete(
        self, database: Database, settings: Settings, fin: str
    ) -> None:
        piege = f"Devis{fin}Bcc: voleur@exemple.fr{fin}{fin}corps"
        un_message(database, sujet=piege, expediteur=piege)

        with un_serveur() as (url, boite):
            travailler(database, settings, url)

        recu = boite.recus[0]
        assert "Bcc" not in recu
        assert boite.destinataires == [["a@b.fr"]]
        assert len(recu.get_all("Subject") or ()) == 1

    @pytest.mark.parametrize(
        "destinataire", ["a@b.fr\r\nBcc: c@d.fr", "a@b.fr, c@d.fr", "a b@c.fr"]
    )
    def test_un_destinataire_n_en_cache_pas_un_autre(
        self, database: Database, destinataire: str
    ) -> None:
        with pytest.raises(SaisieError):
            un_message(database, destinataire=destinataire)


class TestV07_1_5_1:
    """XML from elsewhere is read without entity, without document type, within bounds."""

    def test_un_classeur_piege_n_est_pas_suivi(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as ecoute:
            ecoute.settimeout(0)
            for nom, contenu in bombes_xml(ecoute.getsockname()[1]).items():
                try:
                    lu = str(lire_classeur(contenu, "fichier"))
                except SaisieError:
                    lu = ""
                assert "root:" not in lu, nom
                assert len(lu) < DECOMPRESSE_MAX // 1000, nom
            with pytest.raises(BlockingIOError):
                ecoute.accept()

    def test_aucun_analyseur_ne_suit_d_entite(self) -> None:
        """Each XML parser of the code says so; nothing parses with the default one."""
        fautes = [
            f"{module.relative_to(PAQUET)}:{appel.lineno}"
            for module in modules()
            for appel in ast.walk(ast.parse(module.read_text("utf-8")))
            if isinstance(appel, ast.Call)
            and _nom(appel.func) in {"fromstring", "XML", "parse", "XMLParser"}
            and _objet(appel.func) == "etree"
            and not _est_ferme(appel)
        ]

        assert not fautes


#: Maintenance: names of tables read from the base itself, or from the code; no route leads there.
SQL_ASSEMBLE = ("exploitation/", "facturation/verification", "comptabilite/verification")
#: What a route does reach.
SANS_SQL_ASSEMBLE = ("exploitation/pages", "exploitation/queries", "exploitation/commands")
MARKUP_PERMIS: set[str] = set()
#: They fill messages of the code, chosen by its own keys.
FORMATS_CONNUS = {"web/lots.py", "web/validation.py"}


def _est_fixe(expression: ast.expr) -> bool:
    """A literal, or a constant of the module."""
    while isinstance(expression, ast.Subscript):
        expression = expression.value
    nom = getattr(expression, "id", "")
    return isinstance(expression, ast.Constant) or (bool(nom) and nom == nom.upper())


def _nom(appele: ast.expr) -> str:
    return appele.attr if isinstance(appele, ast.Attribute) else getattr(appele, "id", "")


def _objet(appele: ast.expr) -> str:
    return getattr(appele.value, "id", "") if isinstance(appele, ast.Attribute) else ""


def _est_ferme(appel: ast.Call) -> bool:
    """A parser that resolves nothing, or a call that is given one."""
    if _nom(appel.func) == "XMLParser":
        options = {o.arg: getattr(o.value, "value", None) for o in appel.keywords}
        return options.get("resolve_entities") is False and options.get("no_network") is True
    return len(appel.args) > 1 or any(o.arg == "parser" for o in appel.keywords)


def _importes(module: Path) -> Iterator[str]:
    for noeud in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(noeud, ast.Import):
            yield from (alias.name for alias in noeud.names)
        elif isinstance(noeud, ast.ImportFrom) and noeud.module:
            yield noeud.module
            yield from (f"{noeud.module}.{alias.name}" for alias in noeud.names)
