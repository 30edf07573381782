"""What travels between us and the mail server."""

import ssl
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from cordeau.core.dates import maintenant
from cordeau.notifications import smtp
from tests.notifications.builders import Boite, _port_libre


def un_certificat(dossier: Path) -> ssl.SSLContext:
    """A certificate that nobody vouches for."""
    cle = ec.generate_private_key(ec.SECP256R1())
    nom = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    certificat = (
        x509.CertificateBuilder()
        .subject_name(nom)
        .issuer_name(nom)
        .public_key(cle.public_key())
        .serial_number(1)
        .not_valid_before(maintenant() - timedelta(days=1))
        .not_valid_after(maintenant() + timedelta(days=1))
        .sign(cle, hashes.SHA256())
    )
    pem = dossier / "certificat.pem"
    pem.write_bytes(
        cle.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificat.public_bytes(serialization.Encoding.PEM)
    )
    contexte = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    contexte.load_cert_chain(pem)
    return contexte


def test_un_serveur_qui_chiffre_n_est_jamais_servi_en_clair(tmp_path: Path) -> None:
    """It offers STARTTLS with a certificate that proves nothing: nothing is sent to it."""
    boite, port = Boite(), _port_libre()
    serveur = Controller(
        boite, hostname="127.0.0.1", port=port, tls_context=un_certificat(tmp_path)
    )
    serveur.start()
    try:
        with pytest.raises(ssl.SSLError):
            smtp.send(f"smtp://127.0.0.1:{port}", EmailMessage())
    finally:
        serveur.stop()

    assert boite.recus == []
