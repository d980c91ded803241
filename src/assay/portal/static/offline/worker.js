// Keeps the page for offline checks: the newest copy that was ever loaded is shown when the site cannot be reached.
const STORE = "offline-check";

self.addEventListener("install", (event) => {
  event.waitUntil(keep().then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  if (event.request.mode === "navigate") event.respondWith(newest(event.request));
});

async function keep() {
  const store = await caches.open(STORE);
  await store.add(new Request(self.registration.scope, { cache: "reload", credentials: "omit" }));
}

async function newest(request) {
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) {
      const store = await caches.open(STORE);
      await store.put(self.registration.scope, answer.clone());
      return answer;
    }
    throw new Error("no page");
  } catch {
    return (await caches.match(self.registration.scope)) ?? Response.error();
  }
}
