// Whose answer it is. Only one of ours is ever swapped into a page, whatever its status: a login page, a proxy's 200, a
// captive portal or an empty body change nothing, and the page says what came instead. Every page has this.
"use strict";
(() => {
  const sign = "X-LineSync";
  const area = document.getElementById("link");
  const isOurs = (xhr) => Boolean(xhr) && xhr.status > 0 && xhr.getResponseHeader(sign) !== null;

  // "ours"; "out": nobody is signed in; "lost": nothing came, or a proxy says that we are away; "foreign": somebody else's.
  function kindOf(xhr) {
    if (isOurs(xhr)) return xhr.status === 401 ? "out" : "ours";
    if (!xhr || xhr.status === 0 || xhr.status >= 500) return "lost";
    return xhr.status === 401 || xhr.status === 403 || looksLikeSignIn(xhr) ? "out" : "foreign";
  }

  function looksLikeSignIn(xhr) {
    const led = xhr.responseURL && new URL(xhr.responseURL).pathname;
    return /\b(login|signin|sign-in|oauth|oidc)\b/i.test(led || "") || /type=["']?password/i.test(xhr.responseText || "");
  }

  function tell(kind) {
    for (const each of area.querySelectorAll("[data-answer]")) each.hidden = each.dataset.answer !== kind;
    area.hidden = kind === "ours";
  }

  // A sign-in on another host looks to a script like no answer at all; asked without following, it shows as a redirect.
  async function isSignedOut() {
    try {
      return (await fetch("/healthz", { redirect: "manual", cache: "no-store" })).type === "opaqueredirect";
    } catch {
      return false;
    }
  }

  async function note(xhr) {
    const kind = kindOf(xhr);
    const isBack = kind === "ours" && !area.hidden;
    tell(kind);
    // What waits on this device goes off at once.
    if (isBack) window.dispatchEvent(new Event("online"));
    if (kind === "lost" && (!xhr || xhr.status === 0) && await isSignedOut()) tell("out");
  }

  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (kindOf(event.detail.xhr) !== "ours") event.preventDefault();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.xhr) note(event.detail.xhr);
  });
  area.querySelector("[data-does=try]").addEventListener("click", () => window.dispatchEvent(new Event("online")));

  window.LineSync = Object.freeze({ isOurs, sign });
})();
