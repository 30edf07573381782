"""The result of a run, as one table."""

from torture.seance import Bilan
from torture.temoin import Issue


def imprimer(bilan: Bilan) -> None:
    """Print the figures, then each violation."""
    for nom, valeur in lignes(bilan):
        print(f"{nom:<36} {valeur}")
    for violation in bilan.violations[:50]:
        print(f"VIOLATION  {violation}")


def lignes(bilan: Bilan) -> list[tuple[str, str]]:
    """The figures, named."""
    return [
        ("Moteur", bilan.moteur),
        ("Graine (SEED)", str(bilan.graine)),
        ("Tours", str(bilan.tours)),
        ("Durée", f"{bilan.secondes:.0f} s"),
        ("Arrêts brutaux", _detail(bilan.tues)),
        ("Écritures acquittées", str(bilan.gestes[Issue.ACQUITTE])),
        ("  dont", _detail(bilan.natures)),
        ("Refusées (4xx)", str(bilan.gestes[Issue.REFUSE])),
        ("Sans réponse, sans clé", str(bilan.gestes[Issue.INCONNU])),
        ("Jamais parties", str(bilan.gestes[Issue.JAMAIS_PARTI])),
        ("Renvois sous la même clé", str(bilan.repetitions)),
        ("Travaux", _detail(bilan.travaux)),
        ("Courriels reçus", str(bilan.courriels)),
        ("Vérifications du registre", str(bilan.registre)),
        ("Violations", str(len(bilan.violations))),
    ]


def _detail(compte: dict[str, int]) -> str:
    return ", ".join(f"{nom} {fois}" for nom, fois in sorted(compte.items()))
