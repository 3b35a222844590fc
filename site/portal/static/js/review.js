// The review screen: the preview as high as its text, a reason that survives an expired log-in, the bar's shortcut.
(function () {
  "use strict";

  var frame = document.querySelector("[data-grow]");
  if (frame) {
    // Header and footer are the same under every post: only what stands between them is shown here.
    var grow = function () {
      var page = frame.contentDocument;
      var main = page && page.querySelector("main");
      if (!main) return;
      var place = main.getBoundingClientRect();
      frame.style.height = page.documentElement.scrollHeight + "px";
      frame.style.marginTop = -(place.top + frame.contentWindow.scrollY) + "px";
      frame.parentNode.style.height = place.height + "px";
    };
    frame.addEventListener("load", grow);
    window.addEventListener("resize", grow);
    grow();
  }

  var words = document.querySelector("[data-keep]");
  if (words) {
    var key = "reason:" + location.pathname;
    var sent = sessionStorage.getItem("reason-sent");
    if (sent && sent !== key) {
      // It led on to another post, so it arrived.
      sessionStorage.removeItem(sent);
      sessionStorage.removeItem("reason-sent");
    }
    var kept = sessionStorage.getItem(key);
    if (kept && !words.value) {
      words.value = kept;
      document.getElementById("send-back").open = true;
    }
    words.addEventListener("input", function () {
      sessionStorage.setItem(key, words.value);
    });
    words.form.addEventListener("submit", function () {
      if (words.value) sessionStorage.setItem("reason-sent", key);
    });
  }

  document.querySelectorAll("[data-opens]").forEach(function (link) {
    link.addEventListener("click", function () {
      var part = document.getElementById(link.dataset.opens);
      part.open = true;
      part.querySelector("summary").focus();
    });
  });
})();
