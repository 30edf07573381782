// What the server refuses, said beside the field; the row being typed is left in peace until it is left.
import { $, $$, el } from "./dom.js";
import { champ } from "./editeur-lignes.js";
import { CHAMPS, CHAMPS_LIGNE } from "./editeur-saisie.js";

const LIGNE = /^lignes\[(\d+)\](?:\.(.+))?$/;
const parSource = new Map();

/** The faults of one source (the computation, the saving) as fields of the page. */
export function retenir(formulaire, source, erreurs, envoyees) {
  parSource.set(source, erreurs.map(({ champ: chemin, message }) => ({ message, ...situer(formulaire, chemin, envoyees) })));
  montrer(formulaire);
}

export const compter = () => new Set([...parSource.values()].flat().map((f) => f.element ?? f.message)).size;

function situer(formulaire, chemin, envoyees) {
  const trouve = LIGNE.exec(chemin);
  if (!trouve) return { element: formulaire.elements[CHAMPS[chemin]] ?? null };
  const tr = envoyees[Number(trouve[1])]?.tr;
  return { tr, element: tr ? champ(tr, CHAMPS_LIGNE[trouve[2]] ?? "designation") : null };
}

/** Draw the faults, all but those of the row where one types. */
export function montrer(formulaire) {
  const ici = document.activeElement?.closest?.("tr[data-type]");
  const fautes = [...parSource.values()].flat().filter((f) => !f.tr || (f.tr !== ici && f.tr.isConnected));
  nettoyer(formulaire);
  for (const [tr, siennes] of grouper(fautes)) {
    if (tr) montrerLigne(tr, siennes);
    else for (const f of siennes) montrerChamp(formulaire, f);
  }
}

function grouper(fautes) {
  const groupes = new Map();
  for (const f of fautes) groupes.set(f.tr, [...(groupes.get(f.tr) ?? []), f]);
  return groupes;
}

function nettoyer(formulaire) {
  $("[data-faute-generale]", formulaire).textContent = "";
  for (const rangee of $$("[data-faute]", formulaire)) rangee.remove();
  for (const element of $$("[aria-invalid]", formulaire)) {
    element.removeAttribute("aria-invalid");
    if (element.dataset.aide !== undefined) element.setAttribute("aria-describedby", element.dataset.aide);
    else element.removeAttribute("aria-describedby");
    element.classList.remove("is-invalid");
  }
}

function marquer(element, ref) {
  element.setAttribute("aria-invalid", "true");
  element.setAttribute("aria-describedby", ref);
}

function montrerLigne(tr, fautes) {
  const ref = `faute-${champ(tr, "id").value}`;
  const textes = [...new Set(fautes.map((f) => f.message))].join(" ");
  const cellule = el("td", { role: "cell" }, el("p", { class: "c-erreur", id: ref }, textes));
  tr.after(el("tr", { role: "row", class: "faute", "data-faute": true }, el("td", { role: "cell" }), cellule));
  for (const f of fautes) if (f.element) marquer(f.element, ref);
}

function montrerChamp(formulaire, { element, message }) {
  if (!element) {
    const zone = $("[data-faute-generale]", formulaire);
    zone.textContent = message;
    return;
  }
  const ref = `${element.id}-faute`;
  const aide = element.getAttribute("aria-describedby");
  if (aide) element.dataset.aide = aide;
  marquer(element, ref);
  element.classList.add("is-invalid");
  element.closest(".c-champ").append(el("div", { class: "c-erreur", id: ref, "data-faute": true }, message));
}

/** Forget the fault of a field as soon as it is typed in again. */
export function oublier(element) {
  for (const [source, fautes] of parSource) parSource.set(source, fautes.filter((f) => f.element !== element));
  element.removeAttribute("aria-invalid");
}
