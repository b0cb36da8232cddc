// Messages in: pasted, dropped or chosen, read by the service, assessed in chunks.

import { ApiError, assess, readFile, readSample } from "./api.js";
import { announce, byId, h, toast } from "./dom.js";
import { addItem, makeItem, state } from "./state.js";
import { count } from "./words.js";

const FILE_LIMIT = 25 * 2 ** 20;
const TOTAL_LIMIT = 10_000; // messages on one page

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
  const found = texts.map((text) => ({ id: `geplakt-${++pasted}`, text, from: "paste" }));
  take(async () => found).then((done) => {
    if (done) byId("paste").value = "";
  });
}

function takeFiles(files) {
  if (!files.length) return;
  take(async (signal) => {
    const all = [];
    for (const file of files) {
      progress(`${file.name} lezen…`, null);
      if (file.size > FILE_LIMIT) {
        state.problems.push({ file: file.name, row: null, reason: "Het bestand is groter dan 25 MB. Splits het op." });
        continue;
      }
      try {
        all.push(...gather(file.name, await readFile(file, signal)));
      } catch (error) {
        if (!(error instanceof ApiError) || error.status === 401) throw error;
        state.problems.push({ file: file.name, row: null, reason: error.message });
      }
    }
    return all;
  });
}

function gather(file, { messages, problems }) {
  state.problems.push(...problems.map((problem) => ({ file, ...problem })));
  return messages;
}

/** Read, assess and list; whether all of it was done. */
async function take(reading, afterwards = "") {
  if (running) {
    toast("Er loopt al een beoordeling. Wacht tot die klaar is.");
    return false;
  }
  running = new AbortController();
  const { signal } = running;
  byId("add-dialog").close();
  let done = 0;
  let all = [];
  try {
    progress("Berichten lezen…", null);
    all = await reading(signal);
    const room = TOTAL_LIMIT - state.items.length;
    if (all.length > room) {
      all = all.slice(0, Math.max(0, room));
      state.problems.push({ file: "", row: null, reason: "Er passen niet meer dan 10.000 berichten op deze pagina. De rest is weggelaten." });
    }
    const now = new Date();
    const items = all.map((found) => makeItem(found, now));
    const tell = () => progress(`${done} van ${count(items.length, "bericht", "berichten")} beoordeeld`, items.length ? done / items.length : 1);
    if (items.length) {
      tell();
      announce(`${count(items.length, "bericht", "berichten")} beoordelen`);
    }
    await assess(
      items,
      (chunk, assessments) => {
        chunk.forEach((item, place) => addItem(item, assessments[place]));
        done += chunk.length;
        tell();
        arrived();
      },
      signal,
    );
    if (!items.length) toast(state.problems.length ? "Er is niets gelezen. Zie ‘niet goed gelezen’." : "Er stonden geen berichten in.");
    else announce(`Klaar: ${count(done, "bericht", "berichten")} beoordeeld.`);
    if (afterwards) toast(afterwards);
    return true;
  } catch (error) {
    if (signal.aborted) toast(`Gestopt. ${count(done, "bericht is", "berichten zijn")} beoordeeld.`);
    else toast(`${error instanceof ApiError ? error.message : "Er ging iets mis in deze pagina."} ${done ? `${done} van ${all.length} berichten zijn wel beoordeeld.` : ""}`.trim());
    return false;
  } finally {
    running = null;
    byId("progress").hidden = true;
    tellProblems();
  }
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

function tellProblems() {
  const some = state.problems.length;
  byId("problems-open").hidden = !some;
  byId("problems-open").textContent = `${count(some, "ding", "dingen")} niet goed gelezen`;
  if (some && !state.items.length) {
    showProblems();
    state.problems = [];
  }
}

function showProblems() {
  byId("problems-list").replaceChildren(
    ...state.problems.map(({ file, row, reason }) => h("li", {}, h("b", {}, [file, row === null ? "" : `nr. ${row}`].filter(Boolean).join(", ")), file ? ": " : "", reason)),
  );
  byId("problems-dialog").showModal();
}
