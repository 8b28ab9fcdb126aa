// Says so when a page that refreshes itself gets no answers: a screen on the wall must not pass off old figures as new.
"use strict";
(() => {
  const secondsMax = 15;
  const notice = document.getElementById("stale");
  if (!notice) return;
  const since = notice.querySelector("time");
  let answered = new Date();

  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) answered = new Date();
    look();
  });

  function look() {
    since.textContent = answered.toTimeString().slice(0, 5);
    notice.hidden = new Date() - answered < secondsMax * 1000;
  }

  setInterval(look, 1000);
})();
