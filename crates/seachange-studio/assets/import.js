// The import of a CSV file: read here, tried by the server, and shown before anything is written.

import { ask, failure, make, say } from "./studio.js";

const form = document.getElementById("import");
const preview = document.getElementById("preview");
const columns = JSON.parse(form.dataset.columns);
const { file, delimiter } = form.elements;
let text = null;
let chosen = [];

/** The fields of the first line; quotes and doubled quotes as COPY reads them. */
function header(line, between) {
  const fields = [];
  let field = "";
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    const sign = line[at];
    if (quoted && sign === '"' && line[at + 1] === '"') field += line[++at];
    else if (sign === '"') quoted = !quoted;
    else if (sign === between && !quoted) { fields.push(field); field = ""; }
    else if ((sign === "\n" || sign === "\r") && !quoted) break;
    else field += sign;
  }
  return [...fields, field];
}

const likely = (name) => columns.find((column) => column.toLowerCase() === name.trim().toLowerCase()) ?? "";

async function read() {
  if (!file.files[0]) return;
  if (file.files[0].size > 64 * 1024 * 1024) return say(new Error("a file of more than 64 MiB is imported by `cargo xtask db psql`, with \\copy"));
  text = await file.files[0].text();
  const head = text.slice(0, 100_000);
  if (!header(head, delimiter.value)[1]) {
    const other = [",", ";", "\t", "|"].find((sign) => header(head, sign).length > 1);
    if (other) delimiter.value = other;
  }
  const fields = header(head, delimiter.value);
  chosen = fields.map((name) => make("select", { "aria-label": `Column for ${name}`, onchange: attempt },
    make("option", { value: "" }, "leave out"), ...columns.map((column) => make("option", { value: column, selected: column === likely(name) }, column))));
  preview.replaceChildren(make("h2", {}, "Fields"), make("div", { class: "scroll" }, make("table", { class: "list" }, make("tbody", {},
    ...fields.map((name, at) => make("tr", {}, make("td", {}, name), make("td", {}, chosen[at])))))), make("div", { id: "tried" }));
  attempt();
}

const body = () => ({ csv: text, delimiter: delimiter.value, columns: chosen.map((select) => select.value || null) });

let attempts = 0;
async function attempt() {
  const mine = ++attempts;
  const tried = document.getElementById("tried");
  if (!chosen.some((select) => select.value)) return tried.replaceChildren(make("p", { class: "help" }, "Choose a column for one field at least."));
  tried.replaceChildren(make("p", { class: "faint", role: "status" }, "trying…"));
  try {
    const seen = await ask(`${form.dataset.api}/preview`, body());
    // Somebody has chosen anew while this was tried.
    if (mine !== attempts) return;
    const wrong = new Map(seen.wrong.map((one) => [`${one.row} ${one.column}`, one]));
    const value = (content) => content === null ? make("span", { class: "null" }, "NULL") : content;
    const button = make("button", { type: "button", class: "main", disabled: seen.wrong.length > 0 || seen.rows === 0, onclick: () => send(button) }, `Import ${seen.rows} rows`);
    tried.replaceChildren(
      make("h2", {}, `The first of ${seen.rows} rows`),
      make("div", { class: "scroll" }, make("table", { class: "grid" },
        make("thead", {}, make("tr", {}, ...seen.columns.map(({ name, type }) => make("th", { scope: "col" }, name, make("small", {}, type))))),
        make("tbody", {}, ...seen.first.map((row, at) => make("tr", {}, ...row.map((content, column) => {
          const one = wrong.get(`${at + 1} ${seen.columns[column].name}`);
          return make("td", { class: one ? "wrong" : null, title: one?.why }, value(content));
        })))))),
      seen.wrong.length ? make("div", { class: "failure", role: "alert" }, make("p", {}, "These values are not taken; nothing is imported:"),
        ...seen.wrong.map((one) => make("p", {}, `row ${one.row}, ${one.column}: ${one.why}`, one.value === null || one.why.includes(one.value) ? "" : ` (${one.value})`)),
        seen.tried < seen.rows ? make("p", { class: "help" }, `of the first ${seen.tried} rows`) : null) : null,
      make("div", { class: "bar" }, button));
  } catch (error) {
    if (mine === attempts) tried.replaceChildren(failure(error));
  }
}

async function send(button) {
  button.disabled = true;
  try {
    const { rows } = await ask(form.dataset.api, body());
    preview.replaceChildren(make("div", { class: "said", role: "status" }, make("p", {}, `${rows} rows imported. `, make("a", { href: form.dataset.table }, "Look at them"))));
  } catch (error) {
    button.disabled = false;
    button.after(failure(error));
  }
}

file.addEventListener("change", read);
delimiter.addEventListener("change", read);
form.addEventListener("submit", (event) => event.preventDefault());
