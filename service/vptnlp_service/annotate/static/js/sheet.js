// The open message and its sheet. Every change goes to the server at once, in order; the page says when it is on the disk.

import { toast } from "../../../desk/static/js/dom.js";
import * as api from "./api.js";

const AGAIN = 3000; // milliseconds until a change that did not arrive is sent again

/** The open message; null before the first one. `points` is its text by code points, which offsets count. */
export let doc = null;

let chain = Promise.resolve();
let waiting = 0; // changes that the server has yet to confirm
let failed = false;
let retry = 0;
let changed = () => {};

/** Called after every change with the open message. */
export function onChange(listener) {
  changed = listener;
}

/** `saved`, `saving` or `failed`. */
export const condition = () => (failed ? "failed" : waiting ? "saving" : "saved");

/** Open a message; what was changed before is saved first. */
export async function open(number) {
  await settled();
  show(await api.read(number));
}

/** Wait until the server has everything. */
export async function settled() {
  let seen;
  do {
    seen = chain;
    await seen;
  } while (seen !== chain);
}

/** Change the sheet: `edit` gets a copy to alter. A finished sheet that is changed is a draft again. */
export function change(edit) {
  const sheet = structuredClone(doc.sheet);
  sheet.done = false;
  edit(sheet);
  if (same(sheet, doc.sheet)) return;
  doc.sheet = sheet;
  push(doc);
}

/** Undo or redo one change. */
export function step(which) {
  const target = doc;
  return enqueue(target, async () => {
    if (!target.sheet[which === "undo" ? "can_undo" : "can_redo"]) return;
    Object.assign(target, await api.step(target.number, target.sheet.revision, which));
  });
}

/** Finish the sheet. Returns null when done, else what stands in the way: `{remarks, final}`. */
export async function finish(anyway = false) {
  const target = doc;
  let hindrance = null;
  await enqueue(target, async () => {
    try {
      Object.assign(target, await api.save(target.number, target.sheet.revision, plain({ ...target.sheet, done: true }), anyway));
    } catch (problem) {
      if (!problem.remarks?.length) throw problem;
      hindrance = problem;
    }
  });
  return target.sheet.done ? null : (hindrance ?? { remarks: [], final: true });
}

function push(target) {
  const state = target.sheet;
  changed(target);
  enqueue(target, async () => {
    const { sheet, remarks } = await api.save(target.number, target.sheet.revision, plain(state));
    // Where a later change stands on the page already, only what the server adds is taken over.
    const { revision, can_undo, can_redo } = sheet;
    target.sheet = waiting > 1 ? { ...target.sheet, revision, can_undo, can_redo } : sheet;
    target.remarks = remarks;
    failed = false;
  });
}

/** Do something with the server when all before it is done: each step builds on the revision that the last one gave. */
function enqueue(target, act) {
  waiting++;
  chain = chain.then(() => attempt(target, act)).finally(() => {
    waiting--;
    changed(target);
  });
  return chain;
}

async function attempt(target, act) {
  try {
    await act();
  } catch (problem) {
    if (!(problem instanceof api.Problem)) throw problem;
    if (problem.status === 0) {
      failed = true;
      window.clearTimeout(retry);
      retry = window.setTimeout(() => push(target), AGAIN);
    } else {
      toast(problem.message);
      await reload(target);
    }
  }
}

async function reload(target) {
  try {
    const fresh = await api.read(target.number);
    if (doc === target) show(fresh);
  } catch (problem) {
    toast(problem.message);
  }
}

function show(fresh) {
  doc = { ...fresh, points: Array.from(fresh.text) };
  changed(doc, true);
}

/** What the server takes: the sheet without what it adds itself. */
function plain({ revision, can_undo, can_redo, ...state }) {
  return state;
}

function same(a, b) {
  return JSON.stringify(plain(a)) === JSON.stringify(plain(b));
}

window.addEventListener("beforeunload", (event) => {
  if (condition() !== "saved") event.preventDefault();
});
