// The list of communes gets shorter with every letter typed, with or without diacritics.
(function () {
  "use strict";
  var box = document.getElementById("id_q");
  var items = Array.prototype.slice.call(document.querySelectorAll("[data-name]"));
  var groups = Array.prototype.slice.call(document.querySelectorAll(".communes"));
  var status = document.querySelector("[data-found]");
  var none = document.querySelector("[data-none]");
  if (!box || !items.length) return;

  function fold(text) {
    return text.toLowerCase().replace(/đ/g, "d").normalize("NFD").replace(/[\u0300-\u036f]/g, "").trim();
  }

  // Whether some words of the name begin so.
  function starts(item, text) {
    return (" " + item.dataset.name).indexOf(" " + text) > -1;
  }

  box.addEventListener("input", function () {
    var typed = fold(box.value);
    var fits = items.filter(function (item) { return starts(item, typed); });
    if (!fits.length) {
      fits = items.filter(function (item) {
        return typed.split(/\s+/).every(function (word) { return starts(item, word); });
      });
    }
    items.forEach(function (item) { item.hidden = fits.indexOf(item) < 0; });
    groups.forEach(function (group) {
      group.hidden = !group.querySelector("li:not([hidden])");
    });
    none.hidden = fits.length > 0;
    status.textContent = typed ? fits.length + " " + status.dataset.found : "";
  });
})();
