// The choice of colours: the only thing that is kept on this computer after the tab is closed. Runs before the page is drawn, so that it does not flash.
"use strict";
(() => {
  const KEY = "vptnlp-theme";
  const NAMES = { auto: "auto", light: "licht", dark: "donker" };
  const ORDER = Object.keys(NAMES);

  function stored() {
    try {
      const theme = localStorage.getItem(KEY);
      return ORDER.includes(theme) ? theme : "auto";
    } catch {
      return "auto"; // storage may be switched off
    }
  }

  function show(theme) {
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    const name = document.getElementById("theme-name");
    if (name) name.textContent = NAMES[theme];
  }

  let theme = stored();
  show(theme);
  document.addEventListener("DOMContentLoaded", () => {
    show(theme);
    document.getElementById("theme")?.addEventListener("click", () => {
      theme = ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length];
      try {
        if (theme === "auto") localStorage.removeItem(KEY);
        else localStorage.setItem(KEY, theme);
      } catch {
        // without storage the choice holds until the page is closed
      }
      show(theme);
    });
  });
})();
