// Each chart is drawn from the table beside it: one source, readable without script.
import { $, $$ } from "./dom.js";

const dessins = [];
const jeton = (nom) => getComputedStyle(document.documentElement).getPropertyValue(nom).trim();
const ecrire = (nombre, decimales) =>
  nombre.toLocaleString("fr-FR", { minimumFractionDigits: decimales, maximumFractionDigits: decimales });

/** A figure for an axis: short, with its unit. */
function court(valeur, unite) {
  if (unite === "€" && Math.abs(valeur) >= 1000) return `${ecrire(valeur / 1000, 0)}\u00a0k€`;
  return `${ecrire(valeur, 0)}${unite ? `\u00a0${unite}` : ""}`;
}

function serie(tete, rang, rangees, empile) {
  const ligne = tete.dataset.type === "line";
  const teintes = ["--c-g1", "--c-g3", "--c-g2", "--c-g4"];
  const couleur = jeton(tete.dataset.couleur || (ligne ? "--c-encre-2" : teintes[rang % teintes.length]));
  const cellules = rangees.map((rangee) => rangee.cells[rang + 1]);
  return {
    label: tete.textContent.trim(),
    textes: cellules.map((cellule) => cellule.textContent.trim()),
    data: cellules.map(({ dataset }) => (dataset.v ? Number(dataset.v) : null)),
    type: ligne ? "line" : "bar",
    order: ligne ? 0 : 1,
    backgroundColor: rangees.map(({ dataset }) => ("partiel" in dataset ? jeton("--c-g2") : couleur)),
    borderColor: couleur,
    borderWidth: ligne ? 2 : 0,
    borderDash: "tirets" in tete.dataset ? [4, 3] : [],
    pointRadius: 0,
    pointHoverRadius: 4,
    tension: 0,
    borderRadius: empile ? 0 : 2,
    maxBarThickness: rangees.length > 8 ? 16 : 26,
    stack: empile && !ligne ? "pile" : undefined,
  };
}

function axes({ unite, couche, empile }) {
  const valeurs = {
    stacked: empile,
    beginAtZero: true,
    border: { display: false },
    grid: { color: jeton("--c-trait"), drawTicks: false },
    ticks: { maxTicksLimit: 5, padding: 6, precision: 0, callback: (valeur) => court(valeur, unite) },
  };
  const categories = {
    stacked: empile,
    border: { color: jeton("--c-trait-2") },
    grid: { display: false },
    ticks: { maxRotation: 0, autoSkip: !couche, autoSkipPadding: 8 },
  };
  return couche ? { x: valeurs, y: categories } : { x: categories, y: valeurs };
}

/** The hover box shows the table's own text: the same figure, to the cent. */
const bulle = () => ({
  backgroundColor: jeton("--c-encre"),
  titleColor: jeton("--c-surface"),
  bodyColor: jeton("--c-surface"),
  padding: 10,
  cornerRadius: 6,
  boxPadding: 4,
  callbacks: { label: ({ dataset, dataIndex }) => ` ${dataset.label} : ${dataset.textes[dataIndex]}` },
});

function dessiner(figure) {
  const rangees = $$("tbody tr", figure);
  const { unite = "", sens } = figure.dataset;
  const couche = sens === "h";
  const empile = "empile" in figure.dataset;
  const tetes = $$("thead th", figure).slice(1);
  const axe = couche ? "y" : "x";
  return new Chart($("canvas", figure), {
    data: {
      labels: rangees.map((rangee) => rangee.cells[0].textContent.trim()),
      datasets: tetes.map((tete, rang) => serie(tete, rang, rangees, empile)),
    },
    options: {
      maintainAspectRatio: false,
      indexAxis: axe,
      interaction: { mode: "index", intersect: false, axis: axe },
      scales: axes({ unite, couche, empile }),
      plugins: { legend: { display: false }, tooltip: bulle() },
    },
  });
}

function toutDessiner() {
  for (const dessin of dessins.splice(0)) dessin.destroy();
  const immobile = matchMedia("(prefers-reduced-motion: reduce)").matches;
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.color = jeton("--c-encre-2");
  Chart.defaults.animation = immobile ? false : { duration: 240 };
  for (const figure of $$("[data-graphique]")) dessins.push(dessiner(figure));
}

toutDessiner();
document.addEventListener("theme", toutDessiner);
