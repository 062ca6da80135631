
// Above stand VERSION and FILES, which the page was made with. All of them are kept at the first
// visit, so that the page works without a network; a page that was made anew has another version.
const PREFIX = `shallows ${registration.scope} `;

addEventListener("install", (event) => {
  const fresh = FILES.map((file) => new Request(file, { cache: "reload" }));
  event.waitUntil(caches.open(PREFIX + VERSION).then((cache) => cache.addAll(fresh)));
});

addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith(PREFIX) && name !== PREFIX + VERSION) {
          await caches.delete(name);
        }
      }
      await clients.claim();
    })(),
  );
});

addEventListener("fetch", (event) => {
  if (event.request.method === "GET") {
    event.respondWith(
      caches
        .open(PREFIX + VERSION)
        .then((cache) => cache.match(event.request, { ignoreSearch: true }))
        .then((kept) => kept ?? fetch(event.request)),
    );
  }
});
