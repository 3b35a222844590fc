// What was typed outlives an expired log-in: kept in this tab when it is sent, put back after logging in again.
(function () {
  "use strict";

  var form = document.querySelector("form[data-keep]");
  if (!form) return;
  var key = "alerts:" + location.pathname;
  try {
    var kept = sessionStorage.getItem(key);
    sessionStorage.removeItem(key);
    if (kept && document.referrer.indexOf(location.origin + "/accounts/") === 0) {
      new URLSearchParams(kept).forEach(function (value, name) {
        if (form.elements[name]) form.elements[name].value = value;
      });
    }
    form.addEventListener("submit", function () {
      var words = new FormData(form);
      words.delete("csrfmiddlewaretoken");
      sessionStorage.setItem(key, new URLSearchParams(words).toString());
    });
  } catch (error) { /* no storage in this browser: the form works all the same */ }
})();
