// The message, and choosing words in it: with the mouse exactly, with the keyboard word by word.
// All offsets are code points. What can be read in the region is the text of the message and nothing else.

import { announce, byId, h } from "../../../desk/static/js/dom.js";
import { cut, look, marksOf, title } from "./spans.js";

// A word may hold dots, signs and hyphens inside, so that an e-mail address or a plate is one; other signs stand alone.
const WORD = /[\p{L}\p{N}\p{M}]+(?:[-'’.@_/+:][\p{L}\p{N}\p{M}]+)*|[^\s]/gu;
const SENTENCE_END = /[.!?…\n]/u;

const root = byId("text");
let doc = null;
let words = [];
let anchor = 0; // place in `words` where choosing began
let cursor = -1; // the word that the keyboard is at; -1 before it was there
let chosen = null; // {start, end}
let dragged = null; // what the browser's own selection covers
let hooks = {};

/** Take part: `mark()` wants to mark the chosen words, `remove(marks)` wants to remove marks. */
export function setUpText(given) {
  hooks = given;
  root.addEventListener("keydown", onKey);
  root.addEventListener("focus", () => cursor < 0 && words.length && root.matches(":focus-visible") && moveTo(0, false));
  document.addEventListener("selectionchange", () => (dragged = selected()));
  document.addEventListener("mouseup", onMouse);
}

/** The chosen stretch without white space at its ends; null when nothing is chosen. */
export function chosenWords() {
  const range = dragged ?? chosen;
  if (!range) return null;
  let { start, end } = range;
  while (start < end && /\s/u.test(doc.points[start])) start++;
  while (end > start && /\s/u.test(doc.points[end - 1])) end--;
  return start < end ? { start, end } : null;
}

/** Choose a stretch. */
export function choose(range) {
  chosen = range;
  const at = range ? words.findIndex((word) => word.end > range.start) : -1;
  if (at >= 0) {
    anchor = at;
    cursor = Math.max(at, words.findLastIndex((word) => word.start < range.end));
  }
  drawText();
}

/** Show another message. */
export function openText(opened) {
  doc = opened;
  words = wordsOf(doc.text);
  [anchor, cursor, chosen, dragged] = [0, -1, null, null];
  root.scrollTop = 0;
  drawText();
}

/** Draw the text with its marks. */
export function drawText() {
  const marks = marksOf(doc.sheet).map((span) => ({ ...span, look: look(span), tag: title(span) }));
  if (chosen) marks.push({ ...chosen, look: "chosen" });
  if (cursor >= 0) marks.push({ ...words[cursor], look: "here" });
  root.replaceChildren(...cut(doc.points.length, marks).map((piece) => draw(piece)));
  byId("mark").disabled = !chosenWords();
}

/** The words between two offsets. */
export function slice({ start, end }) {
  return doc.points.slice(start, end).join("");
}

function draw(piece) {
  const text = slice(piece);
  if (!piece.over.length) return text;
  const looks = new Set(piece.over.flatMap((span) => span.look.split(" ")));
  const tags = piece.ending.flatMap((span) => span.tag ?? []);
  return h("mark", { class: [...looks].join(" "), data: { start: piece.start, end: piece.end, ...(tags.length ? { tag: tags.join(", ") } : {}) } }, text);
}

function wordsOf(text) {
  const found = [];
  let unit = 0;
  let point = 0;
  for (const match of text.matchAll(WORD)) {
    point += Array.from(text.slice(unit, match.index)).length;
    const end = point + Array.from(match[0]).length;
    found.push({ start: point, end });
    [unit, point] = [match.index + match[0].length, end];
  }
  return found;
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || !words.length) return;
  const steps = {
    ArrowRight: () => cursor + 1,
    ArrowLeft: () => cursor - 1,
    ArrowDown: () => sentence(1),
    ArrowUp: () => sentence(-1),
    Home: () => 0,
    End: () => words.length - 1,
  };
  if (steps[event.key]) moveTo(steps[event.key](), event.shiftKey);
  else if (event.key === "Enter" && chosenWords()) hooks.mark();
  else if (event.key === "Delete" || event.key === "Backspace") removeHere();
  else return;
  event.preventDefault();
}

function moveTo(place, extend) {
  cursor = Math.min(words.length - 1, Math.max(0, place));
  if (!extend) anchor = cursor;
  const [first, last] = [Math.min(anchor, cursor), Math.max(anchor, cursor)];
  chosen = { start: words[first].start, end: words[last].end };
  window.getSelection().removeAllRanges();
  dragged = null;
  drawText();
  root.querySelector(".here")?.scrollIntoView({ block: "nearest" });
  announce(slice(chosen));
}

/** The first word of the next or previous sentence. */
function sentence(step) {
  for (let place = cursor + step; place > 0 && place < words.length; place += step) {
    if (SENTENCE_END.test(slice({ start: words[place - 1].end - 1, end: words[place].start }))) return place;
  }
  return step > 0 ? words.length - 1 : 0;
}

function removeHere() {
  const here = chosenWords();
  const marks = here ? marksOf(doc.sheet).filter((mark) => mark.start < here.end && here.start < mark.end) : [];
  if (marks.length) hooks.remove(marks);
}

function onMouse(event) {
  if (dragged) {
    const range = chosenWords();
    window.getSelection().removeAllRanges();
    dragged = null;
    choose(range);
    if (range) hooks.mark();
  } else if (root.contains(event.target)) {
    const { start, end } = event.target.dataset;
    choose(start === undefined ? null : markAround(Number(start), Number(end)));
  }
}

/** The stretch of the shortest mark around a piece, so that a click on a mark chooses it. */
function markAround(start, end) {
  const around = marksOf(doc.sheet).filter((mark) => mark.start <= start && mark.end >= end);
  const [mark] = around.sort((a, b) => a.end - a.start - (b.end - b.start));
  return mark ? { start: mark.start, end: mark.end } : { start, end };
}

/** What the browser's selection covers of the text, in code points; null when nothing. */
function selected() {
  const selection = window.getSelection();
  if (!doc || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0).cloneRange();
  if (!range.intersectsNode(root)) return null;
  if (!root.contains(range.startContainer)) range.setStart(root, 0);
  if (!root.contains(range.endContainer)) range.setEnd(root, root.childNodes.length);
  const before = document.createRange();
  before.setStart(root, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const start = Array.from(before.toString()).length;
  const end = start + Array.from(range.toString()).length;
  return start < end ? { start, end } : null;
}
