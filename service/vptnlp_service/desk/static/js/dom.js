// Building the page. Text of strangers only ever becomes text nodes: nothing here parses HTML.

const SVG = "http://www.w3.org/2000/svg";

/** The element with this id, which the page is known to have. */
export function byId(id) {
  return document.getElementById(id);
}

/**
 * An element with attributes and children.
 * Attributes: `class`, `on` (listeners by event name), `data` (data attributes), and any other by its HTML name;
 * true gives an empty attribute, and false, null and undefined leave it out. Children: nodes, strings, lists, or nothing.
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (name === "data") Object.assign(element.dataset, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return element;
}

/** A symbol of the page's own set; decoration, so always beside words. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of [["aria-hidden", "true"], ["width", "16"], ["height", "16"], ["class", "icon"]]) svg.setAttribute(key, value);
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#s-${name}`);
  svg.append(use);
  return svg;
}

/** Words of a stranger, kept from turning the text around them (right-to-left marks). */
export function stranger(text, attributes = {}) {
  return h("bdi", attributes, text);
}

/** Words for screen readers only. */
export function unseen(text) {
  return h("span", { class: "hidden" }, text);
}

let clearing = 0;

/** Say something to screen readers. */
export function announce(text) {
  const region = byId("announce");
  region.textContent = ""; // the same words twice are read twice
  window.setTimeout(() => (region.textContent = text), 50);
}

/** Say something to everybody, for as long as it takes to read. */
export function toast(text) {
  const box = byId("toast");
  box.textContent = text;
  box.hidden = false;
  announce(text);
  window.clearTimeout(clearing);
  clearing = window.setTimeout(() => (box.hidden = true), 4000 + 40 * text.length);
}

/** Give the user a file. It is made in the page; nothing is sent. */
export function download(name, type, content) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  h("a", { href: url, download: name }).click();
  window.setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
