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

if (formulaire) {
  formulaire.addEventListener("input", ({ target }) => {
    if (target.dataset.choisit && target.value.trim()) $(`#${target.dataset.choisit}`).checked = true;
  });
  formulaire.addEventListener("submit", ecarter);
  addEventListener("pageshow", rendre);
}
