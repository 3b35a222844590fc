// The review screen: the preview as high as its text, and the bar's shortcut.
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

  document.querySelectorAll("[data-opens]").forEach(function (link) {
    link.addEventListener("click", function () {
      var part = document.getElementById(link.dataset.opens);
      part.open = true;
      part.querySelector("summary").focus();
    });
  });
})();
