// Arrays of one dimension, element by element; others are edited as PostgreSQL writes them.

import { make } from "./studio.js";

/** The elements of `{a,"b c",NULL}`, or nothing where it is no plain array (PostgreSQL manual, 8.15.6). */
export function elements(text) {
  if (!text.startsWith("{") || !text.endsWith("}")) return null;
  const found = [];
  let at = 1;
  while (at < text.length - 1) {
    let value = "";
    const quoted = text[at] === '"';
    if (quoted) {
      for (at += 1; text[at] !== '"'; at += 1) {
        if (at >= text.length) return null;
        if (text[at] === "\\") at += 1;
        value += text[at];
      }
      at += 1;
    } else {
      while (at < text.length - 1 && text[at] !== ",") {
        if ("{}\"\\".includes(text[at])) return null;
        value += text[at];
        at += 1;
      }
    }
    found.push(!quoted && value.toUpperCase() === "NULL" ? null : value);
    if (at < text.length - 1 && text[at] !== ",") return null;
    at += 1;
  }
  return found;
}

const literal = (values) => `{${values.map((value) => value === null ? "NULL" : `"${value.replaceAll(/[\\"]/g, "\\$&")}"`).join(",")}}`;

/** A control whose `value` is the array as PostgreSQL reads it. */
export function list(column, given) {
  const rows = make("ol", {});
  const add = (value) => {
    const input = make("input", { type: "text", "aria-label": `${column.name}, an element`, autocomplete: "off", placeholder: value === null ? "NULL" : null });
    input.value = value ?? "";
    input.dataset.null = value === null ? "yes" : "";
    input.addEventListener("input", () => { input.dataset.null = ""; input.placeholder = ""; });
    const row = make("li", {}, input,
      make("button", { type: "button", class: "quiet", title: "This element is NULL", onclick: () => { input.value = ""; input.placeholder = "NULL"; input.dataset.null = "yes"; } }, "NULL"),
      make("button", { type: "button", class: "quiet", "aria-label": "Take this element away", onclick: () => row.remove() }, "✕"));
    rows.append(row);
    return input;
  };
  given.forEach(add);
  const control = make("div", { class: "elements" }, rows, make("button", { type: "button", onclick: () => add("").focus() }, "Add an element"));
  Object.defineProperty(control, "value", {
    get: () => literal([...rows.querySelectorAll("input")].map((input) => input.dataset.null ? null : input.value)),
  });
  control.focus = () => control.querySelector("input, button").focus();
  return control;
}
