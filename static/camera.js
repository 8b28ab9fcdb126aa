// The live camera: copies what stands in the guide box into the page's own form and says `frame`. htmx does the rest.
"use strict";
(() => {
  const form = document.getElementById("camera");
  if (!form) return;
  const video = form.querySelector("video");
  const guide = form.querySelector(".guide");
  const file = form.querySelector("input[type=file]");
  const startButton = form.querySelector("[data-does=start]");
  const torchButton = form.querySelector("[data-does=torch]");
  const cameras = form.querySelector("[data-does=choose]");
  const causes = document.getElementById("causes");
  const canvas = document.createElement("canvas");
  const pauseMilliseconds = 120;
  const lostPauseMilliseconds = 1500;
  const frameWidthMax = 1280;
  const remembered = "linesync-camera";
  // What is in view outlives a reload of this tab: a carton that lies there must not count again.
  const scene = `linesync-scene-${form.getAttribute("hx-post")}`;
  let stream = null;
  let timer = null;

  function because(cause) {
    const known = causes.querySelector(`[data-cause="${cause}"]`) || causes.querySelector("[data-cause=other]");
    for (const each of causes.children) each.hidden = each !== known;
    causes.hidden = false;
  }

  async function open(deviceId) {
    stop();
    const wish = deviceId ? { deviceId: { exact: deviceId } } : { facingMode: { ideal: "environment" } };
    const size = { width: { ideal: 1280 }, height: { ideal: 720 } };
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...wish, ...size } });
    } catch (error) {
      if (deviceId && ["OverconstrainedError", "NotFoundError"].includes(error.name)) return open("");
      because(error.name);
      startButton.hidden = false;
      return undefined;
    }
    causes.hidden = true;
    startButton.hidden = true;
    video.srcObject = stream;
    stream.getVideoTracks()[0].addEventListener("ended", () => { because("NotReadableError"); startButton.hidden = false; });
    // Leaving the page or choosing another camera meanwhile interrupts this one: nothing to tell.
    await video.play().catch(() => undefined);
    if (!stream) return undefined;
    await list();
    offerTorch();
    next(0);
    return undefined;
  }

  function stop() {
    clearTimeout(timer);
    if (stream) for (const track of stream.getTracks()) track.stop();
    stream = null;
  }

  async function list() {
    const found = (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.kind === "videoinput");
    const current = stream.getVideoTracks()[0].getSettings().deviceId;
    cameras.replaceChildren(...found.map((device, place) => new Option(device.label || `Camera ${place + 1}`, device.deviceId, false, device.deviceId === current)));
    cameras.parentElement.hidden = found.length < 2;
  }

  function offerTorch() {
    const track = stream.getVideoTracks()[0];
    const able = track.getCapabilities ? track.getCapabilities() : {};
    torchButton.hidden = !able.torch;
    torchButton.setAttribute("aria-pressed", "false");
  }

  // The guide box in the camera's own pixels: a picture that is made smaller loses the narrow bars.
  function guideBox() {
    const shown = video.getBoundingClientRect();
    const box = guide.getBoundingClientRect();
    const scale = Math.max(shown.width / video.videoWidth, shown.height / video.videoHeight);
    const left = (video.videoWidth - shown.width / scale) / 2 + (box.left - shown.left) / scale;
    const top = (video.videoHeight - shown.height / scale) / 2 + (box.top - shown.top) / scale;
    return [left, top, box.width / scale, box.height / scale];
  }

  function shoot() {
    if (!stream || document.hidden || !video.videoWidth) return next(pauseMilliseconds);
    const [left, top, width, height] = guideBox();
    const shrink = Math.min(1, frameWidthMax / width);
    canvas.width = Math.round(width * shrink);
    canvas.height = Math.round(height * shrink);
    canvas.getContext("2d").drawImage(video, left, top, width, height, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => {
      if (!blob) return next(pauseMilliseconds);
      const picture = new DataTransfer();
      picture.items.add(new File([blob], "frame.jpg", { type: "image/jpeg" }));
      file.files = picture.files;
      form.dispatchEvent(new Event("frame"));
      return undefined;
    }, "image/jpeg", 0.7);
    return undefined;
  }

  function next(milliseconds) {
    clearTimeout(timer);
    if (stream) timer = setTimeout(shoot, milliseconds);
  }

  // Only an answer to the frame brings the page's state back. Any other one (no database, a proxy's) must not wipe out
  // what is in view: the carton that lies there would count again.
  const isAnswer = (xhr) => Boolean(xhr) && (xhr.status === 204 || ([200, 422].includes(xhr.status) && xhr.responseText.includes('name="state"')));

  function whyLost(status) {
    if (status === 0) return "lost";
    return status >= 500 ? "away" : "stale";
  }

  form.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id === "sight" && !isAnswer(event.detail.xhr)) event.detail.shouldSwap = false;
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.target !== form) return;
    const answered = isAnswer(event.detail.xhr);
    if (answered) sessionStorage.setItem(scene, form.elements.namedItem("state").value);
    if (answered) causes.hidden = true;
    else because(whyLost(event.detail.xhr ? event.detail.xhr.status : 0));
    next(answered ? pauseMilliseconds : lostPauseMilliseconds);
  });
  startButton.addEventListener("click", () => open(localStorage.getItem(remembered) || ""));
  cameras.addEventListener("change", () => {
    localStorage.setItem(remembered, cameras.value);
    open(cameras.value);
  });
  torchButton.addEventListener("click", async () => {
    const on = torchButton.getAttribute("aria-pressed") !== "true";
    await stream.getVideoTracks()[0].applyConstraints({ advanced: [{ torch: on }] });
    torchButton.setAttribute("aria-pressed", String(on));
  });
  window.addEventListener("pagehide", stop);

  if (!window.isSecureContext) because("insecure");
  else if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) because("missing");
  else {
    form.hidden = false;
    form.elements.namedItem("state").value = sessionStorage.getItem(scene) || "";
    // A device that allowed the camera before need not be asked to tap again.
    if (localStorage.getItem("linesync-camera-on") === "yes") open(localStorage.getItem(remembered) || "");
    video.addEventListener("playing", () => localStorage.setItem("linesync-camera-on", "yes"));
  }
})();
