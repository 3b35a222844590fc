// Sends a form again and again, with the same one-time value, until a whole answer is there; shows the answer.
// tipsteps.js loads it once somebody writes.
(function () {
  "use strict";

  var ANSWER_WITHIN = 45 * 1000; // milliseconds, where no file travels along
  var WAITS = [1000, 2000, 4000, 8000, 15000]; // between two attempts to send

  // One request, and whether its answer is whole.
  function post(body, withFiles) {
    var stop = window.AbortController ? new AbortController() : null;
    var timer = stop && !withFiles ? window.setTimeout(function () { stop.abort(); }, ANSWER_WITHIN) : 0;
    var options = { method: "POST", body: body, credentials: "same-origin" };
    if (stop) options.signal = stop.signal;
    return fetch(location.pathname + location.search, options)
      .then(function (response) { return response.text(); })
      .then(function (text) {
        window.clearTimeout(timer);
        var answered = new DOMParser().parseFromString(text, "text/html");
        // The last thing in each of our answers: a page that broke off has none, nor has one of some proxy.
        if (!answered.querySelector("main [data-end]")) throw new Error("broke off");
        return answered;
      });
  }

  // A promise of the answer. `tell` says which attempt it is: "sending", "again" or "waiting".
  function send(form, tell) {
    var attempts = 0;
    var timer = 0;
    return new Promise(function (resolve) {
      function attempt() {
        window.clearTimeout(timer);
        tell(attempts === 0 ? "sending" : attempts < WAITS.length ? "again" : "waiting");
        post(new FormData(form), form.querySelector("[name=attachments]").files.length > 0).then(arrived, function () {
          var wait = WAITS[Math.min(attempts, WAITS.length - 1)];
          attempts += 1;
          tell(attempts < WAITS.length ? "again" : "waiting");
          timer = window.setTimeout(attempt, wait);
        });
      }

      function online() {
        if (attempts) attempt();
      }

      function arrived(answered) {
        window.clearTimeout(timer);
        window.removeEventListener("online", online);
        resolve(answered);
      }

      window.addEventListener("online", online);
      attempt();
    });
  }

  // The answer takes the place of the page's main part; the address stays. `givenBack` takes over a form.
  function put(answered, givenBack) {
    var main = document.importNode(answered.querySelector("main"), true);
    document.querySelector("main").replaceWith(main);
    document.title = answered.title;
    window.scrollTo(0, 0);
    window.tipPage.start(main);
    var form = main.querySelector("form[data-tip-form]");
    if (form) return givenBack(form);
    history.replaceState(null, "");
    // Of a receipt the code itself is read out first.
    var first = main.querySelector("[data-code]") || main.querySelector("h1");
    if (first.tagName === "H1") first.setAttribute("tabindex", "-1");
    first.focus();
    Array.prototype.forEach.call(main.querySelectorAll("form"), function (each) {
      each.addEventListener("submit", window.formDraft.drop);
    });
  }

  // A page that comes back from the browser's memory shows nobody the code again.
  window.addEventListener("pageshow", function (event) {
    if (event.persisted && document.querySelector("[data-receipt]")) {
      window.formDraft.drop();
      location.reload();
    }
  });

  window.tipSending = { post: post, send: send, put: put };
})();
