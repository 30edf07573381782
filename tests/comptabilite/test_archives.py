"""The archive of a month: complete, sealed, verified by a program that knows the key only."""

import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cordeau.comptabilite import verify_archive
from cordeau.comptabilite.commands.archivage import archiver, archiver_mois_passes
from cordeau.comptabilite.verification import verifier
from cordeau.core.dates import a_l_instant, aujourd_hui, maintenant
from cordeau.core.db import Database
from cordeau.core.errors import ConflitError
from cordeau.core.permissions import SYSTEME
from cordeau.core.registre.cles import Coffre
from cordeau.core.settings import Settings
from tests.conftest import make_settings
from tests.facturation.builders import regler, une_entreprise, une_facture_emise
from tests.gens import Navigateur

AUJOURD_HUI = aujourd_hui()
LE_MOIS_PROCHAIN = (AUJOURD_HUI.replace(day=1) + timedelta(days=32)).replace(day=1)
PERIODE = f"{AUJOURD_HUI:%Y-%m}"


@pytest.fixture
def reglages(database: Database, tmp_path: Path) -> Settings:
    """The settings of an instance that issued something this month."""
    with database.write() as session:
        une_entreprise(session)
        facture = une_facture_emise(session, le=AUJOURD_HUI)
        regler(session, facture, "20", le=AUJOURD_HUI)
    return make_settings(tmp_path, database.engine.url.render_as_string(hide_password=False))


@pytest.fixture
def archive(database: Database, reglages: Settings) -> Path:
    """The archive of this month, as if it were over."""
    return archiver(database, reglages, AUJOURD_HUI, actor=SYSTEME, le=LE_MOIS_PROCHAIN)


@pytest.fixture
def publique(archive: Path, reglages: Settings) -> str:
    """The public key, in hexadecimal."""
    (cle,) = Coffre(reglages.data).publiques().values()
    return cle.public_bytes_raw().hex()


def test_une_archive_contient_tout_le_mois(archive: Path) -> None:
    with zipfile.ZipFile(archive) as lue:
        noms = set(lue.namelist())
        registre = [json.loads(li) for li in lue.read("registre.jsonl").splitlines()]
        factures = lue.read("factures.csv").decode()
        manifeste = json.loads(lue.read("manifeste.json"))

    assert archive.name == f"registre-{PERIODE}.zip"
    assert {"LISEZMOI.txt", "verify_archive.py", "tva.csv", "reglements.csv"} <= noms
    assert len([nom for nom in noms if nom.startswith("pieces/")]) == 2
    assert {e["journal"] for e in registre} == {"FACTURES", "REGLEMENTS", "PIECES", "TECHNIQUE"}
    assert f"FAC-{AUJOURD_HUI.year}-001;FACTURE;{AUJOURD_HUI}" in factures
    assert "100.00;20.00;120.00" in factures
    assert manifeste["totaux"]["montant_ttc"] == 12000


def test_le_manifeste_dit_ou_chaque_chaine_commence_et_finit(archive: Path) -> None:
    with zipfile.ZipFile(archive) as lue:
        registre = [json.loads(li) for li in lue.read("registre.jsonl").splitlines()]
        manifeste = json.loads(lue.read("manifeste.json"))

    assert manifeste["format"] == "cordeau-archive-2"
    for journal, dite in manifeste["chaines"].items():
        siennes = [e for e in registre if e["journal"] == journal]
        assert dite == {
            "premier_rang": siennes[0]["rang"],
            "premiere_empreinte": siennes[0]["empreinte"],
            "rang": siennes[-1]["rang"],
            "empreinte": siennes[-1]["empreinte"],
            "ecritures": len(siennes),
        }


def test_une_piece_rendue_un_autre_mois_a_son_ecriture(
    database: Database, reglages: Settings
) -> None:
    """Rendered on the day of the archive: its entry is of that day, and comes along."""
    with a_l_instant(maintenant() + timedelta(days=40)):
        fichier = archiver(database, reglages, AUJOURD_HUI, actor=SYSTEME, le=LE_MOIS_PROCHAIN)

    with zipfile.ZipFile(fichier) as lue:
        membres = {nom: lue.read(nom) for nom in lue.namelist()}
    du_mois = [json.loads(ligne)["journal"] for ligne in membres["registre.jsonl"].splitlines()]
    assert "PIECES" not in du_mois
    assert len(membres["pieces.jsonl"].splitlines()) == 1
    (cle,) = Coffre(reglages.data).publiques().values()
    assert verify_archive.verifier_et_dire(fichier, cle.public_bytes_raw().hex()) == 0

    (pdf,) = [nom for nom in membres if nom.endswith(".pdf")]
    for faux, message in (
        (membres | {pdf: b"autre"}, "n’est pas le fichier"),
        (membres | {"pieces.jsonl": b""}, "n’a pas d’écriture"),
    ):
        with pytest.raises(verify_archive.AltereeError, match=message):
            verify_archive.verifier_registre(faux, json.loads(membres["manifeste.json"]))


