// Scans that could not be sent yet. They are kept on the device, one entry each, and sent from whatever page of ours is
// open, with the station, direction and event id they were scanned with: a retry, from any tab, books once.
"use strict";
(() => {
  const area = document.getElementById("waiting");
  const list = area.querySelector("ol");
  const template = document.getElementById("ticket");
  const retryMilliseconds = 3000;
  // An entry's name holds the page it was scanned on and its event id; two tabs never write over each other's.
  const shelf = "linesync-waiting-";
  const named = /^linesync-waiting-(\/.+\/)-([0-9a-f-]{36})$/;
  const tickets = new Map();
  let booked = 0;

  const nameOf = (values) => `${shelf}${values.action}-${values.event_id}`;
  // Only our own answer to a scan ends its wait: a proxy's refusal, a login page or a lost database does not.
  const isAnswer = (xhr) => LineSync.isOurs(xhr) && xhr.status < 500 && Boolean(xhr.getResponseHeader("HX-Trigger"));
  const isScan = (form) => form instanceof HTMLFormElement && ["code", "station", "event_id"].every((name) => form.elements.namedItem(name));

  function keep(values) {
    let kept = true;
    // Storage that is full or forbidden must not lose a scan: it lives on in this page.
    try { localStorage.setItem(nameOf(values), JSON.stringify(values)); } catch { kept = false; }
    const ticket = tickets.get(nameOf(values)) || { item: drawn(values), sending: false, stuck: false };
    tickets.set(nameOf(values), Object.assign(ticket, { values, kept }));
    return ticket;
  }

  function drop(name) {
    localStorage.removeItem(name);
    if (tickets.has(name)) tickets.get(name).item.remove();
    tickets.delete(name);
  }

  function drawn(values) {
    const item = template.content.firstElementChild.cloneNode(true);
    const form = item.querySelector("form");
    const isOwn = document.getElementById("typed") && document.getElementById("typed").getAttribute("action") === values.action;
    for (const field of ["station", "code", "event_id"]) form.elements.namedItem(field).value = values[field];
    form.setAttribute("hx-post", values.action);
    // Elsewhere the answer has no place of its own: the page says how many are booked, and which were refused.
    if (isOwn) form.setAttribute("hx-target", "#news");
    else form.setAttribute("hx-swap", "none");
    const link = document.querySelector(`nav a[href="${CSS.escape(values.action)}"]`);
    item.querySelector("[data-what]").textContent = values.code;
    item.querySelector("[data-where]").textContent = `${link ? link.textContent : values.action} at ${values.station}`;
    item.querySelector("button").addEventListener("click", () => { drop(nameOf(values)); tell(); });
    list.append(item);
    htmx.process(item);
    return item;
  }

  function say(ticket, words) {
    ticket.item.querySelector("output").textContent = words;
  }

  function tell() {
    const lost = [...tickets.values()].filter((ticket) => ticket.lost && !ticket.values.refused).length;
    const waits = area.querySelector("[data-does=wait]");
    const done = area.querySelector("[data-does=done]");
    waits.hidden = !lost;
    waits.querySelector("strong").textContent = lost === 1 ? "1 scan waits to be booked." : `${lost} scans wait to be booked.`;
    done.hidden = !booked || lost > 0;
    done.textContent = booked === 1 ? "The scan that waited is booked." : `${booked} scans that waited are booked.`;
    area.hidden = !tickets.size && done.hidden;
  }

  // One tab at a time where the browser has locks; without them (plain http) the event id alone keeps it one booking.
  function alone(name, job) {
    return navigator.locks ? navigator.locks.request(name, { ifAvailable: true }, (lock) => lock && job()) : job();
  }

  function request(ticket) {
    const form = ticket.item.querySelector("form");
    return new Promise((done) => {
      form.addEventListener("htmx:afterRequest", done, { once: true });
      htmx.trigger(form, "send");
    });
  }

  async function send(name, ticket) {
    if (ticket.sending || ticket.stuck || ticket.values.refused) return;
    ticket.sending = true;
    await alone(name, async () => {
      // Another tab may have sent it meanwhile.
      if (ticket.kept && !localStorage.getItem(name)) return drop(name);
      const event = await request(ticket);
      return settle(name, ticket, event.detail.xhr);
    });
    ticket.sending = false;
    tell();
  }

  function settle(name, ticket, xhr) {
    const status = xhr ? xhr.status : 0;
    if (!isAnswer(xhr)) {
      ticket.lost = true;
      ticket.stuck = status === 403;
      say(ticket, whyWaiting(status, xhr));
      return undefined;
    }
    const isRefused = status === 422;
    if (isRefused && !isTakenBack(ticket.values)) return showRefused(keep({ ...ticket.values, refused: sentence(xhr) }));
    if (!isRefused && ticket.lost) booked += 1;
    return drop(name);
  }

  function whyWaiting(status, xhr) {
    if (status === 403) return "page too old: reload";
    return status >= 500 ? `not booked yet, trying again … ${sentence(xhr)}` : "waiting for the connection …";
  }

  // The page it was typed on may have its field free: there it is mended.
  function isTakenBack(values) {
    return !document.dispatchEvent(new CustomEvent("refused", { cancelable: true, detail: values }));
  }

  function sentence(xhr) {
    const told = new DOMParser().parseFromString(xhr.responseText, "text/html").querySelector(".told, [role=alert]");
    if (!told) return "";
    const words = told.querySelector("p") ? [...told.querySelectorAll("p")] : [told];
    return words.map((each) => each.textContent.trim()).join(": ");
  }

  function showRefused(ticket) {
    ticket.item.className = "told refused";
    ticket.item.querySelector("button").hidden = false;
    say(ticket, ticket.values.refused);
  }

  function forgetSent() {
    for (const [name, ticket] of tickets) if (ticket.kept && !ticket.sending && !localStorage.getItem(name)) drop(name);
    tell();
  }

  function sendAll() {
    forgetSent();
    for (const name of Object.keys(localStorage)) {
      const [, action, event_id] = named.exec(name) || [];
      if (!event_id || tickets.has(name)) continue;
      const ticket = keep({ ...JSON.parse(localStorage.getItem(name)), action, event_id });
      ticket.lost = true;
      if (ticket.values.refused) showRefused(ticket);
    }
    for (const [name, ticket] of tickets) send(name, ticket);
    tell();
  }

  function take(values) {
    const ticket = keep(values);
    booked = 0;
    send(nameOf(values), ticket);
    tell();
  }

  document.addEventListener("scanned", (event) => take(event.detail));
  // What is no answer of ours must not take the place of what the page shows.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (isScan(event.detail.requestConfig.elt) && !isAnswer(event.detail.xhr)) event.detail.shouldSwap = false;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.requestConfig ? event.detail.requestConfig.elt : event.target;
    if (list.contains(form) || !(form instanceof HTMLFormElement) || form.id === "camera") return;
    if (isScan(form) && !isAnswer(event.detail.xhr)) {
      // "+1 same label" and "Book it": their event id was made with the button, so it waits like a typed code.
      const [station, code, event_id] = ["station", "code", "event_id"].map((name) => form.elements.namedItem(name).value);
      take({ action: form.getAttribute("hx-post"), station, code, event_id });
    } else tell();
  });
  window.addEventListener("storage", forgetSent);
  window.addEventListener("online", sendAll);
  document.addEventListener("DOMContentLoaded", sendAll);
  setInterval(sendAll, retryMilliseconds);
})();
