// What the model reads in a message, with chances in words and exact figures on demand; and the statute cards.

import { h, stranger } from "./dom.js";
import { line } from "./state.js";
import { AXES, SINGLE, axisName, capital, definition, likelihood, name, percent, valuesOf } from "./words.js";

const LOW = 0.4;
const RIVAL = 0.15; // from this chance on, the reader is told of another label
const EXPOSED = new Set(["target", "relative"]);

/** The labels that hold, the exact figures, and the details of target and relatives. */
export function factsOf(item) {
  return h("section", { class: "block facts" }, h("h3", {}, "Wat het model erin leest"), readings(item), figures(item), details(item), model(item));
}

function readings(item) {
  const { assessment } = item;
  const rows = [];
  const meanings = [];
  for (const axis of AXES) {
    const held = SINGLE.has(axis) ? [assessment[axis].label] : assessment[axis].labels;
    if (held.length) rows.push(reading(axisName(axis), held.map((key) => claim(axis, key, assessment[axis].scores))));
    meanings.push(...held.map((key) => meaning(`${capital(axisName(axis))}, ${name(axis, key)}`, definition(axis, key))));
  }
  const { label, score } = assessment.organised_crime;
  if (label) {
    rows.push(reading(axisName("organised_crime"), [chance(h("span", {}, "ja"), score)]));
    meanings.push(meaning(capital(axisName("organised_crime")), valuesOf("organised_crime")[0].definition));
  }
  const low = AXES.some((axis) => !SINGLE.has(axis) && assessment[axis].labels.some((key) => assessment[axis].scores[key] < LOW));
  const threat = assessment.threat.scores[assessment.threat.label] < LOW;
  return [
    h("dl", { class: "readings" }, rows),
    h("details", { class: "meaning" }, h("summary", {}, "Wat betekenen deze labels?"), h("dl", {}, meanings)),
    (low || threat) && h("p", { class: "quiet hint" }, "Ook bij een lage kans kan het model een label kiezen: missen is erger dan te vaak waarschuwen."),
  ];
}

const reading = (axis, claims) => h("div", {}, h("dt", {}, capital(axis)), claims);

const meaning = (label, words) => h("div", {}, h("dt", {}, label), h("dd", {}, words));

function claim(axis, key, scores) {
  const others = SINGLE.has(axis) ? Object.entries(scores).filter(([other, score]) => other !== key && score >= RIVAL) : [];
  const rival = others.sort((a, b) => b[1] - a[1])[0];
  const words = h("span", {}, name(axis, key), rival && h("small", {}, ` of toch ${name(axis, rival[0])}`));
  return chance(words, scores[key]);
}

const chance = (words, score) => h("dd", {}, words, h("span", { class: "chance" }, likelihood(score)));

function figures(item) {
  const { assessment } = item;
  const tables = AXES.map((axis) => {
    const held = new Set(SINGLE.has(axis) ? [assessment[axis].label] : assessment[axis].labels);
    const rows = valuesOf(axis).map(({ key, dutch }) => figure(dutch, assessment[axis].scores[key], held.has(key)));
    return table(capital(axisName(axis)), rows);
  });
  const { label, score } = assessment.organised_crime;
  tables.push(table(capital(axisName("organised_crime")), [figure("ja", score, label)]));
  return h("details", { class: "figures" }, h("summary", {}, "Precieze cijfers"), h("p", { class: "quiet" }, "Een kans van 80% wil zeggen: van tien zulke berichten klopt het label bij ongeveer acht. Vet staat wat het model kiest; de grens verschilt per label."), h("div", { class: "tables" }, tables));
}

const table = (caption, rows) => h("table", {}, h("caption", {}, caption), h("tbody", {}, rows));

function figure(label, score, held) {
  return h("tr", { class: held ? "held" : null }, h("th", { scope: "row" }, label, held && h("span", { class: "hidden" }, " (gekozen)")), h("td", {}, percent(score)), h("td", { class: "gauge", "aria-hidden": "true" }, h("meter", { min: "0", max: "1", value: String(score), tabindex: "-1" })));
}

function details(item) {
  const found = new Map();
  for (const span of item.assessment.details) {
    if (!EXPOSED.has(span.subject)) continue;
    const words = line(item.slice(span.start, span.end), 120);
    const key = `${span.kind}/${span.subject}/${words}`;
    if (!found.has(key)) found.set(key, { span, words });
  }
  if (!found.size) return null;
  const rows = [...found.values()].map(({ span, words }) =>
    h("tr", {}, h("th", { scope: "row" }, `${capital(name("details", span.kind))} · ${name("subjects", span.subject)}`), h("td", {}, stranger(words)), h("td", { class: "chance" }, likelihood(span.score))),
  );
  return h("div", { class: "exposures" }, h("h4", {}, "Gegevens van doelwit en naasten"), h("table", {}, h("tbody", {}, rows)));
}

function model(item) {
  const { model: said, taxonomy, language } = item.assessment;
  const spoken = language.code === "nl" ? "" : ` · taalcode ${language.code} (${percent(language.score)})`;
  return h("p", { class: "quiet model" }, `${said.name} ${said.version} (${said.sha256.slice(0, 12)}) · labels ${taxonomy}${spoken}`);
}

/** Cards of articles: which elements the text shows, and which not. Never a verdict. */
export function statutesOf(item) {
  const { statutes } = item.assessment.triage;
  if (!statutes.length) return null;
  const list = (title, elements, kind) => elements.length > 0 && h("div", { class: kind }, h("h5", {}, title), h("ul", {}, elements.map((element) => h("li", {}, element))));
  const cards = statutes.map(({ article, present, missing }) => {
    const title = h("h4", {}, /^\d/.test(article) ? `Artikel ${article}` : article);
    const seen = h("span", { class: "quiet" }, `${present.length} van ${present.length + missing.length} onderdelen staan in de tekst`);
    const elements = h("div", { class: "elements" }, list("Staat in de tekst", present, "present"), list("Blijkt niet uit de tekst", missing, "missing"));
    return h("details", { class: "card" }, h("summary", {}, title, seen), elements);
  });
  return h(
    "section",
    { class: "block statutes" },
    h("h3", {}, "Wetsartikelen om te bekijken"),
    h("p", { class: "quiet" }, "Geen oordeel. Een kaart laat zien welke onderdelen je in de tekst kunt lezen. Of iets strafbaar is, beslissen politie, OM en rechter."),
    h("div", { class: "cards" }, cards),
  );
}
