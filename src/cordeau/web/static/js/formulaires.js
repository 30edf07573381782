// On every page: ask before what cannot be undone, send once, fill a field, submit on change.
import { $, apresPause } from "./dom.js";

// The name of a button that asks first. Sent as it is, before this script was there, the server asks.
const QUESTION = "question";

/** Ask a question in the box of the page; true when the user says yes. */
function demander(question, texte, bouton) {
  const boite = $("#confirmation");
  const oui = $("[data-oui]", boite);
  const modale = bootstrap.Modal.getOrCreateInstance(boite);
  $("h2", boite).textContent = question;
  $("[data-texte]", boite).textContent = texte;
  oui.textContent = bouton;
  return new Promise((resoudre) => {
    const accepter = () => {
      resoudre(true);
      modale.hide();
    };
    oui.addEventListener("click", accepter, { once: true });
    boite.addEventListener("shown.bs.modal", () => oui.focus(), { once: true });
    boite.addEventListener(
      "hidden.bs.modal",
      () => {
        oui.removeEventListener("click", accepter);
        resoudre(false);
      },
      { once: true },
    );
    modale.show();
  });
}

async function confirmer(evenement) {
  const { target: formulaire, submitter: bouton } = evenement;
  if (bouton?.name !== QUESTION || !$("#confirmation")) return;
  evenement.preventDefault();
  evenement.stopImmediatePropagation();
  const [, question, texte] = /^(.*?\?)\s*(.*)$/su.exec(bouton.value);
  if (!(await demander(question, texte, bouton.textContent.trim()))) return;
  bouton.name = "";
  formulaire.requestSubmit(bouton);
  bouton.name = QUESTION;
}

function liberer(formulaire) {
  delete formulaire.dataset.envoi;
  for (const bouton of formulaire.elements) if (bouton.dataset.attente) {
    bouton.disabled = false;
    delete bouton.dataset.attente;
  }
}

/** A second click on the same button does nothing while the first is on its way. */
function envoyerUneFois(evenement) {
  const formulaire = evenement.target;
  if (evenement.defaultPrevented || formulaire.method !== "post" || "repetable" in formulaire.dataset) return;
  if (formulaire.dataset.envoi) {
    evenement.preventDefault();
    return;
  }
  formulaire.dataset.envoi = "oui";
  setTimeout(() => {
    for (const bouton of formulaire.elements) if (bouton.type === "submit" && !bouton.disabled) {
      bouton.disabled = true;
      bouton.dataset.attente = "oui";
    }
  });
  setTimeout(() => liberer(formulaire), 10_000);
}

function remplir(evenement) {
  const bouton = evenement.target.closest("[data-remplir]");
  if (!bouton) return;
  const champ = $(bouton.dataset.remplir);
  champ.value = bouton.dataset.valeur;
  champ.dispatchEvent(new Event("input", { bubbles: true }));
  champ.focus();
}

const soumettre = apresPause((formulaire) => formulaire.requestSubmit(), 50);

document.addEventListener("submit", confirmer, true);
document.addEventListener("submit", envoyerUneFois);
document.addEventListener("click", remplir);
document.addEventListener("change", (e) => {
  if (e.target.matches("[data-envoi]:not(form)")) soumettre(e.target.form);
});
addEventListener("pageshow", (e) => {
  if (e.persisted) for (const formulaire of document.forms) liberer(formulaire);
});
$(".c-resume")?.focus();
