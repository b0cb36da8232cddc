// "Dit klopt niet": what a person reads in a message, kept as a judgement for annotation.

import { byId, h, stranger, toast } from "./dom.js";
import { marked } from "./marks.js";
import { state } from "./state.js";
import { AXES, SINGLE, axisName, capital, name, valuesOf } from "./words.js";

const GATED = ["nature", "targets"]; // empty in a message that is not hostile, as are aims and organised crime

/** Ask for a correction of an item; `saved(item)` is called when there is one. */
export function correct(item, saved) {
  const form = byId("correction-form");
  const from = item.correction ?? proposal(item);
  const spans = { details: from.details.map((span) => ({ ...span })), cues: from.cues.map((span) => ({ ...span })) };
  const error = h("p", { class: "error", role: "alert", hidden: true });
  const spanBox = h("fieldset", { class: "spans" });
  const redraw = () => spanBox.replaceChildren(h("legend", {}, "Gegevens in de tekst"), ...spanRows(item, spans, redraw));
  redraw();
  form.replaceChildren(
    h("header", {}, h("h2", { id: "correction-title" }, "Dit klopt niet"), h("button", { type: "button", class: "close", on: { click: () => byId("correction-dialog").close() } }, "Sluiten")),
    h("p", { class: "quiet" }, "Kies bij elke vraag wat jij in het bericht leest. Let alleen op de tekst, niet op wat je verder weet. De keuzes van het model staan al ingevuld."),
    h(
      "div",
      { class: "correction-columns" },
      h("div", { class: "text", id: "correction-text", tabindex: "0", role: "region", "aria-label": "Tekst van het bericht", dir: "auto" }, marked(item)),
      h("div", { class: "axes" }, AXES.map((axis) => group(axis, from)), crime(from), spanBox, who()),
    ),
    error,
    h("div", { class: "buttons" }, h("button", { type: "submit", class: "primary" }, "Bewaar correctie"), item.correction && h("button", { type: "button", on: { click: () => withdraw(item, saved) } }, "Trek correctie in")),
  );
  form.onsubmit = (event) => {
    event.preventDefault();
    const judgement = { id: item.id, text: item.text, annotator: byId("annotator").value.trim(), ...read(form), ...spans };
    const wrong = fault(judgement);
    error.hidden = !wrong;
    error.textContent = wrong;
    if (wrong) return;
    state.annotator = judgement.annotator;
    item.correction = judgement;
    byId("correction-dialog").close();
    toast("Correctie bewaard in deze pagina. Download de correctie voor je weggaat.");
    saved(item);
  };
  byId("correction-dialog").showModal();
}

function withdraw(item, saved) {
  item.correction = null;
  byId("correction-dialog").close();
  toast("Correctie ingetrokken.");
  saved(item);
}

/** The model's own answer, in the form of a judgement. */
function proposal(item) {
  const { assessment } = item;
  const labels = AXES.map((axis) => [axis, SINGLE.has(axis) ? assessment[axis].label : assessment[axis].labels]);
  const cues = assessment.cues.map(({ start, end, kind }) => ({ start, end, kind }));
  const details = assessment.details.map(({ start, end, kind, subject }) => ({ start, end, kind, subject }));
  return { ...Object.fromEntries(labels), organised_crime: assessment.organised_crime.label, details, cues };
}

function group(axis, from) {
  const type = SINGLE.has(axis) ? "radio" : "checkbox";
  const held = new Set([from[axis]].flat());
  const choices = valuesOf(axis).map(({ key, dutch }) =>
    h("label", { class: "choice" }, h("input", { type, name: axis, value: key, checked: held.has(key) }), h("span", {}, dutch)),
  );
  return h("fieldset", { data: { axis } }, h("legend", {}, capital(axisName(axis))), h("div", { class: "choices" }, choices), meanings(axis));
}

function meanings(axis) {
  return h("details", { class: "meaning" }, h("summary", {}, "Wat betekent dit?"), h("dl", {}, valuesOf(axis).map((value) => h("div", {}, h("dt", {}, value.dutch), h("dd", {}, value.definition)))));
}

