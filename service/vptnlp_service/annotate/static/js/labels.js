// The questions: one set of choices an axis, with a letter for the axis and a digit for each answer.

import { byId, h } from "../../../desk/static/js/dom.js";
import { AXES, SINGLE, axisName, capital, valuesOf } from "../../../desk/static/js/words.js";
import { change, doc } from "./sheet.js";

/** Letter of each axis. */
export const LETTERS = { threat: "d", nature: "a", aims: "o", forms: "v", targets: "w", doxing: "x", organised_crime: "g" };

const ALL = [...AXES, "organised_crime"];
const form = byId("labels");
let active = "threat";

/** Draw the questions once; `drawLabels` fills them in. */
export function setUpLabels() {
  form.replaceChildren(...ALL.map(group));
  form.addEventListener("change", (event) => take(event.target.name));
  form.addEventListener("focusin", (event) => activate(event.target.closest("fieldset").dataset.axis));
  form.addEventListener("submit", (event) => event.preventDefault());
  activate(active);
}

/** Fill in what the sheet holds, and in deciding who chose what. */
export function drawLabels() {
  for (const input of form.querySelectorAll("input")) input.checked = holds(doc.sheet, input.name, input.value);
  if (!doc.case) return;
  for (const fieldset of form.querySelectorAll("fieldset")) fieldset.classList.toggle("differs", fieldset.dataset.axis in doc.case.axes);
  for (const input of form.querySelectorAll("input")) {
    const who = doc.case.answers.filter((answer) => holds(answer, input.name, input.value)).map((answer) => answer.annotator);
    input.parentElement.querySelector(".by").textContent = who.join(", ");
  }
}

/** Make an axis the one that digits are for, and go there. */
export function goTo(axis) {
  activate(axis);
  const fieldset = form.querySelector(`[data-axis="${axis}"]`);
  (fieldset.querySelector("input:checked") ?? fieldset.querySelector("input")).focus();
}

/** Choose the answer with this number at the active axis, or take it back. Returns false where there is none. */
export function pick(number) {
  const input = form.querySelectorAll(`[data-axis="${active}"] input`)[number - 1];
  if (!input) return false;
  input.focus();
  if (!(input.type === "radio" && input.checked)) input.click();
  return true;
}

/** Go to organised crime, and turn it. */
export function turnCrime() {
  activate("organised_crime");
  pick(1);
}

function activate(axis) {
  active = axis;
  for (const fieldset of form.querySelectorAll("fieldset")) fieldset.classList.toggle("active", fieldset.dataset.axis === axis);
}

function holds(state, axis, value) {
  const held = state[axis];
  return Array.isArray(held) ? held.includes(value) : String(held) === value;
}

function take(axis) {
  const held = [...form.querySelectorAll(`input[name="${axis}"]:checked`)].map((input) => input.value);
  change((sheet) => {
    if (axis === "organised_crime") sheet[axis] = held.length > 0;
    else sheet[axis] = SINGLE.has(axis) ? held[0] : held;
  });
}

function group(axis) {
  const type = SINGLE.has(axis) ? "radio" : "checkbox";
  const values = valuesOf(axis);
  const choices = values.map(({ key, dutch, definition }, place) =>
    h("label", { class: "choice", title: definition }, h("input", { type, name: axis, value: key }), h("span", {}, dutch), h("kbd", { "aria-hidden": "true" }, String(place + 1)), h("span", { class: "by" })),
  );
  const meaning = h("details", { class: "meaning" }, h("summary", {}, "Wat betekent dit?"), h("dl", {}, values.map((value) => h("div", {}, h("dt", {}, value.dutch), h("dd", {}, value.definition)))));
  const legend = h("legend", {}, capital(axisName(axis)), " ", h("kbd", { "aria-hidden": "true" }, LETTERS[axis]));
  return h("fieldset", { data: { axis } }, legend, h("div", { class: "choices" }, choices), meaning);
}
