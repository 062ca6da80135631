
// Above stand VERSION and FILES, which the page was made with. All of them are kept at the first
// visit, so that the page works without a network, but only if each is what was made: what a server
// has damaged is not kept. A page that was made anew has another version.
const PREFIX = `shallows ${registration.scope} `;

addEventListener("install", (event) => {
  const fresh = FILES.map(([file, integrity]) => new Request(file, { cache: "reload", integrity }));
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
