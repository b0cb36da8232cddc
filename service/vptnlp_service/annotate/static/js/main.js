// The table: which message is open, what is done, and the keys.

import { announce, byId, h, toast } from "../../../desk/static/js/dom.js";
import { setUpKeys } from "../../../desk/static/js/keys.js";
import { overview } from "./api.js";
import { drawCompare } from "./compare.js";
import { LETTERS, drawLabels, goTo, pick, setUpLabels, turnCrime } from "./labels.js";
import { drawMarks, removeMarks, setUpMarking, startMarking } from "./marking.js";
import { change, condition, doc, finish, onChange, open, step } from "./sheet.js";
import { drawText, openText, setUpText } from "./text.js";

const PAUSE = 400; // milliseconds without typing after which a reason is saved
const decides = document.body.dataset.mode === "decide";
const STATES = { todo: "", draft: "begonnen", done: "klaar" };
const SAVED = { saved: "Bewaard", saving: "Bewaren…", failed: "Niet bewaard: de server is weg. Houd deze pagina open." };

let tasks = [];
let typing = 0;

function place() {
  return tasks.findIndex((task) => task.number === doc?.number);
}

async function go(at) {
  if (at < 0 || at >= tasks.length) return;
  takeReason();
  try {
    await open(tasks[at].number);
  } catch (problem) {
    toast(problem.message);
    return;
  }
  byId("message-title").focus();
  announce(`Bericht ${at + 1} van ${tasks.length}`);
}

function draw(changed, opened = false) {
  if (changed !== doc) return;
  const task = tasks[place()];
  // An untouched message is no draft, and an undone draft stays one.
  if (task && (task.state !== "todo" || doc.sheet.revision || condition() !== "saved")) task.state = doc.sheet.done ? "done" : "draft";
  if (opened) {
    byId("message-title").textContent = `Bericht ${place() + 1} van ${tasks.length}`;
    openText(doc);
    if (decides) byId("reason").value = doc.sheet.reason;
    byId("remarks").replaceChildren();
  } else {
    drawText();
    if (decides && document.activeElement !== byId("reason")) byId("reason").value = doc.sheet.reason;
  }
  drawMarks();
  drawLabels();
  if (decides) drawCompare();
  byId("undo").disabled = !doc.sheet.can_undo;
  byId("redo").disabled = !doc.sheet.can_redo;
  byId("previous").disabled = place() <= 0;
  byId("next").disabled = place() >= tasks.length - 1;
  byId("saved").textContent = doc.sheet.revision || condition() !== "saved" ? SAVED[condition()] : "";
  byId("saved").classList.toggle("failed", condition() === "failed");
  byId("state").textContent = doc.sheet.done ? "Dit bericht is klaar." : "";
  if (doc.sheet.done) byId("remarks").replaceChildren();
  drawProgress();
}

function drawProgress() {
  const done = tasks.filter((task) => task.state === "done").length;
  byId("progress-text").textContent = `${done} van ${tasks.length} klaar`;
  byId("progress-bar").max = Math.max(1, tasks.length);
  byId("progress-bar").value = done;
  const jump = byId("jump");
  const labels = tasks.map((task, at) => `${at + 1}. ${task.id}${STATES[task.state] && ` – ${STATES[task.state]}`}`);
  if (jump.options.length !== tasks.length) jump.replaceChildren(...tasks.map((task) => h("option", { value: task.number })));
  labels.forEach((label, at) => (jump.options[at].textContent = label));
  jump.value = doc?.number ?? "";
}

async function done(anyway = false) {
  takeReason();
  const hindrance = await finish(anyway);
  if (hindrance) {
    const insist = h("button", { type: "button", on: { click: () => done(true) } }, "Toch klaar");
    byId("remarks").replaceChildren(h("ul", {}, hindrance.remarks.map((remark) => h("li", {}, remark))), hindrance.final ? "" : h("div", { class: "buttons" }, insist));
    if (!hindrance.remarks.length) byId("remarks").replaceChildren();
    return;
  }
  const at = place();
  const open = [...tasks.keys()].filter((i) => tasks[i].state !== "done");
  const next = open.find((i) => i > at) ?? open[0];
  if (next === undefined) toast(decides ? "Over alles is beslist." : "Alle berichten zijn klaar. Dank je wel.");
  else await go(next);
}

function takeReason() {
  window.clearTimeout(typing);
  if (decides && doc) change((sheet) => {
    if (sheet.reason === byId("reason").value) sheet.done = doc.sheet.done; // looking is no change
    sheet.reason = byId("reason").value;
  });
}

function setUpButtons() {
  byId("previous").addEventListener("click", () => go(place() - 1));
  byId("next").addEventListener("click", () => go(place() + 1));
  byId("jump").addEventListener("change", (event) => go(tasks.findIndex((task) => String(task.number) === event.target.value)));
  byId("undo").addEventListener("click", () => step("undo"));
  byId("redo").addEventListener("click", () => step("redo"));
  byId("done").addEventListener("click", () => done());
  for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", () => button.closest("dialog").close());
  if (!decides) return;
  byId("reason").addEventListener("input", () => {
    window.clearTimeout(typing);
    typing = window.setTimeout(takeReason, PAUSE);
  });
  for (const event of ["blur", "change"]) byId("reason").addEventListener(event, takeReason);
  window.addEventListener("pagehide", takeReason);
}

function setUpShortcuts() {
  const axes = Object.fromEntries(Object.entries(LETTERS).map(([axis, letter]) => [letter, () => goTo(axis)]));
  const digits = Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => [String(number), () => pick(number)]));
  setUpKeys({
    ...axes,
    ...digits,
    g: turnCrime,
    t: () => byId("text").focus(),
    m: () => startMarking(),
    u: () => step("undo"),
    r: () => step("redo"),
    e: () => done(),
    j: () => go(place() + 1),
    k: () => go(place() - 1),
    c: () => byId("codebook").click(),
    Escape: () => false,
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.ctrlKey && !document.querySelector("dialog[open]")) done();
    const writing = event.target.closest?.("textarea, input[type=text]");
    if (!(event.ctrlKey || event.metaKey) || event.altKey || writing || document.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    step(key === "y" || event.shiftKey ? "redo" : "undo");
  });
}

async function start() {
  tasks = await overview();
  byId("empty").hidden = tasks.length > 0;
  byId("work").hidden = tasks.length === 0;
  drawProgress();
  if (!tasks.length) return;
  setUpLabels();
  setUpMarking();
  setUpText({ mark: () => startMarking(), remove: removeMarks });
  setUpButtons();
  setUpShortcuts();
  onChange(draw);
  await go(Math.max(0, tasks.findIndex((task) => task.state !== "done")));
}

start().catch((problem) => toast(problem.message));
