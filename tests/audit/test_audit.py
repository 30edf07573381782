"""The audit of dependencies never takes silence for good news."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from audit.acceptations import Acceptation, lire_acceptations
from audit.rapport import FAILLE, NON_VERIFIE, SAIN, juger
from audit.releves import Releve, lire_npm, lire_pip
from audit.sbom import inventaire

LE_JOUR = date(2026, 11, 26)
FAILLE_PIP = {
    "id": "PYSEC-2026-1",
    "aliases": ["CVE-2026-1"],
    "description": "Lit un fichier.\nEt.",
}
PIP = {
    "dependencies": [
        {"name": "jinja2", "version": "3.1.0", "vulns": [FAILLE_PIP]},
        {"name": "lxml", "version": "6.1.0", "vulns": []},
    ]
}
NPM = {
    "vulnerabilities": {
        "bootstrap": {
            "range": "<5",
            "via": ["autre", {"source": 1, "url": "https://x/GHSA-aaaa", "title": "XSS"}],
        }
    },
    "metadata": {"dependencies": {"total": 20}},
}
SAIN_PIP: dict[str, Any] = {"dependencies": [{"name": "lxml", "version": "6.1.0", "vulns": []}]}
MUET = {"dependencies": [{"name": "lxml", "skip_reason": "Dependency not found on PyPI"}]}


def pip(rapport: Any) -> Releve:
    return lire_pip(json.dumps(rapport))


def accepter(identifiant: str = "CVE-2026-1", jusqu_au: date = LE_JOUR) -> Acceptation:
    return Acceptation(
        identifiant, "jinja2", "aucun gabarit n’est écrit par un utilisateur", jusqu_au
    )


def code(*releves: Releve, strict: bool = False, acceptees: tuple[Acceptation, ...] = ()) -> int:
    return juger(releves, acceptees, le=LE_JOUR, strict=strict).code


def test_une_faille_connue_echoue_et_se_nomme() -> None:
    verdict = juger([pip(PIP), lire_npm(json.dumps(NPM))], [], le=LE_JOUR, strict=False)

    assert verdict.code == FAILLE
    dites = "\n".join(verdict.lignes)
    for attendu in ("jinja2 3.1.0", "PYSEC-2026-1", "CVE-2026-1", "bootstrap <5", "GHSA-aaaa"):
        assert attendu in dites


def test_une_faille_acceptee_passe_jusqu_a_sa_date() -> None:
    veille = date(2026, 11, 25)

    assert code(pip(PIP), acceptees=(accepter(),)) == SAIN
    assert code(pip(PIP), acceptees=(accepter(jusqu_au=veille),)) == FAILLE
    assert code(pip(PIP), acceptees=(accepter("CVE-2026-2"),)) == FAILLE


def test_une_acceptation_perimee_echoue_meme_sans_reseau() -> None:
    assert code(pip(MUET), acceptees=(accepter(jusqu_au=date(2026, 1, 1)),)) == FAILLE


@pytest.mark.parametrize("sortie", ["", "ConnectionError: x", "[]", '{"dependencies":[]}'])
def test_un_service_muet_se_dit_et_n_echoue_qu_en_strict(sortie: str) -> None:
    muet = lire_pip(sortie)

    assert code(muet) == SAIN
    assert code(muet, strict=True) == NON_VERIFIE
    assert "RIEN vérifié" in juger([muet], [], le=LE_JOUR, strict=False).lignes[0]


def test_un_paquet_sans_reponse_n_est_pas_un_paquet_sain() -> None:
    verdict = juger([pip(MUET)], [], le=LE_JOUR, strict=False)

    assert "NON VÉRIFIÉS" in verdict.lignes[0]
    assert code(pip(MUET), strict=True) == NON_VERIFIE
    assert code(pip(SAIN_PIP), strict=True) == SAIN


def test_npm_sans_reponse_n_est_pas_sain() -> None:
    panne = lire_npm(json.dumps({"message": "405 Method Not Allowed", "statusCode": 405}))

    assert panne.panne == "405 Method Not Allowed"
    assert code(panne, strict=True) == NON_VERIFIE


@pytest.mark.parametrize(
    "texte",
    [
        'raison = "parce que cela ne sert pas ici"',
        'raison = "bof"\njusqu_au = 2027-01-01',
        'raison = "parce que cela ne sert pas ici"\njusqu_au = "un jour"',
    ],
)
def test_une_acceptation_dit_pourquoi_et_jusqu_a_quand(tmp_path: Path, texte: str) -> None:
    fichier = tmp_path / "acceptations.toml"
    fichier.write_text(f'[[acceptation]]\nidentifiant = "CVE-1"\npaquet = "x"\n{texte}', "utf-8")

    with pytest.raises(ValueError, match="acceptations"):
        lire_acceptations(fichier)


def test_les_acceptations_du_depot_se_lisent() -> None:
    assert all(a.raison for a in lire_acceptations())


def test_l_inventaire_nomme_ce_qui_est_livre() -> None:
    lu = json.loads(inventaire())
    adresses = {composant["purl"] for composant in lu["components"]}

    assert lu["bomFormat"] == "CycloneDX"
    assert any(adresse.startswith("pkg:pypi/fastapi@") for adresse in adresses)
    assert any(adresse.startswith("pkg:npm/bootstrap@") for adresse in adresses)
    assert not any("axe-core" in adresse for adresse in adresses)
    assert all("://" not in adresse for adresse in adresses)
