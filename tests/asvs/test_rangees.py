"""The thirty rows are all there: a row without its class fails."""

import ast
from pathlib import Path

DOSSIER = Path(__file__).parent
#: Row and identifiers of the standard.
RANGEES = {
    1: "1_2_1",
    2: "1_2_4",
    3: "1_3_1",
    4: "1_3_6",
    5: "1_3_7",
    6: "1_3_11",
    7: "1_5_1",
    8: "2_3_1",
    9: "2_3_2",
    10: "2_3_3",
    11: "2_3_4",
    12: "2_4_1",
    13: "3_2_1",
    14: "3_3_1",
    15: "3_4_3",
    16: "3_5_1",
    17: "4_1_3",
    18: "5_2_1",
    19: "5_2_2",
    20: "5_3_2",
    21: "6_2_4",
    22: "6_3_1",
    23: "6_3_2",
    24: "6_3_3",
    25: "6_4_3",
    26: "7_2_4",
    27: "8_2_1",
    28: "11_4_2",
    29: "13_3_1",
    30: "15_3_3",
}


def test_chaque_rangee_a_sa_classe_et_ses_essais() -> None:
    classes = {
        noeud.name: sum(isinstance(dedans, ast.FunctionDef) for dedans in noeud.body)
        for module in DOSSIER.glob("test_*.py")
        for noeud in ast.parse(module.read_text("utf-8")).body
        if isinstance(noeud, ast.ClassDef)
    }
    attendues = {f"TestV{numero:02}_{ident}" for numero, ident in RANGEES.items()}

    assert not attendues - classes.keys()
    assert all(classes[nom] for nom in attendues)
