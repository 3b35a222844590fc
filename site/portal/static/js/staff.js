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

  // One click is enough; a page that comes back from the browser's memory can be sent again.
  all("form[data-once]").forEach(function (form) {
    var button = form.querySelector("button[type=submit]:not([name])");
    if (!button) return;
    form.addEventListener("submit", function () { window.setTimeout(function () { button.disabled = true; }); });
    window.addEventListener("pageshow", function () { button.disabled = false; });
  });
})();
