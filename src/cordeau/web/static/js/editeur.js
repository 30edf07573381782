// The devis editor: a plain form made pleasant. Rows, keyboard, paste, live figures, saving.
import { $, $$, apresPause, envoyer } from "./dom.js";
import { annoncer, confirmer } from "./editeur-avis.js";
import * as brouillon from "./editeur-brouillon.js";
import { deplacerCurseur, lireTouche, videEtSupprimee } from "./editeur-clavier.js";
import { lignesCollees } from "./editeur-collage.js";
import * as fautes from "./editeur-fautes.js";
import * as grille from "./editeur-lignes.js";
import { ouvrirMenu } from "./editeur-menu.js";
import * as saisie from "./editeur-saisie.js";
import { creerSauvegarde, dire } from "./editeur-sauvegarde.js";
import * as totaux from "./editeur-totaux.js";

const CALCUL = 200;
const DECIMALES = { quantite: 0, prix_unitaire_ht: 2, cout: 2, remise: 0 };

const formulaire = $("[data-editeur]");
const corps = saisie.corpsDe(formulaire);
const panneau = $("[data-panneau]");
const devis = formulaire.dataset.editeur;
let derniere = null; // the row last typed in: what is added goes below
let avertissements = null;

function lire() {
  const entete = saisie.lireEntete(formulaire);
  const envoyees = saisie.lireLignes(corps);
  const lues = envoyees.map(({ lue }) => lue);
  return { brouillon: { entete, lignes: lues }, corps: saisie.versApi(entete, lues), envoyees, entete, lues };
}

const ligneActive = () => document.activeElement?.closest?.("tr[data-type]");

const sauvegarde = creerSauvegarde({
  devis,
  revision: Number(formulaire.dataset.revision),
  lire,
  enCours: () => Boolean(ligneActive()) && grille.estInachevee(ligneActive()),
  surReponse,
});

const recalculer = apresPause(async () => {
  sauvegarde.garder();
  const { entete, lues, envoyees } = lire();
  panneau.setAttribute("aria-busy", "true");
  const reponse = await totaux.calculer(saisie.versCalcul(entete, lues));
  if (!reponse) return;
  fautes.retenir(formulaire, "calcul", reponse.erreurs ?? [], envoyees);
  if (reponse.erreurs) return;
  totaux.montrerLignes(envoyees, reponse);
  totaux.montrerTotaux(panneau, reponse);
}, CALCUL);

function change() {
  sauvegarde.marquer();
  recalculer();
}

function surReponse(statut, reponse, { envoyees }) {
  fautes.retenir(formulaire, "sauvegarde", statut === 422 ? reponse.errors : [], envoyees);
  if (statut === 200) return surEnregistrement(reponse);
  const ici = `/devis/${devis}/modifier`;
  if (statut === 412) {
    annoncer("Quelqu’un d’autre a modifié ce devis.", "Votre saisie est gardée sur ce poste ; rien n’a été écrasé.", [
      ["Comparer les deux versions", comparer],
      ["Garder la mienne dans un nouveau devis", copier],
    ]);
  } else if (statut === 409) {
    annoncer("Ce devis ne se modifie plus.", reponse.detail, [
      ["Voir le devis", `/devis/${devis}`],
      ["Garder ma saisie dans un nouveau devis", copier],
    ]);
  } else if (statut === 401 || statut === 403) {
    annoncer("Votre session est terminée.", "Reconnectez-vous : votre saisie est gardée sur ce poste.", [["Me reconnecter", `/login?suite=${ici}`]]);
  }
}

function surEnregistrement(reponse) {
  formulaire.elements.revision.value = sauvegarde.etat.revision;
  $("[data-version-neuve]")?.remove();
  const manque = reponse.avertissements.join("|");
  if (manque !== avertissements) relireControle();
  avertissements = manque;
}

async function relireControle() {
  const reponse = await envoyer(`/devis/${devis}/controle`, { accepte: "text/html" });
  if (!reponse.ok) return;
  const page = new DOMParser().parseFromString(await reponse.text(), "text/html");
  $("[data-controle]").replaceChildren(...page.body.children);
}

