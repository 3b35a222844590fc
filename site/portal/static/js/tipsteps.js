// The tip form in steps, with a draft that outlives a reload and a sending that outlives a cut line.
// Without this file, or without a storage, the form is one page and is sent as any other.
(function () {
  "use strict";

  var IDLE = 30 * 60 * 1000; // milliseconds until a draft nobody touches is gone
  var KEPT = 24 * 60 * 60 * 1000; // and one that is kept on purpose
  var SEEN_WITHIN = 30 * 60 * 1000; // as long as the portal shows a receipt again (tipform.box.receiving)
  var SAVE_AFTER = 300; // milliseconds after the last letter
  var ANSWER_WITHIN = 45 * 1000; // milliseconds, where no file travels along
  var FILES_WITHIN = 120 * 1000; // milliseconds that sending waits for files on their way
  var WAITS = [1000, 2000, 4000, 8000, 15000]; // between two attempts to send
  var KEY = "tip-draft:" + location.pathname + location.search;

  function all(selector, root) {
    return Array.prototype.slice.call(root.querySelectorAll(selector));
  }

  // --- The draft: in the tab's own storage, or for a day in the browser's where somebody asked for it ---------

  function after(wait) {
    return new Promise(function (resolve) { window.setTimeout(resolve, wait); });
  }

  function storage(name) {
    try { return window[name]; } catch (error) { return null; }
  }

  function readFrom(name) {
    try {
      var draft = JSON.parse(storage(name).getItem(KEY));
      return draft && draft.until > Date.now() ? draft : null;
    } catch (error) { return null; }
  }

  function readDraft() {
    return readFrom("sessionStorage") || readFrom("localStorage");
  }

  function dropDraft() {
    ["sessionStorage", "localStorage"].forEach(function (name) {
      try { storage(name).removeItem(KEY); } catch (error) { /* nothing was kept */ }
    });
  }

  function writeDraft(draft) {
    var name = draft.kept ? "localStorage" : "sessionStorage";
    var other = draft.kept ? "sessionStorage" : "localStorage";
    try {
      storage(name).setItem(KEY, JSON.stringify(draft));
      storage(other).removeItem(KEY);
    } catch (error) { /* full, or forbidden: the page itself still has the words */ }
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
    var title = document.title;
    var state = { step: 0, touched: false, sending: false, attempts: 0, until: 0, keptUntil: 0, timer: 0 };
    var uploads = null;
    var tools = null;

    // Files, a recording, the position: fetched once somebody writes, so that the first step comes at once.
    function loadTools() {
      tools = tools || form.dataset.tools.split(" ").reduce(function (before, address) {
        return before.then(function () { return window.tipPage.load(address); });
      }, Promise.resolve()).then(function () {
        if (window.tipUploads) uploads = window.tipUploads.attach(form);
        document.dispatchEvent(new Event("tip:form"));
      }).catch(function () { /* the files go with the form */ });
      return tools;
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
      if (state.step === last) review();
      if (!focus) return;
      page.querySelector(".step-head").scrollIntoView();
      step.querySelector(".stage__title").focus({ preventScroll: true });
    }

    function goTo(number) {
      history.pushState({ tipStep: number, pushed: true }, "");
      show(number, true);
      save();
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

    // --- Read again ---

    function fileNames() {
      var up = all("[name=upload]:checked", form).map(function (box) {
        return box.closest("li").querySelector(".file__name").textContent;
      });
      var chosenNow = form.querySelector("[name=attachments]");
      return up.concat(Array.prototype.map.call(chosenNow.files || [], function (file) { return file.name; }));
    }

    function answer(block) {
      var radio = block.querySelector("input[type=radio]:checked, input[name=about]:checked");
      if (radio) return radio.closest("label").textContent.trim();
      var input = block.querySelector("textarea, select, input:not([type=radio]):not([type=checkbox]):not([type=file])");
      if (!input) return "";
      if (input.tagName === "SELECT") return input.selectedOptions[0].textContent;
      return input.type === "date" ? input.value.split("-").reverse().join("/") : input.value.trim();
    }

    function review() {
      var list = form.querySelector("[data-review]");
      list.textContent = "";
      list.hidden = false;
      steps.slice(0, last).forEach(function (step, number) {
        var lines = all(".field, .about", step).filter(function (block) { return !block.hidden && answer(block); });
        var name = document.createElement("dt");
        name.textContent = step.dataset.step;
        var change = document.createElement("button");
        change.type = "button";
        change.className = "review__change";
        change.textContent = list.dataset.change;
        change.setAttribute("aria-label", list.dataset.change + ": " + step.dataset.step);
        change.addEventListener("click", function () { goTo(number); });
        var said = document.createElement("dd");
        lines.forEach(function (block) {
          var line = document.createElement("p");
          line.textContent = answer(block);
          said.appendChild(line);
        });
        if (step.querySelector("[name=attachments]")) said.textContent = fileNames().join(", ") || "–";
        if (!said.textContent) said.textContent = "–";
        name.appendChild(change);
        list.appendChild(name);
        list.appendChild(said);
      });
    }

    // --- The draft of this form ---

    function values() {
      return all("[name]", form).filter(function (input) {
        var asked = input.type !== "hidden" && ["upload", "answer"].indexOf(input.name) < 0;
        return asked && input.type !== "file" && (!/radio|checkbox/.test(input.type) || input.checked);
      }).map(function (input) { return [input.name, input.value]; });
    }

    function save() {
      window.clearTimeout(state.timer);
      if (!state.touched) return;
      state.until = keep.checked ? state.keptUntil : Date.now() + IDLE;
      writeDraft({
        until: state.until,
        kept: keep.checked,
        step: state.step,
        nonce: form.elements.nonce.value,
        sending: state.sending,
        values: values(),
        uploads: uploads ? uploads.list() : [],
      });
    }

    function soon() {
      state.touched = true;
      loadTools();
      page.querySelector("[data-draft]").hidden = false;
      window.clearTimeout(state.timer);
      state.timer = window.setTimeout(save, SAVE_AFTER);
    }

    function fill(draft) {
      var given = {};
      draft.values.forEach(function (pair) { (given[pair[0]] = given[pair[0]] || []).push(pair[1]); });
      all("[name]", form).forEach(function (input) {
        if (/radio|checkbox/.test(input.type)) {
          if (given[input.name] || input.name === "about") input.checked = (given[input.name] || []).indexOf(input.value) >= 0;
        } else if (given[input.name] && input.type !== "file" && input.type !== "hidden") {
          input.value = given[input.name].shift();
        }
      });
      form.elements.nonce.value = draft.nonce;
      keep.checked = draft.kept;
      state.keptUntil = draft.kept ? draft.until : 0;
      loadTools().then(function () {
        if (uploads && draft.uploads.length) uploads.restore(draft.uploads);
        if (draft.sending) send();
      });
      soon();
    }

    function drop() {
      if (uploads) uploads.discard();
      window.clearTimeout(state.timer);
      state.touched = false;
      dropDraft();
    }

    // --- Sending: again and again, with the same one-time value, until a whole answer is there ---

    function send() {
      var missing = missingIn(form)[0];
      if (missing) {
        goTo(stepOf(missing));
        return missing.querySelector("input, textarea, select").focus();
      }
      state.sending = state.touched = true;
      state.attempts = 0;
      button.disabled = true;
      button.textContent = button.dataset.sending;
      tell(uploads && uploads.busy() ? "files" : "sending");
      save();
      // Whatever is not up by then goes with the form.
      Promise.race([uploads ? uploads.ready() : null, after(FILES_WITHIN)]).then(attempt);
    }

    function attempt() {
      window.clearTimeout(state.retry);
      if (!state.sending) return;
      tell(state.attempts === 0 ? "sending" : state.attempts < WAITS.length ? "again" : "waiting");
      post(new FormData(form), form.querySelector("[name=attachments]").files.length > 0).then(arrived, function () {
        var wait = WAITS[Math.min(state.attempts, WAITS.length - 1)];
        state.attempts += 1;
        tell(state.attempts < WAITS.length ? "again" : "waiting");
        state.retry = window.setTimeout(attempt, wait);
      });
    }

    function arrived(answered) {
      state.sending = false;
      var receipt = answered.querySelector("[data-receipt]");
      if (receipt) {
        var nonce = form.elements.nonce.value;
        dropDraft();
        state.touched = false;
        // Enough to see the receipt again after a slip of the thumb; it ends with the tab and with the next page.
        writeDraft({ until: Date.now() + SEEN_WITHIN, receipt: true, nonce: nonce });
      }
      unbind();
      put(answered);
    }

    // --- Bound to the page; unbound when another form or the receipt takes its place ---

    var bound = [];
    function on(target, event, act) {
      target.addEventListener(event, act);
      bound.push(function () { target.removeEventListener(event, act); });
    }

    function unbind() {
      bound.forEach(function (undo) { undo(); });
      window.clearInterval(state.clock);
    }

    on(form, "input", soon);
    on(form, "change", function () { showWhatApplies(); soon(); });
    on(form, "tipuploads:change", function () { if (state.touched || uploads.list().length) soon(); });
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
        dropDraft();
        button.disabled = true;
      }
    });
    on(window, "popstate", function (event) { show((event.state && event.state.tipStep) || 0, true); });
    on(window, "pagehide", save);
    on(window, "online", function () { if (state.sending && state.attempts) attempt(); });
    on(document, "visibilitychange", function () { if (document.hidden) save(); });
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
    on(keep, "change", function () {
      state.keptUntil = Date.now() + KEPT;
      state.touched = true;
      save();
    });
    all(".error-summary a[href^='#']", page).forEach(function (link) {
      on(link, "click", function (event) {
        var field = document.getElementById(link.hash.slice(1));
        if (!field || stepOf(field) < 0) return;
        event.preventDefault();
        show(stepOf(field));
        field.focus();
      });
    });
    // What is typed stays on the screen; what is kept of it is gone.
    state.clock = window.setInterval(function () {
      if (state.touched && !state.sending && Date.now() > state.until && state.until) {
        dropDraft();
        state.touched = false;
      }
    }, 30 * 1000);

    var line = page.querySelector("[data-line]");
    line.textContent = "";
    steps.forEach(function () { line.appendChild(document.createElement("span")); });
    line.hidden = false;
    all("[data-plain]", form).forEach(function (words) { words.hidden = true; });
    button.disabled = false;
    button.textContent = buttonWords;
    showWhatApplies();
    on(window, "pageshow", showWhatApplies);

    return {
      // A form that the portal gave back: what it holds is newer than any draft.
      givenBack: function () {
        var wrong = form.querySelector(".field--error");
        soon();
        show(wrong ? stepOf(wrong) : last);
        var summary = page.querySelector("[data-focus]");
        if (summary) summary.focus();
      },
      fresh: function () { show((history.state && history.state.tipStep) || 0); },
      restore: function (draft) {
        fill(draft);
        showWhatApplies();
        if (draft.sending) {
          show(last);
          tell("again");
        } else {
          history.replaceState(Object.assign({}, history.state, { tipStep: draft.step }), "");
          show(draft.step);
          tell("restored");
        }
      },
    };
  }

  // --- One request, and whether its answer is whole -------------------------------------------------------------

  function post(body, withFiles) {
    var stop = window.AbortController ? new AbortController() : null;
    var timer = stop && !withFiles ? window.setTimeout(function () { stop.abort(); }, ANSWER_WITHIN) : 0;
    var options = { method: "POST", body: body, credentials: "same-origin" };
    if (stop) options.signal = stop.signal;
    return fetch(location.pathname + location.search, options)
      .then(function (response) { return response.text(); })
      .then(function (text) {
        window.clearTimeout(timer);
        var answered = new DOMParser().parseFromString(text, "text/html");
        // The last thing in each of our answers: a page that broke off has none, nor has one of some proxy.
        if (!answered.querySelector("main [data-end]")) throw new Error("broke off");
        return answered;
      });
  }

  // The answer takes the place of the page's main part; the address stays.
  function put(answered) {
    var main = document.importNode(answered.querySelector("main"), true);
    document.querySelector("main").replaceWith(main);
    document.title = answered.title;
    window.scrollTo(0, 0);
    window.tipPage.start(main);
    var form = main.querySelector("form[data-tip-form]");
    if (form) return new Steps(form).givenBack();
    history.replaceState(null, "");
    // Of a receipt the code itself is read out first.
    var first = main.querySelector("[data-code]") || main.querySelector("h1");
    if (first.tagName === "H1") first.setAttribute("tabindex", "-1");
    first.focus();
    all("form", main).forEach(function (each) { each.addEventListener("submit", dropDraft); });
  }

  // A page that comes back from the browser's memory shows nobody the code again.
  window.addEventListener("pageshow", function (event) {
    if (event.persisted && document.querySelector("[data-receipt]")) {
      dropDraft();
      location.reload();
    }
  });

  function reloaded() {
    var entry = window.performance && performance.getEntriesByType && performance.getEntriesByType("navigation")[0];
    return Boolean(entry && entry.type === "reload");
  }

  function begin() {
    var form = document.querySelector("form[data-tip-form]");
    if (!form) return;
    var draft = readDraft();
    if (draft && draft.receipt) {
      dropDraft();
      if (!reloaded()) return new Steps(form).fresh();
      var body = new FormData();
      body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      body.append("nonce", draft.nonce);
      body.append("act", "receipt");
      return post(body, false).then(function (answered) {
        if (!answered.querySelector("[data-receipt]")) throw new Error("seen");
        writeDraft(draft);
        put(answered);
      }).catch(function () { new Steps(form).fresh(); });
    }
    var steps = new Steps(form);
    if (form.dataset.givenBack) steps.givenBack();
    else if (draft) steps.restore(draft);
    else steps.fresh();
  }

  begin();
})();
