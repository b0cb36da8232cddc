// The window in which a mark gets its kind, and the list of marks.

import { byId, h, stranger, toast } from "../../../desk/static/js/dom.js";
import { capital, definition, name } from "../../../desk/static/js/words.js";
import { change, doc } from "./sheet.js";
import { add, drop, look, marksOf, title } from "./spans.js";
import { choose, chosenWords, slice } from "./text.js";

const dialog = byId("mark-dialog");
const kind = byId("mark-kind");
const subject = byId("mark-subject");
let range = null;
let editing = null;

/** Make the window work. */
export function setUpMarking() {
  byId("mark").addEventListener("click", () => startMarking());
  kind.addEventListener("change", explain);
  for (const select of [kind, subject]) {
    select.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // some browsers open the list, others do nothing
      byId("mark-form").requestSubmit();
    });
  }
  byId("mark-form").addEventListener("submit", submit);
  byId("mark-drop").addEventListener("click", () => {
    removeMarks([editing]);
    dialog.close();
  });
  dialog.addEventListener("close", () => byId("text").focus({ preventScroll: true }));
}

/** Ask what the chosen words are; `mark` is one that is there and is to change. */
export function startMarking(mark = null) {
  const wanted = mark ?? chosenWords();
  if (!wanted || dialog.open) return;
  range = wanted;
  editing = mark ?? marksOf(doc.sheet).find(({ start, end }) => start === range.start && end === range.end) ?? null;
  if (editing) {
    kind.value = `${editing.group}/${editing.kind}`;
    if (editing.subject) subject.value = editing.subject;
  }
  byId("mark-words").replaceChildren(stranger(slice(range)));
  byId("mark-title").textContent = editing ? "Verander de markering" : "Markeer";
  byId("mark-drop").hidden = !editing;
  explain();
  dialog.showModal();
  kind.focus();
}

/** Remove marks from the sheet. */
export function removeMarks(marks) {
  change((sheet) => marks.forEach((mark) => drop(sheet, mark)));
  toast(marks.length === 1 ? `Markering weg: ${title(marks[0])}.` : `${marks.length} markeringen weg.`);
}

/** Draw the list of marks. */
export function drawMarks() {
  byId("marks").replaceChildren(
    ...marksOf(doc.sheet).map((mark) => {
      const words = slice(mark);
      const of = h("span", { class: "hidden" }, ` ${title(mark)}: ${words}`);
      return h(
        "li",
        {},
        h("span", {}, h("mark", { class: look(mark) }, capital(title(mark))), ": ", stranger(words)),
        h("button", { type: "button", class: "link", on: { click: () => edit(mark) } }, "Verander", of),
        h("button", { type: "button", class: "link", on: { click: () => removeMarks([mark]) } }, "Haal weg", of.cloneNode(true)),
      );
    }),
  );
}

function edit(mark) {
  choose({ start: mark.start, end: mark.end });
  startMarking(mark);
}

function submit() {
  const [group, key] = kind.value.split("/");
  const mark = { group, start: range.start, end: range.end, kind: key, subject: group === "details" ? subject.value : undefined };
  const old = editing;
  change((sheet) => {
    if (old) drop(sheet, old);
    add(sheet, mark);
  });
  toast(`Gemarkeerd: ${title(mark)}.`);
}

function explain() {
  const [group, key] = kind.value.split("/");
  byId("mark-subject-label").hidden = group !== "details";
  byId("mark-meaning").textContent = `${capital(name(group, key))}: ${definition(group, key)}`;
}