/** Both versions side by side: the page without script, given what is typed. */
function comparer() {
  const lots = [];
  for (const { tr, lue } of saisie.lireLignes(corps)) {
    lots.length = lue.niveau;
    grille.champ(tr, "parent").value = lots[lue.niveau - 1] ?? "";
    if (lue.type === "LOT") lots[lue.niveau] = lue.id;
  }
  formulaire.submit();
}

/** What was typed becomes another devis: nobody's work is lost. */
async function copier() {
  const reponse = await envoyer("/api/v1/devis", { methode: "POST", corps: lire().corps });
  const cree = await reponse.json();
  if (!reponse.ok) {
    annoncer("La copie n’a pas pu être faite.", cree.detail, [["Réessayer", copier]]);
    return;
  }
  brouillon.oublier(devis);
  location.assign(`/devis/${cree.id}/modifier`);
}

/* Rows */

const mettreAuPoint = (tr, nom = "designation") => (grille.champ(tr, nom) ?? grille.champ(tr, "designation")).focus();

function ajouter(type, reference = derniere?.isConnected ? derniere : grille.lignes(corps).at(-1)) {
  const lot = type === "LOT";
  const ou = lot && type !== reference?.dataset.type ? grille.lignes(corps).at(-1) : reference;
  const chiffree = type === "LIGNE" || type === "OPTION";
  const valeurs = { niveau: lot ? 0 : grille.niveauSous(ou) };
  if (chiffree) Object.assign(valeurs, { quantite: "1", taux_tva: tauxProche(ou) });
  const tr = grille.creer(type, valeurs);
  grille.inserer(corps, tr, ou && lot ? grille.bloc(ou).at(-1) : ou);
  mettreAuPoint(tr);
  change();
}

/** The VAT rate of the row above, else the devis' own. */
function tauxProche(tr) {
  const voisin = tr && grille.champ(tr, "taux_tva");
  return voisin && voisin.type !== "hidden" ? voisin.value : formulaire.elements.taux_tva.value.replace(".", ",");
}

function supprimer(tr) {
  const rangees = grille.bloc(tr);
  const oter = () => {
    const suite = grille.voisine(tr);
    for (const ligne of rangees) ligne.remove();
    grille.recaler(corps);
    if (suite) mettreAuPoint(suite);
    else ajouter("LIGNE", null);
    change();
  };
  if (rangees.every((ligne) => grille.estVierge(grille.lire(ligne)))) oter();
  else if (rangees.length > 1) confirmer(`Supprimer ce lot et ses ${rangees.length - 1} lignes ?`, oter);
  else confirmer("Supprimer cette ligne ?", oter);
}

const ACTIONS = {
  ajouter: (tr) => ajouter("LIGNE", tr),
  supprimer,
  monter: (tr) => grille.deplacer(corps, tr, -1),
  descendre: (tr) => grille.deplacer(corps, tr, 1),
  entrer: (tr) => grille.entrer(corps, tr),
  sortir: (tr) => grille.sortir(corps, tr),
  dupliquer: (tr) => mettreAuPoint(grille.dupliquer(corps, tr)),
  option: (tr) => mettreAuPoint(grille.basculerOption(tr)),
  detail: (tr) => {
    grille.champ(tr, "description").hidden = false;
    mettreAuPoint(tr, "description");
  },
};
const SUR_PLACE = new Set(["monter", "descendre", "entrer", "sortir"]);

function agir(action, tr, element) {
  ACTIONS[action](tr);
  if (SUR_PLACE.has(action)) {
    (element ?? grille.champ(tr, "designation")).focus();
    tr.scrollIntoView({ block: "nearest" });
  }
  if (action !== "supprimer" && action !== "ajouter") change();
}

function coller(e) {
  const tr = e.target.closest("tr[data-type]");
  const collees = tr ? lignesCollees(e.clipboardData.getData("text/plain")) : [];
  if (!collees.length) return;
  e.preventDefault();
  const niveau = grille.niveauSous(tr);
  const neuves = collees.map(({ type, valeurs }) => grille.creer(type, { ...valeurs, niveau, taux_tva: tauxProche(tr) }));
  tr.after(...neuves);
  if (grille.estVierge(grille.lire(tr))) tr.remove();
  grille.recaler(corps);
  mettreAuPoint(neuves.at(-1));
  change();
}