def test_une_archive_de_l_ancien_format_se_verifie_encore(archive: Path) -> None:
    with zipfile.ZipFile(archive) as lue:
        membres = {nom: lue.read(nom) for nom in lue.namelist() if nom != "pieces.jsonl"}
    manifeste = json.loads(membres["manifeste.json"])
    fins = {
        journal: {"rang": dite["rang"], "empreinte": dite["empreinte"]}
        for journal, dite in manifeste["chaines"].items()
    }

    verify_archive.verifier_registre(
        membres, manifeste | {"format": "cordeau-archive-1", "chaines": fins}
    )
    with pytest.raises(verify_archive.AltereeError, match=r"pieces\.jsonl manque"):
        verify_archive.verifier_registre(membres, manifeste)


def test_une_chaine_plus_courte_que_le_manifeste_est_refusee(archive: Path) -> None:
    """Its first entries cut, the others in order: only the manifest knows where it began."""
    with zipfile.ZipFile(archive) as lue:
        membres = {nom: lue.read(nom) for nom in lue.namelist()}
    lignes = membres["registre.jsonl"].splitlines(keepends=True)
    technique = next(n for n, ligne in enumerate(lignes) if b'"journal":"TECHNIQUE"' in ligne)
    membres["registre.jsonl"] = b"".join(lignes[:technique] + lignes[technique + 1 :])

    with pytest.raises(verify_archive.AltereeError, match="TECHNIQUE"):
        verify_archive.verifier_registre(membres, json.loads(membres["manifeste.json"]))


