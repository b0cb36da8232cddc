// The ranked list: filters, order, and moving through it.

import { announce, byId, h, icon, stranger, unseen } from "./dom.js";
import { countdown } from "./clock.js";
import { fold, state } from "./state.js";
import { RANK, URGENCIES, brief, count, moment, name, urgencyName } from "./words.js";

const PAGE = 150; // rows drawn at a time
const SELECTS = ["filter-threat", "filter-doxing", "filter-targets", "filter-state", "sort"];
const SORTED = { urgency: "urgentie", due: "eerste termijn", received: "nieuwste eerst", order: "volgorde van toevoegen" };

let shown = [];
let drawn = PAGE;
let open = () => {};
let redrawn = () => {};

/** Set the list up. `onOpen(item, {focus, read})` is called when the user goes to a message, `onRefresh()` after the list changed. */
export function setUpList(onOpen, onRefresh) {
  open = onOpen;
  redrawn = onRefresh;
  let waiting = 0;
  byId("search").addEventListener("input", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(filtered, 120);
  });
  for (const box of urgencyBoxes()) box.addEventListener("change", filtered);
  for (const id of SELECTS) byId(id).addEventListener("change", filtered);
  byId("filters-clear").addEventListener("click", clearFilters);
  byId("list-clear").addEventListener("click", () => {
    clearFilters();
    focusRow();
  });
  byId("list-more").addEventListener("click", () => {
    const next = shown[drawn];
    drawn += PAGE;
    draw();
    rowOf(next)?.focus();
  });
  const list = byId("list");
  list.addEventListener("click", (event) => {
    const item = itemOf(event.target.closest(".row"));
    if (item) open(item, { focus: false, read: true });
  });
  list.addEventListener("keydown", onKey);
}

function onKey(event) {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const item = itemOf(event.target.closest(".row"));
  if (!item) return;
  const place = shown.indexOf(item);
  const to = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: shown.length - 1, PageDown: place + 8, PageUp: place - 8 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    go(Math.min(shown.length - 1, Math.max(0, to)));
  } else if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    open(item, { focus: true, read: true });
  }
}

/** Go some rows down (or up, when negative), from wherever the user is; 0 goes to the top of the list. */
export function step(by, { focus = true } = {}) {
  if (!shown.length) return;
  const place = by === 0 ? 0 : shown.indexOf(state.selected);
  go(place < 0 ? 0 : Math.min(shown.length - 1, Math.max(0, place + by)), focus);
}

function go(place, focus = true) {
  if (place >= drawn) {
    drawn = place + PAGE;
    draw();
  }
  const row = rowOf(shown[place]);
  open(shown[place], { focus: false, read: false });
  if (focus) row?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
}

/** Move the focus to the row of the open message, or the first. */
export function focusRow() {
  const row = rowOf(state.selected) ?? byId("list").querySelector(".row");
  row?.focus({ preventScroll: true });
  if (state.selected) row?.scrollIntoView({ block: "nearest" });
}

/** Where the open message stands among those shown: records of place, total, and its neighbours. */
export function neighbours() {
  const place = shown.indexOf(state.selected);
  return { place, total: shown.length, before: shown[place - 1], after: place < 0 ? undefined : shown[place + 1] };
}

function filtered() {
  drawn = PAGE;
  refresh();
  announce(count(shown.length, "bericht", "berichten"));
}

/** Take the filters off, but for the order. */
function clearFilters() {
  byId("search").value = "";
  for (const box of urgencyBoxes()) box.checked = true;
  for (const id of SELECTS) if (id !== "sort") byId(id).value = "";
  filtered();
}

const urgencyBoxes = () => document.querySelectorAll('input[name="urgency"]');

/** Draw the list again, after messages, filters or marks changed. */
export function refresh() {
  const fits = filter();
  shown = state.items.filter(fits).sort(ORDERS[byId("sort").value]);
  draw();
  for (const { key } of URGENCIES) {
    document.querySelector(`[data-count="${key}"]`).textContent = state.items.filter((item) => item.urgency === key).length;
  }
  const all = state.items.length;
  byId("inbox-count").textContent = shown.length === all ? `${all}` : `${shown.length} van ${all}`;
  redrawn();
  const active = SELECTS.filter((id) => id !== "sort" && byId(id).value).length;
  byId("filter-count").hidden = !active;
  byId("filter-count").textContent = active;
  byId("list").setAttribute("aria-label", `Berichten, volgorde: ${SORTED[byId("sort").value]}`);
}

