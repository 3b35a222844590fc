// Before a form leaves, asks whose session it is: what was typed stays in this page when that is over.
(function () {
  "use strict";

  const dialog = document.getElementById("signed-out");
  if (!dialog.showModal) return;
  const WAIT = 10000; // milliseconds; then the form leaves unasked
  let asking = false;
  let answered = null; // the button that may send now

  function say(trouble) {
    dialog.querySelectorAll("[data-when]").forEach(function (part) {
      part.hidden = part.dataset.when !== trouble;
    });
    dialog.showModal();
  }

  // A log-in made new tokens for all forms, and for what Wagtail's scripts send.
  function renew(token) {
    document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach(function (field) { field.value = token; });
    if (window.wagtailConfig) window.wagtailConfig.CSRF_TOKEN = token;
  }

  // Why the form must not be sent; "" if it may, also where that cannot be known.
  async function trouble() {
    const patience = new AbortController();
    const timer = setTimeout(function () { patience.abort(); }, WAIT);
    try {
      const answer = await fetch(dialog.dataset.session, { redirect: "manual", signal: patience.signal });
      if (answer.type === "opaqueredirect") return "over";
      if (!answer.ok) return "";
      const session = await answer.json();
      if (session.account !== dialog.dataset.account) return "other";
      renew(session.csrf);
      return "";
    } catch (error) {
      return error instanceof TypeError ? "offline" : "";
    } finally {
      clearTimeout(timer);
    }
  }

  function posts(button) {
    const form = button.form;
    return form && (form.getAttribute("method") || "").toLowerCase() === "post" && !("sendsItself" in form.dataset);
  }

  // The click, not the submit: other scripts show at the click that the form is on its way.
  window.addEventListener("click", async function (event) {
    const button = event.target.closest("button, input");
    if (!button || button.type !== "submit" || !posts(button)) return;
    if (button === answered) { answered = null; return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (asking) return;
    asking = true;
    button.setAttribute("aria-busy", "true");
    const found = await trouble();
    button.removeAttribute("aria-busy");
    asking = false;
    if (found) { say(found); return; }
    answered = button;
    button.click();
  }, true);
})();
