"use strict";
document.documentElement.classList.add("script");

// Search: every row has all of the words, or one of the account ids that were asked for.
const box = document.getElementById("search");
const found = document.getElementById("found");
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const rows = [...document.querySelectorAll("table.listed > tbody > tr")].map((row) => ({
  row, text: plain([...row.cells].map((cell) => cell.textContent).join("\n")),
}));
const sections = [...document.querySelectorAll("main > section:not(.fixed)")];
function wanted(query) {
  const ids = [];
  const rest = query.replace(/(?<!\d)(?:\d[ -]?){11}\d(?!\d)/g, (id) => { ids.push(id.replace(/\D/g, "")); return " "; });
  const words = plain(rest).split(/[\s,;]+/).map((word) => (/^[\d-]+$/.test(word) ? word.replaceAll("-", "") : word)).filter(Boolean);
  return { any: ids.length + words.length > 0, has: (text) => words.every((word) => text.includes(word)) && (!ids.length || ids.some((id) => text.includes(id))) };
}
function search() {
  const { any, has } = wanted(box.value);
  let hits = 0;
  for (const { row, text } of rows) {
    row.hidden = any && !has(text);
    hits += !row.hidden;
  }
  document.documentElement.classList.toggle("searching", any);
  let lists = 0;
  for (const section of sections) {
    const listed = section.querySelector("table.listed > tbody > tr:not([hidden])") !== null;
    section.hidden = any && !listed;
    lists += listed;
    const behind = section.querySelector("details:has(table.listed)");
    if (behind) behind.open = any && listed;
  }
  const counted = (count, noun) => `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
  found.textContent = !any ? "" : hits ? `${counted(hits, "row")} with “${box.value.trim()}”, in ${counted(lists, "list")}` : found.dataset.nothing;
}
box.addEventListener("input", search);
box.form.addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) {
    event.preventDefault();
    box.focus();
  } else if (event.key === "Escape" && event.target === box) {
    box.value = "";
    search();
  }
});
// A link to a section that the search has put away brings it back.
for (const link of document.querySelectorAll("nav a")) {
  link.addEventListener("click", () => { box.value = ""; search(); });
}

// Sorting: up, down, and as it was; what is empty stays last.
const order = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const key = (row, column) => row.cells[column].dataset.v ?? row.cells[column].textContent;
for (const table of document.querySelectorAll("table:not(.matrix)")) {
  const body = table.tBodies[0];
  const first = [...body.rows];
  if (first.length < 2) continue;
  for (const head of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const next = { ascending: "descending", descending: null }[head.ariaSort] ?? (head.ariaSort ? null : "ascending");
      for (const other of table.tHead.rows[0].cells) other.ariaSort = null;
      head.ariaSort = next;
      const column = head.cellIndex, sign = next === "descending" ? -1 : 1;
      const sorted = next === null ? first : [...first].sort((a, b) => {
        const [one, two] = [key(a, column), key(b, column)];
        if (one === "" || two === "") return (one === "") - (two === "");
        const apart = Number(one) - Number(two);
        return sign * (Number.isNaN(apart) ? order.compare(one, two) : apart);
      });
      body.append(...sorted);
    });
  }
}
