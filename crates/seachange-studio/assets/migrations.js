// Migrations: parts that take a while come when the page is there, and a run says what it does while it does it.

import { ask, failure, make, post } from "./studio.js";

/** Puts a part of another page of ours in the place of the link to it. */
async function load(place) {
  const link = [...place.childNodes];
  place.replaceChildren(make("p", { class: "faint", role: "status" }, "asking a scratch database …"));
  try {
    const answer = await fetch(place.dataset.load, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const part = page.querySelector(answer.ok ? place.dataset.part ?? "#part" : ".failure");
    place.replaceChildren(...part ? [document.adoptNode(part)] : []);
  } catch (error) {
    place.replaceChildren(failure(error), ...link);
  }
}
for (const place of document.querySelectorAll("[data-load]")) load(place);

const form = document.getElementById("apply");
const log = document.getElementById("run");
const ended = document.getElementById("ended");
const refused = document.getElementById("refused");

/** The values of an answer that has one a line, as they come. */
async function* values(answer) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) yield JSON.parse(line);
  }
}

const wanted = () => [...form.querySelectorAll(".pending")]
  .filter((one) => one.querySelector("[name=contract]")?.checked ?? true)
  .map((one) => JSON.parse(one.dataset.shown));

/** What would go on nevertheless, as boxes to tick. */
function refuse(error) {
  refused.replaceChildren(failure(error), ...(error.flags ?? []).map((flag) =>
    make("label", { class: "consent" }, make("input", { type: "checkbox", name: "flag", value: flag }), " nevertheless: ", make("code", {}, flag))));
}

async function apply() {
  const [button, cancel] = [form.querySelector("button.main"), form.elements.cancel];
  const flags = [...form.querySelectorAll("[name=flag]:checked")].map((box) => box.value);
  const shown = wanted();
  if (!shown.length) return;
  refused.replaceChildren();
  log.replaceChildren();
  log.hidden = false;
  ended.textContent = "running …";
  button.disabled = true;
  cancel.disabled = false;
  let over = false;
  try {
    for await (const said of values(await post("/api/migrations/apply", { shown, flags }))) {
      if (said.line != null) log.append(said.line, "\n");
      else if (said.refused) throw said.refused;
      else if (said.ended.code === 0) return done();
      else ended.textContent = `it ended with exit code ${said.ended.code}`;
      log.scrollTop = log.scrollHeight;
      over = said.ended != null;
    }
    if (!over) throw { message: "the studio went away before the run ended", help: "the list of migrations says where it stands; `cargo xtask db status` does too" };
  } catch (error) {
    ended.textContent = "";
    refuse(error);
  } finally {
    cancel.disabled = true;
    button.disabled = false;
  }
}

function done() {
  form.hidden = true;
  ended.replaceChildren("Applied. ", make("a", { href: "/migrations" }, "All migrations"));
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  apply();
});
form?.elements.cancel.addEventListener("click", async () => {
  try {
    await ask("/api/migrations/cancel", {});
  } catch (error) {
    refuse(error);
  }
});
// A migration that is held back takes its losses along only when it is wanted.
for (const section of document.querySelectorAll(".pending:has([name=contract])")) {
  const box = section.querySelector("[name=contract]");
  const follow = () => { for (const loss of section.querySelectorAll("[name=loss]")) loss.required = box.checked; };
  box.addEventListener("change", follow);
  follow();
}
