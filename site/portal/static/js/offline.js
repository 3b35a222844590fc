// On a page that a phone keeps for no network: lets the service worker keep it. On the page that the phone shows
// then: lists what was kept. Without this script, or where the browser has no service worker, nothing is lost.
(function () {
  "use strict";

  if (!navigator.serviceWorker || !window.caches) return;

  if (document.querySelector("[data-keep-page]")) {
    window.addEventListener("load", function () {
      navigator.serviceWorker.register("/service-worker.js").then(function () {
        if (navigator.serviceWorker.controller) return;
        navigator.serviceWorker.ready.then(function (registration) {
          registration.active.postMessage({ seen: location.pathname });
        });
      }).catch(function () { /* the page is there all the same */ });
    });
  }

  const place = document.querySelector("[data-kept-pages]");
  if (place) showKept(place);

  async function showKept(place) {
    const list = place.appendChild(document.createElement("ul"));
    for (const kind of ["place", "guide"]) {
      const cache = await caches.open(kind);
      const addresses = await cache.keys();
      // The one seen last comes first.
      for (const address of addresses.reverse()) {
        const text = await (await cache.match(address)).text();
        const page = new DOMParser().parseFromString(text, "text/html");
        addLink(list, page.title, address.url);
        addPhone(place, page.querySelector("[data-keep-page]"));
        place.hidden = false;
      }
    }
  }

  function addLink(list, title, url) {
    const item = list.appendChild(document.createElement("li"));
    const link = item.appendChild(document.createElement("a"));
    link.textContent = title;
    link.href = url;
  }

  // The duty phone of the commune seen last.
  function addPhone(place, kept) {
    const call = place.querySelector("[data-duty-phone]");
    if (!kept.dataset.phone || !call.hidden) return;
    call.hidden = false;
    call.querySelector("strong").textContent = kept.dataset.police;
    call.querySelector("a").textContent = kept.dataset.phone;
    call.querySelector("a").href = kept.dataset.tel;
  }
})();
