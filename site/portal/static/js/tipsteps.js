// The tip form in steps. tipform.js keeps what is written, tip-sending.js sends it over a line that breaks.
// Without these files, or without a storage, the form is one page and is sent as any other.
(function () {
  "use strict";

  var SEEN_WITHIN = 30 * 60 * 1000; // as long as the portal shows a receipt again (tipform.box.receiving)
  var FILES_WITHIN = 120 * 1000; // milliseconds that sending waits for files on their way
  var LOADED_AGAIN = 5000; // milliseconds until a script that did not come is asked for again

  function all(selector, root) {
    return Array.prototype.slice.call(root.querySelectorAll(selector));
  }

  function after(wait) {
    return new Promise(function (resolve) { window.setTimeout(resolve, wait); });
  }

  // Scripts that are fetched when they are needed, so that the first step comes at once.
  function load(addresses) {
    return addresses.split(" ").reduce(function (before, address) {
      return before.then(function () { return window.tipPage.load(address); });
    }, Promise.resolve());
  }

  function goOnWithout() { /* it is asked for again when it is needed */ }

  // It comes once somebody writes; on a dead line it is waited for, as the answer is.
  function sendingOf(form, tell) {
    return load(form.dataset.sendingScript).then(function () { return window.tipSending; }, function () {
      tell("again");
      return after(LOADED_AGAIN).then(function () { return sendingOf(form, tell); });
    });
  }

  // --- A form -------------------------------------------------------------------------------------------------

  function Steps(form) {
    var page = form.closest("main");
    var steps = all(".stage", form);
    var last = steps.length - 1;
    var message = form.querySelector("textarea[name=message]");
    var messageLabel = form.querySelector("label[for=" + message.id + "] [data-asked]");
    var button = form.querySelector("[type=submit]");
    var buttonWords = button.textContent;
    var told = page.querySelector("[data-told]");
    var keep = page.querySelector("[data-keep]");
    var chosenFiles = form.querySelector("[name=attachments]");
    var title = document.title;
    var state = { step: 0, sending: false };
    var uploads = null;
    var uploadsBefore = []; // of a draft, until the script that shows them is there
    var files = null;
    var draft = window.formDraft.of(form, function () {
      return { step: state.step, sending: state.sending, uploads: uploads ? uploads.list() : uploadsBefore };
    });

    function loadFiles() {
      files = files || load(form.dataset.filesScripts).then(function () {
        uploads = window.tipUploads.attach(form);
        form.querySelector("[data-add-files]").hidden = !uploads;
        if (uploads && uploadsBefore.length) return uploads.restore(uploadsBefore);
      }).catch(function () { files = null; /* the files go with the form */ });
      return files;
    }

    // Seen where the phone can do it. Its script comes at the first tap, and then gets the tap.
    function offer(part, can) {
      if (!part || !can) return;
      var button = part.querySelector("button");
      part.hidden = false;
      button.addEventListener("click", function tapped() {
        button.removeEventListener("click", tapped);
        loadFiles().then(function () { return load(part.dataset.script); }).then(function () {
          document.dispatchEvent(new Event("tip:form"));
          if (!part.hasAttribute("data-attached")) throw new Error("not here");
          button.click();
        }).catch(function () {
          part.querySelector("[data-said]").textContent = part.dataset.wordsFailed;
          button.addEventListener("click", tapped);
        });
      });
    }

    function tell(which) {
      told.hidden = !which;
      told.firstElementChild.textContent = which ? told.dataset[which] : "";
    }

    // Questions that do not apply step aside; what is hidden is not sent.
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
      if (question) messageLabel.textContent = question;
    }

    // --- Steps ---

    function show(number, focus) {
      state.step = Math.max(0, Math.min(number, last));
      steps.forEach(function (step, place) { step.hidden = place !== state.step; });
      var step = steps[state.step];
      var count = page.querySelector("[data-count]");
      var words = count.dataset.count.replace("{1}", state.step + 1).replace("{2}", steps.length);
      count.hidden = false;
      count.textContent = words;
      document.title = words + ": " + step.dataset.step + " – " + title;
      all("[data-line] span", page).forEach(function (mark, place) {
        mark.className = place <= state.step ? "step-line__done" : "";
      });
      form.querySelector("[data-back]").hidden = state.step === 0;
      form.querySelector("[data-next]").hidden = state.step === last;
      form.querySelector("[data-go]").hidden = false;
      if (state.step === last) load(form.dataset.reviewScript).then(function () { window.tipReview(form, goTo); }).catch(goOnWithout);
      if (!focus) return;
      page.querySelector(".step-head").scrollIntoView();
      step.querySelector(".stage__title").focus({ preventScroll: true });
    }

    function goTo(number) {
      history.pushState({ tipStep: number, pushed: true }, "");
      show(number, true);
      draft.save();
    }

    function back() {
      if (history.state && history.state.pushed) return history.back();
      history.replaceState({ tipStep: state.step - 1 }, "");
      show(state.step - 1, true);
    }

    function stepOf(element) {
      return steps.indexOf(element.closest(".stage"));
    }

    // --- What is required is said before anything travels ---

    function mark(block, text) {
      var said = block.querySelector(".field__error");
      var input = block.querySelector("input, textarea, select");
      if (!said) {
        said = document.createElement("span");
        said.className = "field__error";
        said.id = input.id + "_error";
        block.insertBefore(said, block.querySelector(".field__hint, input, textarea, select"));
      }
      said.textContent = text;
      block.classList.toggle("field--error", Boolean(text));
      if (text) input.setAttribute("aria-describedby", said.id);
      input.setAttribute("aria-invalid", text ? "true" : "false");
    }

    function missingIn(root) {
      return all("[data-missing]", root).filter(function (block) {
        var input = block.querySelector("input, textarea, select");
        var missing = !block.hidden && !input.value.trim();
        if (missing) mark(block, block.dataset.missing);
        else if (block.classList.contains("field--error") && input.value.trim()) mark(block, "");
        return missing;
      });
    }

    function next() {
      var missing = missingIn(steps[state.step])[0];
      if (missing) return missing.querySelector("input, textarea, select").focus();
      goTo(state.step + 1);
    }

    // --- The draft, and sending ---

    function changed() {
      draft.soon();
      load(form.dataset.sendingScript + " " + form.dataset.reviewScript).catch(goOnWithout);
    }

    function drop() {
      if (uploads) uploads.discard();
      uploadsBefore = [];
      draft.end();
    }

    function send() {
      var missing = missingIn(form)[0];
      if (missing) {
        goTo(stepOf(missing));
        return missing.querySelector("input, textarea, select").focus();
      }
      state.sending = true;
      draft.soon();
      button.disabled = true;
      button.textContent = button.dataset.sending;
      tell(uploads && uploads.busy() ? "files" : "sending");
      draft.save();
      // Whatever is not up by then goes with the form.
      var ready = Promise.resolve(files).then(function () { return uploads ? uploads.ready() : null; });
      Promise.race([ready, after(FILES_WITHIN)])
        .then(function () { return sendingOf(form, tell); })
        .then(function (sending) { return sending.send(form, tell); })
        .then(arrived);
    }

    function arrived(answered) {
      state.sending = false;
      var receipt = answered.querySelector("[data-receipt]");
      if (receipt) {
        var nonce = form.elements.nonce.value;
        draft.end();
        // Enough to see the receipt again after a slip of the thumb; it ends with the tab and with the next page.
        window.formDraft.write({ until: Date.now() + SEEN_WITHIN, receipt: true, nonce: nonce });
      }
      unbind();
      window.tipSending.put(answered, givenBack);
    }

    // --- Bound to the page; unbound when another form or the receipt takes its place ---

    var bound = [];
    function on(target, event, act) {
      target.addEventListener(event, act);
      bound.push(function () { target.removeEventListener(event, act); });
    }

    function unbind() {
      bound.forEach(function (undo) { undo(); });
      draft.leave();
    }

    on(form, "input", changed);
    on(form, "change", function () { showWhatApplies(); changed(); });
    on(form, "tipuploads:change", function () { if (draft.isTouched() || (uploads && uploads.list().length)) changed(); });
    on(chosenFiles, "click", loadFiles);
    on(chosenFiles, "change", loadFiles);
    on(form, "reset", function () { window.setTimeout(showWhatApplies); });
    on(form.querySelector("[data-next]"), "click", next);
    on(form.querySelector("[data-back]"), "click", back);
    on(form, "submit", function (event) {
      if (state.step < last) {
        event.preventDefault();
        next();
      } else if (window.fetch && window.FormData && window.DOMParser) {
        event.preventDefault();
        if (!state.sending) send();
      } else {
        window.formDraft.drop();
        button.disabled = true;
      }
    });
    on(window, "popstate", function (event) { show((event.state && event.state.tipStep) || 0, true); });
    on(window, "pagehide", draft.save);
    on(document, "visibilitychange", function () { if (document.hidden) draft.save(); });
    on(document, "tip:exit", function () { drop(); });
    on(page.querySelector("[data-drop-draft]"), "click", function () {
      drop();
      form.reset();
      window.setTimeout(function () {
        all("textarea, input.input", form).forEach(function (input) { input.value = ""; });
        page.querySelector("[data-draft]").hidden = true;
        keep.checked = false;
        show(0, true);
        tell("dropped");
      });
    });
    on(keep, "change", draft.keepLonger);
    all(".error-summary a[href^='#']", page).forEach(function (link) {
      on(link, "click", function (event) {
        var field = document.getElementById(link.hash.slice(1));
        if (!field || stepOf(field) < 0) return;
        event.preventDefault();
        show(stepOf(field));
        field.focus();
      });
    });

    var line = page.querySelector("[data-line]");
    line.textContent = "";
    steps.forEach(function () { line.appendChild(document.createElement("span")); });
    line.hidden = false;
    all("[data-plain]", form).forEach(function (words) { words.hidden = true; });
    button.disabled = false;
    button.textContent = buttonWords;
    showWhatApplies();
    on(window, "pageshow", showWhatApplies);
    // What the portal lists again, or the browser kept in the field.
    if (chosenFiles.files.length || form.querySelector("[data-upload]")) loadFiles();
    else form.querySelector("[data-add-files]").hidden = false;
    offer(form.querySelector("[data-recorder]"), window.MediaRecorder && navigator.mediaDevices && window.DataTransfer);
    offer(form.querySelector("[data-position-for]"), navigator.geolocation && window.isSecureContext);

    return {
      // A form that the portal gave back: what it holds is newer than any draft.
      givenBack: function () {
        var wrong = form.querySelector(".field--error");
        changed();
        show(wrong ? stepOf(wrong) : last);
        var summary = page.querySelector("[data-focus]");
        if (summary) summary.focus();
      },
      fresh: function () { show((history.state && history.state.tipStep) || 0); },
      restore: function (kept) {
        uploadsBefore = kept.uploads;
        draft.fill(kept);
        showWhatApplies();
        if (uploadsBefore.length) loadFiles();
        if (kept.sending) {
          show(last);
          tell("again");
          send();
        } else {
          history.replaceState(Object.assign({}, history.state, { tipStep: kept.step }), "");
          show(kept.step);
          tell("restored");
        }
      },
    };
  }

  // --- The page as it comes ---

  function givenBack(form) {
    new Steps(form).givenBack();
  }

  function reloaded() {
    var entry = window.performance && performance.getEntriesByType && performance.getEntriesByType("navigation")[0];
    return Boolean(entry && entry.type === "reload");
  }

  function begin() {
    var form = document.querySelector("form[data-tip-form]");
    if (!form) return;
    var draft = window.formDraft.read();
    if (draft && draft.receipt) {
      window.formDraft.drop();
      if (!reloaded()) return new Steps(form).fresh();
      var body = new FormData();
      body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      body.append("nonce", draft.nonce);
      body.append("act", "receipt");
      return load(form.dataset.sendingScript).then(function () {
        return window.tipSending.post(body, false);
      }).then(function (answered) {
        if (!answered.querySelector("[data-receipt]")) throw new Error("seen");
        window.formDraft.write(draft);
        window.tipSending.put(answered, givenBack);
      }).catch(function () { new Steps(form).fresh(); });
    }
    var steps = new Steps(form);
    if (form.dataset.givenBack) steps.givenBack();
    else if (draft) steps.restore(draft);
    else steps.fresh();
  }

  begin();
})();
