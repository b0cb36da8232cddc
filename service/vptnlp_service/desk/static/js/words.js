// Dutch words: labels as the taxonomy names them, chances, moments and terms.

const DATA = JSON.parse(document.getElementById("words").textContent);

export const URGENCIES = DATA.urgencies; // weakest first
export const RANK = Object.fromEntries(URGENCIES.map((urgency, rank) => [urgency.key, rank]));
export const AXES = ["threat", "nature", "aims", "forms", "targets", "doxing"];
export const SINGLE = new Set(["threat", "doxing"]);

const LIKELIHOODS = [[0.95, "vrijwel zeker"], [0.8, "zeer waarschijnlijk"], [0.6, "waarschijnlijk"], [0.4, "misschien"]];

const names = new Map();
for (const [axis, { values }] of Object.entries(DATA.axes)) for (const value of values) names.set(`${axis}/${value.key}`, value);

/** Dutch name of an axis. */
export const axisName = (axis) => DATA.axes[axis].dutch;

/** The values of an axis: records of key, dutch and definition. */
export const valuesOf = (axis) => DATA.axes[axis].values;

/** Dutch name of a label; its key where this page does not know it. */
export const name = (axis, key) => names.get(`${axis}/${key}`)?.dutch ?? key;

/** What a label means. */
export const definition = (axis, key) => names.get(`${axis}/${key}`)?.definition ?? "";

/** Dutch name of an urgency. */
export const urgencyName = (key) => URGENCIES[RANK[key]]?.dutch ?? key;

/** A chance in words with fixed bounds, so that two readers read the same. */
export function likelihood(score) {
  return LIKELIHOODS.find(([bound]) => score >= bound)?.[1] ?? "minder waarschijnlijk";
}

/** A chance in figures; never 0% or 100%, for a model is not sure. */
export function percent(score) {
  if (score >= 0.995) return "ruim 99%";
  return score < 0.005 ? "minder dan 1%" : `${Math.round(score * 100)}%`;
}

/** First letter as a capital. */
export const capital = (text) => text.charAt(0).toLocaleUpperCase("nl") + text.slice(1);

/** "1 bericht", "2 berichten". */
export const count = (number, one, many) => `${number.toLocaleString("nl")} ${number === 1 ? one : many}`;

const MOMENT = new Intl.DateTimeFormat("nl-NL", { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const MOMENT_YEAR = new Intl.DateTimeFormat("nl-NL", { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
const CLOCK = new Intl.DateTimeFormat("nl-NL", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("nl-NL", { day: "numeric", month: "short" });

/** A moment in full: "ma 23 nov 14:05", with the year where it is not this one. */
export function moment(date, now = new Date()) {
  return (date.getFullYear() === now.getFullYear() ? MOMENT : MOMENT_YEAR).format(date).replaceAll(",", "");
}

/** A moment as short as it can be: the time today, else the day. */
export function brief(date, now = new Date()) {
  if (date.toDateString() === now.toDateString()) return CLOCK.format(date);
  const year = date.getFullYear() === now.getFullYear() ? "" : ` ${date.getFullYear()}`;
  return DAY.format(date) + year;
}

/** A length of time in its two largest units: "2 dagen 4 u", "3 u 20 min". */
export function span(milliseconds) {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  const rest = minutes % 60;
  if (days >= 14) return `${days} dagen`;
  if (days > 0) return count(days, "dag", "dagen") + (hours ? ` ${hours} u` : "");
  if (hours > 0) return `${hours} u` + (rest ? ` ${rest} min` : "");
  return `${rest} min`;
}
