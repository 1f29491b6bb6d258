// Rows changed on the page: staged and marked, shown as SQL, saved together or not at all.

import { ask, failure, make, say } from "./studio.js";
import { field } from "./field.js";

const grid = document.getElementById("grid");
const columns = [...grid.tHead.rows[0].cells].slice(1).map((head) => ({
  name: head.dataset.name,
  type: head.dataset.type,
  editor: head.dataset.editor,
  labels: head.dataset.labels ? JSON.parse(head.dataset.labels) : null,
  required: "required" in head.dataset,
  generated: "generated" in head.dataset,
  default: head.dataset.default ?? null,
}));
const api = `/api/rows/${encodeURIComponent(grid.dataset.schema)}/${encodeURIComponent(grid.dataset.table)}`;

/** What is staged: a table row with where it is, what is set, and how its cells looked. */
const staged = new Map();
const bar = make("div", { class: "staged", hidden: true, role: "region", "aria-label": "Changes not saved yet" });
grid.closest(".scroll").after(bar);

const of = (row) => {
  if (!staged.has(row)) staged.set(row, { at: row.dataset.at ? JSON.parse(row.dataset.at) : null, set: {}, deleted: false, cells: new Map() });
  return staged.get(row);
};
const columnOf = (cell) => columns[cell.cellIndex - 1];
const shown = (value) => value === "null" ? make("span", { class: "null" }, "NULL")
  : value === "default" ? make("span", { class: "null" }, "DEFAULT")
  : value.text === "" ? make("span", { class: "faint" }, "empty") : document.createTextNode(value.text.slice(0, 200));

function tell() {
  for (const [row, change] of staged) {
    const inserted = !change.at;
    if (!inserted && !change.deleted && !Object.keys(change.set).length) staged.delete(row);
    row.classList.toggle("deleted", change.deleted);
    row.classList.toggle("inserted", inserted);
  }
  bar.hidden = !staged.size;
  bar.replaceChildren(
    make("strong", {}, `${staged.size} ${staged.size === 1 ? "row" : "rows"} changed, not saved`),
    make("button", { type: "button", class: "main", onclick: review }, "Review and save", make("kbd", {}, "Ctrl S")),
    make("button", { type: "button", onclick: discard }, "Discard"));
}

function set(cell, value) {
  const change = of(cell.parentElement);
  const name = columnOf(cell).name;
  if (!change.cells.has(cell)) change.cells.set(cell, [...cell.childNodes]);
  change.set[name] = value;
  cell.classList.add("changed");
  cell.classList.remove("wrong");
  cell.replaceChildren(shown(value));
  tell();
}

function unset(cell) {
  const change = staged.get(cell.parentElement);
  if (!change?.cells.has(cell)) return;
  cell.replaceChildren(...change.cells.get(cell));
  change.cells.delete(cell);
  delete change.set[columnOf(cell).name];
  cell.classList.remove("changed", "wrong");
  tell();
}

/** The value that a cell has now: what is staged, else what the database has, all of it. */
async function valueOf(cell) {
  const column = columnOf(cell);
  const change = staged.get(cell.parentElement);
  if (change && column.name in change.set) return change.set[column.name];
  if (!cell.parentElement.dataset.at) return "default";
  if ("null" in cell.dataset) return "null";
  const { value } = await ask(`${api}/value`, { at: JSON.parse(cell.parentElement.dataset.at), column: column.name });
  return value === null ? "null" : { text: value };
}

let opening = false;

export async function edit(cell, typed) {
  if (opening || document.querySelector("dialog[open]")) return;
  const column = columnOf(cell);
  if (column.generated) return say(`${column.name} is generated: PostgreSQL gives its value`);
  if (staged.get(cell.parentElement)?.deleted) return;
  opening = true;
  try {
    // Whoever types over a value goes on typing: the field is there for the second letter.
    const value = typed === undefined ? await valueOf(cell) : undefined;
    field(cell, column, value ?? { text: typed }, {
      done: (given) => {
        const same = JSON.stringify(given) === JSON.stringify(value);
        if (!same) set(cell, given);
        cell.focus();
      },
      undo: () => { unset(cell); cell.focus(); },
    });
  } catch (error) {
    say(error);
  } finally {
    opening = false;
  }
}

