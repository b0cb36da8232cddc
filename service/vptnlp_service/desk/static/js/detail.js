// One message in full: its text with marks, why, what to do and by when, and what the model reads in it.

import { byId, h, icon, stranger, toast, unseen } from "./dom.js";
import { countdown, standing } from "./clock.js";
import { badge, neighbours } from "./list.js";
import { legend, light, marked } from "./marks.js";
import { factsOf, statutesOf } from "./facts.js";
import { line, state } from "./state.js";
import { URGENCIES, RANK, moment, capital } from "./words.js";

const DAY_TERM = 48;

let actions = {};

/**
 * Set the view up.
 * @param {object} given what buttons do: close, step, handle, correct, copy, changed; and canCopy
 */
export function setUpDetail(given) {
  actions = given;
}

/** Show an item. */
export function showDetail(item) {
  const detail = byId("detail");
  detail.hidden = false;
  detail.className = `detail u-${item.urgency}${state.tags ? "" : " no-tags"}`;
  keepingFocus(() =>
    detail.replaceChildren(
      bar(item),
      header(item),
      h("div", { id: "warnings" }, warnings(item)),
      h("div", { class: "columns" }, text(item), h("div", { class: "side" }, why(item), steps(item)), h("div", { class: "rest" }, factsOf(item), statutesOf(item))),
    ),
  );
  detail.scrollTop = 0;
}

/** Say again where the message stands, after the list changed. */
export function place() {
  keepingFocus(() => byId("detail").querySelector(".detail-nav")?.replaceChildren(...navigation()));
}

/** Draw, with the focus afterwards on the button that had it, or on the message where that cannot be (WCAG 2.4.3). */
function keepingFocus(draw) {
  const detail = byId("detail");
  const held = document.activeElement;
  const inside = detail.contains(held);
  draw();
  if (!inside || detail.contains(held)) return;
  const same = held.id ? byId(held.id) : null;
  (same && !same.disabled ? same : detail).focus({ preventScroll: true });
}

const warnings = (item) => item.warnings.map((warning) => h("p", { class: "warning" }, h("b", {}, "Let op. "), warning.text));

function navigation() {
  const { place: at, total, before, after } = neighbours();
  const button = (label, action, extra) => h("button", { type: "button", ...extra, on: { click: action } }, label);
  return [
    button("← Lijst", actions.close, { id: "back", class: "back", "aria-keyshortcuts": "Escape" }),
    button("Vorige", () => actions.step(-1, { focus: false }), { id: "previous", disabled: !before, "aria-keyshortcuts": "k" }),
    button("Volgende", () => actions.step(1, { focus: false }), { id: "next", disabled: !after, "aria-keyshortcuts": "j" }),
    h("span", { class: "place" }, at < 0 ? "niet in deze lijst" : `${at + 1} van ${total}`),
  ];
}

function bar(item) {
  const button = (label, action, extra = {}) => h("button", { type: "button", ...extra, on: { click: action } }, label);
  return h(
    "div",
    { class: "bar" },
    h("div", { class: "detail-nav" }, navigation()),
    h(
      "div",
      { class: "buttons" },
      button([icon("done"), "Afgehandeld"], () => actions.handle(item), { id: "handle", class: "toggle", "aria-pressed": String(item.handled), "aria-keyshortcuts": "e" }),
      button(item.correction ? "Correctie aanpassen" : "Dit klopt niet", () => actions.correct(item), { id: "correct", "aria-keyshortcuts": "x" }),
      actions.canCopy() && button("Kopie zonder gegevens", () => actions.copy(item), { id: "copy" }),
      button("Afdrukken", actions.print),
    ),
  );
}

function header(item) {
  const facts = [
    item.from && h("span", {}, "van ", stranger(item.from)),
    item.meta.to && h("span", {}, "aan ", stranger(line(item.meta.to, 200))),
    stranger(item.id, { class: "id" }),
  ];
  return h(
    "header",
    { class: "detail-head" },
    h("div", { class: "detail-title" }, badge(item.urgency), h("h2", { id: "detail-title" }, unseen("Bericht: "), stranger(item.title))),
    h("p", { class: "meta" }, facts),
  );
}

function text(item) {
  const box = h("div", { class: "text", id: "text", dir: "auto" }, marked(item));
  const meanings = legend(item);
  return h(
    "section",
    { class: "block" },
    h("h3", { class: "hidden" }, "Tekst van het bericht"),
    box,
    meanings.length > 0 &&
      h(
        "p",
        { class: "legend" },
        meanings,
        h("label", { class: "check" }, h("input", { type: "checkbox", id: "tags", checked: state.tags, on: { change: (event) => showTags(event.target.checked) } }), "woorden bij markeringen"),
      ),
    item.quoted && h("details", { class: "quoted" }, h("summary", {}, "Eerdere berichten van anderen, niet meegewogen"), h("div", { class: "text", dir: "auto" }, item.quoted)),
  );
}

/** Show or hide the words that name the marks. */
export function showTags(shown) {
  state.tags = shown;
  byId("detail").classList.toggle("no-tags", !shown);
  const box = byId("tags");
  if (box) box.checked = shown;
}

