"""The code to scan in a banking application: EPC 069-12, « Quick response code »."""

import io
import re
from decimal import Decimal

import segno.helpers
from stdnum import bic as norme_bic
from stdnum import iban as norme_iban

from cordeau.documents.caracteres import sur_une_ligne
from cordeau.documents.formats import compacter
from cordeau.documents.modele import Document
from cordeau.documents.montants import net_a_payer

_NOM, _LIBELLE = 70, 140
_MAXIMUM = Decimal("999999999.99")
_INVISIBLES = re.compile(r"[\x00-\x1f\x7f]")


def code_virement(document: Document) -> str:
    """The code as SVG, or an empty text when a bank would refuse it."""
    emetteur = document.emetteur
    nom = _INVISIBLES.sub("", sur_une_ligne(emetteur.nom))[:_NOM]
    compte, banque = compacter(emetteur.iban), compacter(emetteur.bic)
    somme = net_a_payer(document)
    if not document.numero or not nom or not norme_iban.is_valid(compte) or somme > _MAXIMUM:
        return ""
    code = segno.helpers.make_epc_qr(
        name=nom,
        iban=compte,
        amount=somme,
        text=document.numero[:_LIBELLE],
        bic=banque if norme_bic.is_valid(banque) else None,
        encoding="utf-8",
    )
    sortie = io.BytesIO()
    code.save(sortie, kind="svg", border=0, xmldecl=False, svgns=True)
    return sortie.getvalue().decode()
