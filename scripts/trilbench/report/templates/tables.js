// Tables of class "sorts" sort by their headings and, where they are long, filter by words. Without scripts the page
// shows the same rows in the suite's own order.
"use strict";

const FEW = 8; // rows; fewer need no filter

/** The lowest heading above each column. */
function headings(table) {
  const grid = Array.from(table.tHead.rows, () => []);
  Array.from(table.tHead.rows).forEach((row, y) => {
    for (const head of row.cells) {
      let x = 0;
      while (grid[y][x]) x++;
      for (let below = 0; below < head.rowSpan; below++)
        for (let beside = 0; beside < head.colSpan; beside++) grid[y + below][x + beside] = head;
    }
  });
  return grid.at(-1);
}

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
  const full = rows.filter((row) => keys.get(row) !== null);
  const sign = order === "descending" ? -1 : 1;
  full.sort((one, other) => {
    const [a, b] = [keys.get(one), keys.get(other)];
    return sign * (numeric ? a - b : a.localeCompare(b, "en", { numeric: true }));
  });
  return [...full, ...rows.filter((row) => keys.get(row) === null)];
}

/** Makes each heading a button: first press ascending, second descending, third the order of the page. */
function makeSortable(table, rows) {
  const homes = rows.map((row) => row.parentNode);
  const heads = headings(table);
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const orders = { null: "ascending", ascending: "descending" };
      const order = orders[head.getAttribute("aria-sort")];
      heads.forEach((each) => each.removeAttribute("aria-sort"));
      if (order) {
        head.setAttribute("aria-sort", order);
        table.tBodies[0].append(...sorted(rows, column, order));
      } else {
        rows.forEach((row, i) => homes[i].append(row));
      }
    });
  });
}

/** Puts a field above the table: rows that hold all of its words stay. */
function makeFilter(table, rows) {
  const line = document.createElement("p");
  line.className = "filter";
  const label = document.createElement("label");
  const of = document.createElement("span");
  of.className = "unseen";
  of.textContent = ` of the table “${table.caption.textContent.trim()}”`;
  const field = document.createElement("input");
  field.type = "search";
  field.autocomplete = "off";
  label.append("Filter the rows", of, " ", field);
  const number = document.createElement("output");
  line.append(label, " ", number);
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
  if (rows.length >= FEW) makeFilter(table, rows);
}
