// Draws the figures, and makes tables sort and filter. Without it the page shows the same rows in the suite's own order.
"use strict";

// The figures. Each frame holds a specification without colours; those of both themes stand once in the page.

const dark = matchMedia("screen and (prefers-color-scheme: dark)"); // false on paper
const widest = 720; // pixels of a picture

const read = (element) => JSON.parse(element.textContent);

/** Gives the specification its colours and the width of its frame. */
function fitted({ spec, inks }, width) {
  const config = read(document.getElementById("themes"))[dark.matches ? "dark" : "light"];
  config.range.category = inks.map((ink) => ink[Number(dark.matches)]);
  for (const param of spec.params) if (param.name === "outer") param.value = width;
  for (const view of spec.vconcat) view.width = width - spec.usermeta.beside;
  return { ...spec, config };
}

/** Lets Tab reach the names in a figure's key, and Enter and Space press them as a click does. */
function openToKeys(frame, view) {
  for (const key of frame.querySelectorAll(".role-legend")) key.setAttribute("role", "group");
  for (const label of frame.querySelectorAll(".role-legend-label text")) {
    label.setAttribute("tabindex", "0");
    label.setAttribute("role", "button");
    const tell = () => {
      const hidden = view.data("hidden_store").some((each) => each.values.includes(label.__data__.datum.value));
      label.setAttribute("aria-pressed", String(!hidden));
    };
    tell();
    view.addDataListener("hidden_store", tell);
    label.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      label.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    });
  }
}

/** Draws the figure, anew where there is one. */
async function draw(figure) {
  const frame = figure.querySelector(".picture");
  figure.drawn = frame.clientWidth;
  const spec = fitted(read(figure.querySelector("script")), Math.min(frame.clientWidth - 16, widest));
  const options = { ast: true, renderer: "svg", actions: false, defaultStyle: false, logLevel: 1 };
  figure.view?.finalize();
  const { view } = await vegaEmbed(frame, spec, { ...options, tooltip: { disableDefaultStyle: true } });
  for (const marks of frame.querySelectorAll("g.role-mark")) marks.removeAttribute("role"); // without a name it says nothing
  figure.view = view;
  if (spec.params.some((param) => param.name === "hidden")) openToKeys(frame, view);
}

async function drawAll(figures) {
  for (const figure of figures) {
    await draw(figure).catch((error) => console.error(error));
    await new Promise((resume) => setTimeout(resume)); // to the reader, who may have begun to scroll
  }
}

const figures = Array.from(document.querySelectorAll("figure"));
if (window.vegaEmbed) {
  document.getElementById("scriptless").remove();
  drawAll(figures);
  dark.addEventListener("change", () => figures.forEach(draw)); // at once, for paper does not wait
  addEventListener("resize", () =>
    drawAll(figures.filter((figure) => figure.drawn !== figure.querySelector(".picture").clientWidth))
  );
}

// The tables of class "sorts": by their headings and, where they are long, by words.

const few = 8; // rows; fewer need no filter

/** The rows by the values of a column; what has none comes last, whatever the order. */
function sorted(rows, column, order) {
  const cells = rows.map((row) => row.cells[column]);
  const numeric = cells.some((cell) => "value" in cell.dataset);
  const keys = new Map(
    cells.map((cell, i) => {
      const text = numeric ? cell.dataset.value : cell.textContent.trim().replace(/^–$/, "");
      return [rows[i], !text ? null : numeric ? Number(text) : text];
    })
  );
  const sign = order === "descending" ? -1 : 1;
  const compare = numeric ? (a, b) => a - b : (a, b) => a.localeCompare(b, "en", { numeric: true });
  const full = rows.filter((row) => keys.get(row) !== null);
  full.sort((one, other) => sign * compare(keys.get(one), keys.get(other)));
  return [...full, ...rows.filter((row) => keys.get(row) === null)];
}

/** Makes each heading a button: first press ascending, second descending, third the order of the page. */
function makeSortable(table, rows) {
  const homes = rows.map((row) => row.parentNode);
  const heads = Array.from(table.tHead.rows[0].cells);
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const order = { null: "ascending", ascending: "descending" }[head.getAttribute("aria-sort")];
      heads.forEach((each) => each.removeAttribute("aria-sort"));
      if (!order) return rows.forEach((row, i) => homes[i].append(row));
      head.setAttribute("aria-sort", order);
      table.tBodies[0].append(...sorted(rows, column, order));
    });
  });
}

/** Puts a field above the table: rows that hold all of its words stay. */
function makeFilter(table, rows) {
  const line = document.createElement("p");
  line.className = "filter";
  line.innerHTML = '<label>Filter the rows<span class="unseen"></span> <input type="search" autocomplete="off"></label>';
  const [of, field, number] = [line.querySelector("span"), line.querySelector("input"), document.createElement("output")];
  of.textContent = ` of the table “${table.caption.textContent.trim()}”`;
  line.append(" ", number);
  table.parentNode.before(line);
  const show = () => {
    const words = field.value.toLowerCase().split(/\s+/);
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
    const left = rows.filter((row) => !row.hidden).length;
    number.textContent = left === rows.length ? `${left} rows` : `${left} of ${rows.length} rows`;
  };
  field.addEventListener("input", show);
  show();
}

for (const table of document.querySelectorAll("table.sorts")) {
  const rows = Array.from(table.tBodies).flatMap((body) => Array.from(body.rows));
  makeSortable(table, rows);
  if (rows.length >= few) makeFilter(table, rows);
}