def test_le_verificateur_de_l_archive_n_a_besoin_que_de_la_cle(
    archive: Path, publique: str, tmp_path: Path
) -> None:
    """The program taken out of the archive itself, by a Python that sees no library."""
    with zipfile.ZipFile(archive) as lue:
        (tmp_path / "verify_archive.py").write_bytes(lue.read("verify_archive.py"))
    (tmp_path / "cle.txt").write_text(publique)

    resultat = subprocess.run(
        [sys.executable, "-I", "-S", "verify_archive.py", str(archive), "--pub", "cle.txt"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert resultat.returncode == 0, resultat.stdout + resultat.stderr
    assert f"Archive intacte : {PERIODE}" in resultat.stdout


def test_un_seul_bit_retourne_se_voit(archive: Path, publique: str, tmp_path: Path) -> None:
    octets = archive.read_bytes()
    hasard = random.Random(7)  # noqa: S311 (the same bits each time)
    bits = [0, 7, 8 * len(octets) - 1, *hasard.sample(range(8 * len(octets)), 12)]
    bits += [8 * (len(octets) - 1 - rang) + 5 for rang in range(4)]  # letters of the seal
    alteree = tmp_path / "alteree.zip"

    for bit in bits:
        faux = bytearray(octets)
        faux[bit // 8] ^= 1 << (bit % 8)
        alteree.write_bytes(faux)
        assert verify_archive.verifier_et_dire(alteree, publique) == 1, bit


def test_une_archive_tronquee_ou_d_une_autre_cle_est_refusee(
    archive: Path, publique: str, tmp_path: Path
) -> None:
    autre = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
    courte = tmp_path / "courte.zip"
    courte.write_bytes(archive.read_bytes()[:-1])

    assert verify_archive.verifier_et_dire(archive, autre) == 1
    assert verify_archive.verifier_et_dire(courte, publique) == 1
    assert verify_archive.verifier_et_dire(tmp_path / "absente.zip", publique) == 2


def test_un_fichier_change_dans_une_archive_se_voit(archive: Path, publique: str) -> None:
    membres = {**_membres(archive), "factures.csv": b"autre"}

    with pytest.raises(verify_archive.AltereeError, match="factures"):
        verify_archive.verifier_membres(membres, bytes.fromhex(publique))


def test_une_archive_resignee_par_un_autre_ne_trompe_pas_la_cle(
    archive: Path, publique: str
) -> None:
    """A member changed, the manifest made again and signed: only the key cannot be."""
    membres = {**_membres(archive), "factures.csv": b"autre"}
    manifeste = json.loads(membres["manifeste.json"])
    manifeste["fichiers"]["factures.csv"] = verify_archive.sha256(b"autre")
    membres["manifeste.json"] = verify_archive.canonique(manifeste)
    pirate = Ed25519PrivateKey.generate()
    membres["manifeste.sig"] = pirate.sign(membres["manifeste.json"]).hex().encode()

    assert verify_archive.verifier_membres(membres, pirate.public_key().public_bytes_raw())
    with pytest.raises(verify_archive.AltereeError, match="signé"):
        verify_archive.verifier_membres(membres, bytes.fromhex(publique))


def _membres(archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as lue:
        return {nom: lue.read(nom) for nom in lue.namelist()}


@pytest.mark.parametrize(
    ("secret", "message"),
    [
        ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", ""),
        ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "72"),
    ],
)
def test_notre_verification_de_signature_est_celle_de_la_norme(secret: str, message: str) -> None:
    """Keys and messages of RFC 8032, §7.1; signed by a well-known library."""
    cle = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))
    octets = bytes.fromhex(message)
    publique, signature = cle.public_key().public_bytes_raw(), cle.sign(octets)

    assert verify_archive.est_signe(publique, octets, signature)
    assert not verify_archive.est_signe(publique, octets + b"!", signature)
    assert not verify_archive.est_signe(publique, octets, bytes([signature[0] ^ 1]) + signature[1:])
    assert not verify_archive.est_signe(publique, octets, signature[:32] + b"\xff" * 32)


def test_deux_archives_du_meme_mois_disent_la_meme_chose(
    archive: Path, database: Database, reglages: Settings, tmp_path: Path
) -> None:
    autre = archiver(
        database, reglages, AUJOURD_HUI, actor=SYSTEME, le=LE_MOIS_PROCHAIN, dossier=tmp_path / "b"
    )

    with zipfile.ZipFile(archive) as une, zipfile.ZipFile(autre) as deux:
        for nom in ("factures.csv", "reglements.csv", "tva.csv"):
            assert une.read(nom) == deux.read(nom)


def test_une_horloge_en_avance_ne_troue_pas_la_chaine(
    database: Database, reglages: Settings
) -> None:
    """An entry written by a server whose clock is in another month, between two of this one."""
    with database.write() as session, a_l_instant(maintenant() + timedelta(days=70)):
        une_facture_emise(session, le=AUJOURD_HUI)
    with database.write() as session:
        une_facture_emise(session, le=AUJOURD_HUI)

    fichier = archiver(database, reglages, AUJOURD_HUI, actor=SYSTEME, le=LE_MOIS_PROCHAIN)

    (cle,) = Coffre(reglages.data).publiques().values()
    assert verify_archive.verifier_et_dire(fichier, cle.public_bytes_raw().hex()) == 0


def test_un_mois_en_cours_ne_s_archive_pas(database: Database, reglages: Settings) -> None:
    with pytest.raises(ConflitError, match="n’est pas fini"):
        archiver(database, reglages, AUJOURD_HUI, actor=SYSTEME, le=AUJOURD_HUI)


def test_les_mois_passes_s_archivent_d_eux_memes_une_fois(
    database: Database, reglages: Settings
) -> None:
    premiers = archiver_mois_passes(database, reglages, actor=SYSTEME, le=LE_MOIS_PROCHAIN)
    seconds = archiver_mois_passes(database, reglages, actor=SYSTEME, le=LE_MOIS_PROCHAIN)

    assert [fichier.name for fichier in premiers] == [f"registre-{PERIODE}.zip"]
    assert seconds == []
    assert verifier(database, reglages.data).valide


def test_l_archive_se_telecharge(
    navigateur: Callable[..., Navigateur], database: Database, settings: Settings
) -> None:
    with database.write() as session:
        une_entreprise(session)
        une_facture_emise(session, le=AUJOURD_HUI)
    fichier = archiver(database, settings, AUJOURD_HUI, actor=SYSTEME, le=LE_MOIS_PROCHAIN)
    comptable = navigateur("comptable")

    assert f"/comptabilite/archives/{PERIODE}" in comptable.get("/comptabilite/clotures").text
    assert comptable.get(f"/comptabilite/archives/{PERIODE}").content == fichier.read_bytes()
    for absent in ("2001-01", "..", "2026-99", "cle-privee"):
        assert comptable.get(f"/comptabilite/archives/{absent}").status_code == 404
