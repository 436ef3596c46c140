/**
 * When the simulator of the first page loads. Its scripts are fetched once the page is idle, but not run: running them takes
 * the main thread, and the recording moves meanwhile. They run when somebody is about to do something, or when the
 * recording stands still.
 */

/** Calls back when the page has nothing else to do, `afterMs` from now at the soonest; returns how to cancel. */
export function whenIdle(callback: () => void, afterMs: number): () => void {
  let idle = 0;
  const timer = window.setTimeout(() => {
    if (typeof window.requestIdleCallback !== "function") return callback();
    idle = window.requestIdleCallback(callback, { timeout: 2000 });
  }, afterMs);
  return () => {
    window.clearTimeout(timer);
    if (idle !== 0) window.cancelIdleCallback(idle);
  };
}

/** Fetches the scripts that the build names in the page, and compiles them beside the main thread. */
export function fetchLater(): void {
  const files = document.querySelector<HTMLMetaElement>("meta[name=faultline-later]")?.content ?? "";
  for (const file of files.split(" ").filter(Boolean)) {
    const link = document.createElement("link");
    link.rel = "modulepreload";
    link.href = file;
    link.setAttribute("fetchpriority", "low");
    document.head.append(link);
  }
}

/** Calls back at the first sign of a hand: a pointer that moves, a key. A finger shows itself by its touch only. */
export function whenHand(callback: () => void): () => void {
  const onPointer = (event: PointerEvent) => event.pointerType !== "touch" && callback();
  window.addEventListener("pointermove", onPointer, { passive: true });
  window.addEventListener("keydown", callback);
  return () => {
    window.removeEventListener("pointermove", onPointer);
    window.removeEventListener("keydown", callback);
  };
}
