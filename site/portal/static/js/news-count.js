// How much is new: in the title, the tab's icon, the menu and the header; a soft sound when it grows.
(function () {
  "use strict";

  const about = document.currentScript.dataset;
  const said = document.querySelector("[data-news-said]");
  const icon = document.querySelector("link[rel=icon]");
  const usualIcon = icon && icon.getAttribute("href");
  const SEEN = 30000, HIDDEN = 120000, LONGEST = 600000; // milliseconds
  let known = null;
  let failures = 0;
  let timer = null;
  let sound = null;

  function stored(key, value) {
    try {
      if (value !== undefined) localStorage.setItem(key, value);
      return localStorage.getItem(key);
    } catch (error) { return null; }
  }

  // Browsers let a page be heard only after a tap.
  window.addEventListener("pointerdown", function () {
    const Context = window.AudioContext || window.webkitAudioContext;
    if (!sound && Context) sound = new Context();
  }, { once: true });

  function ring() {
    if (!sound || stored("bell-sound") === "off") return;
    [660, 880].forEach(function (pitch, number) {
      const tone = sound.createOscillator();
      const volume = sound.createGain();
      const start = sound.currentTime + number * 0.18;
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0, start);
      volume.gain.linearRampToValueAtTime(0.08, start + 0.03);
      volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.6);
      tone.connect(volume).connect(sound.destination);
      tone.start(start);
      tone.stop(start + 0.6);
    });
  }

  function title() {
    const plain = document.title.replace(/^\(\d+\) /, "");
    const wanted = known ? "(" + known + ") " + plain : plain;
    if (document.title !== wanted) document.title = wanted;
  }

  function mark() {
    document.querySelectorAll('a[href="' + about.list + '"]').forEach(function (link) {
      const shown = known > 99 ? "99+" : String(known || "");
      if (!known) link.removeAttribute("data-new");
      else if (link.dataset.new !== shown) link.dataset.new = shown;
    });
  }

  function show(number) {
    // Of all open pages the first that learns of it makes it heard.
    const before = Number(stored("bell-number") || 0);
    known = number;
    stored("bell-number", String(number));
    title();
    mark();
    if (icon) icon.href = number ? about.icon : usualIcon;
    if (navigator.setAppBadge) navigator.setAppBadge(number).catch(function () {});
    if (number > before) {
      said.textContent = about.words.replace("{count}", number);
      ring();
    }
  }

  async function ask() {
    clearTimeout(timer);
    timer = null;
    try {
      const headers = { "X-Bell": about.token };
      if (known !== null) headers["If-None-Match"] = '"' + known + '"';
      const answer = await fetch(about.address, { headers: headers, credentials: "omit", cache: "no-store" });
      if (answer.status === 403) return; // logged out
      if (answer.status === 200) show((await answer.json()).new);
      failures = answer.status < 400 ? 0 : failures + 1;
    } catch (error) { failures += 1; }
    const pause = (document.hidden ? HIDDEN : SEEN) * Math.pow(2, failures);
    timer = setTimeout(ask, Math.min(pause, LONGEST));
  }

  document.addEventListener("visibilitychange", function () { if (!document.hidden && timer) ask(); });
  if (navigator.serviceWorker) {
    navigator.serviceWorker.addEventListener("message", function (event) { if (event.data.rang && timer) ask(); });
  }
  // Wagtail draws its menu by script, and its editor sets the title.
  const sidebar = document.getElementById("wagtail-sidebar");
  if (sidebar) new MutationObserver(mark).observe(sidebar, { childList: true, subtree: true });
  const head = document.querySelector("title");
  if (head) new MutationObserver(title).observe(head, { childList: true });
  ask();
})();
