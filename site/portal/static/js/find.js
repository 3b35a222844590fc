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

  box.addEventListener("input", function () {
    var words = fold(box.value).split(/\s+/);
    var found = items.filter(function (item) {
      var name = item.dataset.name;
      item.hidden = !words.every(function (word) { return name.indexOf(word) > -1; });
      return !item.hidden;
    }).length;
    groups.forEach(function (group) {
      group.hidden = !group.querySelector("li:not([hidden])");
    });
    none.hidden = found > 0;
    status.textContent = box.value ? found + " " + status.dataset.found : "";
  });
})();
