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
