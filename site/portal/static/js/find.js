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
