// Before the first paint: the theme chosen on this machine, else the system's.
"use strict";

(() => {
  let choisi = null;
  try {
    choisi = localStorage.getItem("theme");
  } catch {
    choisi = null; // storage refused by the browser: follow the system
  }
  const sombre = matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.bsTheme = choisi ?? (sombre ? "dark" : "light");
})();
