// What the browser keeps of a form that was not sent: in the tab's own storage, or for a day in the browser's where
// somebody asked for it. Its end is site.js's as well, on every other page.
(function () {
  "use strict";

  var IDLE = 30 * 60 * 1000; // milliseconds until a draft nobody touches is gone
  var KEPT = 24 * 60 * 60 * 1000; // and one that is kept on purpose
  var SAVE_AFTER = 300; // milliseconds after the last letter
  var KEY = "tip-draft:" + location.pathname + location.search;

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
  function of(form, more) {
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

  window.formDraft = { read: read, write: write, drop: drop, of: of };
})();
