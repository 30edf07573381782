// A list page: search as you type, filters in the URL, columns, bulk choice; the server does the work.
import { $, $$, apresPause, aviser, envoyer, memoire } from "./dom.js";

const filtres = $("[data-filtres]");
let demande = null;

/** Show the list of another URL of this page, in place. */
async function aller(recherche, { pousser = false } = {}) {
  demande?.abort();
  demande = new AbortController();
  const zone = $("[data-liste]");
  const url = location.pathname + (recherche ? `?${recherche}` : "");
  zone.setAttribute("aria-busy", "true");
  try {
    const reponse = await envoyer(url, { accepte: "text/html", signal: demande.signal });
    if (!reponse.ok) throw new Error(`liste : ${reponse.status}`);
    const page = new DOMParser().parseFromString(await reponse.text(), "text/html");
    const neuve = $("[data-liste]", page);
    if (!neuve) throw new Error("liste : réponse sans liste");
    zone.replaceWith(document.adoptNode(neuve));
    history[pousser ? "pushState" : "replaceState"](null, "", url);
    accorder();
    if (pousser) reprendre();
  } catch (erreur) {
    if (erreur.name === "AbortError") return;
    zone.removeAttribute("aria-busy");
    aviser("La liste n’a pas pu être relue. Vérifiez le réseau, rien n’est perdu.", { genre: "erreur" });
  }
}

/** After a sort or a page, go on from the sorted column rather than from the top of the page. */
function reprendre() {
  const zone = $("[data-liste]");
  $("th[aria-sort] a", zone)?.focus({ preventScroll: true });
  if (zone.getBoundingClientRect().top < 0) zone.scrollIntoView();
}

/** The filters as typed, with the sort of the URL; empty ones are left out. */
function saisie() {
  const parametres = new URLSearchParams();
  for (const [nom, valeur] of new FormData(filtres)) if (valeur && nom !== "tri") parametres.append(nom, valeur);
  const tri = new URLSearchParams(location.search).get("tri");
  if (tri) parametres.set("tri", tri);
  return parametres;
}

/** Put the filters back as the URL says: after Back, or once cleared. */
function relire() {
  const parametres = new URLSearchParams(location.search);
  for (const champ of filtres.elements) {
    if (champ.type === "checkbox" || champ.type === "radio") champ.checked = parametres.getAll(champ.name).includes(champ.value);
    else if (champ.name) champ.value = parametres.get(champ.name) ?? "";
  }
}

function brancherFiltres() {
  const appliquer = () => aller(saisie().toString());
  filtres.addEventListener("input", apresPause(appliquer, 200));
  filtres.addEventListener("submit", (e) => {
    e.preventDefault();
    appliquer();
  });
  $("[data-effacer]", filtres)?.addEventListener("click", async (e) => {
    e.preventDefault();
    await aller("");
    relire();
    accorder();
    $("[data-recherche]", filtres).focus();
  });
  addEventListener("keydown", (e) => {
    const ecrit = e.target.closest?.("input, textarea, select, [contenteditable]");
    if (e.key !== "/" || e.ctrlKey || e.metaKey || e.altKey || ecrit) return;
    e.preventDefault();
    $("[data-recherche]", filtres).focus();
  });
}

/** Sort and page links stay in place; anything but a plain click is left to the browser. */
function suivre(evenement) {
  const lien = evenement.target.closest("a[data-page]");
  if (!lien || evenement.button || evenement.ctrlKey || evenement.metaKey || evenement.shiftKey) return;
  evenement.preventDefault();
  aller(new URL(lien.href).searchParams.toString(), { pousser: true });
}

const cleColonnes = (menu) => `colonnes:${menu.dataset.colonnes}`;

function montrerColonnes() {
  const menu = $("[data-colonnes]");
  if (!menu) return;
  for (const choix of $$("input", menu)) {
    for (const cellule of $$(`[data-col="${choix.value}"]`)) cellule.hidden = !choix.checked;
  }
}

function brancherColonnes() {
  const menu = $("[data-colonnes]");
  if (!menu) return;
  const gardees = memoire.lire(cleColonnes(menu))?.split(",");
  if (gardees) for (const choix of $$("input", menu)) choix.checked = gardees.includes(choix.value);
  menu.addEventListener("change", (e) => {
    e.stopPropagation();
    const cochees = $$("input:checked", menu).map((choix) => choix.value);
    memoire.ecrire(cleColonnes(menu), cochees.join(","));
    montrerColonnes();
  });
  menu.addEventListener("input", (e) => e.stopPropagation());
}

/** Count the chosen rows, tint them, show or hide the bar. */
function compter() {
  const barre = $("[data-lot]");
  if (!barre) return;
  const cases = $$("[data-choisir]");
  const cochees = cases.filter((c) => c.checked);
  for (const c of cases) c.closest("tr").classList.toggle("choisi", c.checked);
  barre.classList.toggle("ouvert", cochees.length > 0);
  const { mot } = barre.dataset;
  const mots = cochees.length > 1 ? `${mot.replace(/s?$/, "s")} cochés` : `${mot} coché`;
  $("[data-choisis]", barre).textContent = `${cochees.length} ${mots}`;
  const tous = $("[data-tout-choisir]");
  if (!tous) return;
  tous.checked = cochees.length > 0 && cochees.length === cases.length;
  tous.indeterminate = cochees.length > 0 && cochees.length < cases.length;
}

function cocher(evenement) {
  if (evenement.target.matches("[data-tout-choisir]")) {
    for (const c of $$("[data-choisir]")) c.checked = evenement.target.checked;
  }
  if (evenement.target.matches("[data-tout-choisir], [data-choisir]")) compter();
}

/** What follows every change of the list: columns, choice, the link that clears the filters. */
function accorder() {
  montrerColonnes();
  compter();
  const effacer = $("[data-effacer]");
  if (effacer) effacer.hidden = ![...saisie().keys()].some((nom) => nom !== "tri");
}

if (filtres) {
  brancherFiltres();
  addEventListener("popstate", () => {
    relire();
    aller(new URLSearchParams(location.search).toString());
  });
}
brancherColonnes();
document.addEventListener("click", suivre);
document.addEventListener("change", cocher);
document.addEventListener("reset", (e) => {
  if (e.target.matches("[data-lot]")) setTimeout(compter);
});
if (filtres) accorder();
else montrerColonnes();
