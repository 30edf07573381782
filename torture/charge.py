"""The load: clients that draw devis, factures and règlements until they are told to stop."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from torture import gestes
from torture.reseau import Client, JamaisPartieError, Reponse, SansReponseError
from torture.temoin import Geste, Issue, Nature, Temoin

#: How often each gesture is drawn, among those possible.
POIDS = {
    Nature.DEVIS: 16,
    Nature.MODIFIER: 16,
    Nature.ENVOYER: 12,
    Nature.ACCEPTER: 10,
    Nature.ACOMPTE: 3,
    Nature.FACTURE: 3,
    Nature.LIBRE: 3,
    Nature.EMETTRE: 5,
    Nature.AVOIR: 2,
    Nature.REGLER: 26,
    Nature.MULTIPLE: 6,
    Nature.ANNULER: 8,
}
#: Of the devis sent, those that go by e-mail: each costs the layout of a PDF.
PART_COURRIEL = 0.15
#: Of the requests with a key, those sent twice at once, and those sent again once answered.
PART_ENSEMBLE, PART_ENSUITE = 0.05, 0.05
#: What a client remembers of each kind: enough to choose from, whatever the number of rounds.
MEMOIRE = 60
#: A settled key answers within the lease of a request that died with its server.
DENOUEMENT_SECONDES = 60.0


@dataclass(slots=True)
class Piece:
    """Something a client made and may act upon."""

    id: str
    client_id: str
    revision: str | None = None


@dataclass(slots=True)
class Commun:
    """What all clients act upon together."""

    emises: list[Piece] = field(default_factory=list)
    reglements: list[Piece] = field(default_factory=list)


class Fil:
    """One client: what it made, and what it may do next."""

    def __init__(self, rang: int, reseau: Client, clients: list[str], commun: Commun) -> None:
        self.rang = rang
        self.reseau = reseau
        #: A second window of the same person, for what is sent twice at once.
        self.fenetre = Client(reseau.port, reseau.jeton)
        self._clients = clients
        self._commun = commun
        self._brouillons: list[Piece] = []
        self._envoyes: list[Piece] = []
        self._acceptes: list[Piece] = []
        self._acomptes: list[Piece] = []
        self._factures: list[Piece] = []
        self._a_crediter: list[Piece] = []

    def tirer(self, hasard: Random, tour: int, rang: int) -> tuple[Geste, Piece]:
        """The next gesture, and what it acts on: drawn from what is possible now."""
        possibles = {nature: poids for nature, poids in POIDS.items() if self._peut(nature)}
        nature = hasard.choices(list(possibles), list(possibles.values()))[0]
        marque = f"t{tour}-f{self.rang}-{rang}"
        return self._former(nature, hasard, tour, marque)

    def _peut(self, nature: Nature) -> bool:
        reserve = {
            Nature.MODIFIER: self._brouillons,
            Nature.ENVOYER: self._brouillons,
            Nature.ACCEPTER: self._envoyes,
            Nature.ACOMPTE: self._acceptes,
            Nature.FACTURE: self._acomptes,
            Nature.EMETTRE: self._factures,
            Nature.AVOIR: self._a_crediter,
            Nature.REGLER: self._commun.emises,
            Nature.MULTIPLE: self._commun.emises,
            Nature.ANNULER: self._commun.reglements,
        }
        return nature not in reserve or bool(reserve[nature])

    def _former(
        self, nature: Nature, hasard: Random, tour: int, marque: str
    ) -> tuple[Geste, Piece]:
        if nature in (Nature.DEVIS, Nature.LIBRE):
            piece = Piece("", hasard.choice(self._clients))
            former = gestes.devis if nature is Nature.DEVIS else gestes.libre
            return former(hasard, tour, marque, piece.client_id), piece
        if nature in (Nature.REGLER, Nature.MULTIPLE):
            piece = hasard.choice(self._commun.emises[-MEMOIRE:])
            return self._regler(nature, hasard, tour, marque, piece), piece
        piece = self._prendre(nature, hasard)
        if nature is Nature.MODIFIER:
            geste = gestes.modifier(hasard, tour, marque, piece.id, piece.client_id, piece.revision)
        elif nature is Nature.ENVOYER:
            email = f"{marque}@client.example" if hasard.random() < PART_COURRIEL else ""
            geste = gestes.envoyer(hasard, tour, marque, piece.id, email)
        elif nature in (Nature.ACOMPTE, Nature.FACTURE):
            geste = gestes.facturer(hasard, tour, marque, piece.id, nature)
        else:
            geste = _SIMPLES[nature](hasard, tour, marque, piece.id)
        return geste, piece

    def _regler(
        self, nature: Nature, hasard: Random, tour: int, marque: str, piece: Piece
    ) -> Geste:
        if nature is Nature.REGLER:
            return gestes.regler(hasard, tour, marque, piece.id)
        autres = [
            p.id
            for p in self._commun.emises[-MEMOIRE:]
            if p.client_id == piece.client_id and p.id != piece.id
        ]
        cibles = [piece.id, *hasard.sample(autres, min(len(autres), 1))]
        return gestes.multiple(hasard, tour, marque, cibles, piece.client_id)

    def _prendre(self, nature: Nature, hasard: Random) -> Piece:
        """Take a piece out of its reserve: it comes back when the outcome is known."""
        reserve = {
            Nature.MODIFIER: self._brouillons,
            Nature.ENVOYER: self._brouillons,
            Nature.ACCEPTER: self._envoyes,
            Nature.ACOMPTE: self._acceptes,
            Nature.FACTURE: self._acomptes,
            Nature.EMETTRE: self._factures,
            Nature.AVOIR: self._a_crediter,
            Nature.ANNULER: self._commun.reglements,
        }[nature]
        try:
            return reserve.pop(hasard.randrange(len(reserve)))
        except (IndexError, ValueError):  # another client took the last one meanwhile
            return Piece("00000000-0000-0000-0000-000000000000", self._clients[0])

    def ranger(self, geste: Geste, piece: Piece, reponse: Reponse) -> None:
        """Keep what came of an acknowledged gesture for the next ones."""
        id_ = str(reponse.corps.get("id", piece.id))
        suite = Piece(id_, piece.client_id, reponse.revision)
        garder(self._destination(geste), suite)
        if geste.nature is Nature.EMETTRE and reponse.corps.get("type") == "FACTURE":
            garder(self._a_crediter, suite)
        if geste.nature is Nature.EMETTRE and reponse.corps.get("type") == "ACOMPTE":
            garder(self._acomptes, Piece(str(reponse.corps["devisId"]), piece.client_id))

    def _destination(self, geste: Geste) -> list[Piece]:
        return {
            Nature.DEVIS: self._brouillons,
            Nature.MODIFIER: self._brouillons,
            Nature.ENVOYER: self._envoyes,
            Nature.ACCEPTER: self._acceptes,
            Nature.ACOMPTE: self._factures,
            Nature.FACTURE: self._factures,
            Nature.LIBRE: self._factures,
            Nature.AVOIR: self._factures,
            Nature.EMETTRE: self._commun.emises,
            Nature.REGLER: self._commun.reglements,
            Nature.MULTIPLE: self._commun.reglements,
        }.get(geste.nature, [])


def garder(reserve: list[Piece], piece: Piece) -> None:
    """Add to a reserve, forgetting its oldest."""
    reserve.append(piece)
    if len(reserve) > 2 * MEMOIRE:
        del reserve[:MEMOIRE]


_SIMPLES: dict[Nature, Callable[[Random, int, str, str], Geste]] = {
    Nature.ACCEPTER: gestes.accepter,
    Nature.EMETTRE: gestes.emettre,
    Nature.AVOIR: gestes.avoir,
    Nature.ANNULER: gestes.annuler,
}


class Charge:
    """Every client at work during one round."""

    def __init__(self, fils: list[Fil], temoin: Temoin, graine: int, tour: int) -> None:
        self._fils = fils
        self._temoin = temoin
        self._graine = graine
        self._tour = tour
        self._assez = threading.Event()
        self._threads: list[threading.Thread] = []
        self._pieces: dict[int, tuple[Fil, Piece]] = {}
        self._erreurs: list[BaseException] = []

    def lancer(self) -> None:
        """Start every client."""
        for fil in self._fils:
            thread = threading.Thread(target=self._travailler, args=(fil,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def arreter(self) -> None:
        """Let each client end the request it is at, then wait for all."""
        self._assez.set()
        for thread in self._threads:
            thread.join()
        if self._erreurs:
            raise self._erreurs[0]

    def denouer(self) -> None:
        """Send again, under its key, each request whose effect is unknown."""
        limite = time.monotonic() + DENOUEMENT_SECONDES
        for geste in list(self._temoin.inconnus(self._tour)):
            fil, piece = self._pieces[id(geste)]
            while geste.issue is Issue.INCONNU and time.monotonic() < limite:
                if not self._demander(fil, geste, piece):
                    time.sleep(0.1)
        for fil in self._fils:
            fil.reseau.fermer()
            fil.fenetre.fermer()

    def _travailler(self, fil: Fil) -> None:
        hasard = Random(f"{self._graine}/{self._tour}/{fil.rang}")
        rang = 0
        try:
            while not self._assez.is_set():
                rang += 1
                geste, piece = fil.tirer(hasard, self._tour, rang)
                self._pieces[id(geste)] = fil, piece
                self._temoin.commencer(geste)
                sort = hasard.random() if geste.cle else 1.0
                if sort < PART_ENSEMBLE:
                    connue = self._demander_deux_fois(fil, geste, piece)
                else:
                    connue = self._demander(fil, geste, piece)
                if not connue:
                    self._assez.wait(0.1)
                elif sort < PART_ENSEMBLE + PART_ENSUITE:
                    self._demander(fil, geste, piece)
        except BaseException as error:  # noqa: BLE001 (raised again by the round)
            self._erreurs.append(error)

    def _demander(self, fil: Fil, geste: Geste, piece: Piece) -> bool:
        """Send once and note the outcome; False when it is not known yet."""
        geste.envois += 1
        try:
            reponse = fil.reseau.demander(geste.methode, geste.chemin, geste.corps, geste.entetes)
        except JamaisPartieError:
            if geste.issue is Issue.EN_VOL:
                geste.issue = Issue.JAMAIS_PARTI
            return False
        except SansReponseError:
            if geste.issue is Issue.EN_VOL:
                geste.issue = Issue.INCONNU
            return False
        finally:
            self._temoin.noter(geste)
        return self._noter(fil, geste, piece, reponse)

    def _demander_deux_fois(self, fil: Fil, geste: Geste, piece: Piece) -> bool:
        """Send twice at once, as a double click does: one acts, the other waits or is told so."""
        autre: list[Reponse | None] = []
        second = threading.Thread(target=lambda: autre.append(_envoyer(fil.fenetre, geste)))
        second.start()
        connue = self._demander(fil, geste, piece)
        second.join()
        reponse = autre[0] if autre else None
        if reponse is None or not _tranche(geste, reponse):
            if geste.issue in (Issue.REFUSE, Issue.JAMAIS_PARTI):  # the other may have acted
                geste.issue = Issue.INCONNU
            return geste.issue is not Issue.INCONNU and connue
        if reponse.statut < 300 or geste.issue is not Issue.ACQUITTE:
            if geste.issue is Issue.REFUSE:
                geste.issue = Issue.EN_VOL
            return self._noter(fil, geste, piece, reponse)
        return connue

    def _noter(self, fil: Fil, geste: Geste, piece: Piece, reponse: Reponse) -> bool:
        """Write an answer down, and keep what came of the first that acknowledged."""
        deja = geste.issue is Issue.ACQUITTE
        connue = noter_reponse(geste, reponse)
        self._temoin.noter(geste)
        if geste.issue is Issue.ACQUITTE and not deja:
            geste.acquitte_a = time.monotonic()
            fil.ranger(geste, piece, reponse)
        return connue


def noter_reponse(geste: Geste, reponse: Reponse) -> bool:
    """Write the answer beside the gesture; False when it settles nothing."""
    geste.statut = reponse.statut
    if not _tranche(geste, reponse):
        if geste.issue is Issue.EN_VOL:
            geste.issue = Issue.INCONNU
        return False
    issue = Issue.ACQUITTE if reponse.statut < 300 else Issue.REFUSE
    dit: dict[str, Any] = {
        nom: reponse.corps[nom] for nom in ("id", "numero") if nom in reponse.corps
    }
    if geste.issue in (Issue.ACQUITTE, Issue.REFUSE):
        if issue is not geste.issue or (issue is Issue.ACQUITTE and dit != geste.reponse):
            geste.contradictions.append(f"{reponse.statut} {dit}")
        return True
    geste.issue, geste.reponse = issue, dit
    return True


def _tranche(geste: Geste, reponse: Reponse) -> bool:
    """Whether the answer says what became of the request: not when it broke, or is being served."""
    en_cours = geste.cle and reponse.statut == 409 and "en cours" in str(reponse.corps)
    return reponse.statut < 500 and not en_cours


def _envoyer(reseau: Client, geste: Geste) -> Reponse | None:
    """Send once from another window; None without answer."""
    try:
        return reseau.demander(geste.methode, geste.chemin, geste.corps, geste.entetes)
    except (JamaisPartieError, SansReponseError):
        return None
