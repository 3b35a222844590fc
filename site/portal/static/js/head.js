// The head of every page, made a little easier; all of it opens without this file.
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
