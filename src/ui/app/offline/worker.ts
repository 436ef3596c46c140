/**
 * The service worker: keeps all files of one build and answers from them, so that the page works without a network after
 * the first visit. Built by tools/offline.mjs, which puts in the list of files.
 *
 * A new build installs beside the old one and waits; the page offers to reload (register.ts). So the chunks of a page that
 * is open always come from the build it was loaded from.
 */
import { cleanupOutdatedCaches, precacheAndRoute } from "workbox-precaching";

/** Files of this build, relative to the worker. `revision` is null where the name already holds a hash. */
declare const __PRECACHE__: { readonly url: string; readonly revision: string | null }[];

const worker = self as unknown as ServiceWorkerGlobalScope;

worker.addEventListener("message", ({ data }) => {
  if (data === "take-over") void worker.skipWaiting();
});
// The page of the first visit too loads its later chunks from here.
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));

cleanupOutdatedCaches();
// The page's own query lies behind the hash; what others append to the address does not make it another file.
precacheAndRoute(__PRECACHE__, { ignoreURLParametersMatching: [/.*/], cleanURLs: false });