function crime(from) {
  return h("fieldset", {}, h("legend", {}, capital(axisName("organised_crime"))), h("label", { class: "choice" }, h("input", { type: "checkbox", name: "organised_crime", checked: from.organised_crime }), h("span", {}, "ja")), meanings("organised_crime"));
}

function who() {
  return h("div", { class: "who" }, h("label", { for: "annotator" }, "Je naam of code"), h("input", { id: "annotator", value: state.annotator, autocomplete: "off", maxlength: "60", required: true }), h("p", { class: "quiet" }, "Zodat meerdere mensen hetzelfde bericht kunnen beoordelen. Een code mag ook."));
}

function spanRows(item, spans, redraw) {
  const rows = spans.details.map((span) => {
    const subject = choice("subjects", span.subject, (key) => (span.subject = key), `Van wie is ${name("details", span.kind)}`);
    const remove = h("button", { type: "button", class: "link", on: { click: () => drop(spans, span, redraw) } }, "Weg", h("span", { class: "hidden" }, ` met ${name("details", span.kind)} ${item.slice(span.start, span.end)}`));
    return h("li", {}, h("span", {}, `${name("details", span.kind)}: `, stranger(item.slice(span.start, span.end))), subject, remove);
  });
  const kind = choice("details", "ADDRESS", () => {}, "Soort gegeven");
  const subject = choice("subjects", "target", () => {}, "Van wie");
  const words = h("input", { "aria-label": "Woorden uit de tekst", placeholder: "woorden uit de tekst", autocomplete: "off" });
  const add = () => {
    const start = find(item, words.value);
    if (start < 0) {
      toast("Die woorden staan niet zo in de tekst. Neem ze letterlijk over.");
      return;
    }
    const end = start + Array.from(words.value).length;
    if (spans.details.some((span) => span.kind === kind.value && span.start < end && start < span.end)) {
      toast("Dit gegeven staat er al.");
      return;
    }
    spans.details.push({ start, end, kind: kind.value, subject: subject.value });
    spans.details.sort((a, b) => a.start - b.start);
    redraw();
    byId("correction-form").querySelector(".span-new input").focus();
  };
  return [
    h("ul", { class: "plain" }, rows),
    h("div", { class: "span-new" }, words, kind, subject, h("button", { type: "button", on: { click: add } }, "Voeg toe")),
  ];
}

function drop(spans, span, redraw) {
  spans.details.splice(spans.details.indexOf(span), 1);
  redraw();
  byId("correction-form").querySelector(".span-new input").focus();
}

function choice(axis, held, changed, label) {
  const options = valuesOf(axis).map(({ key, dutch }) => h("option", { value: key, selected: key === held }, dutch));
  return h("select", { "aria-label": label, on: { change: (event) => changed(event.target.value) } }, options);
}

/** Where words stand in the text, in code points; -1 where they do not. */
function find(item, words) {
  const at = words.trim() ? item.text.indexOf(words) : -1;
  return at < 0 ? -1 : Array.from(item.text.slice(0, at)).length;
}

function read(form) {
  const chosen = new FormData(form);
  const labels = AXES.map((axis) => [axis, SINGLE.has(axis) ? chosen.get(axis) : chosen.getAll(axis)]);
  return { ...Object.fromEntries(labels), organised_crime: chosen.has("organised_crime") };
}

/** What the taxonomy does not allow; empty when all is well. */
function fault(judgement) {
  const hostile = judgement.threat !== "none" || judgement.doxing !== "none" || judgement.forms.length > 0 || judgement.aims.some((aim) => aim !== "vent_anger");
  if (!judgement.annotator) return "Vul je naam of code in.";
  if (hostile && !judgement.nature.length) return "Een vijandig bericht heeft altijd een aard: kies instrumenteel, emotioneel of allebei.";
  if (!hostile && (judgement.aims.length || judgement.organised_crime || GATED.some((axis) => judgement[axis].length))) {
    return "Zonder dreiging, doxing, vorm of doel is een bericht niet vijandig. Laat dan ook aard, doelen, doelwit en georganiseerde criminaliteit leeg.";
  }
  return "";
}
