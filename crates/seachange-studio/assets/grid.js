// The grid's own: fields that fit a filter's column, columns in another order, cells by arrow keys.

import { make } from "./studio.js";

const form = document.querySelector("form[data-filters]");
if (form) {
  const [column, operator, values] = [form.elements.column, form.elements.operator, form.querySelector("[data-values]")];
  const operators = [...operator.options];
  const kinds = { number: "text", date: "date", time: "time", timestamp: "datetime-local" };
  const field = (name, label, chosen) => make("input", {
    name, "aria-label": label, autocomplete: "off", type: kinds[chosen.dataset.editor] ?? "text",
    inputmode: chosen.dataset.editor === "number" ? "decimal" : null, step: chosen.dataset.editor === "timestamp" ? "any" : null,
    placeholder: operator.value === "path" ? "$.a ? (@ > 1)" : operator.value === "holds" ? '{"a": 1}' : null,
  });
  const fitValues = () => {
    const chosen = column.selectedOptions[0];
    const labels = chosen.dataset.labels ? JSON.parse(chosen.dataset.labels) : chosen.dataset.editor === "boolean" ? ["true", "false"] : null;
    if (["null", "notnull"].includes(operator.value)) values.replaceChildren();
    else if (labels && operator.value === "in") {
      values.replaceChildren(make("select", { name: "value", multiple: true, "aria-label": "Values", size: Math.min(labels.length, 8) },
        ...labels.map((label) => make("option", { value: label }, label))));
    } else if (labels) {
      values.replaceChildren(make("select", { name: "value", "aria-label": "Value" }, ...labels.map((label) => make("option", { value: label }, label))));
    } else if (operator.value === "between") values.replaceChildren(field("value", "From", chosen), " and ", field("upto", "Up to", chosen));
    else values.replaceChildren(field("value", "Value", chosen));
  };
  const fitOperators = () => {
    const asked = column.selectedOptions[0].dataset.operators.split(" ");
    operator.replaceChildren(...asked.map((word) => operators.find((option) => option.value === word)));
    operator.selectedIndex = 0;
    fitValues();
  };
  column.addEventListener("change", fitOperators);
  operator.addEventListener("change", fitValues);
  fitOperators();
}

for (const button of document.querySelectorAll("[data-columns] [data-move]")) {
  button.addEventListener("click", () => {
    const item = button.closest("li");
    if (button.dataset.move === "up") item.previousElementSibling?.before(item);
    else item.nextElementSibling?.after(item);
    button.focus();
  });
}

// Arrows go from cell to cell; Tab leaves the grid, so it has one stop.
const grid = document.getElementById("grid");
export const cellAt = (row, column) => grid?.tBodies[0].rows[row]?.cells[column];
const first = cellAt(0, 1);
if (first) first.tabIndex = 0;
grid?.addEventListener("focusin", (event) => {
  const cell = event.target.closest("td");
  if (!cell) return;
  grid.querySelector("td[tabindex='0']")?.setAttribute("tabindex", "-1");
  cell.tabIndex = 0;
});
grid?.addEventListener("keydown", (event) => {
  const cell = event.target;
  if (!(cell instanceof HTMLTableCellElement)) return;
  const [row, column] = [cell.parentElement.sectionRowIndex, cell.cellIndex];
  const rows = grid.tBodies[0].rows;
  const to = {
    ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1],
    Home: [row, 1], End: [row, rows[row].cells.length - 1], PageUp: [0, column], PageDown: [rows.length - 1, column],
  }[event.key];
  if (!to || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const next = cellAt(...to);
  if (next?.tagName === "TD") next.focus();
});

if (grid?.dataset.editable) import("./edit.js");
