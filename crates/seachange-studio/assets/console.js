// The console: runs, cancels, keeps what was run in this browser.

import { ask, failure, make, post, say } from "./studio.js";

const form = document.getElementById("console");
const results = document.getElementById("results");
const { sql, rows, seconds, write, explain, analyze, cancel } = form.elements;
const kept = "seachange-console";
let running = null;

const history = () => {
  try {
    return JSON.parse(localStorage.getItem(kept)) ?? [];
  } catch {
    return [];
  }
};

function remember(text) {
  const all = [text, ...history().filter((one) => one !== text)].slice(0, 100);
  localStorage.setItem(kept, JSON.stringify(all));
  showHistory();
}

function showHistory() {
  const all = history();
  document.getElementById("history").replaceChildren(...all.length
    ? all.slice(0, 50).map((text) => make("button", { type: "button", class: "past", title: text, onclick: () => { sql.value = text; sql.focus(); } }, text.slice(0, 90)))
    : ["Nothing was run here yet."]);
}

function table({ columns, rows }) {
  const value = (text) => text === null ? make("span", { class: "null" }, "NULL") : text === "" ? make("span", { class: "faint" }, "empty") : text;
  return make("div", { class: "scroll" }, make("table", { class: "grid" },
    make("thead", {}, make("tr", {}, ...columns.map(({ name, type }) => make("th", { scope: "col" }, name, make("small", {}, type))))),
    make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map((text) => make("td", { tabindex: "-1" }, value(text))))))));
}

/** The whole result as a file: it is asked for anew, as what only reads. */
async function take(sql, format) {
  try {
    const answer = await post("/api/export", { sql, format });
    const link = make("a", { href: URL.createObjectURL(await answer.blob()), download: `result.${format}` });
    link.click();
    URL.revokeObjectURL(link.href);
  } catch (error) {
    say(error);
  }
}

function taken({ sql, columns }) {
  if (!columns.length || !/^\s*(select|with|values|table)\b/i.test(sql)) return null;
  return make("span", { class: "ways" }, ...["csv", "json", "sql"].map((format) =>
    make("button", { type: "button", class: "quiet", title: `All rows, as ${format.toUpperCase()}`, onclick: () => take(sql, format) }, format.toUpperCase())));
}

function shown(result) {
  const plan = result.columns.length === 1 && result.columns[0].name === "QUERY PLAN";
  const what = result.more ? `the first ${result.rows.length} rows; there are more`
    : result.columns.length ? `${result.rows.length} ${result.rows.length === 1 ? "row" : "rows"}` : `done${result.counted ? `, ${result.counted} rows` : ""}`;
  return make("section", { class: "result" },
    make("div", { class: "bar" }, make("code", { class: "faint" }, result.sql.split("\n")[0].slice(0, 100)), make("small", {}, `${what}, ${result.milliseconds} ms`), plan ? null : taken(result)),
    plan ? make("pre", {}, result.rows.map(([line]) => line).join("\n")) : result.columns.length ? table(result) : null);
}

async function run(mode) {
  if (running || !sql.value.trim()) return;
  const chosen = sql.selectionStart === sql.selectionEnd ? sql.value : sql.value.slice(sql.selectionStart, sql.selectionEnd);
  const from = sql.selectionStart === sql.selectionEnd ? 0 : sql.selectionStart;
  running = crypto.randomUUID();
  cancel.disabled = false;
  results.replaceChildren(make("p", { class: "faint", role: "status" }, "running…"));
  try {
    const answer = await ask("/api/console", { id: running, sql: chosen, rows: Number(rows.value), seconds: Number(seconds.value), mode });
    results.replaceChildren(...answer.results.map(shown));
    if (answer.failed) {
      results.append(failure(answer.failed), make("p", { class: "faint" }, `statement ${answer.failed.statement + 1}, line ${answer.failed.line}`));
      if (answer.failed.at != null) {
        const at = [...chosen].slice(0, answer.failed.at).join("").length + from;
        sql.focus();
        sql.setSelectionRange(at, at + 1);
      }
    }
    if (answer.note) results.append(make("p", { class: "help" }, answer.note));
    remember(chosen.trim());
  } catch (error) {
    results.replaceChildren(failure(error));
  } finally {
    running = null;
    cancel.disabled = true;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  run(write?.checked ? "write" : "read");
});
explain.addEventListener("click", () => run("explain"));
analyze.addEventListener("click", () => run("analyze"));
cancel.addEventListener("click", async () => {
  try {
    if (running) await ask("/api/console/cancel", { id: running });
  } catch (error) {
    say(error);
  }
});
sql.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  }
});
showHistory();
