// Choosing a part of a devis or of a facture: what is typed says what is chosen.
import { $, $$ } from "./dom.js";

const formulaire = $("[data-part]");

/** The fields that go with another choice are left out; they keep what was typed. */
function ecarter() {
  for (const champ of $$("[data-choisit]", formulaire)) champ.disabled = !$(`#${champ.dataset.choisit}`).checked;
}

function rendre() {
  for (const champ of $$("[data-choisit]", formulaire)) champ.disabled = false;
}

function choisir(champ) {
  if (champ.dataset.choisit && champ.value.trim()) $(`#${champ.dataset.choisit}`).checked = true;
}

if (formulaire) {
  // What was typed before this script was there counts too, unless a choice was made as well.
  const choix = $$("input[type=radio]", formulaire);
  if (choix.every(({ checked, defaultChecked }) => checked === defaultChecked)) {
    for (const champ of $$("[data-choisit]", formulaire)) if (champ.value !== champ.defaultValue) choisir(champ);
  }
  formulaire.addEventListener("input", ({ target }) => choisir(target));
  formulaire.addEventListener("submit", ecarter);
  addEventListener("pageshow", rendre);
}
