// A text with marks: spans, which may overlap, turned into pieces that stand one after the other.
// The same cut as vptnlp.reports.marks makes. Offsets are code points.

import { h, unseen } from "./dom.js";
import { name } from "./words.js";

const FOLD_FROM = 3000;
const KEPT = 400;
const WORTH_FOLDING = 600;
const WEAK = 0.5; // below this chance a cue is marked lightly and without its name

/** All spans of an assessment, with what kind of mark each gets. */
function spansOf(item) {
  const { details, cues } = item.assessment;
  const size = item.points.length;
  const all = [
    ...details.map((span) => ({ ...span, look: lookOf(span.subject), tag: `${name("details", span.kind)} · ${name("subjects", span.subject)}` })),
    ...cues.map((span) => ({ ...span, look: span.score < WEAK ? "cue weak" : "cue", tag: name("cues", span.kind) })),
  ];
  return all
    .map((span) => ({ ...span, start: Math.max(0, span.start), end: Math.min(size, span.end) }))
    .filter((span) => span.start < span.end)
    .sort((a, b) => a.start - b.start || b.end - a.end);
}

function lookOf(subject) {
  return subject === "target" ? "exposed" : subject === "relative" ? "exposed kin" : "other";
}

/** The text of an item cut at every begin and end of a span: pieces of start, end, the spans over it and those that end there. */
export function cut(size, spans) {
  const bounds = [...new Set([0, size, ...spans.flatMap((span) => [span.start, span.end])])].sort((a, b) => a - b);
  const pieces = [];
  for (let i = 0; i + 1 < bounds.length; i++) {
    const [start, end] = [bounds[i], bounds[i + 1]];
    const over = spans.filter((span) => span.start <= start && span.end >= end);
    pieces.push({ start, end, over, ending: over.filter((span) => span.end === end).reverse() });
  }
  return pieces;
}

/** The text with its marks, as nodes. */
export function marked(item) {
  const spans = spansOf(item);
  const pieces = cut(item.points.length, spans);
  return pieces.flatMap((piece, place) => {
    if (place === 0 && !piece.over.length) piece.start = afterSubject(item, piece.end);
    if (piece.over.length) return mark(item, piece);
    return item.points.length > FOLD_FROM ? folded(item, piece, place === pieces.length - 1) : [item.slice(piece.start, piece.end)];
  });
}

/** Where the text goes on after a subject line that stands above it as the title; 0 where there is a mark in that line. */
function afterSubject(item, end) {
  const subject = `Onderwerp: ${item.meta.subject}`;
  if (!item.meta.subject || !item.text.startsWith(subject)) return 0;
  let start = Array.from(subject).length;
  while (start < end && item.points[start] === "\n") start++;
  return start <= end && start < item.points.length ? start : 0;
}

function mark(item, piece) {
  const looks = new Set(piece.over.flatMap((span) => span.look.split(" ")));
  if (piece.over.some((span) => span.look === "cue")) looks.delete("weak");
  const element = h("mark", { class: [...looks].join(" "), data: { start: piece.start, end: piece.end } }, item.slice(piece.start, piece.end));
  const tags = piece.ending.map((span) => h("span", { class: `tag of-${span.look.replaceAll(" ", " of-")}` }, unseen(" ("), span.tag, unseen(") ")));
  return [element, ...tags];
}

function folded(item, piece, last) {
  const from = breakAfter(item, piece.start + KEPT);
  const until = last ? piece.end : breakAfter(item, piece.end - KEPT);
  if (until - from < WORTH_FOLDING) return [item.slice(piece.start, piece.end)];
  const hiddenText = item.slice(from, until);
  const summary = h("summary", {}, `${(until - from).toLocaleString("nl")} tekens zonder markering`);
  return [item.slice(piece.start, from), h("details", { class: "fold" }, summary, hiddenText), item.slice(until, piece.end)];
}

/** The first place from `place` on where a line or word ends; `place` itself where none is near. */
function breakAfter(item, place) {
  const near = item.points.slice(place, place + 200);
  const at = near.indexOf("\n") >= 0 ? near.indexOf("\n") : near.indexOf(" ");
  return at < 0 ? place : place + at + 1;
}

/** What each look means, for those that this item has. */
export function legend(item) {
  const looks = new Set(spansOf(item).map((span) => span.look));
  const known = [
    ["cue", "woorden", "waarop het model let"],
    ["cue weak", "woorden", "zwakke aanwijzing"],
    ["exposed", "gegeven", "van het doelwit"],
    ["exposed kin", "gegeven", "van een naaste"],
    ["other", "gegeven", "van een ander"],
  ];
  return known.filter(([look]) => looks.has(look)).map(([look, word, meaning]) => h("span", {}, h("mark", { class: look }, word), ` ${meaning}`));
}

/** Light up the marks that these spans touch; none to put them out. Returns the first. */
export function light(root, spans) {
  let first = null;
  for (const element of root.querySelectorAll("mark[data-start]")) {
    const start = Number(element.dataset.start);
    const end = Number(element.dataset.end);
    const lit = spans.some(([from, to]) => from < end && start < to);
    element.classList.toggle("lit", lit);
    if (lit) first ??= element;
  }
  root.classList.toggle("lighting", first !== null);
  return first;
}
