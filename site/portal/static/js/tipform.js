// The pages of the tip box, made a little easier. All of them work without this file.
// What stands in the browser's storage of a form that was not sent is tip-draft.js's; here it is only ended.
(function () {
  "use strict";

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

  window.tipPage = { start: start, load: load };
  start(document);
})();
