// The tip form, its receipt and the look-up, made a little easier. All of it works without this file.
// Nothing is kept in the browser: no storage, no history, no request of its own.
(function () {
  "use strict";

  var MEGABYTE = 1024 * 1024;
  var MAX_FILES = 5;
  var MAX_BYTES = 25 * MEGABYTE;

  function all(selector, root) {
    return Array.prototype.slice.call((root || document).querySelectorAll(selector));
  }

  // A form given back starts with what is wrong with it.
  all("[data-focus]").forEach(function (summary) { summary.focus(); });

  all("[data-exit]").forEach(function (link) {
    link.addEventListener("click", function (event) {
      event.preventDefault();
      // Which guides were read is nobody's business either (service-worker.js).
      if (window.caches) ["place", "guide"].forEach(function (kind) { caches.delete(kind); });
      location.replace(link.href);
    });
  });

  all("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  var tipForm = document.querySelector("form[data-tip-form]");
  if (tipForm) helpWith(tipForm);

  // One click sends; the page that comes back from the browser's memory can send again.
  all("form[data-tip-form], form[data-once]").forEach(function (form) {
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
  });

  function helpWith(form) {
    // Questions that do not apply step aside; what is hidden is not sent.
    var message = form.querySelector("textarea[name=message]");
    var label = form.querySelector("label[for=" + message.id + "]");

    function chosen(name) {
      var radio = form.querySelector("input[name=" + name + "]:checked");
      return radio ? radio.value : "";
    }

    function showWhatApplies() {
      var kind = chosen("kind");
      var contact = chosen("contact");
      all("[data-kinds], [data-contact]", form).forEach(function (block) {
        var kinds = block.dataset.kinds;
        var applies = (!kinds || kinds.split(" ").indexOf(kind) !== -1)
          && (!block.dataset.contact || block.dataset.contact === contact);
        block.hidden = !applies;
        all("input, select, textarea", block).forEach(function (input) { input.disabled = !applies; });
      });
      var question = message.getAttribute("data-" + kind);
      if (question) label.textContent = question;
    }

    form.addEventListener("change", showWhatApplies);
    window.addEventListener("pageshow", showWhatApplies);
    showWhatApplies();

    // A file that is too large is told before it travels.
    var files = form.querySelector("input[type=file]");
    var shown = form.querySelector("[data-files]");

    function line(text, wrong) {
      var item = document.createElement("li");
      item.textContent = text;
      if (wrong) item.className = "field__error";
      item.dataset.chosen = "";
      return item;
    }

    function listFiles() {
      var list = Array.prototype.slice.call(files.files);
      // What a form given back lists stays: it is with the portal already.
      all("[data-chosen]", shown).forEach(function (item) { item.remove(); });
      shown.hidden = !list.length && !shown.querySelector("[data-upload]");
      list.forEach(function (file) {
        var size = (file.size / MEGABYTE).toFixed(1).replace(".", ",") + " MB";
        var wrong = file.size > MAX_BYTES;
        shown.appendChild(line(file.name + " – " + (wrong ? size + ", " + shown.dataset.tooLarge : size), wrong));
      });
      if (list.length > MAX_FILES) shown.appendChild(line(shown.dataset.tooMany, true));
    }

    // What will not be kept does not travel: the words would wait for it. Its name does, for the receipt.
    function leaveOut() {
      var kept;
      try {
        kept = new DataTransfer();
      } catch (error) {
        return; // an older browser sends it all, and the portal puts it aside
      }
      Array.prototype.slice.call(files.files).forEach(function (file) {
        if (file.size > MAX_BYTES) name("too-large", file);
        else if (kept.items.length === MAX_FILES) name("too-many", file);
        else kept.items.add(file);
      });
      files.files = kept.files;
    }

    function name(reason, file) {
      var input = document.createElement("input");
      input.type = "hidden";
      input.name = reason;
      input.value = file.name;
      input.dataset.leftOut = "";
      form.appendChild(input);
    }

    files.addEventListener("change", listFiles);
    // The event comes before the fields are emptied.
    form.addEventListener("reset", function () {
      all("[data-left-out]", form).forEach(function (input) { input.remove(); });
      window.setTimeout(function () { showWhatApplies(); listFiles(); });
    });
    form.addEventListener("submit", leaveOut);
  }
})();
