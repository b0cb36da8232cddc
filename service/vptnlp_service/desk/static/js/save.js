// Files that the user asks for: the list as CSV or JSON, and corrections as JSONL.

import { byId, download, h, stranger, toast } from "./dom.js";
import { state } from "./state.js";
import { AXES, RANK, SINGLE, axisName, capital, count, name, urgencyName } from "./words.js";

const FORMULA = /^[=+\-@\t\r]/; // a spreadsheet would run such a cell (OWASP, CSV injection)

const ranked = () => [...state.items].sort((a, b) => RANK[b.urgency] - RANK[a.urgency] || b.assessment.triage.score - a.assessment.triage.score || a.n - b.n);
const stamp = () => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 16).replace(/[:T]/g, "-");

/** Set the dialogs up; `printing(what)` prints the list or the open message. */
export function setUpSave(printing) {
  byId("open-save").addEventListener("click", () => {
    const missed = state.missed.length ? ` ${count(state.missed.length, "bericht is", "berichten zijn")} niet beoordeeld en ${state.missed.length === 1 ? "staat" : "staan"} er niet in.` : "";
    byId("save-what").textContent = `${count(state.items.length, "bericht", "berichten")} met urgentie, labels, redenen, stappen en vinkjes. Filters tellen niet mee.${missed}`;
    byId("print-detail").disabled = !state.selected;
    byId("save-dialog").showModal();
  });
  byId("save-csv").addEventListener("click", () => {
    download(`triage-${stamp()}.csv`, "text/csv;charset=utf-8", csv(byId("save-text").checked));
  });
  byId("save-json").addEventListener("click", () => {
    download(`triage-${stamp()}.json`, "application/json", json(byId("save-text").checked));
  });
  byId("print-list").addEventListener("click", () => printing("list"));
  byId("print-detail").addEventListener("click", () => printing("detail"));
  byId("open-corrections").addEventListener("click", showCorrections);
  byId("corrections-save").addEventListener("click", () => {
    download(`correcties-${stamp()}.jsonl`, "application/x-ndjson", corrections());
    toast("Correcties gedownload.");
  });
}

/** Everything as a table. Semicolons and a byte order mark, because Dutch Excel expects them. */
export function csv(withText) {
  const columns = {
    id: (item) => item.id,
    urgentie: (item) => urgencyName(item.urgency),
    "kans urgentie": (item) => String(item.assessment.triage.score).replace(".", ","),
    ontvangen: (item) => item.received.toISOString(),
    ...Object.fromEntries(AXES.map((axis) => [axisName(axis), (item) => held(item, axis).map((key) => name(axis, key)).join(", ")])),
    [axisName("organised_crime")]: (item) => (item.assessment.organised_crime.label ? "ja" : "nee"),
    gegevens: (item) => [...new Set(item.assessment.details.map((span) => `${name("details", span.kind)} (${name("subjects", span.subject)})`))].sort().join(", "),
    redenen: (item) => item.assessment.triage.factors.map((factor) => factor.text).join(" "),
    "eerste termijn": (item) => item.firstDue?.toISOString() ?? "",
    "stappen gedaan": (item) => `${item.done.size} van ${item.assessment.triage.steps.length}`,
    afgehandeld: (item) => (item.handled ? "ja" : "nee"),
    correctie: (item) => (item.correction ? "ja" : "nee"),
    waarschuwingen: (item) => item.warnings.map((warning) => warning.text).join(" "),
    model: (item) => `${item.assessment.model.name} ${item.assessment.model.version} ${item.assessment.model.sha256}`,
  };
  if (withText) Object.assign(columns, { van: (item) => item.from, onderwerp: (item) => String(item.meta.subject ?? ""), tekst: (item) => item.text });
  const rows = [Object.keys(columns), ...ranked().map((item) => Object.values(columns).map((cell) => cell(item)))];
  return `\ufeff${rows.map((row) => row.map(quoted).join(";")).join("\r\n")}\r\n`;
}

const quoted = (cell) => `"${(FORMULA.test(cell) ? `'${cell}` : cell).replaceAll('"', '""')}"`;
const held = (item, axis) => (SINGLE.has(axis) ? [item.assessment[axis].label] : item.assessment[axis].labels);

/** Everything as the service gave it, with what the user did. Without text also the words of spans and the meta are left out. */
export function json(withText) {
  const messages = ranked().map((item) => {
    const { meta: _, ...assessment } = item.assessment;
    const bare = ({ text: __, ...span }) => span;
    const record = withText ? { ...assessment, text: item.text, meta: item.meta } : { ...assessment, details: assessment.details.map(bare), cues: assessment.cues.map(bare) };
    return { ...record, warnings: item.warnings, received: item.received.toISOString(), steps_done: [...item.done], handled: item.handled };
  });
  return JSON.stringify({ made: new Date().toISOString(), messages }, null, 1);
}

/** Corrections, one judgement a line. */
export function corrections() {
  return state.items.filter((item) => item.correction).map((item) => `${JSON.stringify(item.correction)}\n`).join("");
}

function showCorrections() {
  const some = state.items.filter((item) => item.correction);
  byId("corrections-list").replaceChildren(...some.map((item) => h("li", {}, stranger(item.title), h("span", { class: "quiet" }, ` ${changes(item)}`))));
  if (!some.length) byId("corrections-list").append(h("li", { class: "quiet" }, "Er zijn nog geen correcties. Open een bericht en kies ‘Dit klopt niet’."));
  byId("corrections-save").disabled = !some.length;
  byId("corrections-dialog").showModal();
}

function changes(item) {
  const said = (value) => [value].flat().sort().join();
  const changed = AXES.filter((axis) => said(item.correction[axis]) !== said(held(item, axis))).map(axisName);
  if (item.correction.organised_crime !== item.assessment.organised_crime.label) changed.push(axisName("organised_crime"));
  return changed.length ? `${capital(changed.join(", "))} aangepast` : "Labels bevestigd";
}