/** « Autre… » turns the list of rates into a field. */
function autreTaux(choix) {
  const champ = document.createElement("input");
  Object.assign(champ, { name: choix.name, inputMode: "decimal", autocomplete: "off", ariaLabel: "Taux de TVA, pour cent", type: "text" });
  champ.dataset.c = "taux_tva";
  choix.replaceWith(champ);
  champ.focus();
}

/* Listeners: one of each for the whole page */

function brancher() {
  formulaire.addEventListener("input", (e) => {
    if (e.target.getAttribute("aria-invalid")) fautes.oublier(e.target);
    change();
  });
  formulaire.addEventListener("change", (e) => {
    if (e.target.value === "autre" && e.target.dataset.c === "taux_tva") autreTaux(e.target);
    if (e.target.name === "client_id") changerDeClient();
    change();
  });
  formulaire.addEventListener("submit", terminer);
  for (const bouton of $$("[data-ajout]")) bouton.addEventListener("click", () => ajouter(bouton.dataset.ajout));
}

function brancherLignes() {
  corps.addEventListener("focusin", entrerDansLaLigne);
  corps.addEventListener("focusout", (e) => {
    const decimales = DECIMALES[e.target.dataset?.c];
    if (decimales !== undefined && e.target.type === "text") e.target.value = saisie.miseEnForme(e.target.value, decimales);
  });
  corps.addEventListener("keydown", auClavier);
  corps.addEventListener("paste", coller);
  corps.addEventListener("click", (e) => {
    const bouton = e.target.closest("[data-menu]");
    const tr = bouton?.closest("tr");
    if (bouton) ouvrirMenu(bouton, tr, (action) => agir(action, tr));
  });
}

/** A row that is left is judged; the one that is entered is left in peace. */
function entrerDansLaLigne(e) {
  const tr = e.target.closest("tr[data-type]");
  if (tr !== derniere) {
    fautes.montrer(formulaire);
    if (sauvegarde.etat.sale) sauvegarde.marquer();
  }
  derniere = tr;
  if (e.target.matches("td.num input")) e.target.select();
}

/** Save when one looks elsewhere; when the page goes, keep here what is not saved. */
function brancherDeparts() {
  $("[data-apercu]").addEventListener("pointerdown", () => sauvegarde.enregistrer());
  formulaire.addEventListener("focusout", (e) => {
    if (e.relatedTarget && !formulaire.contains(e.relatedTarget)) sauvegarde.enregistrer();
  });
  for (const quand of ["blur", "online"]) addEventListener(quand, () => sauvegarde.enregistrer());
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) sauvegarde.enregistrer();
  });
  addEventListener("pagehide", () => {
    sauvegarde.garder();
    sauvegarde.etat.arretee = true; // a request now would race with the page that comes
  });
  addEventListener("pageshow", (e) => {
    if (e.persisted) location.reload();
  });
  addEventListener("beforeunload", (e) => {
    if (sauvegarde.etat.sale && brouillon.memoireRefusee()) e.preventDefault();
  });
}

function auClavier(e) {
  const tr = e.target.closest("tr[data-type]");
  if (!tr || e.isComposing || e.target.closest(".actions")) return;
  const action = videEtSupprimee(tr, e) ? "supprimer" : lireTouche(e);
  if (action) {
    e.preventDefault();
    agir(action, tr, e.target);
  } else if (deplacerCurseur(corps, tr, e)) e.preventDefault();
}

async function changerDeClient() {
  const client = formulaire.elements.client_id.value;
  if (!client) return;
  const reponse = await envoyer(`/api/v1/chantiers?clientId=${client}&limite=200`);
  if (reponse.ok) saisie.proposerChantiers(formulaire, (await reponse.json()).elements);
}

/** Save what remains, then show the devis; stay when something is missing. */
async function terminer(e) {
  e.preventDefault();
  if (await sauvegarde.enregistrer({ force: true })) {
    location.assign(`/devis/${devis}`);
    return;
  }
  document.activeElement?.blur();
  fautes.montrer(formulaire);
  ($("[aria-invalid]", formulaire) ?? $("[data-annonces] a, [data-annonces] button"))?.focus();
}

