// Messages in: pasted, dropped or chosen, read by the service, assessed in chunks.

import { ApiError, assess, readFile, readSample } from "./api.js";
import { announce, byId, h, toast } from "./dom.js";
import { LIMITS } from "./limits.js";
import { addItem, makeItem, state } from "./state.js";
import { count } from "./words.js";

const TOTAL_LIMIT = 10_000; // messages on one page
const PASTED = "geplakt";

let arrived = () => {};
let running = null;
let pasted = 0;

/** Set the form up; `onArrived()` is called whenever assessed messages have come in. */
export function setUpIntake(onArrived) {
  arrived = onArrived;
  byId("intake").addEventListener("submit", (event) => {
    event.preventDefault();
    paste();
  });
  byId("paste").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) paste();
  });
  byId("files").addEventListener("change", (event) => {
    takeFiles([...event.target.files]);
    event.target.value = "";
  });
  byId("sample").addEventListener("click", () => take(async (signal) => gather("voorbeeld", await readSample(signal)), "De tijden van dit voorbeeld zijn van vandaag gemaakt; alles is verzonnen."));
  byId("progress-stop").addEventListener("click", () => running?.abort());
  byId("open-add").addEventListener("click", openIntake);
  byId("problems-open").addEventListener("click", showProblems);
  byId("problems-again").addEventListener("click", again);
  setUpDrop();
}

/** Show the form, in a dialog where there are messages already. */
export function openIntake() {
  if (!state.items.length) {
    byId("paste").focus();
    return;
  }
  byId("add-form").append(byId("intake"));
  byId("add-dialog").showModal();
}

function setUpDrop() {
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  let depth = 0;
  const show = (shown) => (byId("drop").hidden = !shown);
  window.addEventListener("dragenter", (event) => {
    if (carries(event)) show(++depth > 0);
  });
  window.addEventListener("dragleave", (event) => {
    if (carries(event)) show(--depth > 0);
  });
  window.addEventListener("dragover", (event) => {
    if (carries(event)) event.preventDefault();
  });
  window.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    depth = 0;
    show(false);
    takeFiles([...event.dataTransfer.files]);
  });
}

function paste() {
  const raw = byId("paste").value.replaceAll("\r\n", "\n");
  const how = byId("paste-how").value;
  const parts = how === "lines" ? raw.split("\n") : how === "dashes" ? raw.split(/^\s*-{3,}\s*$/m) : [raw];
  const texts = parts.map((part) => part.trim()).filter(Boolean);
  if (!texts.length) {
    toast("Plak eerst een bericht.");
    byId("paste").focus();
    return;
  }
  const messages = texts.map((text) => ({ id: `geplakt-${++pasted}`, text, from: "paste" }));
  const found = gather(PASTED, { messages, problems: [] });
  take(async () => found).then((done) => {
    if (done) byId("paste").value = "";
  });
}

function takeFiles(files) {
  if (!files.length) return;
  take(async (signal) => {
    const all = [];
    let ended = "";
    for (const file of files) {
      const skip = (reason) => state.problems.push({ file: file.name, row: null, reason });
      if (ended) {
        skip(ended);
        continue;
      }
      progress(`${file.name} lezen…`, null);
      if (file.size > LIMITS.upload) {
        skip(`Het bestand is groter dan ${LIMITS.size}. Splits het op.`);
        continue;
      }
      try {
        all.push(...gather(file.name, await readFile(file, signal)));
      } catch (error) {
        skip(reasonOf(error, signal));
        if (signal.aborted || error.status === 401) ended = reasonOf(error, signal);
      }
    }
    return all;
  });
}

function gather(file, { messages, problems }) {
  state.problems.push(...problems.map((problem) => ({ file, ...problem })));
  return messages.map((found, place) => ({ ...found, file, place: place + 1, of: messages.length }));
}

/** Read, assess and list what `reading` finds; whether any of it was assessed. */
function take(reading, afterwards = "") {
  return work(async (signal) => itemsOf(await reading(signal)), afterwards);
}

/** Assess once more what could not be assessed. */
function again() {
  byId("problems-dialog").close();
  work(async () => state.missed.splice(0));
}

function itemsOf(found) {
  const room = Math.max(0, TOTAL_LIMIT - state.items.length);
  if (found.length > room) {
    state.problems.push({ file: "", row: null, reason: `Er passen niet meer dan 10.000 berichten op deze pagina. Weggelaten: de laatste ${found.length - room}.` });
  }
  const now = new Date();
  const items = found.slice(0, room).map((each) => makeItem(each, now));
  // What is offered anew need not be listed as missed as well.
  const offered = new Set(items.map(origin));
  state.missed = state.missed.filter((item) => !offered.has(origin(item)));
  return items;
}

