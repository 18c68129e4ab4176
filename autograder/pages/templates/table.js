// Sorts and searches tables. Without scripts a table is whole, in the order in which it was written.
for (const table of document.querySelectorAll("table[data-sortable]")) {
  const body = table.tBodies[0], rows = [...body.rows];
  const search = document.getElementById(table.dataset.search);
  const count = search && search.parentElement.querySelector("output");
  const value = (row, at) => {
    const cell = row.cells[at], given = cell.dataset.value ?? cell.textContent.trim();
    return given === "" || isNaN(given) ? given.toLowerCase() : Number(given);
  };
  const compare = (one, other) =>
    typeof one === typeof other ? (typeof one === "number" ? one - other : one.localeCompare(other)) : typeof one === "number" ? -1 : 1;
  [...table.tHead.rows[0].cells].forEach((head, at) => {
    const button = document.createElement("button");
    button.type = "button";
    while (head.firstChild) button.append(head.firstChild);
    if (head.title) button.title = head.title;
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      rows.sort((one, other) => (down ? -1 : 1) * compare(value(one, at), value(other, at)));
      body.append(...rows);
    });
  });
  if (!search) continue;
  search.closest(".search").hidden = false;
  search.addEventListener("input", () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const text = (row.textContent + " " + (row.dataset.words ?? "")).toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      shown += !row.hidden;
      if (row.dataset.more) document.getElementById(row.dataset.more).hidden = row.hidden;
    }
    count.textContent = words.length ? `${shown} of ${rows.length} shown` : "";
  });
}
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']"), found = link && document.getElementById(link.hash.slice(1));
  if (found && found.tagName === "DETAILS") found.open = true;
});
for (const button of document.querySelectorAll("button[data-copies]")) {
  const text = document.getElementById(button.dataset.copies);
  button.hidden = false;
  button.addEventListener("click", async () => {
    text.select();
    try { await navigator.clipboard.writeText(text.value); } catch { document.execCommand("copy"); }
    button.textContent = "Copied";
  });
}
