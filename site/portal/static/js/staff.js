// Slips, the page of acceptance and the staff's forms, made a little easier. All of it works without this file.
(function () {
  "use strict";

  function all(selector) {
    return Array.prototype.slice.call(document.querySelectorAll(selector));
  }

  all("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  // The QR code carries the code behind the "#", which no server sees. It leaves the address at once.
  var code = document.querySelector("input[data-code]");
  if (code && /^#[0-9]{16}$/.test(location.hash)) {
    code.value = location.hash.slice(1).replace(/(....)(?=.)/g, "$1 ");
    history.replaceState(null, "", location.pathname);
  }

  all("[data-show-passwords]").forEach(function (label) {
    label.hidden = false;
    label.querySelector("input").addEventListener("change", function () {
      var type = this.checked ? "text" : "password";
      all("input[data-password]").forEach(function (field) { field.type = type; });
    });
  });

  if (!document.querySelector("form[data-keep], form[data-kept]")) {
    try {
      Object.keys(sessionStorage).forEach(function (key) {
        if (key.indexOf("staff:") === 0) sessionStorage.removeItem(key);
      });
    } catch (error) { /* no storage in this browser */ }
  }

  // What was typed outlives an expired log-in: kept in this tab until the form has gone through.
  all("form[data-keep]").forEach(function (form) {
    var key = "staff:" + location.pathname;
    function fields() {
      return Array.prototype.slice.call(form.querySelectorAll("input[type=text], select, input[type=checkbox], input[type=radio]"));
    }
    try {
      var kept = JSON.parse(sessionStorage.getItem(key) || "null");
      sessionStorage.removeItem(key);
      // Only an untouched form is filled: one that came back from the server has its words already.
      if (kept && !form.querySelector(".staff-error")) {
        fields().forEach(function (field, place) {
          if (!kept[place] || kept[place].name !== field.name) return;
          if (/checkbox|radio/.test(field.type)) field.checked = kept[place].checked;
          else if (!field.value) field.value = kept[place].value;
        });
      }
      form.addEventListener("submit", function () {
        sessionStorage.setItem(key, JSON.stringify(fields().map(function (field) {
          return { name: field.name, value: field.value, checked: field.checked };
        })));
      });
    } catch (error) { /* no storage in this browser: the form works all the same */ }
  });

  // One click is enough; a page that comes back from the browser's memory can be sent again.
  all("form[data-once]").forEach(function (form) {
    var button = form.querySelector("button[type=submit]:not([name])");
    if (!button) return;
    form.addEventListener("submit", function () { window.setTimeout(function () { button.disabled = true; }); });
    window.addEventListener("pageshow", function () { button.disabled = false; });
  });
})();
