// From figures to elements. Nothing here is HTML that was put together from text.
import { toImageData } from "./pixels.js";
import { TEXTS } from "./texts.js";

// Bars beyond these would be of classes that nobody asks about.
const MOST_BARS = 5;

export const byId = (id) => document.getElementById(id);

export function element(name, { text, ...attributes } = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  made.append(...(text === undefined ? [] : [text]), ...children);
  return made;
}

/** The texts that stand in the page from the start. */
export function fillTexts() {
  for (const part of document.querySelectorAll("[data-text]")) {
    part.textContent = TEXTS[part.dataset.text];
  }
  for (const part of document.querySelectorAll("[data-label]")) {
    part.setAttribute("aria-label", TEXTS[part.dataset.label]);
  }
}

/** Shows a sentence, or hides its place where there is none. */
export function say(id, text) {
  byId(id).textContent = text ?? "";
  byId(id).hidden = !text;
}

export function paint(canvas, image) {
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext("2d").putImageData(toImageData(image), 0, 0);
}

/** Probabilities by class, the likeliest first. */
export function ranked(logits, labels) {
  const most = Math.max(...logits);
  const powers = Array.from(logits, (value) => Math.exp(value - most));
  const sum = powers.reduce((a, b) => a + b);
  return powers
    .map((power, c) => ({ label: labels[c], share: power / sum }))
    .sort((a, b) => b.share - a.share);
}

export function showBars(list, answers) {
  const rows = answers.slice(0, MOST_BARS).map(({ label, share }) => {
    const bar = element("span", { class: "bar", "aria-hidden": "true" });
    bar.style.setProperty("--share", share);
    return element("li", {}, element("span", { text: label }), element("span", { text: TEXTS.percent(share) }), bar);
  });
  list.replaceChildren(...rows);
}

/** `rows` are texts, the first of each row its head. */
export function table(head, rows) {
  const body = rows.map(([first, ...rest]) =>
    element("tr", {}, element("th", { scope: "row", text: first }), ...rest.map((text) => element("td", { text }))));
  return element("table", {},
    element("thead", {}, element("tr", {}, ...head.map((text) => element("th", { scope: "col", text })))),
    element("tbody", {}, ...body));
}
