// Deciding: the answers side by side, and taking over from them.

import { byId, h, stranger, toast, unseen } from "../../../desk/static/js/dom.js";
import { AXES, axisName, capital, name } from "../../../desk/static/js/words.js";
import { change, doc } from "./sheet.js";
import { add, drop, equal, marksOf, title } from "./spans.js";
import { choose, slice } from "./text.js";

const GROUPS = { details: "Gegevens", cues: "Aanwijzingen" };

/** Draw the table of answers. */
export function drawCompare() {
  const { answers, axes } = doc.case;
  const head = answers.map((answer) =>
    h("th", { scope: "col" }, stranger(answer.annotator), " ", h("button", { type: "button", class: "link", on: { click: () => takeAll(answer) } }, "Neem over", unseen(` van ${answer.annotator}`))),
  );
  const rows = [...AXES, "organised_crime", ...Object.keys(GROUPS)].map((axis) =>
    h("tr", { class: axis in axes && "differs" }, h("th", { scope: "row" }, GROUPS[axis] ?? capital(axisName(axis)), axis in axes && unseen(": antwoorden verschillen")), answers.map((answer) => h("td", {}, cell(answer, axis)))),
  );
  const table = h("table", {}, h("caption", {}, "Antwoorden naast elkaar"), h("thead", {}, h("tr", {}, h("td", {}), head)), h("tbody", {}, rows));
  const box = byId("compare");
  const focused = [...box.querySelectorAll("button")].indexOf(document.activeElement);
  box.replaceChildren(table);
  if (focused >= 0) box.querySelectorAll("button")[focused]?.focus();
}

function cell(answer, axis) {
  if (axis === "organised_crime") return answer[axis] ? "ja" : "nee";
  if (!GROUPS[axis]) return [answer[axis]].flat().map((key) => name(axis, key)).join(", ") || "–";
  const marks = marksOf(answer).filter((mark) => mark.group === axis);
  if (!marks.length) return "–";
  return h("ul", { class: "plain" }, marks.map((mark) => h("li", {}, markButton(mark))));
}

/** A mark of an answer; pressed when the decision has it too. */
function markButton(mark) {
  const others = doc.case.answers.filter((answer) => marksOf(answer).some((other) => equal(other, mark)));
  const held = marksOf(doc.sheet).some((other) => equal(other, mark));
  const turn = () => {
    choose({ start: mark.start, end: mark.end });
    change((sheet) => (held ? drop(sheet, mark) : add(sheet, mark)));
  };
  return h("button", { type: "button", class: `link${others.length < doc.case.answers.length ? " alone" : ""}`, "aria-pressed": String(held), on: { click: turn } }, held ? "✓ " : "+ ", title(mark), ": ", stranger(slice(mark)));
}

function takeAll(answer) {
  change((sheet) => {
    for (const axis of [...AXES, "organised_crime", ...Object.keys(GROUPS)]) sheet[axis] = structuredClone(answer[axis]);
  });
  toast(`Alles overgenomen van ${answer.annotator}. Schrijf nog op waarom.`);
}
