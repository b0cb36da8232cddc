// The desk: joins its parts.

import { ApiError, connect, redact } from "./api.js";
import { startClock } from "./clock.js";
import { correct } from "./correction.js";
import { place, setUpDetail, showDetail, showTags } from "./detail.js";
import { announce, byId, download, toast } from "./dom.js";
import { openIntake, setUpIntake, waiting } from "./intake.js";
import { setUpKeys } from "./keys.js";
import { focusRow, markSelected, redraw, refresh, setUpList, step } from "./list.js";
import { setUpSave } from "./save.js";
import { state } from "./state.js";

const WIDE = window.matchMedia("(min-width: 54rem)");
const TITLE = document.title;

let canCopy = true;
let untouched = true;

/** Which part a narrow screen shows: start, list or detail. */
function view(name) {
  document.body.dataset.view = name;
}

/** Go to a message. On a wide screen it shows beside the list; on a narrow one only when the user asks to read it. */
function open(item, { focus, read }) {
  untouched = false;
  const same = state.selected === item;
  state.selected = item;
  markSelected();
  if (!same || byId("detail").hidden) showDetail(item);
  if (WIDE.matches ? focus : read) {
    view("detail");
    byId("detail").focus({ preventScroll: true });
    if (!WIDE.matches) window.scrollTo(0, 0);
  }
}

function close() {
  if (!state.items.length) return false;
  view("list");
  focusRow();
  return true;
}

function arrived() {
  const first = byId("start").hidden === false;
  byId("start").hidden = true;
  byId("inbox").hidden = false;
  document.body.classList.add("has-items");
  if (first) view("list");
  refresh();
  if (first && !WIDE.matches) {
    focusRow();
    window.scrollTo(0, 0);
  }
  // Until the user has gone somewhere, the most urgent of what has come in so far is shown.
  if (WIDE.matches && untouched) showFirst();
}

function showFirst() {
  step(0, { focus: document.activeElement === document.body || byId("list").contains(document.activeElement) });
  untouched = true;
}

function handle(item) {
  item.handled = !item.handled;
  announce(item.handled ? "Afgehandeld." : "Weer open.");
  changed(item);
  byId("handle")?.setAttribute("aria-pressed", String(item.handled));
}

function changed(item) {
  redraw(item);
  byId("correction-count").textContent = state.items.filter((each) => each.correction).length;
}

async function copy(item) {
  try {
    byId("copy-text").value = await redact(item);
    byId("copy-dialog").showModal();
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) {
      canCopy = false;
      byId("copy")?.remove();
      byId("detail").focus();
      toast("Deze server kan geen kopie zonder gegevens maken.");
    } else {
      toast(error instanceof ApiError ? error.message : "De kopie is niet gelukt.");
    }
  }
}

function print(what) {
  byId("save-dialog").close();
  document.body.dataset.print = what;
  // The name of a PDF: never a subject or a sender.
  document.title = what === "list" ? "Triagelijst" : `Triage ${state.selected.n}`;
  window.print();
}

/** On paper nothing can be opened, so long texts and statute cards are, also when the user prints by the browser's own menu. */
function setUpPaper() {
  let folds = [];
  window.addEventListener("beforeprint", () => {
    folds = [...byId("detail").querySelectorAll("details:is(.fold, .card):not([open])")];
    for (const fold of folds) fold.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const fold of folds) fold.open = false;
    document.title = TITLE;
    delete document.body.dataset.print;
  });
}

/** Ask for the API key; null when the user gives up. */
function askForKey(refused) {
  const dialog = byId("key-dialog");
  byId("key-why").textContent = refused ? "De server kent deze sleutel niet, of hij is verlopen. Probeer het opnieuw." : "Deze server vraagt om een sleutel. Je krijgt die van je beheerder.";
  byId("key").value = "";
  dialog.returnValue = "";
  return new Promise((resolve) => {
    let given = null;
    byId("key-form").onsubmit = () => (given = byId("key").value.trim());
    dialog.addEventListener("close", () => resolve(given || null), { once: true });
    dialog.showModal();
  });
}

const selected = (act) => () => (state.selected && document.body.classList.contains("has-items") ? act(state.selected) : false);
const reveal = () => view(WIDE.matches ? document.body.dataset.view : "detail");

function setUp() {
  byId("start-form").append(byId("intake"));
  connect({ ask: askForKey, busy: waiting });
  setUpList(open, place);
  setUpDetail({ close, step, handle, changed, copy, print: () => print("detail"), canCopy: () => canCopy, correct: (item) => correct(item, corrected) });
  setUpIntake(arrived);
  setUpSave(print);
  startClock();
  setUpPaper();
  for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", () => button.closest("dialog").close());
  byId("copy-take").addEventListener("click", async () => {
    byId("copy-text").select();
    try {
      await navigator.clipboard.writeText(byId("copy-text").value);
      toast("Gekopieerd.");
    } catch {
      toast("Kopiëren lukt hier niet vanzelf: gebruik Ctrl+C.");
    }
  });
  byId("copy-save").addEventListener("click", () => download("kopie-zonder-gegevens.txt", "text/plain;charset=utf-8", byId("copy-text").value));
  setUpKeys({
    j: () => (state.items.length ? step(1) : false),
    k: () => (state.items.length ? step(-1) : false),
    Escape: close,
    "/": () => {
      if (!state.items.length) return false;
      view("list");
      byId("search").focus();
      return true;
    },
    w: selected(() => {
      reveal();
      byId("why").scrollIntoView({ block: "nearest" });
      (byId("why").querySelector("button") ?? byId("why")).focus();
    }),
    c: selected(() => {
      reveal();
      const box = byId("steps")?.querySelector("input[type=checkbox]:not(:checked)") ?? byId("steps")?.querySelector("input[type=checkbox]");
      if (!box) toast("Bij dit bericht horen geen stappen.");
      box?.focus();
      box?.scrollIntoView({ block: "center" });
    }),
    e: selected(handle),
    x: selected((item) => correct(item, corrected)),
    l: selected(() => showTags(!state.tags)),
    a: openIntake,
  });
  window.addEventListener("beforeunload", (event) => {
    if (state.items.length || state.missed.length) event.preventDefault();
  });
}

function corrected(item) {
  changed(item);
  if (state.selected === item) showDetail(item);
}

setUp();
