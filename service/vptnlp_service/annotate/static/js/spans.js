// Marks of a sheet: their names, and adding, changing and removing them.

import { cut } from "../../../desk/static/js/marks.js";
import { name } from "../../../desk/static/js/words.js";

export { cut };

/** All marks of a sheet or answer, each with its `group`, in the order of the text. */
export function marksOf(sheet) {
  const all = ["details", "cues"].flatMap((group) => sheet[group].map((span) => ({ ...span, group })));
  return all.sort((a, b) => a.start - b.start || b.end - a.end || a.kind.localeCompare(b.kind));
}

/** The Dutch name of a mark: "adres · doelwit". */
export function title({ group, kind, subject }) {
  return name(group, kind) + (subject ? ` · ${name("subjects", subject)}` : "");
}

/** Which style of the desk a mark has. */
export function look({ group, subject }) {
  if (group === "cues") return "cue";
  return { target: "exposed", relative: "exposed kin" }[subject] ?? "other";
}

export function equal(a, b) {
  return a.group === b.group && a.kind === b.kind && a.start === b.start && a.end === b.end && (a.subject ?? null) === (b.subject ?? null);
}

/** Remove a mark from a sheet. */
export function drop(sheet, mark) {
  sheet[mark.group] = sheet[mark.group].filter((span) => !equal({ ...span, group: mark.group }, mark));
}

/** Add a mark to a sheet. Others of its kind that it overlaps give way: two of one kind may not overlap. */
export function add(sheet, { group, start, end, kind, subject }) {
  const rest = sheet[group].filter((span) => span.kind !== kind || span.end <= start || end <= span.start);
  const span = group === "details" ? { start, end, kind, subject } : { start, end, kind };
  sheet[group] = [...rest, span].sort((a, b) => a.start - b.start || a.end - b.end || a.kind.localeCompare(b.kind));
}
