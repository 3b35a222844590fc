// Sharing a live post: the phone's own sheet where there is one, else copying. Nothing leaves before a tap.
(function () {
  "use strict";

  const page = document.querySelector("[data-share]");
  if (!page) return;
  const texts = JSON.parse(document.getElementById("quickpost-texts").textContent);
  const words = page.querySelector("[data-words]");
  const state = page.querySelector("[data-share-state]");
  const share = page.querySelector("[data-share-button]"), copy = page.querySelector("[data-copy]");
  const picture = page.querySelector("[data-picture]");
  let file = null;

  if (navigator.share) {
    share.hidden = false;
    // Fetched before the tap, from here: the sheet opens only straight after one.
    if (picture && navigator.canShare && window.File) {
      fetch(picture.dataset.picture)
        .then(function (answer) { return answer.blob(); })
        .then(function (blob) { file = new File([blob], "anh.jpg", { type: "image/jpeg" }); })
        .catch(function () { file = null; });
    }
    share.addEventListener("click", function () {
      const data = { title: page.dataset.title, text: words.value };
      if (file && navigator.canShare({ files: [file] })) data.files = [file];
      navigator.share(data).catch(function () { /* closed without sharing */ });
    });
  }

  copy.hidden = false;
  copy.addEventListener("click", function () {
    const byHand = function () {
      words.focus();
      words.select();
      const copied = document.execCommand && document.execCommand("copy");
      state.textContent = copied ? texts.copied : texts.copy_by_hand;
    };
    if (!navigator.clipboard) { byHand(); return; }
    navigator.clipboard.writeText(words.value).then(function () { state.textContent = texts.copied; }, byHand);
  });
})();
