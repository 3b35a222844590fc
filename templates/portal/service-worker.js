// Keeps for no network: the page that says so in each language, and of pages seen those whose answer asks for it
// (X-Offline), a commune's first and contact page and the last guides. Everything else goes through untouched and
// is never kept: tips and their look-up above all, which are neither `public` nor ask for it. Nothing depends on
// this. For a member of staff who switched the bell on it shows a ring, and tells the portal that it did.
"use strict";

// JSON of the portal's own addresses.
const KIT = {{ kit|safe }};
// The page that says so in the portal's own language, then in others.
const OFFLINE = {{ offline_pages|safe }};
// Where a press on a notice leads, and where the portal hears that it was shown.
const ADMIN = "{% url 'wagtailadmin_home' %}";
const HEARD = "{% url 'bell_heard' %}";
// How many pages of each kind are kept.
const KEPT = { place: 4, guide: 10 };

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open("kit").then((kit) => kit.addAll(KIT)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOldKit().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const request = event.request;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(pageFor(event));
  else if (KIT.includes(new URL(request.url).pathname)) event.respondWith(partOfKit(request));
});

// The first page of a visit was there before this script.
self.addEventListener("message", (event) => {
  const address = new URL(event.data.seen, self.location.origin).href;
  event.waitUntil(fetch(address).then((response) => keep(address, response)));
});

self.addEventListener("push", (event) => event.waitUntil(ring(event)));

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openAdmin());
});

async function pageFor(event) {
  let response;
  try {
    response = await fetch(event.request);
  } catch (error) {
    return (await kept(event.request)) || (await kept(offlinePage(event.request.url))) || Response.error();
  }
  if (mayBeKept(event.request.url, response)) event.waitUntil(keep(event.request.url, response.clone()));
  return response;
}

// In the language of the address: "/en/khong-co-mang/" for whatever stands below "/en/".
function offlinePage(address) {
  const prefix = `/${new URL(address).pathname.split("/")[1]}/`;
  return OFFLINE.find((page) => page.startsWith(prefix)) || OFFLINE[0];
}

async function partOfKit(request) {
  return (await kept(request)) || fetch(request);
}

function kept(request) {
  return caches.match(request, { ignoreVary: true });
}

function mayBeKept(address, response) {
  const isForEverybody = (response.headers.get("Cache-Control") || "").includes("public");
  const asksForIt = (response.headers.get("X-Offline") || "") in KEPT;
  return response.ok && !response.redirected && isForEverybody && asksForIt && !new URL(address).search;
}

async function keep(address, response) {
  if (!mayBeKept(address, response)) return;
  const kind = response.headers.get("X-Offline");
  const cache = await caches.open(kind);
  // In the order in which they were seen: putting a page again puts it last.
  await cache.put(address, response);
  const pages = await cache.keys();
  await Promise.all(pages.slice(0, -KEPT[kind]).map((page) => cache.delete(page)));
}

async function dropOldKit() {
  const kit = await caches.open("kit");
  const files = await kit.keys();
  const old = files.filter((file) => !KIT.includes(new URL(file.url).pathname));
  await Promise.all(old.map((file) => kit.delete(file)));
}

// A push that shows nothing costs the permission, so a notice is shown whatever came.
async function ring(event) {
  const { title, ack, ...options } = noticeIn(event);
  await self.registration.showNotification(title, options);
  const pages = await self.clients.matchAll({ type: "window" });
  pages.filter(isAdmin).forEach((page) => page.postMessage({ rang: { title, body: options.body } }));
  await Promise.allSettled([tellThatItRang(ack), self.navigator.setAppBadge && self.navigator.setAppBadge()]);
}

// The same words from a browser that reads the message by itself (declarative push) and from one that does not.
function noticeIn(event) {
  let message = {};
  try { message = event.data.json(); } catch (error) { /* none, or no JSON */ }
  const notice = event.notification || message.notification || {};
  return {
    title: notice.title || "{{ site_name|escapejs }}",
    body: notice.body || "{{ words|escapejs }}",
    lang: notice.lang || "vi",
    tag: notice.tag || "news",
    renotify: true,
    icon: "{{ icon }}",
    ack: (notice.data && notice.data.ack) || message.ack,
  };
}

async function tellThatItRang(ack) {
  if (!ack) return;
  const body = new URLSearchParams({ token: ack });
  await fetch(HEARD, { method: "POST", body, credentials: "omit", keepalive: true });
}

async function openAdmin() {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const open = pages.find(isAdmin);
  return open ? open.focus() : self.clients.openWindow(ADMIN);
}

function isAdmin(page) {
  return new URL(page.url).pathname.startsWith(ADMIN);
}
