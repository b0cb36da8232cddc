// What the page knows. It lives here, in memory, and nowhere else.

import { LIMITS } from "./limits.js";

/**
 * One message on the desk.
 * `text` is what the service assessed; offsets in `assessment` count code points, so `points` holds the text by those.
 */
class Item {
  #points = null;

  constructor({ n, id, text, quoted, meta, received, known, notices, file, place, of }) {
    Object.assign(this, { n, id, text, quoted, meta, received, known, notices, file, place, of });
    this.assessment = null;
    this.fault = "";
    this.done = new Set();
    this.handled = false;
    this.correction = null;
    this.folded = null;
  }

  get points() {
    this.#points ??= Array.from(this.text);
    return this.#points;
  }

  slice(start, end) {
    return this.points.slice(start, end).join("");
  }

  get urgency() {
    return this.assessment.triage.urgency;
  }

  get title() {
    return line(this.meta.subject, 140) || `‘${excerpt(this.text)}’`;
  }

  get from() {
    return line(this.meta.from, 120);
  }

  /** Why a person should read it although it may have no urgency. */
  get doubts() {
    const uncertain = this.urgency === "none" ? this.assessment.triage.factors.map((factor) => factor.text) : [];
    return [...this.warnings.map((warning) => warning.text), ...uncertain];
  }

  get warnings() {
    return [...this.assessment.warnings, ...this.notices];
  }

  /** When a step must be done; null without a term. */
  due(step) {
    return step.due_hours === null ? null : new Date(this.received.getTime() + step.due_hours * 3_600_000);
  }

  /** The first term of a step that is still open; null when there is none. */
  get firstDue() {
    if (this.handled) return null;
    const open = this.assessment.triage.steps.filter((step) => step.due_hours !== null && !this.done.has(step.key));
    return open.length ? this.due(open.reduce((a, b) => (a.due_hours <= b.due_hours ? a : b))) : null;
  }

  /** Folded words for the search: subject, sender, id and text. */
  get haystack() {
    this.folded ??= fold([this.id, this.meta.subject, this.meta.from, this.text].filter(Boolean).join("\n"));
    return this.folded;
  }
}

const MAX_ID = 190;
const CLOCKS_DIFFER = 10 * 60_000; // a little ahead is no more than a clock that is not set

const NOTICES = {
  quoted: "Het bericht bevat eerdere berichten van anderen. Die zijn niet meegewogen.",
  truncated: "Het bericht is erg lang. Alleen het begin is gelezen: bekijk de rest zelf.",
  attachments: "Er zitten bijlagen bij. Die zijn niet gelezen: bekijk ze zelf.",
  undated: "Wanneer dit bericht binnenkwam is niet bekend. De termijnen tellen vanaf het moment van toevoegen. Pas het tijdstip aan als het eerder was.",
  future: "Datum in de toekomst: we rekenen vanaf nu. Pas het tijdstip aan als het bericht eerder binnenkwam.",
};

export const state = {
  items: [],
  problems: [], // of reading files
  missed: [], // items without an assessment
  selected: null,
  tags: true,
  annotator: "",
  model: null,
};

const taken = new Set();

/**
 * A message out of a file or out of the paste field.
 * @param {{id: string, text: string, quoted?: string, meta?: object, file: string, place: number, of: number}} found as
 *   `POST /desk/messages` gives it, with the file it came from and its number there
 */
export function makeItem(found, now = new Date()) {
  const { file, place, of } = found;
  const meta = found.meta ?? {};
  const stated = momentOf(meta.date ?? meta.datum ?? meta.received ?? meta.ontvangen);
  const notices = [];
  const notice = (key) => notices.push({ key, text: NOTICES[key] });
  let text = found.text.toWellFormed?.() ?? found.text; // half surrogate pairs cannot be sent
  if (text.length > LIMITS.characters) {
    const points = Array.from(text);
    if (points.length > LIMITS.characters) text = points.slice(0, LIMITS.characters).join("");
  }
  if (text.length < found.text.length || meta.truncated) notice("truncated");
  if (found.quoted) notice("quoted");
  if (meta.attachments?.length) notice("attachments");
  if (!stated && found.from !== "paste") notice("undated");
  const future = stated - now > CLOCKS_DIFFER;
  if (future) notice("future");
  const received = stated && stated <= now ? stated : now; // a later date is the sender's word, and would put every term off
  const id = Array.from(String(found.id)).slice(0, MAX_ID).join("");
  return new Item({ n: 0, id, text, quoted: found.quoted ?? "", meta, received, known: Boolean(stated) && !future, notices, file, place, of });
}

/** Add an item with its assessment; from then on it is on the list. */
export function addItem(item, assessment) {
  item.id = unique(item.id);
  item.assessment = { ...assessment, id: item.id };
  item.n = state.items.length + 1;
  state.items.push(item);
  state.model = assessment.model;
}

/** The words of a search or a text, without capitals and accents. */
export function fold(text) {
  return text.normalize("NFD").replace(/\p{M}+/gu, "").toLocaleLowerCase("nl");
}

/** A value of any kind on one line. */
export function line(value, limit) {
  if (value === null || value === undefined) return "";
  const words = String(value).slice(0, limit * 8).replace(/[\s\p{Cc}]+/gu, " ").trim();
  const points = Array.from(words);
  return points.length > limit ? `${points.slice(0, limit - 1).join("").trimEnd()}…` : words;
}

function excerpt(text) {
  return line(text, 70);
}

function unique(wanted) {
  let id = wanted;
  for (let copy = 2; taken.has(id); copy++) id = `${wanted}~${copy}`;
  taken.add(id);
  return id;
}

function momentOf(value) {
  // Only ISO 8601: other forms mean one thing here and another there, and a wrong term is worse than none.
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(value)) return null;
  const date = new Date(value.replace(" ", "T"));
  return Number.isNaN(date.getTime()) ? null : date;
}
