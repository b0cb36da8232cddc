// Terms that run: how long there is left, kept up to date while the page is open.

import { h, icon } from "./dom.js";
import { moment, span } from "./words.js";

const SOON = 2 * 3_600_000;
const TICK = 20_000;

/** How a term stands: `late`, `soon` or `fine`. */
export function standing(due, now = Date.now()) {
  const left = due.getTime() - now;
  return left < 0 ? "late" : left < SOON ? "soon" : "fine";
}

/** The time left, as words that keep up with the clock. */
export function countdown(due) {
  const element = h("span", { class: "due", data: { due: due.getTime() } });
  write(element);
  return element;
}

function write(element) {
  const due = new Date(Number(element.dataset.due));
  const stands = standing(due);
  const left = due.getTime() - Date.now();
  const brink = Math.abs(left) < 60_000;
  const words = stands === "late" ? (brink ? "net te laat" : `${span(-left)} te laat`) : brink ? "nog geen minuut" : `nog ${span(left)}`;
  if (element.dataset.words === words) return;
  element.dataset.words = words;
  element.className = `due ${stands}`;
  element.title = `Uiterlijk ${moment(due)}`;
  element.replaceChildren(icon(stands === "late" ? "late" : "clock"), words);
}

/** Keep every countdown on the page up to date. */
export function startClock() {
  window.setInterval(() => document.querySelectorAll("[data-due]").forEach(write), TICK);
}
