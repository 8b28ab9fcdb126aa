// The review page: a line and its place on the paper are chosen together, from either side.
"use strict";
(() => {
  function choose(line, scrollTo) {
    for (const other of document.querySelectorAll(".is-chosen")) other.classList.remove("is-chosen");
    if (!line) return;
    line.classList.add("is-chosen");
    const mark = document.getElementById(line.dataset.mark);
    if (mark) mark.classList.add("is-chosen");
    const target = scrollTo === "line" ? line : mark;
    const beside = matchMedia("(min-width: 60rem)").matches;
    if (target && (scrollTo || beside)) target.scrollIntoView({ block: scrollTo ? "center" : "nearest" });
  }

  document.addEventListener("focusin", (event) => {
    const line = event.target.closest(".line");
    if (line && !line.classList.contains("is-chosen")) choose(line, null);
  });
  document.addEventListener("click", (event) => {
    const mark = event.target.closest("svg a");
    const link = event.target.closest(".to-mark");
    const take = event.target.closest("[data-does=take]");
    if (mark) {
      event.preventDefault();
      const line = document.getElementById(mark.getAttribute("href").slice(1));
      choose(line, "line");
      // Not under a thumb: the keyboard that rises would cover the line.
      if (line && !matchMedia("(pointer: coarse)").matches) line.querySelector("input:not([type=hidden])").focus({ preventScroll: true });
    } else if (link) {
      event.preventDefault();
      choose(link.closest(".line"), "mark");
    } else if (take) {
      const form = take.closest("form");
      form.elements.item_id.value = take.dataset.item;
      form.elements.item_id.dispatchEvent(new Event("change", { bubbles: true }));
      form.elements.item_id.focus();
    }
  });
  // Up and down walk the table by the same field (not where they walk a list of suggestions); Enter checks the line.
  document.addEventListener("keydown", (event) => {
    const line = event.target.closest(".line");
    if (!line || event.target.tagName !== "INPUT" || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    if (event.target.list && event.target.list.options.length) return;
    const next = event.key === "ArrowDown" ? line.nextElementSibling : line.previousElementSibling;
    const field = next && next.querySelector(`input[name="${event.target.name}"]`);
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
})();
