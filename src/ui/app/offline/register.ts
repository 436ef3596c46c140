/** Registers the service worker, and says when a new version of the page is ready. Only in a build, and only over http(s). */

import { useNotices } from "../../state/notices.ts";
import { text } from "../text.ts";

/** The first visit needs the network for the page itself; what is kept for later waits so long. */
const waitMs = 3000;

export function workOffline(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator) || !window.location.protocol.startsWith("http")) return;
  const later = () => window.setTimeout(() => void register(), waitMs);
  if (document.readyState === "complete") later();
  else window.addEventListener("load", later, { once: true });
}

async function register(): Promise<void> {
  try {
    // The page's folder is the scope, wherever a server has put it.
    const registration = await navigator.serviceWorker.register(new URL("./sw.js", document.baseURI));
    // Without a controller this is the first visit: there is no older version to leave.
    if (navigator.serviceWorker.controller === null) return;
    if (registration.waiting !== null) offer(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const { installing } = registration;
      installing?.addEventListener("statechange", () => installing.state === "installed" && offer(installing));
    });
  } catch {
    // A browser that forbids it (private windows, policies) shows the page from the network as before.
  }
}

function offer(next: ServiceWorker): void {
  useNotices.getState().offer(text.offline.newVersion, text.offline.reload, () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => window.location.reload(), { once: true });
    next.postMessage("take-over");
  });
}
