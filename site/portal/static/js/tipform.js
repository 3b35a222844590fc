// The pages of the tip box, made a little easier, and what the browser keeps of a form that was not sent.
// All of them work without this file.
(function () {
  "use strict";

  var IDLE = 30 * 60 * 1000; // milliseconds until a draft nobody touches is gone
  var KEPT = 24 * 60 * 60 * 1000; // and one that is kept on purpose
  var SAVE_AFTER = 300; // milliseconds after the last letter
  var KEY = "tip-draft:" + location.pathname + location.search;

  function all(selector, root) {
    return Array.prototype.slice.call((root || document).querySelectorAll(selector));
  }

  var loaded = {};
  function load(address) {
    loaded[address] = loaded[address] || new Promise(function (resolve, reject) {
      var script = document.createElement("script");
      script.src = address;
      script.onload = resolve;
      script.onerror = function () { delete loaded[address]; reject(new Error("not loaded")); };
      document.head.appendChild(script);
    });
    return loaded[address];
  }

  function leave(event) {
    event.preventDefault();
    window.tipDrafts(function (storage, key) { storage.removeItem(key); });
    document.dispatchEvent(new Event("tip:exit"));
    // Which guides were read is nobody's business either (service-worker.js).
    if (window.caches) ["place", "guide"].forEach(function (kind) { caches.delete(kind); });
    location.replace(event.currentTarget.href);
  }

  // One click sends; the page that comes back from the browser's memory can send again.
  function once(form) {
    var button = form.querySelector("[data-sending]");
    var words = button.textContent;
    var sent = false;
    form.addEventListener("submit", function () {
      sent = true;
      button.disabled = true;
      button.textContent = button.dataset.sending;
    });
    window.addEventListener("pageshow", function (event) {
      button.disabled = false;
      button.textContent = words;
      if (!event.persisted) return;
      // Whoever goes back does not read what was written here; a form given back has it as its default.
      if (sent) all("textarea, input.input", form).forEach(function (field) { field.defaultValue = ""; });
      form.reset();
    });
  }

  function show(button, act) {
    button.hidden = false;
    button.addEventListener("click", function () { act(button); });
  }

  function codeBeside(button) {
    return button.closest("[data-receipt]").querySelector("[data-code]");
  }

  function copy(button) {
    var code = codeBeside(button);
    function done() { button.textContent = button.dataset.done; }
    function byHand() {
      code.focus();
      code.select();
      try { if (document.execCommand("copy")) done(); } catch (error) { /* it is selected, to be copied by hand */ }
    }
    if (navigator.clipboard) navigator.clipboard.writeText(code.value).then(done, byHand);
    else byHand();
  }

  // Drawn here, so that the code travels nowhere. Where nothing can be downloaded the picture can be held and kept.
  function save(button) {
    var canvas = document.createElement("canvas");
    canvas.width = 1080;
    canvas.height = 620;
    var pen = canvas.getContext("2d");
    function line(text, size, y, weight) {
      pen.font = (weight || "400") + " " + size + "px system-ui, sans-serif";
      pen.fillText(text, 540, y, 1000);
    }
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, 1080, 620);
    pen.strokeStyle = pen.fillStyle = "#1f4d3a";
    pen.lineWidth = 8;
    pen.strokeRect(24, 24, 1032, 572);
    pen.textAlign = "center";
    line(button.dataset.heading, 42, 130);
    pen.fillStyle = "#111";
    line(codeBeside(button).value, 92, 290, "700");
    line(button.dataset.where, 38, 410);
    line(button.dataset.warning, 38, 490);
    canvas.toBlob(function (blob) {
      var address = URL.createObjectURL(blob);
      var link = document.createElement("a");
      link.href = address;
      link.download = button.dataset.file;
      link.click();
      var picture = button.parentNode.parentNode.querySelector("img.receipt__picture") || document.createElement("img");
      picture.className = "receipt__picture";
      picture.alt = button.dataset.hold;
      picture.src = address;
      button.parentNode.after(picture);
      button.textContent = button.dataset.done;
    });
  }

  function start(root) {
    // A form given back starts with what is wrong with it, a receipt with its heading.
    all("[data-focus]", root).forEach(function (summary) { summary.focus(); });
    all("[data-exit]", root).forEach(function (link) { link.addEventListener("click", leave); });
    all("[data-print]", root).forEach(function (button) { show(button, function () { window.print(); }); });
    all("[data-copy-code]", root).forEach(function (button) { show(button, copy); });
    all("[data-save-code]", root).forEach(function (button) { show(button, save); });
    all("form[data-once]", root).forEach(once);
    if (window.tipUploads) all("form[data-once][data-uploads]", root).forEach(window.tipUploads.attach);
  }

  // --- A draft: in the tab's own storage, or for a day in the browser's where somebody asked for it ------------
  // Its end is site.js's as well, on every other page.

  function storage(name) {
    try { return window[name]; } catch (error) { return null; }
  }

  function readFrom(name) {
    try {
      var draft = JSON.parse(storage(name).getItem(KEY));
      return draft && draft.until > Date.now() ? draft : null;
    } catch (error) { return null; }
  }

  function read() {
    return readFrom("sessionStorage") || readFrom("localStorage");
  }

  function drop() {
    ["sessionStorage", "localStorage"].forEach(function (name) {
      try { storage(name).removeItem(KEY); } catch (error) { /* nothing was kept */ }
    });
  }

  function write(draft) {
    var name = draft.kept ? "localStorage" : "sessionStorage";
    var other = draft.kept ? "sessionStorage" : "localStorage";
    try {
      storage(name).setItem(KEY, JSON.stringify(draft));
      storage(other).removeItem(KEY);
    } catch (error) { /* full, or forbidden: the page itself still has the words */ }
  }

  // `more()` is what the form's steps add: its step, whether it is being sent, its files.
  function draftOf(form, more) {
    var page = form.closest("main");
    var keep = page.querySelector("[data-keep]");
    var touched = false;
    var until = 0;
    var keptUntil = 0;
    var timer = 0;

    function values() {
      return inputs().filter(function (input) {
        var asked = input.type !== "hidden" && ["upload", "answer"].indexOf(input.name) < 0;
        return asked && input.type !== "file" && (!/radio|checkbox/.test(input.type) || input.checked);
      }).map(function (input) { return [input.name, input.value]; });
    }

    function inputs() {
      return Array.prototype.slice.call(form.querySelectorAll("[name]"));
    }

    function save() {
      window.clearTimeout(timer);
      if (!touched) return;
      until = keep.checked ? keptUntil : Date.now() + IDLE;
      var draft = { until: until, kept: keep.checked, nonce: form.elements.nonce.value, values: values() };
      write(Object.assign(draft, more()));
    }

    function soon() {
      touched = true;
      page.querySelector("[data-draft]").hidden = false;
      window.clearTimeout(timer);
      timer = window.setTimeout(save, SAVE_AFTER);
    }

    function fill(draft) {
      var given = {};
      draft.values.forEach(function (pair) { (given[pair[0]] = given[pair[0]] || []).push(pair[1]); });
      inputs().forEach(function (input) {
        if (/radio|checkbox/.test(input.type)) {
          if (given[input.name] || input.name === "about") input.checked = (given[input.name] || []).indexOf(input.value) >= 0;
        } else if (given[input.name] && input.type !== "file" && input.type !== "hidden") {
          input.value = given[input.name].shift();
        }
      });
      form.elements.nonce.value = draft.nonce;
      keep.checked = draft.kept;
      keptUntil = draft.kept ? draft.until : 0;
      soon();
    }

    function keepLonger() {
      keptUntil = Date.now() + KEPT;
      touched = true;
      save();
    }

    function end() {
      window.clearTimeout(timer);
      touched = false;
      drop();
    }

    // What is typed stays on the screen; what is kept of it is gone.
    var clock = window.setInterval(function () {
      if (touched && until && Date.now() > until && !more().sending) end();
    }, 30 * 1000);

    function leave() {
      window.clearTimeout(timer);
      window.clearInterval(clock);
    }

    return {
      save: save,
      soon: soon,
      fill: fill,
      keepLonger: keepLonger,
      end: end,
      leave: leave,
      isTouched: function () { return touched; },
    };
  }

  window.formDraft = { read: read, write: write, drop: drop, of: draftOf };
  window.tipPage = { start: start, load: load };
  start(document);
})();
