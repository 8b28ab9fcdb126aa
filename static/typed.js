// The typed field: each code becomes a scan with an event id of its own, so ten fast scans are ten events. Sending them,
// and keeping those that cannot be sent, is waiting.js's.
"use strict";
(() => {
  const form = document.getElementById("typed");
  if (!form) return;
  const code = form.elements.code;
  const station = document.getElementById("station");
  const action = form.getAttribute("action");

  // Autofocus, which comes before the next frame, scrolls the camera of a small screen out of sight.
  requestAnimationFrame(() => scrollTo(0, 0));

  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = code.value;
    code.value = "";
    code.focus();
    if (!text.trim()) return;
    document.dispatchEvent(new CustomEvent("scanned", { detail: { action, code: text, station: station.value, event_id: newId() } }));
  });

  // A refused code comes back to be mended, unless the next one is being typed already.
  document.addEventListener("refused", (event) => {
    if (event.detail.action !== action || code.value) return;
    event.preventDefault();
    code.value = event.detail.code;
    code.select();
  });

  // An undo that the server could not serve stays, below the server's words.
  document.getElementById("news").addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status < 500) return;
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
})();
