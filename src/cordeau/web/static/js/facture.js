// The form of a free facture: adds and removes rows, shows the amounts that the server computes.
import { $, $$, apresPause, el, envoyer } from "./dom.js";

const formulaire = $("[data-facture]");
const corps = $("[data-lignes]");
const totaux = $("[data-totaux]");
const attente = $("[data-attente]");
const PROMESSE = attente.textContent;
let demande = null;

const rangees = () => $$("[data-ligne]", corps);

function ajouter(genre, apres = null) {
  const neuve = $(`[data-gabarit="${genre}"]`).content.firstElementChild.cloneNode(true);
  if (apres) apres.after(neuve);
  else corps.append(neuve);
  $("textarea", neuve).focus();
}

/** Take a row away; the focus goes to its neighbour, and a last row leaves a blank one. */
function retirer(rangee) {
  const voisine = rangee.nextElementSibling ?? rangee.previousElementSibling;
  rangee.remove();
  if (voisine) $("textarea", voisine).focus();
  else ajouter("LIGNE");
  calculer();
}

/** Enter goes to the row below, adding one after the last; in a long text it stays a new line. */
function descendre(evenement) {
  const champ = evenement.target;
  if (evenement.key !== "Enter" || evenement.shiftKey || evenement.isComposing || champ.matches("button, .detail")) return;
  evenement.preventDefault();
  const rangee = champ.closest("[data-ligne]");
  const dessous = rangee.nextElementSibling;
  if (dessous) ($(`[name="${champ.name}"]:not([type="hidden"])`, dessous) ?? $("textarea", dessous)).focus();
  else ajouter("LIGNE", rangee);
}

function montrerTotaux(termes) {
  totaux.replaceChildren(
    ...termes.flatMap(({ terme, valeur, classe }) => [
      el("dt", { class: classe === "grand" ? classe : "" }, terme),
      el("dd", { class: classe }, valeur),
    ]),
  );
  attente.hidden = true;
}

/** Something typed cannot be computed yet: the last totals stay, paler, and the reason is told. */
function patienter(erreurs) {
  totaux.dataset.perime = "";
  attente.textContent = Object.values(erreurs)[0] ?? PROMESSE;
  attente.hidden = false;
}

async function demander() {
  demande?.abort();
  demande = new AbortController();
  const champs = new FormData(formulaire);
  champs.delete("cle_operation");
  const reponse = await envoyer("/factures/calcul", { methode: "POST", corps: champs, signal: demande.signal });
  if (!reponse.ok) throw new Error(`calcul : ${reponse.status}`);
  const calcul = await reponse.json();
  if (calcul.erreurs) return patienter(calcul.erreurs);
  delete totaux.dataset.perime;
  montrerTotaux(calcul.totaux);
  rangees().forEach((rangee, rang) => {
    $("[data-montant]", rangee).textContent = calcul.lignes[rang] ?? "";
  });
}

const calculer = apresPause(() => {
  demander().catch((erreur) => {
    if (erreur.name !== "AbortError") patienter({ reseau: "Le serveur ne répond pas : les totaux attendent." });
  });
}, 250);

formulaire.addEventListener("input", calculer);
formulaire.addEventListener("change", calculer);
corps.addEventListener("keydown", descendre);
formulaire.addEventListener("click", ({ target }) => {
  const ajout = target.closest("[data-ajout]");
  const retrait = target.closest("[data-retirer]");
  if (ajout) ajouter(ajout.dataset.ajout);
  if (retrait) retirer(retrait.closest("[data-ligne]"));
});
