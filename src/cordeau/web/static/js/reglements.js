// One payment over several documents: ticking pays whole, the server allots and adds up.
import { $, apresPause, aviser, envoyer } from "./dom.js";

const formulaire = $("[data-encaissement]");
let demande = null;

/** The page as the server would show it for what is typed; null when another request came. */
async function relire(methode) {
  demande?.abort();
  demande = new AbortController();
  const champs = new FormData(formulaire);
  champs.delete("cle_operation");
  champs.set("methode", methode);
  const reponse = await envoyer("/reglements/repartition", { methode: "POST", corps: champs, accepte: "text/html", signal: demande.signal });
  if (!reponse.ok) throw new Error(`répartition : ${reponse.status}`);
  return new DOMParser().parseFromString(await reponse.text(), "text/html");
}

const remplacer = (page, selecteur) => $(selecteur).replaceChildren(...$(selecteur, page).childNodes);

async function montrer(methode, ...selecteurs) {
  try {
    const page = await relire(methode);
    for (const selecteur of selecteurs) remplacer(page, selecteur);
  } catch (erreur) {
    if (erreur.name !== "AbortError") aviser("La répartition n’a pas pu être calculée. Vérifiez le réseau.", { genre: "erreur" });
  }
}

const totaliser = apresPause(() => montrer("main", "[data-bilan]"), 250);

function brancher() {
  formulaire.addEventListener("submit", (evenement) => {
    if (!evenement.submitter?.matches("[data-repartir]")) return;
    evenement.preventDefault();
    montrer("", "[data-dus]", "[data-bilan]");
  }, true);
  formulaire.addEventListener("change", ({ target }) => {
    if (target.name !== "choix") return;
    $(`#champ-part-${CSS.escape(target.value)}`).value = target.checked ? target.dataset.reste : "";
    totaliser();
  });
  formulaire.addEventListener("input", ({ target }) => {
    if (target.name === "part") $(`#champ-du-${target.id.replace("champ-part-", "")}`).checked = target.value.trim() !== "";
    if (target.name === "part" || target.name === "montant") totaliser();
  });
}

if (formulaire) brancher();
