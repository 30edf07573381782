"""Says to HAProxy whether a node of the cluster may be given the writes.

Runs on each node and answers every HTTP request: 200 when the node takes statements
(`wsrep_ready`), belongs to the majority (`wsrep_cluster_status`) and is up to date or gives a
copy to another node meanwhile (`wsrep_local_state` 4 or 2); 503 otherwise, with the reason.

    sonde.py --ecoute 10.0.0.1:9200 --base 127.0.0.1:3306 --compte sonde --secret-fichier F

Needs Debian's python3-pymysql.
"""

import argparse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pymysql

DELAI = 2
QUESTION = (
    "SELECT LOWER(variable_name), variable_value FROM information_schema.global_status "
    "WHERE variable_name IN ('wsrep_ready', 'wsrep_cluster_status', 'wsrep_local_state')"
)
#: Up to date; giving a copy, which mariabackup does without stopping the node.
ETATS = frozenset({"4", "2"})


class Noeud:
    """The node beside this probe."""

    def __init__(self, hote: str, port: int, compte: str, secret: str) -> None:
        self._hote, self._port, self._compte, self._secret = hote, port, compte, secret

    def etat(self) -> tuple[int, str]:
        """The status to answer, and why."""
        try:
            valeurs = self._lire()
        except (pymysql.Error, OSError) as error:
            return 503, f"le noeud ne repond pas : {error}"
        return juger(valeurs)

    def _lire(self) -> dict[str, str]:
        with pymysql.connect(
            host=self._hote,
            port=self._port,
            user=self._compte,
            password=self._secret,
            connect_timeout=DELAI,
            read_timeout=DELAI,
            write_timeout=DELAI,
        ) as connexion:
            curseur = connexion.cursor()
            curseur.execute(QUESTION)
            return dict(curseur.fetchall())


def juger(valeurs: dict[str, str]) -> tuple[int, str]:
    """What these values of the node mean."""
    if valeurs.get("wsrep_ready") != "ON":
        return 503, "le noeud n'accepte pas d'ordres"
    if valeurs.get("wsrep_cluster_status") != "Primary":
        return 503, "le noeud est coupe de la majorite"
    if valeurs.get("wsrep_local_state") not in ETATS:
        return 503, "le noeud rattrape son retard"
    return 200, "le noeud est a jour"


def servir(ecoute: tuple[str, int], noeud: Noeud) -> None:
    """Answer until stopped."""

    class Reponse(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            statut, raison = noeud.etat()
            corps = raison.encode("ascii", "replace") + b"\n"
            self.send_response(statut)
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", str(len(corps)))
            self.end_headers()
            self.wfile.write(corps)

        def log_message(self, *_: object) -> None:
            """HAProxy asks twice a second: nothing to keep."""

    ThreadingHTTPServer(ecoute, Reponse).serve_forever()


def _adresse(texte: str) -> tuple[str, int]:
    hote, _, port = texte.rpartition(":")
    return hote, int(port)


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ecoute", type=_adresse, required=True)
    parser.add_argument("--base", type=_adresse, required=True)
    parser.add_argument("--compte", default="sonde")
    parser.add_argument("--secret-fichier", type=Path)
    demande = parser.parse_args()
    secret = demande.secret_fichier.read_text("utf-8").strip() if demande.secret_fichier else ""
    hote, port = demande.base
    servir(demande.ecoute, Noeud(hote, port, demande.compte, secret))


if __name__ == "__main__":
    main()
