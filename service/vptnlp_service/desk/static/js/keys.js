// Letter keys. They do nothing while the user types or a dialog is open, and can be switched off (WCAG 2.1.4).

import { byId } from "./dom.js";

/** Listen; `keys` maps a key to what it does, and may return false to let the key be. */
export function setUpKeys(keys) {
  byId("open-help").addEventListener("click", showHelp);
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

function showHelp() {
  byId("help-dialog").showModal();
}
