// The typed field: each code becomes a ticket of its own with its own event id, so ten fast scans are ten events,
// a slow link loses none, and a retry books once. Tickets outlive a reload.
"use strict";
(() => {
  const form = document.getElementById("typed");
  if (!form) return;
  const code = form.elements.code;
  const station = document.getElementById("station");
  const waiting = document.getElementById("waiting");
  const template = document.getElementById("ticket");
  // One entry a ticket: two tabs of one device must not write over each other's.
  const shelf = `linesync-waiting-${form.getAttribute("action")}-`;
  const retryMilliseconds = 3000;

  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  function forget(ticket) {
    localStorage.removeItem(shelf + ticket.querySelector("form").elements.event_id.value);
    ticket.remove();
  }

  function send(values) {
    const ticket = template.content.firstElementChild.cloneNode(true);
    const fields = ticket.querySelector("form").elements;
    for (const [name, value] of Object.entries(values)) fields[name].value = value;
    ticket.querySelector("span").textContent = values.code;
    localStorage.setItem(shelf + values.event_id, JSON.stringify(values));
    waiting.append(ticket);
    htmx.process(ticket);
    htmx.trigger(ticket.querySelector("form"), "send");
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = code.value;
    code.value = "";
    code.focus();
    if (text.trim()) send({ code: text, station: station.value, event_id: newId() });
  });

  waiting.addEventListener("htmx:afterRequest", (event) => {
    const status = event.detail.xhr ? event.detail.xhr.status : 0;
    const ticket = event.target.closest("li");
    if (!ticket) return;
    // Only our own answer to a scan ends its ticket: a proxy's refusal, a login page or a lost person does not.
    if (status > 0 && status < 500 && event.detail.xhr.getResponseHeader("HX-Trigger")) {
      // A refused code comes back to be mended, unless the next one is being typed already.
      if (status === 422 && !code.value) {
        code.value = ticket.querySelector("form").elements.code.value;
        code.select();
      }
      forget(ticket);
      return;
    }
    // What LineSync itself said stands above: here that this code is kept.
    const waits = status >= 500 ? "not booked yet, trying again …" : "waiting for the connection …";
    ticket.querySelector("output").textContent = status === 403 ? "page too old: reload" : waits;
    if (status !== 403) setTimeout(() => htmx.trigger(event.target, "send"), retryMilliseconds);
  });

  // A button that the server could not serve stays, below the server's words: pressed again it books once, by its own id.
  document.getElementById("news").addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status < 500 || waiting.contains(event.detail.requestConfig.elt)) return;
    for (const said of event.detail.target.querySelectorAll(":scope > [role=alert]")) said.remove();
    event.detail.swapOverride = "afterbegin";
  });

  // A hardware scanner types wherever the page is: its keys belong into the field.
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea");
    const prints = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!typing && prints) code.focus();
  });
  station.addEventListener("change", () => {
    document.cookie = `station=${encodeURIComponent(station.value)};max-age=31536000;path=/;samesite=lax`;
  });
  document.addEventListener("DOMContentLoaded", () => {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(shelf)) send(JSON.parse(localStorage.getItem(key)));
    }
  });
})();
