"""The verdict on what the services answered, and its exit code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from audit.acceptations import Acceptation
from audit.releves import Alerte, Releve

SAIN, FAILLE, NON_VERIFIE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is printed, and how the command ends."""

    lignes: list[str]
    code: int


def juger(
    releves: Sequence[Releve], acceptations: Sequence[Acceptation], *, le: date, strict: bool
) -> Verdict:
    """A vulnerability or an acceptance out of date fails; silence is said, and fails if strict."""
    lignes: list[str] = []
    perimees = [a for a in acceptations if a.perimee(le)]
    valables = [a for a in acceptations if not a.perimee(le)]
    lignes += [
        f"ACCEPTATION PÉRIMÉE : {a.identifiant} ({a.paquet}), {a.jusqu_au}" for a in perimees
    ]
    code = FAILLE if perimees else SAIN
    for releve in releves:
        refusees = [a for a in releve.alertes if not _est_acceptee(a, valables)]
        lignes += [_resumer(releve), *(_decrire(alerte) for alerte in refusees)]
        if refusees:
            code = FAILLE
        elif not releve.complet and strict:
            code = max(code, NON_VERIFIE) if code == SAIN else code
    if all(releve.complet for releve in releves):
        lignes += [
            f"Acceptation devenue inutile : {a.identifiant}" for a in _inutiles(valables, releves)
        ]
    return Verdict(lignes, code)


def _est_acceptee(alerte: Alerte, valables: Sequence[Acceptation]) -> bool:
    return any(a.paquet == alerte.paquet and a.identifiant in alerte.identifiants for a in valables)


def _inutiles(valables: Sequence[Acceptation], releves: Sequence[Releve]) -> list[Acceptation]:
    connues = {nom for r in releves for alerte in r.alertes for nom in alerte.identifiants}
    return [a for a in valables if a.identifiant not in connues]


def _resumer(releve: Releve) -> str:
    if releve.panne:
        return f"ATTENTION : {releve.outil} n’a RIEN vérifié : {releve.panne}"
    if releve.muets:
        return (
            f"ATTENTION : {releve.outil} n’a pas eu de réponse pour {releve.muets} paquets sur "
            f"{releve.muets + releve.examines}, NON VÉRIFIÉS."
        )
    return f"{releve.outil} : {releve.examines} paquets, {len(releve.alertes)} faille(s) connue(s)."


def _decrire(alerte: Alerte) -> str:
    noms = ", ".join(sorted(alerte.identifiants))
    return f"FAILLE : {alerte.paquet} {alerte.version} : {noms} {alerte.titre}".rstrip()
