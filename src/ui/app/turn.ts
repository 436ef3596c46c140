/** Long work in parts: what was typed, touched or is due to be drawn comes between them. */

interface Yielding {
  readonly scheduler?: { yield?(): Promise<void> };
}

/** Resolves when the page has had its turn. */
export function pageHasTurn(): Promise<void> {
  const { scheduler } = globalThis as Yielding;
  return scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve, 0));
}

/** Resolves when what was drawn last is on the screen. A page in the background draws nothing and waits a moment only. */
export function pageIsPainted(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 150);
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
  });
}

const sliceMs = 8;

/** Does work in parts, some milliseconds at a time, and resolves with what it comes to. */
export async function inTurns<Result>(parts: Iterator<void, Result>): Promise<Result> {
  for (let until = performance.now() + sliceMs; ; ) {
    const { done, value } = parts.next();
    if (done) return value;
    if (performance.now() < until) continue;
    await pageHasTurn();
    until = performance.now() + sliceMs;
  }
}
