// On every page: asking the server, saying what went wrong, the palette, counting, searching a list.

const meta = (name) => document.querySelector(`meta[name=${name}]`)?.content ?? "";
export const readOnly = meta("access") === "read-only";

/** Sends JSON to our own server, and gives its answer; what is refused is thrown, as the server says it. */
export async function post(path, body, options = {}) {
  return sent(await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json", "x-seachange-csrf": meta("csrf") },
    body: JSON.stringify(body),
    ...options,
  }));
}

async function sent(answer) {
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => ({ message: `the studio answered ${answer.status}` }));
  throw Object.assign(new Error(told.message), told);
}

/** The JSON that our own server answers with, to JSON if some is sent. */
export async function ask(path, body, options = {}) {
  const answer = body === undefined
    ? await sent(await fetch(path, { headers: { accept: "application/json" }, ...options }))
    : await post(path, body, options);
  return answer.json();
}

/** An element with attributes and children; text is text, never HTML. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

/** A sentence with what stands between backticks as code; one without a partner is only a character. */
function marked(text) {
  const parts = text.split("`");
  return parts.length % 2 ? parts.map((part, at) => at % 2 ? make("code", {}, part) : part) : [text];
}

/** What failed, as a box: message, detail, help, SQLSTATE. */
export function failure(error) {
  return make("div", { class: "failure", role: "alert" },
    make("p", {}, ...marked(error.message)),
    error.detail ? make("p", {}, error.detail) : null,
    error.help ? make("p", { class: "help" }, "help: ", ...marked(error.help)) : null,
    error.sqlstate ? make("p", { class: "faint" }, `SQLSTATE ${error.sqlstate}`) : null);
}

/** Says something in the corner; what failed stays until it is pressed. */
export function say(what) {
  const box = what instanceof Error ? failure(what) : make("div", { class: "said" }, make("p", {}, what));
  box.append(make("button", { type: "button", class: "quiet close", "aria-label": "Close" }, "✕"));
  box.addEventListener("click", () => box.remove());
  document.getElementById("notices")?.append(box);
  if (!(what instanceof Error)) setTimeout(() => box.remove(), 6000);
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-count]");
  if (!button) return;
  button.disabled = true;
  try {
    const { shown } = await ask(button.dataset.count, {});
    const estimate = button.previousElementSibling;
    if (estimate) estimate.textContent = shown;
    button.remove();
  } catch (error) {
    button.disabled = false;
    say(error);
  }
});

for (const input of document.querySelectorAll("input[data-filter]")) {
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/);
    for (const row of document.querySelectorAll(input.dataset.filter)) {
      const text = (row.dataset.text ?? row.textContent).toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
  });
}

// A menu closes when something else is pressed, or by Escape.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// The palette: any table or part of the studio by a few of its letters.
let targets;
async function palette() {
  const list = make("ul", { role: "listbox" });
  const input = make("input", { type: "search", placeholder: "Table or part", "aria-label": "Go to" });
  const dialog = make("dialog", { class: "go" }, input, list);
  const parts = [...document.querySelectorAll("header nav a")].map((a) => ({ name: a.textContent, kind: "part", path: a.getAttribute("href") }));
  let chosen = 0;
  const fits = (name, word) => {
    let at = -1;
    return [...word].every((letter) => (at = name.indexOf(letter, at + 1)) >= 0);
  };
  const show = () => {
    const word = input.value.toLowerCase().replaceAll(/\s/g, "");
    const found = [...parts, ...(targets ?? [])].filter(({ name }) => fits(name.toLowerCase(), word));
    found.sort((one, other) => other.name.toLowerCase().includes(word) - one.name.toLowerCase().includes(word));
    chosen = Math.min(chosen, Math.max(found.length - 1, 0));
    list.replaceChildren(...found.slice(0, 50).map((target, at) => make("li", { role: "option", "aria-selected": String(at === chosen) },
      make("a", { href: target.path, tabindex: "-1" }, target.name, make("span", { class: "faint" }, target.kind)))));
    list.children[chosen]?.scrollIntoView({ block: "nearest" });
  };
  input.addEventListener("input", () => { chosen = 0; show(); });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      chosen = Math.max(0, Math.min(list.children.length - 1, chosen + step));
      show();
    } else if (event.key === "Enter") {
      list.children[chosen]?.querySelector("a").click();
    } else if (event.key === "Escape") {
      // A field for searching would keep the first one for itself.
      dialog.close();
    } else return;
    event.preventDefault();
  });
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  dialog.showModal();
  show();
  try {
    targets ??= await ask("/api/tables");
    show();
  } catch (error) {
    say(error);
  }
}
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
  event.preventDefault();
  if (!document.querySelector("dialog[open]")) palette();
});
document.querySelector("[data-palette]")?.addEventListener("click", palette);
