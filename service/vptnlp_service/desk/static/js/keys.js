// Letter keys. They do nothing while the user types or a dialog is open, and can be switched off (WCAG 2.1.4).

import { byId } from "./dom.js";

const OFF = "vptnlp-keys-off"; // in the storage of this tab, and nothing else is

/** Listen; `keys` maps a key to what it does, and may return false to let the key be. */
export function setUpKeys(keys) {
  byId("open-help").addEventListener("click", showHelp);
  byId("keys-on").checked = !remembered();
  byId("keys-on").addEventListener("change", (event) => remember(!event.target.checked));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    const typing = event.target.closest?.("textarea, select, input:not([type=checkbox]):not([type=radio])");
    if (event.key === "Escape") {
      if (typing) event.target.blur();
      if (keys.Escape() !== false) event.preventDefault();
      return;
    }
    if (typing || !byId("keys-on").checked) return;
    const act = event.key === "?" ? showHelp : keys[event.key];
    if (act && act() !== false) event.preventDefault();
  });
}

function remembered() {
  try {
    return sessionStorage.getItem(OFF) !== null;
  } catch {
    return false; // storage may be switched off
  }
}

function remember(off) {
  try {
    if (off) sessionStorage.setItem(OFF, "1");
    else sessionStorage.removeItem(OFF);
  } catch {
    // without storage the choice holds until the page is loaded again
  }
}

function showHelp() {
  byId("help-dialog").showModal();
}
