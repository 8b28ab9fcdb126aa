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
  const shelf = `linesync-waiting-${form.getAttribute("action")}`;
  const retryMilliseconds = 3000;

  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  function keep() {
    const tickets = Array.from(waiting.querySelectorAll("form"), (each) => ({
      code: each.elements.code.value, station: each.elements.station.value, event_id: each.elements.event_id.value,
    }));
    localStorage.setItem(shelf, JSON.stringify(tickets));
  }

  function send(values) {
    const ticket = template.content.firstElementChild.cloneNode(true);
    const fields = ticket.querySelector("form").elements;
    for (const [name, value] of Object.entries(values)) fields[name].value = value;
    ticket.querySelector("span").textContent = values.code;
    waiting.append(ticket);
    keep();
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
    if (status > 0 && status < 500 && status !== 403) {
      ticket.remove();
      keep();
      return;
    }
    ticket.querySelector("output").textContent = status === 403 ? "page too old: reload" : "waiting for the connection …";
    if (status !== 403) setTimeout(() => htmx.trigger(event.target, "send"), retryMilliseconds);
  });

  // A hardware scanner types wherever the page is: its keys belong into the field.
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea, button, a");
    if (!typing && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) code.focus();
  });
  station.addEventListener("change", () => {
    document.cookie = `station=${encodeURIComponent(station.value)};max-age=31536000;path=/;samesite=lax`;
  });
  document.addEventListener("DOMContentLoaded", () => {
    const left = JSON.parse(localStorage.getItem(shelf) || "[]");
    for (const values of left) send(values);
  });
})();
