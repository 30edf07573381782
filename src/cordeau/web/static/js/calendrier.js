// The month of the chantiers; the list the page already holds stays below, for every reader.
import { $$, aviser, el, envoyer, icone } from "./dom.js";

const ETATS = { PLANIFIE: "planifié", EN_COURS: "en cours", SUSPENDU: "suspendu", TERMINE: "terminé" };
const UN_JOUR = 86_400_000;
const CHANTIERS_PAR_JOUR = 6;

/** The day after an ISO date: the calendar wants the first day that is not in the period. */
const lendemain = (iso) => new Date(Date.parse(iso) + UN_JOUR).toISOString().slice(0, 10);

function bouton(contenu, agir, nom = null) {
  const element = el("button", { class: "btn btn-outline-secondary btn-sm", type: "button", "aria-label": nom }, contenu);
  element.addEventListener("click", agir);
  return element;
}

/** Events of a period, as the server gives them: dates included, one link each. */
async function lire(source, { start, end }) {
  const jour = (date) => date.toISOString().slice(0, 10);
  const adresse = new URL(source, location.origin);
  adresse.searchParams.set("du", jour(start));
  adresse.searchParams.set("au", jour(end));
  const reponse = await envoyer(adresse.href);
  if (!reponse.ok) throw new Error(`calendrier : ${reponse.status}`);
  const { elements } = await reponse.json();
  return elements.map(({ titre, debut, fin, url, statut }) => ({
    title: ETATS[statut] ? `${titre} · ${ETATS[statut]}` : titre,
    start: debut,
    end: lendemain(fin ?? debut),
    allDay: true,
    url,
    className: `c-fc-${(statut ?? "neutre").toLowerCase()}`,
  }));
}

/** The six weeks a month is drawn on, from the Monday before its first day. */
function semaines(jour) {
  const premier = jour ? new Date(`${jour.slice(0, 7)}-01`) : new Date();
  premier.setUTCDate(1);
  const start = new Date(premier.getTime() - ((premier.getUTCDay() + 6) % 7) * UN_JOUR);
  return { start, end: new Date(start.getTime() + 42 * UN_JOUR) };
}

/** FullCalendar hides the names of the days from screen readers; a column head must speak. */
function rendreLisible(grille) {
  const lire = () => {
    for (const nom of $$("[role=columnheader] [aria-hidden]", grille)) nom.removeAttribute("aria-hidden");
  };
  lire();
  new MutationObserver(lire).observe(grille, { childList: true, subtree: true });
}

/** Rows take their height once their chantiers are in: they show after that. */
function montrer(grille) {
  requestAnimationFrame(() => requestAnimationFrame(() => grille.classList.remove("c-fc-attente")));
}

/** The first month is read before it is drawn, so that nothing moves once it shows. */
async function poser(boite) {
  const ouverture = semaines(boite.dataset.jour);
  let lues = await lire(boite.dataset.source, ouverture).catch(() => null);
  const titre = el("h2", { "aria-live": "polite" });
  const grille = el("div", { class: "c-fc-grille c-fc-attente" });
  const barre = el("div", { class: "c-fc-barre" }, titre);
  const telephone = matchMedia("(max-width: 767px)").matches;
  const calendrier = new FullCalendar.Calendar(grille, {
    locale: "fr",
    timeZone: "UTC",
    initialView: "dayGridMonth",
    initialDate: boite.dataset.jour || undefined,
    height: "auto",
    headerToolbar: false,
    dayMaxEvents: telephone ? true : CHANTIERS_PAR_JOUR,
    datesSet: ({ view }) => {
      titre.textContent = view.title;
    },
    eventsSet: () => montrer(grille),
    events: (periode, reussir, echouer) => {
      const deja = lues && +periode.start === +ouverture.start ? Promise.resolve(lues) : null;
      lues = null;
      (deja ?? lire(boite.dataset.source, periode)).then(reussir, (erreur) => {
        montrer(grille);
        aviser("Le calendrier n’a pas pu être lu. La liste ci-dessous reste juste.", { genre: "erreur" });
        echouer(erreur);
      });
    },
  });
  barre.append(
    bouton("Aujourd’hui", () => calendrier.today()),
    bouton(icone("chevron-left"), () => calendrier.prev(), "Mois précédent"),
    bouton(icone("chevron-right"), () => calendrier.next(), "Mois suivant"),
  );
  boite.prepend(barre, grille);
  calendrier.render();
  rendreLisible(grille);
}

for (const boite of $$("[data-calendrier]")) poser(boite);
