"""`python -m audit.sbom [FILE]`: what is delivered, as CycloneDX JSON, read from the locks."""

import base64
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

from audit.releves import RACINE

_EPINGLE = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)")
_EMPREINTE = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def main() -> None:
    """Write the inventory to the file given, else to the terminal."""
    texte = inventaire()
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(texte, "utf-8")
    else:
        print(texte)


def inventaire(racine: Path = RACINE) -> str:
    """The inventory of the Python lock and of the front end's."""
    projet = tomllib.loads((racine / "pyproject.toml").read_text("utf-8"))["project"]
    bom = Bom()
    bom.metadata.component = Component(
        name=projet["name"],
        version=projet["version"],
        type=ComponentType.APPLICATION,
        bom_ref=projet["name"],
    )
    bom.components.update(paquets_python((racine / "requirements.lock").read_text("utf-8")))
    verrou = json.loads((racine / "frontend/package-lock.json").read_text("utf-8"))
    bom.components.update(paquets_npm(verrou))
    bom.register_dependency(bom.metadata.component, bom.components)
    return make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=2)


def paquets_python(verrou: str) -> Iterator[Component]:
    """Each pin of a lock, with the digest of its only archive when there is one."""
    for bloc in re.split(r"\n(?=\S)", verrou):
        trouve = _EPINGLE.match(bloc)
        if trouve:
            nom, version = trouve.groups()
            empreintes = _EMPREINTE.findall(bloc)
            yield _composant(
                PackageURL("pypi", name=nom.lower(), version=version),
                [HashType(alg=HashAlgorithm.SHA_256, content=empreintes[0])]
                if len(empreintes) == 1
                else [],
            )


def paquets_npm(verrou: dict[str, Any]) -> Iterator[Component]:
    """Each package the pages receive; those for tests are left out."""
    for chemin, paquet in verrou["packages"].items():
        if not chemin or paquet.get("dev"):
            continue
        espace, _, nom = chemin.rpartition("node_modules/")[2].rpartition("/")
        sha512 = base64.b64decode(paquet["integrity"].removeprefix("sha512-")).hex()
        yield _composant(
            PackageURL("npm", namespace=espace or None, name=nom, version=paquet["version"]),
            [HashType(alg=HashAlgorithm.SHA_512, content=sha512)],
        )


def _composant(adresse: PackageURL, empreintes: list[HashType]) -> Component:
    return Component(
        name=f"{adresse.namespace}/{adresse.name}" if adresse.namespace else adresse.name,
        version=adresse.version,
        type=ComponentType.LIBRARY,
        purl=adresse,
        bom_ref=str(adresse),
        hashes=empreintes,
    )


if __name__ == "__main__":
    main()
