// The field that edits one value: what its type asks for, with NULL and DEFAULT apart from any text.

import { elements, list } from "./array.js";
import { make } from "./studio.js";

const wide = (column, value) => ["json", "array", "bytes"].includes(column.editor)
  || column.editor === "text" && !column.type.includes("(") && (value.text ?? "").length > 60 || (value.text ?? "").includes("\n");

function input(column, value) {
  const text = value.text ?? "";
  const labels = column.labels ?? (column.editor === "boolean" ? ["true", "false"] : null);
  if (labels) {
    const chosen = column.editor === "boolean" ? { t: "true", f: "false" }[text] ?? text : text;
    return make("select", { "aria-label": column.name }, ...labels.map((label) => make("option", { value: label, selected: label === chosen }, label)));
  }
  // The boxes of PostgreSQL are parted by semicolons.
  const parts = column.editor === "array" && !column.type.startsWith("box") ? elements(text || "{}") : null;
  if (parts) return list(column, parts);
  if (wide(column, value)) {
    const area = make("textarea", { "aria-label": column.name, rows: 12, cols: 64, spellcheck: "false" });
    area.value = column.editor === "json" ? pretty(text) : text;
    return area;
  }
  const kind = column.editor === "date" && /^(\d{4}-\d\d-\d\d)?$/.test(text) ? "date" : "text";
  const line = make("input", { type: kind, "aria-label": column.name, autocomplete: "off", inputmode: column.editor === "number" ? "decimal" : null });
  line.value = text;
  return line;
}

function pretty(text) {
  // Only where nothing is lost: large numbers and repeated keys would not come back as they were.
  try {
    const value = JSON.parse(text);
    return JSON.stringify(value) === text.replaceAll(/\s+(?=(?:[^"]*"[^"]*")*[^"]*$)/g, "") ? JSON.stringify(value, null, 2) : text;
  } catch {
    return text;
  }
}

/** Opens over a cell. `done` gets `{text}`, `"null"` or `"default"`; `undo` is the way back to what the database has. */
export function field(cell, column, value, { done, undo }) {
  const control = input(column, value);
  const before = control.value;
  const complaint = make("p", { class: "help", role: "alert" });
  const box = make("form", { class: wide(column, value) ? "field wide" : "field" }, control, make("div", { class: "bar" },
    make("button", { class: "main" }, "OK"),
    column.required ? null : make("button", { type: "button", onclick: () => end("null") }, "NULL"),
    make("button", { type: "button", onclick: () => end("default") }, "DEFAULT"),
    make("button", { type: "button", onclick: () => { close(); undo(); } }, "Undo"),
    make("small", {}, column.type)), complaint);
  const dialog = make("dialog", { class: "over" }, box);
  const close = () => dialog.close();
  const end = (given) => { close(); done(given); };
  box.addEventListener("submit", (event) => {
    event.preventDefault();
    if (column.editor === "json") {
      try {
        JSON.parse(control.value);
      } catch (error) {
        complaint.textContent = `no JSON: ${error.message}`;
        return;
      }
    }
    const given = control.value;
    // What was not touched stays as PostgreSQL wrote it.
    end({ text: given === before && value.text !== undefined ? value.text : given });
  });
  control.addEventListener("keydown", (event) => {
    const area = control.tagName === "TEXTAREA";
    const pressed = event.target.tagName === "BUTTON" && !event.ctrlKey && !event.metaKey;
    if (event.key === "Enter" && !pressed && (!area || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      box.requestSubmit();
    }
    event.stopPropagation();
  });
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  // The browser gives the focus back to the cell; by now it may be at another.
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) close(); });
  document.body.append(dialog);
  dialog.showModal();
  if (!dialog.querySelector("textarea")) {
    const place = cell.getBoundingClientRect();
    dialog.style.margin = "0";
    dialog.style.left = `${Math.max(8, Math.min(place.left, innerWidth - dialog.offsetWidth - 8))}px`;
    dialog.style.top = `${Math.max(8, Math.min(place.top, innerHeight - dialog.offsetHeight - 8))}px`;
  }
  control.focus();
  // One letter was typed to begin with: it goes on behind it. A long text is rarely replaced as a whole.
  if (!control.select || value.text?.length === 1) return;
  if (control.tagName === "TEXTAREA") {
    control.setSelectionRange(0, 0);
    control.scrollTop = 0;
  } else if (value.text !== undefined) control.select();
}
