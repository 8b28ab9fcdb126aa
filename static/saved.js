// Saved means stored. A form marked data-saves goes to the server by itself and says, in words and shape, whether what it
// shows is being saved, saved, or not saved. What is not saved is kept on this device and sent again until an answer of
// ours comes: here, after a reload, or from any other page. What needs it all saved cannot be pressed before.
"use strict";
(() => {
  const shelf = "linesync-edit-";
  const retrySeconds = [2, 5, 10, 15];
  // What the page and the server move themselves is no part of what a person typed.
  const moved = ["csrfmiddlewaretoken", "revision", "version", "head_version", "over", "do", "blind"];
  const area = document.getElementById("kept");
  const open = new Map();
  let hasSentTwice = false;
  const actionOf = (form) => form.getAttribute("action");
  const saving = (node) => node instanceof Element && node.closest("form[data-saves]");
  const forms = () => [...document.querySelectorAll("form[data-saves]")];
  const clock = () => new Date().toTimeString().slice(0, 5);
  const typedOf = (fields) => JSON.stringify(Object.entries(fields).filter(([name]) => !moved.includes(name)).sort());
  const isTyped = (field) => field.type !== "hidden" && field.defaultValue !== undefined;

  function saidBy(form) {
    const fields = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    delete fields.csrfmiddlewaretoken;
    return fields;
  }

  function read(action) {
    try { return JSON.parse(localStorage.getItem(shelf + action)); } catch { return null; }
  }

  // Storage that is full or forbidden: the entry lives on in this page, which says that it is not saved.
  function write(action, entry) {
    try { localStorage.setItem(shelf + action, JSON.stringify(entry)); } catch { /* as above */ }
  }

  function drop(action) {
    clearTimeout((open.get(action) || {}).timer);
    open.delete(action);
    try { localStorage.removeItem(shelf + action); } catch { /* as above */ }
  }

  // The fields that differ from what was last stored, by their labels: "Counted", "Item 2, Paper".
  function changed(form) {
    const fields = [...form.elements].filter((field) => isTyped(field) && field.value !== field.defaultValue);
    return fields.map((field) => (field.labels && field.labels[0] ? field.labels[0].textContent.trim() : field.name)).join(", ");
  }

  function say(form, state, words) {
    const line = form.querySelector("[data-kept]");
    if (!line) return;
    line.dataset.kept = state;
    line.textContent = words;
  }

  function holdBack() {
    for (const button of document.querySelectorAll("[data-needs-saved]")) {
      button.disabled = open.size > 0;
      const why = document.getElementById(button.getAttribute("aria-describedby"));
      why.textContent = open.size ? `${open.size === 1 ? "One entry is" : `${open.size} entries are`} not saved yet.` : "";
    }
  }

  function entryOf(form) {
    const action = actionOf(form);
    if (!open.has(action)) open.set(action, { form, tries: 0, sent: "", does: "" });
    return Object.assign(open.get(action), { form });
  }

  function isChanged(form) {
    const entry = entryOf(form);
    entry.kept = { fields: { ...saidBy(form), do: entry.does }, where: location.pathname + location.search, name: form.dataset.saves };
    write(actionOf(form), entry.kept);
    if (!entry.sending) say(form, "saving", `${changed(form)} not saved yet`.trim());
    holdBack();
  }

  function isSending(form, parameters) {
    const entry = entryOf(form);
    clearTimeout(entry.timer);
    Object.assign(entry, { sending: true, isNew: false, does: parameters.get("do") || "", sent: typedOf(saidBy(form)) });
    isChanged(form);
    say(form, "saving", "Saving …");
  }

  function isAnswered(form, xhr) {
    const entry = open.get(actionOf(form));
    if (!entry) return;
    entry.sending = false;
    const status = LineSync.isOurs(xhr) ? xhr.status : 0;
    if (status >= 200 && status < 300) isStored(form, entry);
    else if (status >= 400 && status < 500 && status !== 401) say(form, "refused", `${changed(form)} not saved: see what is said here`.trim());
    else isLost(form, entry);
    holdBack();
  }

  function isStored(form, entry) {
    entry.does = "";
    if (form.isConnected && typedOf(saidBy(form)) !== entry.sent) return isChanged(form);
    drop(actionOf(form));
    for (const field of form.elements) if (isTyped(field)) field.defaultValue = field.value;
    return say(form, "saved", `Saved ${clock()}`);
  }

  function isLost(form, entry) {
    const seconds = retrySeconds[Math.min(entry.tries, retrySeconds.length - 1)];
    entry.tries += 1;
    hasSentTwice = true;
    say(form, "unsaved", `${changed(form)} not saved. Sending again in ${seconds} s`.trim());
    entry.timer = setTimeout(() => again(form), seconds * 1000);
  }

  // As it was meant: by its button where one was pressed, else as a change.
  function again(form) {
    const entry = form && open.get(actionOf(form));
    if (!entry || entry.sending || !form.isConnected) return;
    const button = entry.does && form.querySelector(`button[name=do][value="${entry.does}"]`);
    if (button) form.requestSubmit(button);
    else form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // An entry of before a reload goes back into its form, with the version that its person saw, and off again.
  function putBack(form, kept) {
    for (const [name, value] of Object.entries(kept.fields)) {
      const field = form.elements.namedItem(name);
      if (field instanceof HTMLInputElement) field.value = value;
    }
    entryOf(form).does = kept.fields.do || "";
    hasSentTwice = true;
    say(form, "unsaved", `${changed(form)} not saved yet`.trim());
    setTimeout(() => again(form));
  }

  // After a load, and after an answer that drew forms anew: what they do not show yet goes back into them.
  function takeUp() {
    for (const form of forms()) {
      const entry = open.get(actionOf(form));
      if (entry && entry.form === form) continue;
      const kept = entry ? entry.kept : read(actionOf(form));
      if (kept && typedOf(kept.fields) === typedOf(saidBy(form)) && !kept.fields.do) drop(actionOf(form));
      else if (kept && !(entry && entry.sending)) putBack(form, kept);
    }
    holdBack();
  }

  // An entry whose form is on another page is sent from here; a refusal is told until somebody looks at it.
  async function sendFromHere(action, kept) {
    const body = new URLSearchParams(kept.fields);
    body.set("csrfmiddlewaretoken", document.getElementById("ticket").content.querySelector("[name=csrfmiddlewaretoken]").value);
    try {
      const answer = await fetch(action, { method: "POST", body, headers: { "HX-Request": "true" }, redirect: "manual" });
      const isOurs = answer.headers.has(LineSync.sign);
      if (isOurs && answer.ok) drop(action);
      else if (isOurs && answer.status < 500 && answer.status !== 401) write(action, { ...kept, refused: true });
    } catch { /* no connection: it stays */ }
    tellElsewhere();
  }

  function elsewhere() {
    const here = new Set(forms().map(actionOf));
    const names = Object.keys(localStorage).filter((name) => name.startsWith(shelf));
    return names.map((name) => name.slice(shelf.length)).filter((action) => !here.has(action) && read(action));
  }

  function tellElsewhere() {
    const list = area.querySelector("ul");
    list.replaceChildren(...elsewhere().map((action) => {
      const kept = read(action);
      const item = area.querySelector("template").content.firstElementChild.cloneNode(true);
      const link = item.querySelector("a");
      link.href = kept.where;
      link.textContent = kept.name;
      item.querySelector("span").textContent = kept.refused ? "was not stored. Look at it there, or dismiss it." : "is not saved yet. It is sent by itself.";
      const button = item.querySelector("button");
      button.hidden = !kept.refused;
      button.addEventListener("click", () => { drop(action); tellElsewhere(); });
      return item;
    }));
    area.hidden = !list.childElementCount;
  }

  function sendAll() {
    for (const action of elsewhere()) if (!read(action).refused) sendFromHere(action, read(action));
    for (const entry of open.values()) if (entry.tries) again(entry.form);
    tellElsewhere();
  }

  document.addEventListener("input", (event) => {
    const form = saving(event.target);
    const entry = form && open.get(actionOf(form));
    if (!form) return;
    if (changed(form) || (entry && (entry.sending || entry.does))) {
      entryOf(form).isNew = true;
      isChanged(form);
    } else {
      // Typed back to what is stored: there is nothing to save.
      drop(actionOf(form));
      say(form, "", "");
      holdBack();
    }
  });
  // A browser says `change` only where a field differs from when it was entered; what is stored may differ all the same.
  document.addEventListener("focusout", (event) => {
    const form = saving(event.target);
    if (form) setTimeout(() => { if ((open.get(actionOf(form)) || {}).isNew) again(form); }, 50);
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.matches("form[data-saves]")) isSending(event.target, event.detail.requestConfig.formData);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.requestConfig && event.detail.requestConfig.elt;
    if (form instanceof Element && form.matches("form[data-saves]")) isAnswered(form, event.detail.xhr);
  });
  // With the press goes what the page shows: the server compares it with what it holds.
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.target.querySelector("[data-needs-saved]")) return;
    if (open.size) { event.preventDefault(); holdBack(); return; }
    const lines = forms().filter((form) => form.dataset.line);
    event.detail.parameters.shown = JSON.stringify(Object.fromEntries(lines.map((form) => [form.dataset.line, saidBy(form)])));
  });
  // A link that takes the stored value instead gives up what this form says.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-does=give-up]");
    if (link && saving(link)) drop(actionOf(saving(link)));
  });
  // A tab that is hidden or closed leaves no field, so what is typed goes off then; a second time is harmless.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") for (const entry of open.values()) again(entry.form);
  });
  window.addEventListener("pagehide", () => {
    for (const [action, entry] of open) {
      const body = new URLSearchParams(new FormData(entry.form));
      if (entry.does) body.set("do", entry.does);
      fetch(action, { method: "POST", body, keepalive: true, headers: { "HX-Request": "true" } });
    }
  });
  // Back to a page that the browser kept as it was: its versions may be older than what was sent on leaving.
  window.addEventListener("pageshow", (event) => { if (event.persisted && forms().length) location.reload(); });
  window.addEventListener("online", sendAll);
  document.addEventListener("htmx:afterSettle", () => {
    takeUp();
    // What was stored though its answer was lost made this page older than the slip by our own doing: draw it anew.
    if (hasSentTwice && !open.size && document.querySelector("[data-behind]")) location.reload();
  });
  document.addEventListener("DOMContentLoaded", () => { takeUp(); sendAll(); });
})();
