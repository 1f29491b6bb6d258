// What the harness asks a page. A place is a CSS selector, or one followed by ` >> ` and words that its text has.

const seen = (element) => {
  if (!element.checkVisibility({ visibilityProperty: true })) return false;
  const box = element.getBoundingClientRect();
  return box.width > 0 && box.height > 0;
};
const every = (place) => {
  const [css, words] = place.split(" >> ");
  const all = [...document.querySelectorAll(css)];
  if (words === undefined) return all;
  const fitting = all.filter((it) => it.textContent.includes(words));
  const exact = fitting.filter((it) => it.textContent.trim() === words);
  return exact.length ? exact : fitting;
};
const one = (place) => every(place).find(seen);

/** Where to press: in the middle of what is there, once it stands still and nothing lies over it. */
const spot = (place) => {
  const element = one(place);
  if (!element || element.disabled) return null;
  element.scrollIntoView({ block: "nearest", inline: "nearest" });
  const box = element.getClientRects()[0];
  if (!box) return null;
  const at = [box.left + box.width / 2, box.top + box.height / 2];
  const last = spot.last;
  spot.last = `${place} ${at}`;
  if (last !== spot.last) return null;
  const hit = document.elementFromPoint(...at);
  if (hit && (element.contains(hit) || hit.contains(element) && hit.closest("label, a, button, summary, text, g"))) return at;
  // Under the page's head, which stays at the top.
  if (hit) element.scrollIntoView({ block: "center", inline: "center" });
  return null;
};

/** The page and its modules are there. */
const ready = () => document.readyState === "complete" && (!document.querySelector("#grid[data-editable]") || !!document.querySelector(".staged"));

const words = (place) => {
  const element = one(place);
  return element ? (element.matches("input, select, textarea") ? element.value : element.innerText ?? element.textContent) : null;
};
