// The public pages, made a little easier; all of it works without this file. One file: each costs a phone a round trip.
(function () {
  "use strict";

  function all(selector) {
    return Array.prototype.slice.call(document.querySelectorAll(selector));
  }

  // Search and menu: one open at a time, the box ready to type in, closed by Escape or a tap beside it.
  var tools = all("[data-tool]");
  tools.forEach(function (tool) {
    tool.addEventListener("toggle", function () {
      if (!tool.open) return;
      tools.forEach(function (other) { if (other !== tool) other.open = false; });
      var box = tool.querySelector("input[type=search]");
      if (box) box.focus();
    });
  });
  document.addEventListener("click", function (event) {
    tools.forEach(function (tool) { if (!tool.contains(event.target)) tool.open = false; });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    tools.forEach(function (tool) {
      if (!tool.open) return;
      tool.open = false;
      tool.querySelector("summary").focus();
    });
  });

  // What is kept of a tip that was not sent (tipform.js) ends by its own clock, and what shows a receipt again
  // with the page that showed it.
  window.tipDrafts = function (act) {
    ["sessionStorage", "localStorage"].forEach(function (kind) {
      try {
        var storage = window[kind];
        Object.keys(storage).forEach(function (key) {
          if (key.indexOf("tip-draft:") === 0) act(storage, key);
        });
      } catch (error) { /* nothing is kept where there is no storage */ }
    });
  };
  window.tipDrafts(function (storage, key) {
    var draft = JSON.parse(storage.getItem(key));
    if (draft.until < Date.now() || (draft.receipt && !document.querySelector("[data-tip-form]"))) storage.removeItem(key);
  });

  // An announcement that is not urgent is hidden on this phone alone, for as long as it runs.
  var HIDDEN = "hidden-alerts";
  function hidden() {
    try { return JSON.parse(localStorage.getItem(HIDDEN)) || []; } catch (error) { return []; }
  }
  var alerts = all("[data-alert]");
  var before = hidden();
  alerts.forEach(function (alert) {
    if (before.indexOf(alert.dataset.alert) > -1) {
      alert.hidden = true;
      return;
    }
    var button = alert.querySelector("[data-close]");
    button.hidden = false;
    button.addEventListener("click", function () {
      alert.hidden = true;
      // The last fifty: an alert's number is never given twice.
      var numbers = hidden().concat(alert.dataset.alert).slice(-50);
      try { localStorage.setItem(HIDDEN, JSON.stringify(numbers)); } catch (error) { /* hidden until the next page */ }
      document.getElementById("noi-dung").focus();
    });
  });
})();