function glisser() {
  let suite = [];
  const doux = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  new Sortable(corps, {
    handle: ".poignee",
    draggable: "tr[data-type]",
    animation: doux ? 120 : 0,
    onStart: ({ item }) => {
      suite = grille.bloc(item).slice(1);
      for (const ligne of suite) ligne.hidden = true;
    },
    onEnd: ({ item, oldIndex, newIndex }) => {
      item.after(...suite);
      for (const ligne of suite) ligne.hidden = false;
      if (oldIndex === newIndex) return;
      grille.prendrePlace(item);
      grille.recaler(corps);
      change();
    },
  });
}

/* Beginning: the typing found again, the version to begin */

function reprendre({ entete, lignes }) {
  saisie.ecrireEntete(formulaire, entete);
  for (const tr of grille.lignes(corps)) tr.remove();
  corps.append(...lignes.map((lue) => grille.creer(lue.type, lue)));
  grille.recaler(corps);
  change();
}

/** What two typings have in common once written alike. */
const empreinte = ({ entete, lignes }) =>
  JSON.stringify([
    { ...entete, client_nom: "" },
    lignes.map((lue) => {
      const nette = { ...lue, parent: "" };
      for (const [nom, decimales] of Object.entries(DECIMALES)) nette[nom] = saisie.miseEnForme(lue[nom] ?? "", decimales);
      return Object.entries(nette).sort();
    }),
  ]);

function proposerBrouillon(garde) {
  if (empreinte(garde) === empreinte(lire().brouillon)) {
    brouillon.oublier(devis);
    return;
  }
  const meme = garde.revision === sauvegarde.etat.revision;
  const jeter = ["La jeter", () => brouillon.oublier(devis)];
  if (meme && formulaire.dataset.statut === "BROUILLON") {
    reprendre(garde);
    annoncer("Votre saisie a été retrouvée.", "Elle n’avait pas pu être enregistrée ; elle l’est maintenant.", [["C’est bien", () => {}]], "info");
    return;
  }
  annoncer(
    "Une saisie non enregistrée est gardée sur ce poste.",
    meme ? "La reprendre commence une nouvelle version." : "Le devis a changé depuis : la reprendre remplace ce que vous voyez.",
    [["Reprendre ma saisie", () => commencer() || reprendre(garde)], jeter],
  );
}

function commencer() {
  const champs = $("[data-champs]", formulaire);
  $("[data-commencer]")?.remove();
  if (!champs.disabled) return;
  champs.disabled = false;
  $("[data-terminer]").hidden = false;
  for (const c of $$("select[data-choix]", formulaire)) c.tomselect?.unlock();
  dire("attente", `Version ${Number(formulaire.dataset.version) + 1}, rien n’est encore changé`);
  const premiere = grille.lignes(corps)[0];
  if (premiere) mettreAuPoint(premiere);
}

/** A devis just opened holds one row without price: one starts by typing over it. */
function entrerDansUneFeuilleBlanche() {
  const [seule, suivante] = grille.lignes(corps);
  const sansPrix = seule && /^[0,.]*$/.test(grille.champ(seule, "prix_unitaire_ht")?.value ?? "-");
  if (suivante || !sansPrix) return;
  mettreAuPoint(seule);
  grille.champ(seule, "designation").select();
}

function demarrer() {
  for (const vierge of $$(".vierge", corps)) vierge.remove();
  $("[data-terminer]").textContent = "Terminer";
  brancher();
  brancherLignes();
  brancherDeparts();
  glisser();
  if (formulaire.dataset.statut !== "BROUILLON") {
    $("[data-champs]", formulaire).disabled = true;
    $("[data-terminer]").hidden = true;
    for (const c of $$("select[data-choix]", formulaire)) c.tomselect?.lock();
    $("[data-commencer]").addEventListener("click", commencer);
  }
  const garde = brouillon.retrouver(devis);
  if (garde) proposerBrouillon(garde);
  else if (formulaire.dataset.statut === "BROUILLON") entrerDansUneFeuilleBlanche();
  formulaire.dataset.pret = "oui";
}

demarrer();
