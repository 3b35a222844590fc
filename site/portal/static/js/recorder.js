// A voice message recorded in the page becomes one more chosen file. Nothing is recorded before a tap, and the
// phone asks its owner first.
(function () {
  "use strict";

  const LONGEST = 10 * 60; // seconds
  const WARNED = LONGEST - 60;
  const MOST = 24 * 1024 * 1024; // bytes: a file may have 25 MB
  const BIT_RATE = 32000; // speech: ten minutes are 2.4 MB
  const KINDS = [["audio/webm", ".webm"], ["audio/mp4", ".mp4"], ["audio/ogg", ".ogg"]];

  const kind = window.MediaRecorder && KINDS.find(function (one) { return MediaRecorder.isTypeSupported(one[0]); });
  if (kind && navigator.mediaDevices && window.DataTransfer) {
    begin();
    document.addEventListener("tip:form", begin); // a form that takes the place of another
  }

  function begin() {
    Array.from(document.querySelectorAll("[data-recorder]:not([data-attached])")).forEach(attach);
  }

  function clock(seconds) {
    return Math.floor(seconds / 60) + ":" + ("0" + seconds % 60).slice(-2);
  }

  function attach(part) {
    const form = part.closest("form");
    const input = form.querySelector("input[type=file]");
    const words = part.dataset;
    const start = part.querySelector("[data-record]");
    const stop = part.querySelector("[data-stop]");
    const time = part.querySelector("[data-time]");
    const said = part.querySelector("[data-said]");
    let recorder = null;
    let pieces = [];
    let seconds = 0;
    let number = 0;
    let ticking = null;
    part.hidden = false;
    part.dataset.attached = "";

    function say(told) {
      said.textContent = told;
    }

    async function listen() {
      if (form.hasAttribute("data-full")) return say(words.wordsFull);
      start.disabled = true;
      say(words.wordsAsking);
      try {
        record(await navigator.mediaDevices.getUserMedia({ audio: true }));
      } catch (error) {
        if (error.name === "NotAllowedError") say(words.wordsDenied);
        else if (error.name === "NotFoundError") say(words.wordsMissing);
        else say(words.wordsFailed);
      }
      start.disabled = false;
    }

    function record(microphone) {
      recorder = new MediaRecorder(microphone, { mimeType: kind[0], audioBitsPerSecond: BIT_RATE });
      pieces = [];
      seconds = 0;
      recorder.ondataavailable = took;
      recorder.onstop = function () {
        microphone.getTracks().forEach(function (track) { track.stop(); });
        ended();
      };
      recorder.start(1000);
      form.dataset.recording = "";
      ticking = window.setInterval(tick, 1000);
      showTime();
      show(true);
      say(words.wordsGoing);
      stop.focus();
    }

    function took(event) {
      pieces.push(event.data);
      const size = pieces.reduce(function (sum, piece) { return sum + piece.size; }, 0);
      if (size > MOST) finish();
    }

    function tick() {
      seconds += 1;
      showTime();
      if (seconds === WARNED) say(words.wordsEnding);
      if (seconds === LONGEST) finish();
    }

    function showTime() {
      time.textContent = clock(seconds) + " / " + clock(LONGEST);
    }

    function show(recording) {
      start.hidden = recording;
      stop.hidden = time.hidden = !recording;
    }

    function finish() {
      if (recorder && recorder.state !== "inactive") recorder.stop();
    }

    // The last piece has come by now.
    function ended() {
      window.clearInterval(ticking);
      const hadFocus = document.activeElement === stop;
      show(false);
      if (hadFocus) start.focus();
      delete form.dataset.recording;
      if (pieces.length) choose();
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }

    function choose() {
      number += 1;
      const file = new File(pieces, words.name + "-" + number + kind[1], { type: kind[0] });
      pieces = [];
      const chosen = new DataTransfer();
      Array.from(input.files).forEach(function (other) { chosen.items.add(other); });
      chosen.items.add(file);
      input.files = chosen.files;
      say(words.wordsDone);
    }

    start.addEventListener("click", listen);
    stop.addEventListener("click", finish);
    form.addEventListener("tipuploads:finish", finish);
    form.addEventListener("tipuploads:discard", function () {
      if (!recorder) return;
      recorder.ondataavailable = null;
      pieces = [];
      finish();
      say("");
    });
  }
})();