function why(item) {
  const { factors } = item.assessment.triage;
  let pinned = null;
  const list = h("ul", { class: "factors" });
  const show = (spans) => light(byId("text"), spans);
  const settle = () => show(pinned?.spans ?? []);
  for (const factor of factors) {
    if (!factor.spans.length) {
      list.append(h("li", {}, h("span", { class: "factor" }, factor.text)));
      continue;
    }
    const places = `${factor.spans.length} ${factor.spans.length === 1 ? "plek" : "plekken"}`;
    const button = h("button", { type: "button", class: "factor", "aria-pressed": "false" }, h("span", {}, factor.text), h("span", { class: "places" }, unseen("Wijs aan in de tekst: "), places));
    const toggle = () => {
      pinned = pinned?.button === button ? null : { button, spans: factor.spans };
      for (const other of list.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === pinned?.button));
      show(pinned?.spans ?? [])?.scrollIntoView({ block: "nearest" });
    };
    for (const event of ["mouseenter", "focus"]) button.addEventListener(event, () => show(factor.spans));
    for (const event of ["mouseleave", "blur"]) button.addEventListener(event, settle);
    button.addEventListener("click", toggle);
    list.append(h("li", {}, button));
  }
  const urgency = URGENCIES[RANK[item.urgency]];
  return h(
    "section",
    { class: "block", id: "why", tabindex: "-1" },
    h("h3", {}, `Waarom ${item.urgency === "none" ? "geen urgentie" : `urgentie ‘${urgency.dutch}’`}`),
    h("p", { class: "quiet" }, urgency.definition),
    factors.length > 0 && list,
  );
}

function steps(item) {
  const { steps: all } = item.assessment.triage;
  if (!all.length) return null;
  const section = h("section", { class: "block steps", id: "steps" });
  const build = () => section.replaceChildren(h("h3", {}, "Volgende stappen ", h("span", { class: "tally" }, tally(item))), received(item, build), ...groups(item));
  build();
  return section;
}

const tally = (item) => `${item.done.size} van ${item.assessment.triage.steps.length} gedaan`;

/** When the message came in, which the user can set, and the 48 hours that count from it. */
function received(item, rebuild) {
  const end = new Date(item.received.getTime() + DAY_TERM * 3_600_000);
  const passed = Math.min(1, Math.max(0, (Date.now() - item.received.getTime()) / (DAY_TERM * 3_600_000)));
  const input = h("input", { type: "datetime-local", id: "received", value: local(item.received), max: "9999-12-31T23:59" });
  input.addEventListener("change", () => {
    const given = new Date(input.value);
    if (!input.value || Number.isNaN(given.getTime())) {
      input.value = local(item.received);
      return;
    }
    const now = new Date();
    if (given > now) toast("Datum in de toekomst: we rekenen vanaf nu.");
    item.received = given > now ? now : given;
    item.known = true;
    item.notices = item.notices.filter((notice) => notice.key !== "undated" && notice.key !== "future");
    byId("warnings").replaceChildren(...warnings(item));
    actions.changed(item);
    rebuild();
    byId("received").focus();
  });
  return h(
    "div",
    { class: `clock ${standing(end)}` },
    h("p", { class: "clock-line" }, h("label", { for: "received" }, "Ontvangen"), input, !item.known && h("span", { class: "quiet" }, "niet bekend: controleer dit")),
    h("p", { class: "clock-line" }, h("b", {}, "Reactie binnen 48 uur: "), h("span", {}, `uiterlijk ${moment(end)}`), countdown(end)),
    h("progress", { max: "1", value: String(passed), "aria-label": "Verstreken deel van de 48 uur" }),
  );
}

const local = (date) => new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

function groups(item) {
  const byTerm = new Map();
  const ordered = [...item.assessment.triage.steps].sort((a, b) => (a.due_hours ?? Infinity) - (b.due_hours ?? Infinity) || 0);
  for (const step of ordered) byTerm.set(step.due_hours, [...(byTerm.get(step.due_hours) ?? []), step]);
  return [...byTerm].map(([hours, some]) => {
    const due = hours === null ? null : item.due(some[0]);
    const open = some.some((step) => !item.done.has(step.key));
    return h(
      "div",
      { class: "term" },
      h("h4", {}, hours === null ? "Zonder termijn" : `Binnen ${hours} uur`, due && h("span", { class: "until" }, ` uiterlijk ${moment(due)} `), due && (open ? countdown(due) : h("span", { class: "due" }, icon("done"), "gedaan"))),
      h("ul", { class: "plain" }, some.map((step) => check(item, step))),
    );
  });
}

function check(item, step) {
  const box = h("input", { type: "checkbox", autocomplete: "off", checked: item.done.has(step.key), data: { step: step.key } });
  box.addEventListener("change", () => {
    if (box.checked) item.done.add(step.key);
    else item.done.delete(step.key);
    actions.changed(item);
    byId("steps").querySelector(".tally").textContent = tally(item);
  });
  return h("li", {}, h("label", { class: "step" }, box, h("span", {}, step.text, " ", h("small", {}, capital(step.source)))));
}
