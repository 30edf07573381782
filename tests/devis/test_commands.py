"""What is done to a devis, on each engine."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from cordeau.core.adresse import Adresse
from cordeau.core.errors import ConflitError, SaisieError, VersionPerimeeError
from cordeau.core.journal import list_history
from cordeau.core.numbering import set_first_number
from cordeau.core.permissions import SYSTEME, Acteur
from cordeau.devis.commands import chantier, envoi, modeles, redaction, reponse
from cordeau.devis.models import Devis
from cordeau.devis.queries import find_version, get_devis, list_modeles, list_versions
from cordeau.devis.states import StatutDevis
from cordeau.documents.modele import Document
from cordeau.entreprise import commands as entreprise
from cordeau.entreprise.states import RegimeTva
from tests.chantiers.builders import un_chantier
from tests.clients.builders import un_client
from tests.devis.builders import (
    LE_JOUR,
    un_devis,
    un_devis_accepte,
    un_devis_envoye,
    un_lot,
    une_ligne,
    une_saisie,
)


def modifier(session: Session, devis: Devis, **champs: Any) -> Devis:
    """Change what is given, nothing else."""
    saisie = une_saisie(**champs)
    if "lignes" not in champs:
        saisie = replace(saisie, donnes=saisie.donnes - {"lignes"})
    return redaction.modifier_devis(session, devis.id, saisie, actor=SYSTEME)


def contenu(session: Session, devis: Devis, version: int) -> Document:
    """A version as it was sent."""
    trouvee = find_version(session, devis.id, version)
    assert trouvee is not None
    return Document.model_validate_json(trouvee.contenu)


def test_le_numero_suit_l_annee_d_emission(session: Session) -> None:
    numeros = [
        un_devis(session, dateEmission=jour).numero
        for jour in ("2025-10-01", "2026-01-01", "2025-01-02", "2026-12-31")
    ]

    assert numeros == ["DEV-2025-001", "DEV-2026-001", "DEV-2025-002", "DEV-2026-002"]


def test_le_millieme_devis_de_l_annee_a_quatre_chiffres_et_se_trie_apres(session: Session) -> None:
    set_first_number(session, "DEV", 2026, 999)

    premier, second = un_devis(session), un_devis(session)

    assert (premier.numero, second.numero) == ("DEV-2026-999", "DEV-2026-1000")
    assert premier.numero_tri < second.numero_tri


def test_sans_date_ni_validite_le_devis_est_du_jour_pour_la_duree_de_l_entreprise(
    session: Session,
) -> None:
    entreprise.definir(session, {"nom": "Guérin", "duree_validite": 60}, actor=SYSTEME)

    devis = un_devis(session)

    assert devis.date_emission == LE_JOUR
    assert devis.date_validite == LE_JOUR + timedelta(days=60)


def test_sous_franchise_le_taux_par_defaut_est_nul(session: Session) -> None:
    entreprise.definir(session, {"nom": "G", "regime_tva": RegimeTva.FRANCHISE}, actor=SYSTEME)

    assert un_devis(session).montant_tva == 0
    assert un_devis(session, tauxTVA=20).montant_tva == 20


def test_un_brouillon_se_modifie_sur_place(session: Session) -> None:
    devis = un_devis(session, objet="Villa")

    modifie = modifier(session, devis, lignes=[une_ligne("250")])

    assert (modifie.version, modifie.objet, modifie.montant_ht) == (1, "Villa", Decimal("250.00"))
    assert list_versions(session, devis.id) == []


def test_modifier_les_seules_lignes_change_la_revision(session: Session) -> None:
    devis = un_devis(session)
    avant = devis.revision

    assert modifier(session, devis, lignes=[une_ligne()]).revision == avant + 1


@pytest.mark.parametrize("statut", [StatutDevis.ENVOYE, StatutDevis.REFUSE, StatutDevis.EXPIRE])
def test_modifier_un_devis_parti_commence_la_version_suivante(
    session: Session, statut: StatutDevis
) -> None:
    devis = un_devis_envoye(session, objet="Villa", dateValidite="2026-03-20")
    numero = devis.numero
    if statut == StatutDevis.REFUSE:
        reponse.refuser(session, devis.id, actor=SYSTEME, le=LE_JOUR)
    if statut == StatutDevis.EXPIRE:
        devis.envoye_le = devis.cree_le.replace(year=2026, month=3, day=3)
        assert reponse.expirer(session, devis.id, le=date(2026, 3, 21))

    repris = modifier(session, devis, objet="Grande villa")

    assert (repris.id, repris.numero, repris.version) == (devis.id, numero, 2)
    assert repris.statut == StatutDevis.BROUILLON
    assert repris.envoye_le is None
    assert contenu(session, devis, 1).objet == "Villa"
    assert find_version(session, devis.id, 1).statut == statut  # type: ignore[union-attr]


def test_la_version_envoyee_garde_le_nom_et_l_adresse_du_client_d_alors(session: Session) -> None:
    devis = un_devis_envoye(session)

    devis.client.nom, devis.client.adresse = "Autre nom", Adresse("9 rue Neuve", "", "49000", "X")
    session.flush()

    assert contenu(session, devis, 1).destinataire.nom == "Constructeo"
    assert contenu(session, devis, 1).destinataire.adresse.ville == "Angers"


def test_trois_versions_restent_lisibles_la_derniere_d_abord(session: Session) -> None:
    devis = un_devis_envoye(session)
    for prix in ("200", "300"):
        modifier(session, devis, lignes=[une_ligne(prix)])
        envoi.envoyer(session, devis.id, actor=SYSTEME)

    assert [v.version for v in list_versions(session, devis.id)] == [3, 2, 1]
    totaux = [contenu(session, devis, version).montant_ht for version in (1, 2, 3)]
    assert totaux == [Decimal("100.00"), Decimal("200.00"), Decimal("300.00")]


def test_un_devis_accepte_ne_change_plus(session: Session) -> None:
    devis = un_devis_accepte(session)

    with pytest.raises(ConflitError, match="accepté ne change plus"):
        modifier(session, devis, objet="Autre")


def test_enregistrer_par_dessus_un_autre_est_refuse(session: Session) -> None:
    devis = un_devis(session)
    modifier(session, devis, objet="A")

    with pytest.raises(VersionPerimeeError):
        redaction.modifier_devis(
            session, devis.id, une_saisie(objet="B"), actor=SYSTEME, revision_attendue={1}
        )


def test_le_numero_est_garde_a_vie_meme_si_la_date_change_d_annee(session: Session) -> None:
    devis = un_devis(session, dateEmission="2026-02-01", dateValidite=None)
    numero = devis.numero

    modifie = modifier(session, devis, dateEmission="2027-01-01")

    assert (modifie.numero, modifie.date_emission) == (numero, date(2027, 1, 1))
    assert un_devis(session, dateEmission="2027-01-02").numero == "DEV-2027-001"


def test_une_ligne_gardee_garde_son_identifiant(session: Session) -> None:
    devis = un_devis(session, lignes=[une_ligne(), une_ligne("50")])
    premiere, seconde = (ligne.id for ligne in devis.lignes)

    modifie = modifier(
        session, devis, lignes=[une_ligne("70", id=str(seconde)), une_ligne("1", id="nouvelle")]
    )

    ids = [ligne.id for ligne in modifie.lignes]
    assert ids[0] == seconde
    assert premiere not in ids


def test_l_identifiant_d_une_ligne_d_un_autre_devis_n_est_pas_pris(session: Session) -> None:
    autre = un_devis(session)
    voulu = autre.lignes[0].id

    devis = un_devis(session, lignes=[une_ligne(id=str(voulu))])

    assert devis.lignes[0].id != voulu
    assert get_devis(session, autre.id).lignes[0].id == voulu


def test_dupliquer_copie_l_arbre_sous_de_nouveaux_identifiants(session: Session) -> None:
    source = un_devis_accepte(
        session,
        attestationSignee=True,
        remise={"pourcentage": 7},
        conditions="30 % à la commande",
        lignes=[un_lot("A"), un_lot("B", parent="A"), une_ligne(parentId="B", tauxTVA=10)],
    )

    cree = redaction.dupliquer(session, source, actor=SYSTEME, le=date(2027, 1, 4))
    copie = get_devis(session, cree.devis.id)

    assert (copie.numero, copie.statut, copie.version) == ("DEV-2027-001", "BROUILLON", 1)
    assert copie.conditions == "30 % à la commande"
    assert not copie.attestation_signee
    assert copie.montant_ttc == source.montant_ttc
    assert {li.id for li in copie.lignes}.isdisjoint({li.id for li in source.lignes})
    lot, sous_lot, ligne = copie.lignes
    assert (sous_lot.parent_id, ligne.parent_id) == (lot.id, sous_lot.id)


def test_seul_un_devis_envoye_recoit_une_reponse(session: Session) -> None:
    for devis in (un_devis(session), un_devis_accepte(session)):
        with pytest.raises(ConflitError, match="Seul un devis envoyé"):
            reponse.accepter(session, devis.id, actor=SYSTEME, le=LE_JOUR)
        with pytest.raises(ConflitError, match="Seul un devis envoyé"):
            reponse.refuser(session, devis.id, actor=SYSTEME, le=LE_JOUR)


def test_un_devis_depasse_mais_envoye_s_accepte_encore(session: Session) -> None:
    devis = un_devis_envoye(session, dateEmission="2025-01-01", dateValidite="2025-02-01")

    accepte = reponse.accepter(session, devis.id, actor=SYSTEME, le=LE_JOUR)

    assert (accepte.statut, accepte.date_reponse) == (StatutDevis.ACCEPTE, LE_JOUR)


def test_l_attestation_se_note_aussi_apres_l_accord(session: Session) -> None:
    devis = un_devis_accepte(session)

    reponse.definir_attestation(session, devis.id, signee=True, actor=SYSTEME)

    assert get_devis(session, devis.id).attestation_signee


def test_l_historique_dit_qui_a_fait_quoi(session: Session, acteur: Acteur) -> None:
    devis = un_devis_envoye(session)
    reponse.accepter(session, devis.id, actor=acteur, le=LE_JOUR)

    dernier, *_, premier = list_history(session, "devis", devis.id)

    assert (dernier.action, dernier.acteur_nom) == ("Devis accepté", "Camille Vasseur")
    assert (premier.action, premier.details["numero"]) == ("Devis créé", devis.numero)


def test_un_devis_accepte_ouvre_son_chantier_une_seule_fois(session: Session) -> None:
    devis = un_devis_accepte(session, objet="Extension", dateDebutTravaux="2026-04-01")

    ouvert = chantier.ouvrir_depuis_devis(session, devis.id, actor=SYSTEME, le=LE_JOUR)

    assert (ouvert.nom, ouvert.client_id) == ("Extension", devis.client_id)
    assert ouvert.date_debut == date(2026, 4, 1)
    with pytest.raises(ConflitError, match="déjà son chantier"):
        chantier.ouvrir_depuis_devis(session, devis.id, actor=SYSTEME, le=LE_JOUR)
    with pytest.raises(ConflitError, match="accepté"):
        chantier.ouvrir_depuis_devis(session, un_devis(session).id, actor=SYSTEME, le=LE_JOUR)


def test_le_chantier_d_un_autre_client_est_refuse(session: Session) -> None:
    ailleurs = un_chantier(session)

    with pytest.raises(SaisieError) as refus:
        un_devis(session, client=un_client(session, "Autre"), chantierId=str(ailleurs.id))

    assert refus.value.fautes[0].champ == "chantierId"


def test_un_modele_se_garde_et_se_retire(session: Session) -> None:
    modele = modeles.creer_modele(session, " Toiture ", {"lignes": []}, actor=SYSTEME)
    assert [m.nom for m in list_modeles(session)] == ["Toiture"]

    modeles.supprimer_modele(session, modele.id, actor=SYSTEME)

    assert list_modeles(session) == []
    with pytest.raises(SaisieError):
        modeles.creer_modele(session, "  ", {}, actor=SYSTEME)
