// The bell of this browser: on at a tap, off, and tested. Also on the first page, where it is kept on, and on the
// page that logs out: off before one goes.
(function () {
  "use strict";

  const bell = document.querySelector("[data-bell]");
  const sound = document.querySelector("[data-sound]");
  const LONGEST_WAIT = 25000, PAUSE = 1000; // milliseconds

  function stored(value) {
    try {
      if (value !== undefined) localStorage.setItem("bell-sound", value);
      return localStorage.getItem("bell-sound");
    } catch (error) { return null; }
  }

  if (sound) {
    const box = sound.querySelector("input");
    box.checked = stored() !== "off";
    box.addEventListener("change", function () { stored(box.checked ? "on" : "off"); });
    sound.hidden = false;
  }
  if (!bell) return;

  let browser = null; // the number of this browser where it rings for whoever is logged in

  function when(state) {
    bell.querySelectorAll("[data-when]").forEach(function (part) { part.hidden = part.dataset.when !== state; });
  }

  function say(words) {
    bell.querySelectorAll("[data-said]").forEach(function (part) { part.hidden = part.dataset.said !== words; });
  }

  function post(address, content) {
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token, Accept: "application/json" };
    return fetch(address, { method: "POST", headers: headers, body: JSON.stringify(content) });
  }

  async function answerOf(response) {
    if (!response.ok) throw new Error(String(response.status));
    return response.json();
  }

  function bytes(text) {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (char) { return char.charCodeAt(0); });
  }

  function asText(buffer) {
    return btoa(String.fromCharCode.apply(null, new Uint8Array(buffer)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function addressOf(subscription) {
    return {
      endpoint: subscription.endpoint,
      p256dh: asText(subscription.getKey("p256dh")),
      auth: asText(subscription.getKey("auth")),
    };
  }

  const isIphone = /iPhone|iPad/.test(navigator.userAgent) ||
    (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
  const isApp = navigator.standalone || matchMedia("(display-mode: standalone)").matches;
  const isPossible = window.isSecureContext && navigator.serviceWorker && window.PushManager && window.Notification;

  async function subscription() {
    const registration = await navigator.serviceWorker.getRegistration(bell.dataset.worker);
    return registration ? registration.pushManager.getSubscription() : null;
  }

  async function look() {
    if (!isPossible) return when(isIphone && !isApp ? "iphone" : "impossible");
    if (Notification.permission === "denied") return when("denied");
    const here = Notification.permission === "granted" ? await subscription() : null;
    browser = here ? (await answerOf(await post(bell.dataset.browser, { endpoint: here.endpoint }))).browser : null;
    return when(browser ? "on" : "off");
  }

  // Whose bell this browser is, as he himself switched it on: nobody else's log-in takes it over.
  function owner(account) {
    try {
      if (account === "") localStorage.removeItem("bell-of");
      else if (account) localStorage.setItem("bell-of", account);
      return localStorage.getItem("bell-of");
    } catch (error) { return null; }
  }

  async function subscribe() {
    await navigator.serviceWorker.register(bell.dataset.worker);
    const registration = await navigator.serviceWorker.ready;
    const key = bytes(bell.dataset.key);
    let here = await registration.pushManager.getSubscription();
    // Subscribed under a key that the server has no longer: it would never ring.
    if (here && here.options && asText(here.options.applicationServerKey || []) !== asText(key)) {
      await here.unsubscribe();
      here = null;
    }
    here = here || await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    browser = (await answerOf(await post(bell.dataset.subscribe, addressOf(here)))).browser;
  }

  // Once a log-in: browsers change their address, and servers their key, without a word.
  async function keepOn() {
    if (!isPossible || !bell.dataset.subscribe || Notification.permission !== "granted") return;
    if (owner() !== bell.dataset.account || sessionStorage.getItem("bell-kept") === bell.dataset.account) return;
    await subscribe();
    sessionStorage.setItem("bell-kept", bell.dataset.account);
  }

  async function switchOn() {
    say("asking");
    const permission = await Notification.requestPermission();
    say("");
    if (permission === "denied") return when("denied");
    if (permission !== "granted") return undefined;
    await subscribe();
    owner(bell.dataset.account);
    when("on");
    return test();
  }

  async function switchOff() {
    owner("");
    const here = await subscription();
    if (here) {
      await post(bell.dataset.unsubscribe, { endpoint: here.endpoint });
      await here.unsubscribe();
    }
    const row = document.querySelector('[data-of-browser="' + browser + '"]');
    if (row) row.remove();
    browser = null;
    when("off");
    say("off");
  }

  async function test() {
    say("waiting");
    const response = await post(bell.dataset.test, {});
    if (response.status === 429) return say("too-many");
    const since = (await answerOf(response)).since;
    const address = bell.dataset.rung.replace("/0/", "/" + browser + "/") + "?since=" + encodeURIComponent(since);
    const end = Date.now() + LONGEST_WAIT;
    while (Date.now() < end) {
      await new Promise(function (go) { setTimeout(go, PAUSE); });
      if ((await answerOf(await fetch(address))).rung) return say("rung");
    }
    return say("not-rung");
  }

  // What the service worker showed, as it came.
  if (navigator.serviceWorker) {
    navigator.serviceWorker.addEventListener("message", function (event) {
      const arrived = bell.querySelector("[data-arrived]");
      if (!event.data.rang || !arrived) return;
      arrived.textContent = arrived.dataset.words + " “" + event.data.rang.title + ": " + event.data.rang.body + "”";
      arrived.hidden = false;
    });
  }

  const acts = { on: switchOn, off: switchOff, test: test };
  bell.querySelectorAll("[data-do]").forEach(function (button) {
    button.addEventListener("click", async function () {
      button.disabled = true;
      try { await acts[button.dataset.do](); } catch (error) { say("failed"); }
      button.disabled = false;
    });
  });
  keepOn().catch(function () {}).then(function () {
    if (bell.dataset.browser) look().catch(function () { when("off"); });
  });
})();
