"""The checker: what the witness was promised against what the base holds. Pure, and suspicious.

Each violation is one French sentence.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from torture.releve import Facture, Imputation, Job, Message, Releve, compter, identifiant
from torture.temoin import Geste, Issue, Nature

LIGNES_DEVIS = 3
VIVANTS = frozenset({"EN_ATTENTE", "EN_COURS", "FAIT"})
#: A devis goes only forward in this load.
RANGS = {"BROUILLON": 0, "ENVOYE": 1, "ACCEPTE": 2}
#: Nature of a gesture: where its effect is, and the column that bears its mark.
MARQUES = {
    Nature.DEVIS: ("devis", "marque"),
    Nature.LIBRE: ("factures", "objet"),
    Nature.REGLER: ("reglements", "reference"),
    Nature.MULTIPLE: ("reglements", "reference"),
    Nature.ANNULER: ("reglements", "motif"),
}
#: An avoir and a counter-entry bear the text of what they correct: not an effect of its gesture.
CORRIGE = {
    Nature.LIBRE: "origine_id",
    Nature.REGLER: "annule_id",
    Nature.MULTIPLE: "annule_id",
}
TYPES = {Nature.ACOMPTE: "ACOMPTE", Nature.FACTURE: "FACTURE", Nature.AVOIR: "AVOIR"}


def controler(
    releve: Releve,
    gestes: Sequence[Geste],
    *,
    recus: Mapping[str, int],
) -> list[str]:
    """Every violation; `recus` counts the mail received, by message."""
    return [
        *_effets(releve, gestes),
        *_etats(releve, gestes),
        *_numeros(releve, gestes),
        *_devis_entiers(releve),
        *_factures_entieres(releve),
        *_soldes(releve),
        *_reglements(releve),
        *_travaux(releve),
        *_courriels(releve, recus),
    ]


def _effets(releve: Releve, gestes: Iterable[Geste]) -> Iterator[str]:
    """Each acknowledged creation once, each unknown one at most once, no refused one."""
    chercher = _Recherche(releve)
    for geste in gestes:
        yield from (f"Deux réponses sous la clé {geste.cle} : {c}" for c in geste.contradictions)
        lignes = chercher.effets(geste)
        if lignes is None:
            continue
        qui = f"{geste.nature} {geste.marque}"
        if geste.issue is Issue.ACQUITTE and not lignes:
            yield f"Écriture acquittée perdue : {qui}"
        if len(lignes) > 1:
            yield f"Double effet ({len(lignes)}) : {qui}, clé {geste.cle}"
        if lignes and geste.issue in (Issue.REFUSE, Issue.JAMAIS_PARTI):
            yield f"Effet d’une demande refusée : {qui} ({geste.issue}, {geste.statut})"
        if lignes and geste.issue is Issue.ACQUITTE:
            yield from _comparer(geste, lignes[0])


def _comparer(geste: Geste, ligne: Any) -> Iterator[str]:
    """The answer spoke of this very row."""
    if geste.nature is Nature.ENVOYER:
        return
    if identifiant(geste.reponse.get("id")) != ligne.id:
        yield f"Réponse d’une autre ligne : {geste.nature} {geste.marque}"


class _Recherche:
    """Finds the rows a gesture made."""

    def __init__(self, releve: Releve) -> None:
        self._par_marque = {
            nature: compter(getattr(releve, table), champ)
            for nature, (table, champ) in MARQUES.items()
        }
        self._par_devis = compter(releve.factures, "devis_id")
        self._par_origine = compter(releve.factures, "origine_id")
        self._messages = compter(releve.messages, "corps")

    def effets(self, geste: Geste) -> list[Any] | None:
        """The rows; None when a gesture makes none that can be counted."""
        if geste.nature in MARQUES:
            corrige = CORRIGE.get(geste.nature, "")
            marquees = self._par_marque[geste.nature].get(geste.marque, [])
            return [ligne for ligne in marquees if not getattr(ligne, corrige, None)]
        cible = identifiant(geste.cible)
        if geste.nature in (Nature.ACOMPTE, Nature.FACTURE):
            faites = self._par_devis.get(cible, [])
            return [f for f in faites if f.type == TYPES[geste.nature] and not f.origine_id]
        if geste.nature is Nature.AVOIR:
            return self._par_origine.get(cible, [])
        if geste.nature is Nature.ENVOYER and geste.corps["emailClient"]:
            return self._messages.get(geste.marque, [])
        return None


def _etats(releve: Releve, gestes: Iterable[Geste]) -> Iterator[str]:
    """What was acknowledged of a record that already was there."""
    devis = {d.id: d for d in releve.devis}
    factures = {f.id: f for f in releve.factures}
    objets: dict[str, set[str]] = {}
    for geste in gestes:
        cible = identifiant(geste.cible)
        if geste.nature is Nature.MODIFIER:
            _suivre_objet(objets.setdefault(cible, set()), geste)
        if geste.issue is not Issue.ACQUITTE:
            continue
        if geste.nature in (Nature.ENVOYER, Nature.ACCEPTER):
            voulu = 1 if geste.nature is Nature.ENVOYER else 2
            if cible not in devis or RANGS.get(devis[cible].statut, -1) < voulu:
                yield f"Changement acquitté perdu : {geste.nature} {geste.marque}"
        if geste.nature is Nature.EMETTRE and (
            cible not in factures or factures[cible].numero != geste.reponse.get("numero")
        ):
            yield f"Émission acquittée perdue : {geste.marque} {geste.reponse.get('numero')}"
    for cible, permis in objets.items():
        if permis and (cible not in devis or devis[cible].objet not in permis):
            yield f"Modification acquittée perdue : devis {cible}, attendu {sorted(permis)}"


def _suivre_objet(permis: set[str], geste: Geste) -> None:
    """The texts the record may bear: the last one acknowledged, or one unknown since."""
    if geste.issue is Issue.ACQUITTE:
        permis.clear()
        permis.add(geste.marque)
    elif geste.issue is Issue.INCONNU and permis:
        permis.add(geste.marque)


def _numeros(releve: Releve, gestes: Iterable[Geste]) -> Iterator[str]:
    """Continuous in each series, none twice, none answered to two people."""
    rangs: dict[tuple[str, int], list[int]] = {}
    for numero in releve.numeros:
        prefixe, annee, rang = numero.split("-")
        rangs.setdefault((prefixe, int(annee)), []).append(int(rang))
    initiaux = {(s.prefixe, s.annee): (s.rang_initial, s.dernier_rang) for s in releve.series}
    for cle in sorted(rangs.keys() | initiaux.keys()):
        initial, dernier = initiaux.get(cle, (0, 0))
        yield from _serie("-".join(map(str, cle)), rangs.get(cle, []), initial, dernier)
    emis = Counter(
        g.reponse["numero"]
        for g in gestes
        if g.nature in (Nature.EMETTRE, Nature.DEVIS) and g.issue is Issue.ACQUITTE
    )
    yield from (f"Numéro annoncé deux fois : {n}" for n, fois in emis.items() if fois > 1)


def _serie(nom: str, rangs: Collection[int], initial: int, dernier: int) -> Iterator[str]:
    doubles = [rang for rang, fois in Counter(rangs).items() if fois > 1]
    manquants = sorted(set(range(initial + 1, max([*rangs, dernier]) + 1)) - set(rangs))
    if doubles:
        yield f"Numéros en double dans {nom} : {sorted(doubles)[:10]}"
    if manquants:
        yield f"Trous dans {nom} : {manquants[:10]}"
    if max(rangs, default=initial) > dernier:
        yield f"Le compteur {nom} est en retard : {dernier}"


def _devis_entiers(releve: Releve) -> Iterator[str]:
    for d in releve.devis:
        if d.lignes != LIGNES_DEVIS or (not d.remises and d.somme_ht != d.montant_ht):
            yield f"Devis à moitié écrit : {d.numero}, {d.lignes} lignes, {d.somme_ht} centimes"


def _factures_entieres(releve: Releve) -> Iterator[str]:
    for f in releve.factures:
        nom = f.numero or f.id
        if f.montant_ht + f.montant_tva != f.montant_ttc or f.tva_detaillee != f.montant_tva:
            yield f"Totaux faux : {nom}"
        emise = f.statut == "EMISE"
        presents = (f.numero is not None, bool(f.figee), f.reste is not None)
        if f.lignes < 1 or presents != (emise, emise, emise):
            yield f"Document à moitié écrit : {nom} ({f.statut}, {f.lignes} lignes, {presents})"


def _soldes(releve: Releve) -> Iterator[str]:
    """Every balance, computed again from the facts."""
    imputes: Counter[str] = Counter()
    for i in releve.imputations:
        imputes[i.facture_id] += i.montant
    emises = {f.id: f for f in releve.factures if f.statut == "EMISE"}
    groupes = compter((f for f in emises.values() if f.origine_id), "origine_id")
    for f in emises.values():
        if f.regle != imputes[f.id]:
            yield f"Règlements de {f.numero} : {f.regle} noté, {imputes[f.id]} imputés"
        if not f.origine_id:
            yield from _solde_de_groupe(f, groupes.get(f.id, []), imputes)


def _solde_de_groupe(
    origine: Facture, avoirs: Sequence[Facture], imputes: Mapping[str, int]
) -> Iterator[str]:
    credit = sum(a.montant_ttc for a in avoirs)
    rembourse = sum(imputes[a.id] for a in avoirs)
    net = origine.montant_ttc - imputes[origine.id] - credit + rembourse
    if (origine.credite, origine.reste) != (credit, max(net, 0)):
        yield f"Solde de {origine.numero} : {origine.reste} noté, {max(net, 0)} dû"
    rendre = sum(a.reste or 0 for a in avoirs)
    if rendre != max(-net, 0):
        yield f"À rendre sur {origine.numero} : {rendre} noté, {max(-net, 0)} dû"


def _reglements(releve: Releve) -> Iterator[str]:
    """A payment is what it is allocated to; a counter-entry is the opposite of one payment."""
    signes = {f.id: -1 if f.type == "AVOIR" else 1 for f in releve.factures}
    parts: dict[str, list[Imputation]] = {
        cle: list(lignes) for cle, lignes in compter(releve.imputations, "reglement_id").items()
    }
    for r in releve.reglements:
        somme = sum(i.montant * signes.get(i.facture_id, 1) for i in parts.get(r.id, []))
        if somme != r.montant:
            yield f"Règlement {r.reference or r.motif} : {r.montant} reçu, {somme} imputé"
    annules = Counter(r.annule_id for r in releve.reglements if r.annule_id)
    yield from (f"Règlement annulé deux fois : {i}" for i, fois in annules.items() if fois > 1)


def _travaux(releve: Releve) -> Iterator[str]:
    """Every promise is there once, waiting or done; done means done."""
    par_cle = compter(releve.jobs, "cle")
    for job in releve.jobs:
        if job.etat not in VIVANTS:
            yield f"Travail {job.etat} : {job.nom} {job.cle} ({job.erreur[-200:]})"
    for f in releve.factures:
        if f.numero is None:
            continue
        promis = par_cle.get(f"facturation.rendre:{UUID(f.id)}", [])
        if len(promis) != 1:
            yield f"{len(promis)} travaux de rendu pour {f.numero}"
        elif promis[0].etat == "FAIT" and not f.rendue:
            yield f"Rendu noté fait, sans document : {f.numero}"
    for message in releve.messages:
        yield from _travaux_du_message(message, par_cle)


def _travaux_du_message(message: Message, par_cle: Mapping[str, list[Job]]) -> Iterator[str]:
    joindre = par_cle.get(f"devis.joindre:{UUID(message.id)}", [])
    envoi = par_cle.get(f"mail:{UUID(message.id)}", [])
    if len(joindre) != 1 or len(envoi) > 1 or message.pieces > 1:
        yield f"Message {message.corps} : {len(joindre)} et {len(envoi)} travaux"
    elif (message.pieces == 1) != (len(envoi) == 1) or (
        joindre[0].etat == "FAIT" and message.pieces == 0
    ):
        yield f"Message {message.corps} : pièce et envoi ne vont pas ensemble"
    if envoi and envoi[0].etat == "FAIT" and message.statut != "ENVOYE":
        yield f"Envoi noté fait, message {message.statut} : {message.corps}"


def _courriels(releve: Releve, recus: Mapping[str, int]) -> Iterator[str]:
    """Sent means received."""
    for message in releve.messages:
        if message.statut == "ENVOYE" and not recus.get(message.id):
            yield f"Courriel noté envoyé, jamais reçu : {message.corps}"
        if message.statut not in ("A_ENVOYER", "ENVOYE", "ECHEC"):
            yield f"Message dans un état imprévu : {message.corps} {message.statut}"
