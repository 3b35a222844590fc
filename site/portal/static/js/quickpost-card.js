// The post as a card of a list, and what of its first photo stays when it is cut: one tap on the whole photo.
(function () {
  "use strict";

  const preview = document.querySelector("[data-preview]");
  if (!preview) return;
  const form = preview.closest("form");
  const card = preview.querySelector("[data-card-picture]");
  const focus = preview.querySelector("[data-focus]");
  const button = focus.querySelector("button"), whole = focus.querySelector("img"), mark = focus.querySelector("[data-mark]");
  const CARD = 4 / 3;
  let shown = null; // {src, shares, point, tap}; `tap` takes a new point, null if it is not the author's photo
  let chosen = null; // the first of the photos that are not stored yet
  let address = "";
  let waiting = null;

  // --- Words ----------------------------------------------------------------------------------------------

  function words() {
    const title = form.elements.title.value.trim();
    preview.querySelector("[data-card-title]").textContent = title;
    const kind = form.querySelector("[name=kind]:checked");
    if (kind) preview.querySelector("[data-card-kind]").textContent = kind.closest("label").textContent.trim();
    preview.hidden = !title && !shown;
  }

  // Its first sentence, which only the server can tell.
  async function summary() {
    const data = new FormData();
    ["csrfmiddlewaretoken", "title", "text"].forEach(function (name) { data.set(name, form.elements[name].value); });
    try {
      const reply = await fetch(form.dataset.check, { method: "POST", body: data, headers: { Accept: "application/json" } });
      if (reply.ok) preview.querySelector("[data-card-summary]").textContent = (await reply.json()).summary;
    } catch (error) { /* no connection: sending tells */ }
  }

  form.addEventListener("input", function (event) {
    words();
    if (!["title", "text"].includes(event.target.name)) return;
    clearTimeout(waiting);
    waiting = setTimeout(summary, 1000);
  });
  // What came back or was given back is there by then.
  waiting = setTimeout(function () { if (form.elements.text.value) summary(); }, 1000);

  // --- The first photo ------------------------------------------------------------------------------------

  // What is kept, as shares of the sides: as the server does it (home/focal_points.py).
  function kept(width, height) {
    const size = Math.min(width, height) / 4;
    if (shown.point) return [inside(shown.point[0] / 100, size / width), inside(shown.point[1] / 100, size / height), size / width, size / height];
    if (shown.shares) return shown.shares;
    return height > width ? [0.5, 1 / 6, 1, 1 / 3] : [0.5, 0.5, 0, 0];
  }

  function inside(centre, size) { return Math.min(Math.max(centre, size / 2), 1 - size / 2); }

  // In percent, where CSS shall cut a side to `cut` of it: as Wagtail's fill filter does.
  function position(cut, centre, size) {
    if (cut >= 1) return 50;
    let start = centre - cut * centre;
    start = Math.max(Math.min(start, centre - size / 2), centre + size / 2 - cut);
    return 100 * Math.min(Math.max(start, 0), 1 - cut) / (1 - cut);
  }

  function draw() {
    const width = whole.naturalWidth, height = whole.naturalHeight;
    const area = kept(width, height), cut = card.querySelector("img");
    cut.style.objectPosition = position(Math.min(1, height * CARD / width), area[0], area[2]) + "% "
      + position(Math.min(1, width / CARD / height), area[1], area[3]) + "%";
    mark.hidden = !shown.point;
    if (!shown.point) return;
    mark.style.left = shown.point[0] + "%";
    mark.style.top = shown.point[1] + "%";
  }

  function take(x, y) {
    shown.point = [x, y].map(function (share) { return Math.round(Math.min(100, Math.max(0, share))); });
    shown.tap(shown.point);
    draw();
    form.dispatchEvent(new Event("input")); // which keeps the draft
  }

  button.addEventListener("click", function (event) {
    if (!event.detail) return; // Enter: the arrow keys have set the point
    const box = whole.getBoundingClientRect();
    take(100 * (event.clientX - box.left) / box.width, 100 * (event.clientY - box.top) / box.height);
  });
  button.addEventListener("keydown", function (event) {
    const move = { ArrowLeft: [-5, 0], ArrowRight: [5, 0], ArrowUp: [0, -5], ArrowDown: [0, 5] }[event.key];
    if (!move) return;
    event.preventDefault();
    const area = kept(whole.naturalWidth, whole.naturalHeight), from = shown.point || [100 * area[0], 100 * area[1]];
    take(from[0] + move[0], from[1] + move[1]);
  });
  whole.addEventListener("load", draw);

  function ofStored(item) {
    const picture = item.querySelector("img"), point = item.querySelector("input[type=hidden]");
    return {
      src: picture.src,
      shares: picture.dataset.shares.split(" ").map(Number),
      point: point.value ? point.value.split(" ").map(Number) : null,
      tap: item.dataset.saved ? function (tapped) { point.value = tapped.join(" "); } : null
    };
  }

  function ofChosen() {
    URL.revokeObjectURL(address);
    address = URL.createObjectURL(chosen.blob);
    return { src: address, point: chosen.focus, tap: function (tapped) { chosen.focus = tapped; } };
  }

  // Those that are stored already come first.
  function show() {
    const stored = Array.from(form.querySelectorAll("[data-saved]")).find(function (item) {
      return !item.querySelector(".quickpost__drop input").checked;
    });
    shown = stored ? ofStored(stored) : chosen && chosen.readable ? ofChosen() : null;
    words();
    card.textContent = "";
    focus.hidden = !shown || !shown.tap;
    if (!shown) return;
    const cut = document.createElement("img");
    cut.alt = "";
    cut.src = whole.src = shown.src;
    card.append(cut);
  }

  form.addEventListener("change", function (event) { if (event.target.closest(".quickpost__drop")) show(); });
  window.quickpostCard = function (photo) {
    chosen = photo;
    show();
  };
})();