// The search box offers names and titles while somebody types: an ARIA combobox. Without it the form is as good.
(function () {
  "use strict";
  var WAIT = 180; // milliseconds without a letter typed
  var LONGEST = 40; // letters that are still looked up while somebody types
  if (window.fetch) Array.prototype.forEach.call(document.querySelectorAll("[data-suggestions]"), help);

  function help(box) {
    var list = document.createElement("ul");
    var chosen = -1, asked = 0, timer;
    list.id = box.id + "_list";
    list.className = "suggestions list";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", box.dataset.label);
    list.hidden = true;
    box.parentNode.insertBefore(list, box.nextSibling);
    box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", list.id);
    box.setAttribute("aria-expanded", "false");

    function close() {
      list.hidden = true;
      chosen = -1;
      box.setAttribute("aria-expanded", "false");
      box.removeAttribute("aria-activedescendant");
    }

    function show(texts) {
      list.textContent = "";
      texts.forEach(function (text, number) {
        var item = document.createElement("li");
        item.id = list.id + "_" + number;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        item.textContent = text;
        list.appendChild(item);
      });
      close();
      if (texts.length) {
        list.hidden = false;
        box.setAttribute("aria-expanded", "true");
      }
    }

    function ask() {
      var number = ++asked;
      var typed = box.value.trim();
      // A sentence is no name of anything: typed here by mistake, it is sent only if somebody presses Find.
      if (typed.length < 2 || typed.length > LONGEST) return close();
      fetch(box.dataset.suggestions + "?q=" + encodeURIComponent(typed), { credentials: "omit" })
        .then(function (answer) { return answer.ok ? answer.json() : { suggestions: [] }; })
        .then(function (answer) { if (number === asked && document.activeElement === box) show(answer.suggestions); })
        .catch(close);
    }

    function choose(step) {
      var items = list.children;
      if (chosen >= 0) items[chosen].setAttribute("aria-selected", "false");
      chosen = (chosen + step + items.length) % items.length;
      items[chosen].setAttribute("aria-selected", "true");
      box.setAttribute("aria-activedescendant", items[chosen].id);
    }

    function take(item) {
      box.value = item.textContent;
      close();
      box.form.submit();
    }

    box.addEventListener("input", function () {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    box.addEventListener("keydown", function (event) {
      if (list.hidden) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        choose(event.key === "ArrowDown" ? 1 : chosen < 0 ? 0 : -1);
      } else if (event.key === "Enter" && chosen >= 0) {
        event.preventDefault();
        take(list.children[chosen]);
      } else if (event.key === "Escape") {
        event.preventDefault();
        close();
      }
    });
    // Before the box loses focus, which closes the list.
    list.addEventListener("mousedown", function (event) {
      event.preventDefault();
      if (event.target.getAttribute("role") === "option") take(event.target);
    });
    box.addEventListener("blur", close);
  }
})();

// The list of communes gets shorter with every letter typed, with or without diacritics.
(function () {
  "use strict";
  var box = document.getElementById("id_q");
  var items = Array.prototype.slice.call(document.querySelectorAll("[data-name]"));
  var groups = Array.prototype.slice.call(document.querySelectorAll(".communes"));
  var status = document.querySelector("[data-found]");
  var none = document.querySelector("[data-none]");
  if (!box || !items.length) return;

  // As home.text.search_key does it.
  function fold(text) {
    return text.normalize("NFKD").toLowerCase().replace(/[đðɖ]/g, "d").replace(/[\u0300-\u036f\u200b]/g, "")
      .replace(/(\w)['’‘ʼ′`](?=\w)/g, "$1").replace(/\W+/g, " ")
      .replace(/\b([bcdghklmnpqrstvx]{0,3}|qu)y\b/g, "$1i").trim();
  }

  function joined(text) {
    return text.replace(/ /g, "");
  }

  // Whether some words of the name begin so.
  function starts(item, text) {
    return (" " + item.dataset.name).indexOf(" " + text) > -1;
  }

  // Former names and villages, written in the list as "xã Cẩm Lĩnh;thôn Trung Đoài".
  function otherName(item, text) {
    return (item.dataset.also || "").split(";").find(function (name) {
      return name && (" " + fold(name)).indexOf(" " + text) > -1;
    });
  }

  // Says why a commune stands in the list that is called otherwise.
  function explain(item, name) {
    var note = item.querySelector("small");
    if (!note && name) note = item.appendChild(document.createElement("small"));
    if (note) note.textContent = name ? " (" + name + ")" : "";
  }

  box.addEventListener("input", function () {
    var typed = fold(box.value);
    var fits = items.filter(function (item) { return starts(item, typed); });
    if (!fits.length) {
      fits = items.filter(function (item) {
        return typed.split(/\s+/).every(function (word) { return starts(item, word); });
      });
    }
    // "cu m gar" is Cư M'gar.
    if (!fits.length) {
      fits = items.filter(function (item) { return joined(item.dataset.name).indexOf(joined(typed)) > -1; });
    }
    var byOtherName = !fits.length;
    if (byOtherName) fits = items.filter(function (item) { return otherName(item, typed); });
    items.forEach(function (item) {
      explain(item, byOtherName && otherName(item, typed));
    });
    items.forEach(function (item) { item.hidden = fits.indexOf(item) < 0; });
    groups.forEach(function (group) {
      group.hidden = !group.querySelector("li:not([hidden])");
    });
    none.hidden = fits.length > 0;
    status.textContent = typed ? fits.length + " " + status.dataset.found : "";
  });
})();

// Passing a page on: the phone's own sheet where there is one, and copying. Nothing leaves before a tap.
(function () {
  "use strict";

  const place = document.querySelector("[data-send-on]");
  if (!place) return;
  const sheet = place.querySelector("[data-sheet]"), copy = place.querySelector("[data-copy]");
  const state = place.querySelector("[role=status]");
  const address = place.dataset.address;

  if (navigator.share) {
    sheet.hidden = false;
    sheet.addEventListener("click", function () {
      navigator.share({ title: place.dataset.title, url: address }).catch(function () { /* closed without sharing */ });
    });
  }

  copy.hidden = false;
  copy.addEventListener("click", function () {
    const byHand = function () { state.textContent = state.dataset.byHand; };
    // Not in a page without https, nor in every app's own browser.
    if (!navigator.clipboard) { byHand(); return; }
    navigator.clipboard.writeText(address).then(function () { state.textContent = state.dataset.copied; }, byHand);
  });
})();
