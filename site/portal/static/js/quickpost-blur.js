// Faces and number plates made unrecognisable in the browser: the clear ones never leave the phone.
(function () {
  "use strict";

  const CELLS = 4; // squares across a circle; a face of that many cannot be told from another

  const dialog = document.querySelector("[data-blur-dialog]");
  if (!dialog) return;
  const canvas = dialog.querySelector("canvas");
  const state = dialog.querySelector("[data-state]");
  const texts = JSON.parse(document.getElementById("quickpost-texts").textContent);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const small = document.createElement("canvas");

  let clear = null; // the photo as it was opened
  let dabs = [];
  let strokes = []; // how many dabs each tap or drawing made, for undo
  let radius = 0;
  let cursor = null; // of the keyboard
  let finished = null;
  let opener = null;
  let opening = false;

  function dab(spot) {
    const left = Math.round(spot.x - spot.radius), top = Math.round(spot.y - spot.radius), side = Math.round(2 * spot.radius);
    small.width = small.height = CELLS;
    const cells = small.getContext("2d");
    cells.imageSmoothingEnabled = true;
    cells.imageSmoothingQuality = "high";
    // The mean of each cell: shrinking in one step would pick single pixels.
    const pixels = context.getImageData(left, top, side, side);
    const mean = cells.createImageData(CELLS, CELLS);
    for (let row = 0; row < CELLS; row += 1) {
      for (let column = 0; column < CELLS; column += 1) {
        mean.data.set(meanOf(pixels, side, row, column), (row * CELLS + column) * 4);
      }
    }
    cells.putImageData(mean, 0, 0);
    context.save();
    context.beginPath();
    context.arc(spot.x, spot.y, spot.radius, 0, 2 * Math.PI);
    context.clip();
    context.drawImage(small, left, top, side, side);
    context.restore();
  }

  function meanOf(pixels, side, row, column) {
    const step = side / CELLS, sum = [0, 0, 0];
    let count = 0;
    for (let y = Math.floor(row * step); y < Math.floor((row + 1) * step); y += 1) {
      for (let x = Math.floor(column * step); x < Math.floor((column + 1) * step); x += 1) {
        const at = (y * side + x) * 4;
        if (pixels.data[at + 3] === 0) continue; // beyond the photo's edge
        for (let colour = 0; colour < 3; colour += 1) sum[colour] += pixels.data[at + colour];
        count += 1;
      }
    }
    return count ? [sum[0] / count, sum[1] / count, sum[2] / count, 255] : [255, 255, 255, 255];
  }

  function redraw() {
    context.drawImage(clear, 0, 0);
    dabs.forEach(dab);
    if (cursor) {
      [["#000", 6], ["#fff", 2]].forEach(function (line) {
        context.strokeStyle = line[0];
        context.lineWidth = line[1] * canvas.width / canvas.clientWidth / 2;
        context.beginPath();
        context.arc(cursor.x, cursor.y, radius, 0, 2 * Math.PI);
        context.stroke();
      });
    }
    tell();
  }

  function tell() {
    let words = texts.blurred.replace("{count}", strokes.length);
    if (cursor) {
      words += ". " + texts.position
        .replace("{x}", Math.round(100 * cursor.x / canvas.width))
        .replace("{y}", Math.round(100 * cursor.y / canvas.height));
    }
    state.textContent = words;
  }

  function spotOf(event) {
    const box = canvas.getBoundingClientRect();
    return {
      x: (event.clientX - box.left) * canvas.width / box.width,
      y: (event.clientY - box.top) * canvas.height / box.height,
      radius: radius
    };
  }

  function add(spot) {
    dabs.push(spot);
    strokes[strokes.length - 1] += 1;
    dab(spot);
  }

  let drawing = false;
  canvas.addEventListener("pointerdown", function (event) {
    event.preventDefault();
    if (cursor) { cursor = null; redraw(); }
    drawing = true;
    canvas.setPointerCapture(event.pointerId);
    strokes.push(0);
    add(spotOf(event));
    tell();
  });
  canvas.addEventListener("pointermove", function (event) {
    if (!drawing) return;
    const spot = spotOf(event), last = dabs[dabs.length - 1];
    if (Math.hypot(spot.x - last.x, spot.y - last.y) > radius / 2) add(spot);
  });
  ["pointerup", "pointercancel"].forEach(function (name) {
    canvas.addEventListener(name, function () { drawing = false; });
  });

  canvas.addEventListener("keydown", function (event) {
    const step = radius / 2;
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    if (!cursor) cursor = { x: canvas.width / 2, y: canvas.height / 2 };
    if (moves[event.key]) {
      cursor.x = Math.min(canvas.width, Math.max(0, cursor.x + moves[event.key][0]));
      cursor.y = Math.min(canvas.height, Math.max(0, cursor.y + moves[event.key][1]));
    } else if (event.key === "Enter" || event.key === " ") {
      strokes.push(0);
      add({ x: cursor.x, y: cursor.y, radius: radius });
    } else if (event.key === "+" || event.key === "=") {
      resize(1.25);
    } else if (event.key === "-") {
      resize(0.8);
    } else {
      if (event.key === "Tab" || event.key === "Escape") { cursor = null; redraw(); }
      return;
    }
    event.preventDefault();
    redraw();
  });

  function resize(factor) {
    const side = Math.min(canvas.width, canvas.height);
    radius = Math.min(side / 3, Math.max(side / 60, radius * factor));
  }

  function undo() {
    const count = strokes.pop();
    if (count) dabs.splice(-count);
    redraw();
  }

  function close() {
    dialog.hidden = true;
    document.body.classList.remove("quickpost-blurring");
    if (opener && opener.isConnected) opener.focus();
  }

  dialog.querySelector("[data-smaller]").addEventListener("click", function () { resize(0.8); });
  dialog.querySelector("[data-larger]").addEventListener("click", function () { resize(1.25); });
  dialog.querySelector("[data-undo]").addEventListener("click", undo);
  const doneButton = dialog.querySelector("[data-done]");
  doneButton.addEventListener("click", async function () {
    doneButton.disabled = true;
    cursor = null;
    redraw();
    // Closed only when the blurred photo has taken the clear one's place: until then nothing can be sent.
    const count = strokes.length;
    try {
      if (count) finished(await window.quickpostPhotos.blobOf(canvas), count);
      close();
      clear = null;
    } finally {
      doneButton.disabled = false;
    }
  });
  // Tab goes round within the dialog.
  dialog.addEventListener("keydown", function (event) {
    if (event.key === "Escape") dialog.querySelector("[data-done]").click();
    if (event.key !== "Tab") return;
    const stops = [canvas].concat(Array.from(dialog.querySelectorAll("button")));
    const at = stops.indexOf(document.activeElement);
    event.preventDefault();
    stops[(at + (event.shiftKey ? -1 : 1) + stops.length) % stops.length].focus();
  });

  // Opens the photo; `done(blob, count)` is called with the blurred one if anything was blurred.
  window.quickpostBlur = async function (blob, done) {
    if (opening || !dialog.hidden) return; // a second tap while the photo is being opened
    opening = true;
    opener = document.activeElement;
    clear = await window.quickpostPhotos.canvasOf(blob, window.quickpostPhotos.LONGEST_SIDE);
    canvas.width = clear.width;
    canvas.height = clear.height;
    dabs = [];
    strokes = [];
    cursor = null;
    finished = done;
    radius = Math.min(clear.width, clear.height) / 10;
    opening = false;
    dialog.hidden = false;
    document.body.classList.add("quickpost-blurring");
    redraw();
    canvas.focus();
  };
})();