function filter() {
  const [threat, doxing, target, stand] = SELECTS.slice(0, 4).map((id) => byId(id).value);
  const urgencies = new Set([...urgencyBoxes()].filter((box) => box.checked).map((box) => box.value));
  const words = fold(byId("search").value).split(/\s+/).filter(Boolean);
  return (item) => {
    const { assessment } = item;
    return (
      urgencies.has(item.urgency) &&
      (!threat || assessment.threat.label === threat) &&
      (!doxing || assessment.doxing.label === doxing) &&
      (!target || assessment.targets.labels.includes(target)) &&
      STATES[stand](item) &&
      words.every((word) => item.haystack.includes(word))
    );
  };
}

const STATES = {
  "": () => true,
  open: (item) => !item.handled && item.urgency !== "none",
  handled: (item) => item.handled,
  doubt: (item) => item.doubts.length > 0,
  corrected: (item) => item.correction !== null,
};

const score = (item) => item.assessment.triage.score;
const byUrgency = (a, b) =>
  RANK[b.urgency] - RANK[a.urgency] || (b.doubts.length > 0) - (a.doubts.length > 0) || score(b) - score(a) || a.n - b.n;
const ORDERS = {
  urgency: byUrgency,
  due: (a, b) => (a.firstDue?.getTime() ?? Infinity) - (b.firstDue?.getTime() ?? Infinity) || byUrgency(a, b),
  received: (a, b) => b.received - a.received || a.n - b.n,
  order: (a, b) => a.n - b.n,
};
// Infinity minus Infinity is no number, and counts as a tie: the urgency then decides.

function draw() {
  const focused = document.activeElement?.closest(".row")?.id;
  byId("list").replaceChildren(...shown.slice(0, drawn).map(row));
  if (focused) byId(focused)?.focus({ preventScroll: true });
  byId("list").hidden = shown.length === 0;
  byId("list-empty").hidden = shown.length > 0;
  byId("list-more").hidden = shown.length <= drawn;
  byId("list-more").textContent = `Toon meer (nog ${shown.length - drawn})`;
  markSelected();
}

function row(item) {
  const { triage } = item.assessment;
  const quiet = item.urgency === "none";
  const steps = triage.steps.length;
  const due = item.firstDue;
  const reason = triage.factors.slice(0, 2).map((factor) => factor.text).join(" ") || (quiet ? "" : labels(item));
  const notes = [
    item.doubts.length > 0 && h("span", { class: "note" }, icon("eye"), "zelf lezen"),
    item.correction && h("span", { class: "note" }, icon("pen"), "correctie"),
    item.done.size > 0 && !item.handled && h("span", { class: "note" }, `${item.done.size} van ${steps} stappen`),
  ];
  return h(
    "div",
    {
      class: `row u-${item.urgency}${quiet ? " is-quiet" : ""}${item.handled ? " is-handled" : ""}`,
      role: "option",
      id: `row-${item.n}`,
      tabindex: "-1",
      "aria-selected": "false",
    },
    h("span", { class: "row-top" }, badge(item.urgency, quiet), h("time", { class: "when", title: moment(item.received) }, unseen("ontvangen "), brief(item.received)), item.handled ? h("span", { class: "due" }, icon("done"), "afgehandeld") : due && countdown(due)),
    stranger(item.title, { class: "row-title" }),
    item.from && stranger(item.from, { class: "row-from" }),
    reason && !quiet && h("span", { class: "row-why" }, reason),
    notes.some(Boolean) && h("span", { class: "row-notes" }, notes),
  );
}

function labels(item) {
  const { threat, doxing, forms } = item.assessment;
  const held = forms.labels.map((key) => name("forms", key));
  if (doxing.label !== "none") held.unshift(name("doxing", doxing.label));
  if (threat.label !== "none") held.unshift(`${name("threat", threat.label)}e dreiging`);
  return held.join(", ");
}

/** An urgency as colour, shape and word. */
export function badge(urgency, bare = false) {
  return h("span", { class: `badge u-${urgency}${bare ? " bare" : ""}` }, icon(urgency), urgencyName(urgency));
}

/** Draw one row again. */
export function redraw(item) {
  const old = rowOf(item);
  if (!old) return;
  const had = old === document.activeElement;
  old.replaceWith(row(item));
  markSelected();
  if (had) rowOf(item).focus({ preventScroll: true });
}

/** Show which row is open; only that row is in the tab order. */
export function markSelected() {
  const rows = [...byId("list").querySelectorAll(".row")];
  const selected = rowOf(state.selected);
  for (const each of rows) {
    each.setAttribute("aria-selected", String(each === selected));
    each.tabIndex = each === (selected ?? rows[0]) ? 0 : -1;
  }
}

const rowOf = (item) => (item ? byId(`row-${item.n}`) : null);
const itemOf = (element) => (element ? state.items[Number(element.id.slice(4)) - 1] : undefined);