export function insert() {
  const row = make("tr", {}, make("th", { class: "mark", scope: "row" }, "+"),
    ...columns.map((column) => make("td", { tabindex: "-1", class: column.editor === "number" ? "number" : null },
      make("span", { class: "null" }, column.generated ? "generated" : column.default || !column.required ? "DEFAULT" : "to fill in"))));
  grid.tBodies[0].prepend(row);
  of(row);
  tell();
  const start = columns.findIndex((column) => !column.generated && !column.default);
  row.cells[Math.max(start, 0) + 1].focus();
}

export function toggleDeleted(row) {
  const change = of(row);
  if (!change.at) {
    staged.delete(row);
    row.remove();
  } else change.deleted = !change.deleted;
  tell();
}

const changes = () => [...staged].map(([row, { at, set, deleted }]) => ({
  row,
  change: deleted ? { delete: { at } } : at ? { update: { at, set } } : { insert: { set } },
}));

async function review() {
  if (!staged.size || document.querySelector("dialog[open]")) return;
  const all = changes();
  const body = { changes: all.map(({ change }) => change) };
  try {
    const { sql } = await ask(`${api}/sql`, body);
    const problem = make("div");
    const save = make("button", { type: "button", class: "main", onclick: () => send(all, body, dialog, problem, save) }, `Save ${all.length}`);
    const dialog = make("dialog", { class: "wide" }, make("h2", {}, "This will run, in one transaction"), make("pre", { class: "sql" }, sql), problem,
      make("div", { class: "bar" }, save, make("button", { type: "button", onclick: () => dialog.close() }, "Back")));
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
    save.focus();
  } catch (error) {
    say(error);
  }
}

async function send(all, body, dialog, problem, button) {
  button.disabled = true;
  try {
    await ask(`${api}/save`, body);
    staged.clear();
    location.reload();
  } catch (error) {
    button.disabled = false;
    const row = error.change == null ? null : all[error.change]?.row;
    if (!row) return problem.replaceChildren(failure(error));
    dialog.close();
    if (error.outcome === "changed") changed(row, error);
    else wrong(row, error);
    say(error);
  }
}

/** Somebody else was first: what the row has now is shown beside what is staged, and saving again means it. */
function changed(row, { now }) {
  row.classList.add("conflict");
  if (!now) return;
  const change = staged.get(row);
  change.at = now.at;
  row.dataset.at = JSON.stringify(now.at);
  columns.forEach((column, at) => {
    const cell = row.cells[at + 1];
    const value = now.values[column.name];
    const content = value === null ? "null" : { text: value };
    if (column.name in change.set) {
      change.cells.set(cell, [shown(content)]);
      cell.append(make("small", { class: "now" }, `now: ${value ?? "NULL"}`));
    } else cell.replaceChildren(shown(content));
  });
}

function wrong(row, error) {
  const about = columns.map((column, at) => [column, row.cells[at + 1]]).filter(([column]) => error.columns.includes(column.name));
  for (const [, cell] of about) {
    cell.classList.add("wrong");
    cell.querySelector(".now")?.remove();
    cell.append(make("small", { class: "now" }, error.message));
  }
  (about[0]?.[1] ?? row.cells[1]).focus();
}

function discard() {
  for (const [row, change] of staged) {
    if (!change.at) row.remove();
    for (const [cell, nodes] of change.cells) {
      cell.replaceChildren(...nodes);
      cell.classList.remove("changed", "wrong");
    }
    row.classList.remove("deleted", "conflict");
  }
  staged.clear();
  tell();
}

grid.addEventListener("dblclick", (event) => {
  const cell = event.target.closest("td");
  if (cell && !event.target.closest("a, input, select, textarea")) edit(cell);
});
grid.addEventListener("keydown", (event) => {
  const cell = event.target;
  if (!(cell instanceof HTMLTableCellElement) || cell.tagName !== "TD") return;
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (event.key === "Enter" || event.key === "F2") edit(cell);
  else if (event.key === "Delete" && plain) toggleDeleted(cell.parentElement);
  else if (event.key === "Escape") unset(cell);
  else if (plain && event.key.length === 1) edit(cell, event.key);
  else return;
  event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
  event.preventDefault();
  review();
});
window.addEventListener("beforeunload", (event) => { if (staged.size) event.preventDefault(); });
document.querySelector("[data-insert]")?.addEventListener("click", insert);
