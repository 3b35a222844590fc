// Drafts of quick posts in this browser: by user, for a week at most, gone when sent or at log-out.
(function () {
  "use strict";

  const WEEK = 7 * 24 * 60 * 60 * 1000;

  function store(mode, act) {
    return new Promise(function (resolve, reject) {
      const opening = indexedDB.open("quick-post", 1);
      opening.onupgradeneeded = function () { opening.result.createObjectStore("drafts"); };
      opening.onerror = function () { reject(opening.error); };
      opening.onsuccess = function () {
        const transaction = opening.result.transaction("drafts", mode);
        const request = act(transaction.objectStore("drafts"));
        transaction.oncomplete = function () { opening.result.close(); resolve(request && request.result); };
        transaction.onerror = transaction.onabort = function () { opening.result.close(); reject(transaction.error); };
      };
    });
  }

  function forgetOld() {
    return store("readwrite", function (drafts) {
      const cursor = drafts.openCursor();
      cursor.onsuccess = function () {
        if (!cursor.result) return;
        if (Date.now() - cursor.result.value.saved > WEEK) cursor.result.delete();
        cursor.result.continue();
      };
    });
  }

  window.quickpostDrafts = {
    read: async function (key) {
      await forgetOld();
      return store("readonly", function (drafts) { return drafts.get(key); });
    },
    write: function (key, draft) {
      return store("readwrite", function (drafts) { return drafts.put(draft, key); });
    },
    forget: function (key) {
      return store("readwrite", function (drafts) { return drafts.delete(key); });
    },
    forgetAll: function () {
      return store("readwrite", function (drafts) { return drafts.clear(); });
    }
  };

  // The page of logging out: a shared computer keeps nothing.
  const loggingOut = document.querySelector("form[data-forget-drafts]");
  if (loggingOut) {
    loggingOut.addEventListener("submit", function (event) {
      if (loggingOut.dataset.forgotten) return;
      event.preventDefault();
      const go = function () { loggingOut.dataset.forgotten = "1"; loggingOut.submit(); };
      window.quickpostDrafts.forgetAll().then(go, go);
    });
  }
})();
