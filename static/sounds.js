// Three sounds that tell booked, repeat and refused apart without a look at the screen, and a buzz where there is one.
"use strict";
(() => {
  const tunes = {
    booked: { tones: [[880, 0, 0.09], [1320, 0.1, 0.14]], buzz: [60] },
    repeat: { tones: [[520, 0, 0.08], [520, 0.14, 0.08], [520, 0.28, 0.08]], buzz: [40, 60, 40, 60, 40] },
    undone: { tones: [[1320, 0, 0.09], [660, 0.1, 0.14]], buzz: [40, 40, 40] },
    refused: { tones: [[180, 0, 0.45]], buzz: [300] },
  };
  let audio = null;

  // Browsers let a page sound only after a touch or a key.
  for (const gesture of ["pointerdown", "keydown"]) {
    document.addEventListener(gesture, () => {
      audio = audio || (window.AudioContext ? new AudioContext() : null);
      if (audio && audio.state === "suspended") audio.resume();
    });
  }

  function play(tune) {
    if (!audio || audio.state !== "running") return;
    for (const [pitch, start, length] of tune.tones) {
      const tone = audio.createOscillator();
      const level = audio.createGain();
      tone.type = pitch < 300 ? "sawtooth" : "square";
      tone.frequency.value = pitch;
      level.gain.value = 0.2;
      tone.connect(level).connect(audio.destination);
      tone.start(audio.currentTime + start);
      tone.stop(audio.currentTime + start + length);
    }
  }

  document.addEventListener("told", (event) => {
    const tune = tunes[event.detail.kind];
    if (!tune) return;
    document.documentElement.dataset.sounded = event.detail.kind;
    play(tune);
    if (navigator.vibrate) navigator.vibrate(tune.buzz);
  });
})();
