// What is wider than the page is scrolled, so the keyboard must get there.
addEventListener("DOMContentLoaded", () => {
  for (const wide of document.querySelectorAll("pre, .table-wrapper, .plot-wrapper")) wide.tabIndex = 0;
});
