"""Whatever is billed, credited and paid, in whatever order, no cent is lost or made."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from cordeau.core.db import Database
from cordeau.core.errors import ConflitError, SaisieError
from cordeau.core.money import pourcentage
from cordeau.core.permissions import SYSTEME
from cordeau.devis.models import Devis
from cordeau.devis.queries import chiffrer_devis, get_devis
from cordeau.facturation.commands import brouillon, reglements
from cordeau.facturation.models import Facture
from cordeau.facturation.queries import get_facture, lignes_a_facturer, lire_etat
from cordeau.facturation.soldes import verrouiller_soldes
from cordeau.facturation.states import StatutFacture, TypeFacture, TypeLigneFacture
from tests.devis.builders import LE_JOUR, un_devis_accepte, une_ligne
from tests.facturation.builders import (
    emettre,
    facturer,
    facturer_et_emettre,
    regler,
    un_acompte,
    un_avoir,
    un_avoir_emis,
    une_entreprise,
    une_facture_emise,
)

CENT = Decimal("0.01")
#: EN 16931 as published: VAT of a document against base × rate.
TOLERANCE = Decimal("0.02")
PAS = Decimal("0.0001")

nombres = st.decimals(min_value="0.001", max_value=3000, places=3)
quantites = st.decimals(min_value="0.0001", max_value=90, places=4)
parts = st.decimals(min_value="0.01", max_value=1, places=2)
pourcentages = st.decimals(min_value="0.5", max_value=100, places=1)

lignes = st.builds(
    lambda prix, quantite, taux, remise: une_ligne(
        str(prix), str(quantite), tauxTVA=taux, remise=remise
    ),
    prix=nombres,
    quantite=st.one_of(quantites, st.just(Decimal(1))),
    taux=st.sampled_from(["20", "10", "5.5"]),
    remise=st.sampled_from(["0", "0", "5", "33.33"]),
)
remises = st.one_of(
    st.none(),
    pourcentages.map(lambda taux: {"pourcentage": str(taux / 2)}),
)
gestes = st.one_of(
    st.tuples(st.just("acompte"), pourcentages),
    st.tuples(st.just("pourcentage"), pourcentages),
    st.tuples(st.just("ligne"), parts),
    st.tuples(st.just("avoir"), parts),
    st.tuples(st.just("avoir partiel"), parts),
    st.tuples(st.just("brouillon"), pourcentages),
    st.tuples(st.just("avoir en brouillon"), parts),
    st.tuples(st.just("émettre"), parts),
)


@dataclass
class Marche:
    """An accepted devis and what it was billed."""

    session: Session
    devis: Devis
    documents: list[Facture] = field(default_factory=list)
    brouillons: list[UUID] = field(default_factory=list)

    def jouer(self, geste: str, valeur: Decimal) -> None:
        """Do one thing; a refusal changes nothing."""
        with suppress(ConflitError, SaisieError), self.session.begin_nested():
            self._faire(geste, valeur)
        self.session.expire_all()
        self.devis = get_devis(self.session, self.devis.id)
        self.documents = list(
            self.session.scalars(
                select(Facture)
                .where(Facture.devis_id == self.devis.id, Facture.statut == StatutFacture.EMISE)
                .options(selectinload(Facture.lignes), selectinload(Facture.tva))
                .order_by(Facture.emise_le)
            )
        )

    def _faire(self, geste: str, valeur: Decimal) -> None:
        if geste == "acompte":
            un_acompte(self.session, self.devis, str(valeur))
        elif geste == "pourcentage":
            facturer_et_emettre(self.session, self.devis, pourcentage=str(valeur))
        elif geste == "ligne":
            facturer_et_emettre(self.session, self.devis, lignes=[self._ligne(valeur)])
        elif geste == "brouillon":
            prepare = facturer(self.session, self.devis, pourcentage=str(valeur))
            self.brouillons.append(prepare.id)
        elif geste == "émettre" and self.brouillons:
            self._emettre(self.brouillons[0])
        elif geste.startswith("avoir"):
            avoir = un_avoir(self.session, *self._a_crediter(valeur, entier=geste == "avoir"))
            self.brouillons.append(avoir.id)
            if geste != "avoir en brouillon":
                self._emettre(avoir.id)

    def _emettre(self, facture_id: UUID) -> None:
        emettre(self.session, get_facture(self.session, facture_id))
        self.brouillons.remove(facture_id)

    def _ligne(self, part: Decimal) -> tuple[Any, str]:
        """Part of what remains of a row."""
        etat = lire_etat(self.session, self.devis.id)
        sources = list(lignes_a_facturer(self.devis).values())
        source = sources[int(part * 100) % len(sources)]
        reste = source.quantite - etat.part(source.cle).quantite
        return source.cle, str(max((reste * part).quantize(PAS, ROUND_DOWN), PAS))

    def _a_crediter(self, part: Decimal, *, entier: bool) -> tuple[Facture, list[tuple[UUID, str]]]:
        """An issued document, and the part of a row unless it is credited whole."""
        emises = [d for d in self.documents if d.type != TypeFacture.AVOIR]
        if not emises:
            raise ConflitError("Rien à créditer.")
        origine = emises[int(part * 100) % len(emises)]
        ligne = next(li for li in origine.lignes if li.type == TypeLigneFacture.LIGNE)
        quantite = max(((ligne.quantite or PAS) * part).quantize(PAS, ROUND_DOWN), PAS)
        return origine, [] if entier else [(ligne.id, str(quantite))]

    def solder(self) -> None:
        """Issue or throw away the drafts, then bill all that remains."""
        for _ in range(len(self.brouillons)):
            self.jouer("émettre", Decimal(1))
        for facture_id in self.brouillons:
            brouillon.supprimer_brouillon(self.session, facture_id, actor=SYSTEME)
        self.jouer("pourcentage", Decimal(100))

    def somme(self, colonne: str) -> Decimal:
        """Over every document, avoirs taken off."""
        return sum((d.signe * getattr(d, colonne) for d in self.documents), Decimal(0))

    def par_taux(self) -> dict[Decimal, tuple[Decimal, Decimal]]:
        """(base, VAT) per rate, over every document."""
        sommes: dict[Decimal, tuple[Decimal, Decimal]] = {}
        for document in self.documents:
            for tva in document.tva:
                base, montant = sommes.get(tva.taux, (Decimal(0), Decimal(0)))
                base += document.signe * tva.base_ht
                sommes[tva.taux] = base, montant + document.signe * tva.montant_tva
        return sommes


@settings(max_examples=15)
@given(
    rangees=st.lists(lignes, min_size=1, max_size=4),
    remise=remises,
    suite=st.lists(gestes, max_size=7),
)
def test_des_factures_et_des_avoirs_en_tout_ordre_font_le_devis_au_centime(
    database: Database,
    rangees: list[dict[str, Any]],
    remise: dict[str, str] | None,
    suite: list[tuple[str, Decimal]],
) -> None:
    with _essai(database) as session:
        marche = _un_marche(session, rangees, remise)

        for geste, valeur in suite:
            marche.jouer(geste, valeur)
            _jamais_au_dela(marche)
        marche.solder()

        _le_tout_est_le_devis(marche)


@settings(max_examples=10)
@given(
    rangees=st.lists(lignes, min_size=1, max_size=4),
    remise=remises,
    suite=st.lists(
        st.tuples(st.sampled_from(["acompte", "pourcentage"]), pourcentages), max_size=5
    ),
)
def test_la_tva_d_une_facture_est_a_deux_centimes_au_plus_de_sa_base(
    database: Database,
    rangees: list[dict[str, Any]],
    remise: dict[str, str] | None,
    suite: list[tuple[str, Decimal]],
) -> None:
    with _essai(database) as session:
        marche = _un_marche(session, rangees, remise)

        for geste, valeur in suite:
            marche.jouer(geste, valeur)
        marche.solder()

        for document in marche.documents:
            for tva in document.tva:
                assert abs(tva.montant_tva - pourcentage(tva.base_ht, tva.taux)) <= TOLERANCE


@settings(max_examples=10)
@given(rangees=st.lists(lignes, min_size=1, max_size=5), remise=remises)
def test_un_devis_facture_d_un_coup_porte_ses_propres_totaux(
    database: Database, rangees: list[dict[str, Any]], remise: dict[str, str] | None
) -> None:
    with _essai(database) as session:
        devis = un_devis_accepte(session, lignes=rangees, remise=remise, attestationSignee=True)
        attendus = chiffrer_devis(devis).totaux

        facture = facturer_et_emettre(session, devis)

        assert facture.montant_ttc == attendus.montant_ttc
        assert [(t.taux, t.base_ht, t.montant_tva) for t in facture.tva] == [
            (t.taux, t.base_ht, pourcentage(t.base_ht, t.taux)) for t in attendus.par_taux
        ]


@settings(max_examples=10)
@given(
    suite=st.lists(
        st.tuples(st.sampled_from(["regler", "annuler", "avoir", "rembourser"]), parts),
        max_size=9,
    )
)
def test_reglements_avoirs_et_reste_font_le_ttc(
    database: Database, suite: list[tuple[str, Decimal]]
) -> None:
    with _essai(database) as session:
        facture = une_facture_emise(session, lignes=[une_ligne("333.33", "3")])
        compte = Compte(session, facture, ids=[facture.id])

        for geste, part in suite:
            compte.jouer(geste, part)

            compte.verifier()


@dataclass
class Compte:
    """A facture, its avoirs and the money that came and went, added up by hand."""

    session: Session
    facture: Facture
    recu: Decimal = Decimal(0)
    rendu: Decimal = Decimal(0)
    ids: list[UUID] = field(default_factory=list)
    avoirs: list[Facture] = field(default_factory=list)
    actifs: list[tuple[Any, Decimal, bool]] = field(default_factory=list)

    def jouer(self, geste: str, part: Decimal) -> None:
        """Do one thing; a refusal changes nothing."""
        with suppress(ConflitError, SaisieError), self.session.begin_nested():
            self._faire(geste, part)
        self.session.expire_all()
        self.facture, *self.avoirs = [get_facture(self.session, i) for i in self.ids]

    def _faire(self, geste: str, part: Decimal) -> None:
        montant = pourcentage(self.facture.montant_ttc, part * 100)
        if geste == "regler":
            self._noter(self.facture, montant, rendu=False)
        elif geste == "rembourser" and self.avoirs:
            self._noter(self.avoirs[-1], montant, rendu=True)
        elif geste == "annuler" and self.actifs:
            reglement_id, montant, rendu = self.actifs[0]
            reglements.annuler(self.session, reglement_id, motif="", actor=SYSTEME, le=LE_JOUR)
            self.actifs.pop(0)
            self._compter(-montant, rendu=rendu)
        elif geste == "avoir":
            ligne = self.facture.lignes[0]
            quantite = str((part * 2).quantize(PAS))
            avoir = un_avoir_emis(self.session, self.facture, [(ligne.id, quantite)])
            self.ids.append(avoir.id)

    def _noter(self, document: Facture, montant: Decimal, *, rendu: bool) -> None:
        reglement = regler(self.session, document, str(montant))
        self.actifs.append((reglement.id, montant, rendu))
        self._compter(montant, rendu=rendu)

    def _compter(self, montant: Decimal, *, rendu: bool) -> None:
        if rendu:
            self.rendu += montant
        else:
            self.recu += montant

    def verifier(self) -> None:
        """What is still due, less what is to give back, is the TTC less all the rest."""
        soldes = verrouiller_soldes(self.session, self.ids)
        credit = sum((avoir.montant_ttc for avoir in self.avoirs), Decimal(0))
        du = soldes[self.facture.id].reste
        a_rendre = sum((soldes[avoir.id].reste for avoir in self.avoirs), Decimal(0))
        assert credit <= self.facture.montant_ttc
        assert du == 0 or a_rendre == 0
        assert du - a_rendre == self.facture.montant_ttc - self.recu - credit + self.rendu
        assert soldes[self.facture.id].regle == self.recu


@contextmanager
def _essai(database: Database) -> Iterator[Session]:
    """A unit of work with a firm, thrown away at the end."""
    with (
        database.engine.connect() as connexion,
        Session(connexion, expire_on_commit=False) as session,
    ):
        une_entreprise(session)
        yield session
        session.rollback()


def _un_marche(
    session: Session, rangees: list[dict[str, Any]], remise: dict[str, str] | None
) -> Marche:
    return Marche(
        session,
        un_devis_accepte(session, lignes=rangees, remise=remise, attestationSignee=True),
    )


def _jamais_au_dela(marche: Marche) -> None:
    """No row beyond its quantity nor its amount, no document below zero."""
    etat = lire_etat(marche.session, marche.devis.id)
    for cle, ligne in lignes_a_facturer(marche.devis).items():
        part = etat.part(cle)
        assert 0 <= part.quantite <= ligne.quantite
        assert 0 <= part.montant_ht <= ligne.montant_ht
    assert marche.somme("montant_ht") <= marche.devis.montant_ht
    for document in marche.documents:
        _coherent(document)
    for soldes in etat.acomptes.values():
        assert all(solde >= 0 for solde in soldes.values())


def _coherent(document: Facture) -> None:
    assert document.montant_ht >= 0
    assert document.montant_ttc == document.montant_ht + document.montant_tva
    assert document.montant_ht == sum(t.base_ht for t in document.tva)
    assert document.montant_ht == document.lignes_ht - document.remise_ht
    for ligne in document.lignes:
        if ligne.type == TypeLigneFacture.LIGNE:
            assert (ligne.montant_ht or 0) >= 0
    for tva in document.tva:
        assert tva.base_ht >= 0
        assert tva.remise_ht >= 0


def _le_tout_est_le_devis(marche: Marche) -> None:
    for colonne in ("montant_ht", "montant_tva", "montant_ttc"):
        assert marche.somme(colonne) == getattr(marche.devis, colonne)
    attendus = {
        t.taux: (t.base_ht, t.montant_tva) for t in chiffrer_devis(marche.devis).totaux.par_taux
    }
    assert {t: v for t, v in marche.par_taux().items() if any(v)} == {
        t: v for t, v in attendus.items() if any(v)
    }
