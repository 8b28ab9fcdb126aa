// The upload page: dropped and photographed files join the chosen ones, and each is shown at once.
"use strict";
(() => {
  const form = document.getElementById("new-slip");
  if (!form) return;
  const files = form.elements.files;
  const photo = form.elements.photo;
  const list = document.getElementById("chosen");
  const zone = form.querySelector(".drop");
  let chosen = [];

  function show() {
    const transfer = new DataTransfer();
    for (const file of chosen) transfer.items.add(file);
    files.files = transfer.files;
    for (const picture of list.querySelectorAll("img")) URL.revokeObjectURL(picture.src);
    list.replaceChildren(...chosen.map(entry));
  }

  function entry(file, place) {
    const item = document.createElement("li");
    if (/^image\/(jpeg|png|webp|gif)$/.test(file.type)) {
      const picture = document.createElement("img");
      picture.src = URL.createObjectURL(file);
      picture.alt = "";
      item.append(picture);
    }
    const words = document.createElement("span");
    const megabytes = file.size / 1048576;
    const size = megabytes < 1 ? `${Math.ceil(file.size / 1024)} kB` : `${megabytes.toFixed(1)} MB`;
    const tooLarge = megabytes > Number(form.dataset.bytesMax);
    words.textContent = `${file.name} (${size})${tooLarge ? ": too large" : ""}`;
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "quiet";
    drop.textContent = "Remove";
    drop.setAttribute("aria-label", `Remove ${file.name}`);
    drop.addEventListener("click", () => { chosen.splice(place, 1); show(); });
    item.append(words, drop);
    return item;
  }

  function add(more) {
    chosen = chosen.concat(Array.from(more));
    show();
  }

  files.addEventListener("change", () => { chosen = Array.from(files.files); show(); });
  const takePhoto = () => { add(photo.files); photo.value = ""; };
  photo.addEventListener("change", takePhoto);
  // On a slow link something may have been chosen before this script was there.
  chosen = Array.from(files.files);
  if (photo.files.length) takePhoto();
  else if (chosen.length) show();
  zone.querySelector("[data-does=drop-words]").hidden = matchMedia("(pointer: coarse)").matches;
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("is-over"); });
  }
  for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("is-over"));

  // Photos over a hall's wireless take their time: the button says how far they are.
  const send = document.getElementById("send");
  const says = send.textContent;
  form.addEventListener("htmx:beforeRequest", () => { send.textContent = "Sending …"; });
  form.addEventListener("htmx:xhr:progress", (event) => {
    const { lengthComputable, loaded, total } = event.detail;
    if (lengthComputable && total) send.textContent = `Sending … ${Math.floor((100 * loaded) / total)} %`;
  });
  form.addEventListener("htmx:afterRequest", () => { send.textContent = says; });

  zone.addEventListener("drop", (event) => { event.preventDefault(); add(event.dataTransfer.files); });
})();