const origin = ({ file, text }) => `${file}\n${text}`;

/** Assess and list items. What is not assessed, for whatever reason, is kept and told. */
async function work(preparing, afterwards = "") {
  if (running) {
    toast("Er loopt al een beoordeling. Wacht tot die klaar is.");
    return false;
  }
  running = new AbortController();
  const { signal } = running;
  byId("add-dialog").close();
  const before = state.problems.length;
  let items = [];
  let done = 0;
  let fault = "";
  try {
    progress("Berichten lezen…", null);
    items = await preparing(signal);
    const tell = () => progress(`${done} van ${count(items.length, "bericht", "berichten")} beoordeeld`, items.length ? done / items.length : 1);
    if (items.length) {
      tell();
      announce(`${count(items.length, "bericht", "berichten")} beoordelen`);
    }
    for (const item of items) item.fault = "";
    await assess(
      items,
      {
        done: (chunk, assessments) => {
          chunk.forEach((item, place) => addItem(item, assessments[place]));
          done += chunk.length;
          tell();
          arrived();
        },
        failed: (chunk, error) => {
          for (const item of chunk) item.fault = error.message;
        },
      },
      signal,
    );
  } catch (error) {
    fault = reasonOf(error, signal);
  }
  const missed = items.filter((item) => !item.assessment);
  for (const item of missed) item.fault ||= fault;
  state.missed.push(...missed);
  running = null;
  byId("progress").hidden = true;
  tellProblems(before);
  if (missed.length) toast(`${count(missed.length, "bericht is", "berichten zijn")} niet beoordeeld. ${missed[0].fault}`);
  else if (fault) toast(fault);
  else if (!items.length) toast(state.problems.length > before ? "Er is niets gelezen. Zie ‘problemen bij het lezen’." : "Er stonden geen berichten in.");
  else if (afterwards) toast(afterwards);
  else announce(`Klaar: ${count(done, "bericht", "berichten")} beoordeeld.`);
  return done > 0;
}

function reasonOf(error, signal) {
  if (signal.aborted) return "Je hebt de beoordeling gestopt.";
  return error instanceof ApiError ? error.message : "Er ging iets mis in deze pagina.";
}

/** Say that the service is busy and the page waits. */
export function waiting(seconds) {
  byId("progress-text").textContent = `De server is druk. We proberen het over ${Math.ceil(seconds)} s weer…`;
}

function progress(text, part) {
  byId("progress").hidden = false;
  byId("progress-text").textContent = text;
  if (part === null) byId("progress-bar").removeAttribute("value");
  else byId("progress-bar").value = part;
}

/** Keep in sight what was not read or assessed; it stays there until it is. */
function tellProblems(before) {
  const [missed, some] = [state.missed.length, state.problems.length];
  byId("problems").hidden = !missed && !some;
  byId("problems-missed").textContent = missed ? `${count(missed, "bericht is", "berichten zijn")} niet beoordeeld. Lees ${missed === 1 ? "het" : "ze"} zelf.` : "";
  byId("problems-read").textContent = some ? `${count(some, "probleem", "problemen")} bij het lezen.` : "";
  if (some > before && !state.items.length) showProblems();
}

function showProblems() {
  byId("missed").hidden = !state.missed.length;
  byId("missed-list").replaceChildren(...runs(state.missed).map(({ file, from, to, of, fault }) => problem(`${file}, bericht ${from}${to > from ? ` t/m ${to}` : ""} van ${of}`, fault)));
  byId("unread").hidden = !state.problems.length;
  byId("problems-list").replaceChildren(...state.problems.map(({ file, row, reason }) => problem([file, row === null ? "" : `nr. ${row}`].filter(Boolean).join(", "), reason)));
  byId("problems-dialog").showModal();
}

const problem = (where, reason) => h("li", {}, h("b", {}, where), where ? ": " : "", reason);

/** Messages that stand next to each other in a file and failed alike, taken together. */
function runs(missed) {
  const found = [];
  for (const { file, place, of, fault } of missed) {
    const last = found.at(-1);
    if (last?.file === file && last.fault === fault && last.to === place - 1) last.to = place;
    else found.push({ file, from: place, to: place, of, fault });
  }
  return found;
}
