// The diagram: larger and smaller, moved as a whole or table by table, by pointer and by keys. Places chosen by hand are
// remembered for this database and this schema.

import { say } from "./studio.js";

const svg = document.getElementById("diagram");
if (svg) {
  const key = `diagram ${document.querySelector("[data-store]").dataset.store}`;
  const whole = svg.viewBox.baseVal;
  const all = { x: whole.x, y: whole.y, width: whole.width, height: whole.height };
  const HEAD = 30, REACH = 24, LARGEST = 2.5;

  // What is drawn.
  const tables = [...svg.querySelectorAll(".table")].map((element, at) => {
    const [x, y] = element.getAttribute("transform").match(/-?\d+(\.\d+)?/g).map(Number);
    return { element, at, x, y, home: { x, y }, width: +element.dataset.width, height: +element.dataset.height, name: element.dataset.name, edges: [] };
  });
  const edges = [...svg.querySelectorAll(".edge")].map((element) => {
    const edge = {
      element, child: tables[element.dataset.child], parent: tables[element.dataset.parent], from: +element.dataset.from, to: +element.dataset.to,
      paths: [...element.querySelectorAll(".hit, .line")], ends: [...element.querySelectorAll(".end")],
    };
    edge.home = [edge.paths[0].getAttribute("d"), ...edge.ends.map((end) => end.getAttribute("transform"))];
    edge.child.edges.push(edge);
    edge.parent.edges.push(edge);
    return edge;
  });

  // A line by right angles between two tables, one of which was moved. Where they stand above each other it goes around.
  const rounded = (points) => points.map(([x, y], at) => {
    if (at === 0) return `M${x} ${y}`;
    if (at === points.length - 1) return `L${x} ${y}`;
    const near = ([ox, oy]) => {
      const step = Math.min(6, (Math.abs(ox - x) + Math.abs(oy - y)) / 2);
      return `${x + Math.sign(ox - x) * step} ${y + Math.sign(oy - y) * step}`;
    };
    return `L${near(points[at - 1])}Q${x} ${y} ${near(points[at + 1])}`;
  }).join("");
  const route = (edge) => {
    const { child, parent } = edge;
    const moved = [child, parent].some((it) => it.x !== it.home.x || it.y !== it.home.y);
    if (!moved) {
      for (const path of edge.paths) path.setAttribute("d", edge.home[0]);
      edge.ends.forEach((end, at) => end.setAttribute("transform", edge.home[at + 1]));
      return;
    }
    const [y1, y2] = [child.y + edge.from, parent.y + edge.to];
    let sides = [1, 1];
    if (child.x > parent.x + parent.width + REACH) sides = [-1, 1];
    else if (parent.x > child.x + child.width + REACH) sides = [1, -1];
    const x1 = sides[0] > 0 ? child.x + child.width : child.x;
    const x2 = sides[1] > 0 ? parent.x + parent.width : parent.x;
    const middle = sides[0] === sides[1] ? Math.max(x1, x2) + REACH + 6 : Math.round((x1 + x2) / 2);
    const d = rounded([[x1, y1], [middle, y1], [middle, y2], [x2, y2]]);
    for (const path of edge.paths) path.setAttribute("d", d);
    edge.ends[0].setAttribute("transform", `translate(${x1} ${y1}) scale(${sides[0]} 1)`);
    edge.ends[1].setAttribute("transform", `translate(${x2} ${y2}) scale(${sides[1]} 1)`);
  };
  const put = (table, x, y) => {
    [table.x, table.y] = [Math.round(x), Math.round(y)];
    table.element.setAttribute("transform", `translate(${table.x} ${table.y})`);
    table.edges.forEach(route);
  };

  // What was chosen by hand. A browser that keeps nothing still draws.
  const remember = () => {
    const moved = tables.filter((it) => it.x !== it.home.x || it.y !== it.home.y).map((it) => [it.name, it.x, it.y]);
    try {
      if (moved.length) localStorage.setItem(key, JSON.stringify(moved));
      else localStorage.removeItem(key);
    } catch { /* No storage. */ }
    reset.disabled = !moved.length;
  };
  const reset = document.querySelector("[data-zoom=reset]");
  try {
    for (const [name, x, y] of JSON.parse(localStorage.getItem(key) ?? "[]")) {
      const table = tables.find((it) => it.name === name);
      if (table && Number.isFinite(x) && Number.isFinite(y)) put(table, x, y);
    }
  } catch { /* No storage, or not ours. */ }
  remember();

  // What is seen: a part of the drawing, as large as the room that there is.
  let view = { x: 0, y: 0, scale: 1 };
  const room = () => ({ width: svg.clientWidth || 1, height: svg.clientHeight || 1 });
  const show = () => {
    const { width, height } = room();
    svg.setAttribute("viewBox", `${view.x} ${view.y} ${width / view.scale} ${height / view.scale}`);
  };
  const extent = () => {
    const left = Math.min(all.x, ...tables.map((it) => it.x - 24)), top = Math.min(all.y, ...tables.map((it) => it.y - 24));
    const right = Math.max(all.x + all.width, ...tables.map((it) => it.x + it.width + 24));
    const bottom = Math.max(all.y + all.height, ...tables.map((it) => it.y + it.height + 24));
    return { x: left, y: top, width: right - left, height: bottom - top };
  };
  const fit = (least = 0) => {
    const { width, height } = room();
    const it = extent();
    const scale = Math.max(Math.min(width / it.width, height / it.height, 1.15), least);
    view = { scale, x: it.x + Math.min((it.width - width / scale) / 2, 0), y: it.y + Math.min((it.height - height / scale) / 2, 0) };
    show();
  };
  const smallest = () => Math.min(0.1, room().width / all.width / 2);
  const zoom = (factor, at) => {
    const { width, height } = room();
    const [px, py] = at ?? [width / 2, height / 2];
    const scale = Math.min(LARGEST, Math.max(smallest(), view.scale * factor));
    view = { scale, x: view.x + px / view.scale - px / scale, y: view.y + py / view.scale - py / scale };
    show();
  };
  const pan = (dx, dy) => {
    view = { ...view, x: view.x - dx / view.scale, y: view.y - dy / view.scale };
    show();
  };
  const center = (table) => {
    const { width, height } = room();
    const scale = Math.max(view.scale, 0.75);
    view = { scale, x: table.x + table.width / 2 - width / scale / 2, y: table.y + Math.min(table.height / 2, height / scale / 2 - 24) - height / scale / 2 };
    show();
  };
  /** What has the focus comes into sight. */
  const reveal = (table) => {
    const { width, height } = room();
    const inside = table.x >= view.x && table.y >= view.y && table.x + table.width <= view.x + width / view.scale && table.y + HEAD <= view.y + height / view.scale;
    if (!inside) center(table);
  };

  // What is pointed at stands out, with its lines and the tables at their ends.
  let lit = null;
  const light = (chosen) => {
    const asked = chosen ?? focused();
    if (lit === asked) return;
    lit = asked;
    svg.classList.toggle("some", !!asked);
    const bright = new Set(asked ? (asked.edges ?? [asked]) : []);
    const near = new Set(asked?.edges ? [asked] : []);
    for (const edge of bright) near.add(edge.child).add(edge.parent);
    for (const edge of edges) edge.element.classList.toggle("lit", bright.has(edge));
    for (const table of tables) table.element.classList.toggle("lit", near.has(table));
    // The last in the document is drawn on top.
    if (bright.size) svg.querySelector(".edges").append(...[...bright].map((edge) => edge.element));
  };
  const tableOf = (target) => tables[target.closest?.(".table")?.dataset.at];
  const focused = () => svg.contains(document.activeElement) ? tableOf(document.activeElement) : undefined;
  const over = (target) => tableOf(target) ?? edges.find((it) => it.element === target.closest?.(".edge"));
  svg.addEventListener("pointerover", (event) => { if (!pointers.size) light(over(event.target)); });
  svg.addEventListener("pointerleave", () => light(undefined));
  svg.addEventListener("focusin", (event) => {
    const table = tableOf(event.target);
    if (table && event.target.matches(":focus-visible")) reveal(table);
    light(table);
  });
  svg.addEventListener("focusout", () => light(undefined));

  // Pointers: one moves a table or everything, two make it larger or smaller.
  const pointers = new Map();
  let drag = null;
  const place = (event) => {
    const box = svg.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const spread = () => {
    const [[ax, ay], [bx, by]] = [...pointers.values()];
    return { far: Math.hypot(ax - bx, ay - by) || 1, at: [(ax + bx) / 2, (ay + by) / 2] };
  };
  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    pointers.set(event.pointerId, place(event));
    clearTimeout(drag?.held);
    if (pointers.size > 1) {
      drag = { ...spread(), moved: true };
      return;
    }
    const table = tableOf(event.target);
    drag = { from: place(event), moved: false };
    if (event.pointerType !== "touch") drag.table = table;
    // A finger has little ground to move all by: it has to hold a table to move that.
    else if (table) {
      const mine = drag;
      drag.held = setTimeout(() => {
        if (mine !== drag || drag.moved) return;
        drag.table = table;
        light(table);
      }, 350);
    }
  });
  addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const now = place(event);
    if (pointers.size === 2) {
      pointers.set(event.pointerId, now);
      const { far, at } = spread();
      zoom(far / drag.far, at);
      pan(at[0] - drag.at[0], at[1] - drag.at[1]);
      drag = { far, at, moved: true };
      return;
    }
    if (!drag.moved && Math.hypot(now[0] - drag.from[0], now[1] - drag.from[1]) < 5) return;
    if (!drag.moved) {
      drag.moved = true;
      clearTimeout(drag.held);
      svg.setPointerCapture(event.pointerId);
      svg.classList.add("dragging");
      if (drag.table) svg.querySelector(".tables").append(drag.table.element);
    }
    pointers.set(event.pointerId, now);
    if (drag.table) {
      drag.x = (drag.x ?? drag.table.x) + (now[0] - before[0]) / view.scale;
      drag.y = (drag.y ?? drag.table.y) + (now[1] - before[1]) / view.scale;
      put(drag.table, drag.x, drag.y);
    } else pan(now[0] - before[0], now[1] - before[1]);
  });
  const lifted = (event) => {
    if (!pointers.delete(event.pointerId)) return;
    clearTimeout(drag?.held);
    if (drag?.table && drag.moved) remember();
    svg.classList.remove("dragging");
    // The finger that stays goes on from where it is.
    if (pointers.size === 1) drag = { from: [...pointers.values()][0], moved: true };
  };
  addEventListener("pointerup", lifted);
  addEventListener("pointercancel", lifted);
  svg.addEventListener("contextmenu", (event) => { if (drag?.held && pointers.size) event.preventDefault(); });
  svg.addEventListener("dragstart", (event) => event.preventDefault());
  svg.addEventListener("click", (event) => {
    if (!drag?.moved) return;
    event.preventDefault();
    drag = null;
  }, true);
  svg.addEventListener("wheel", (event) => {
    event.preventDefault();
    const step = event.deltaMode === 1 ? event.deltaY * 30 : event.deltaY;
    if (event.shiftKey) pan(-step, 0);
    else zoom(Math.exp(-Math.max(-300, Math.min(300, step)) / (event.ctrlKey ? 120 : 420)), place(event));
  }, { passive: false });

  // Keys.
  const act = {
    in: () => zoom(1.25), out: () => zoom(0.8), fit: () => fit(),
    reset: () => { for (const table of tables) put(table, table.home.x, table.home.y); remember(); fit(); },
  };
  for (const button of document.querySelectorAll("[data-zoom]")) button.addEventListener("click", () => act[button.dataset.zoom]());
  svg.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const table = focused();
    const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (arrow && event.shiftKey && table) {
      put(table, table.x + arrow[0] * 20, table.y + arrow[1] * 20);
      reveal(table);
      remember();
    } else if (arrow) pan(-arrow[0] * 60, -arrow[1] * 60);
    else if (event.key === "+" || event.key === "=") act.in();
    else if (event.key === "-") act.out();
    else if (event.key === "0") act.fit();
    else if (event.key.toLowerCase() === "f" && table) go(table.name);
    else if (event.key === "Escape") svg.focus();
    else return;
    event.preventDefault();
  });

  // A table by its name: it is shown where it is drawn, else its neighbourhood is opened.
  const search = document.querySelector("[data-focus]");
  const options = [...document.querySelectorAll("#drawn option")];
  const go = (name) => {
    const option = options.find((it) => it.value === name);
    if (option) location.assign(option.dataset.path);
  };
  const find = (sure) => {
    const word = search.value.trim().toLowerCase();
    if (!word) return;
    const names = options.map((it) => it.value);
    const name = names.find((it) => it.toLowerCase() === word) ?? (sure ? names.find((it) => it.toLowerCase().includes(word)) : undefined);
    if (!name) {
      if (sure) say(`no table is called like “${search.value}”`);
      return;
    }
    const table = tables.find((it) => it.name === name);
    // While a name is typed it may go on: only who chooses leaves this drawing.
    if (!table) {
      if (sure) go(name);
    } else {
      center(table);
      if (sure) table.element.focus({ preventScroll: true });
      else light(table);
    }
  };
  // What is picked from the list comes as one replacement.
  search?.addEventListener("input", (event) => find(!event.inputType || event.inputType === "insertReplacementText"));
  search?.addEventListener("keydown", (event) => {
    if (event.key === "Enter") find(true);
  });

  new ResizeObserver(show).observe(svg);
  svg.classList.add("live");
  // What does not fit begins with the table that was asked for.
  fit(0.5);
  const chosen = tables.find((it) => it.name === document.querySelector("[data-chosen]")?.dataset.chosen);
  chosen?.element.classList.add("chosen");
  if (chosen && (extent().height * view.scale > room().height + 1 || extent().width * view.scale > room().width + 1)) center(chosen);
}
