/**
 * The event queue: a binary heap in a plain array, ordered by `(at, id)`, so that ties have one answer.
 * Own code because popular heaps have no tie order or pay for a comparator call (see bench/).
 */
import type { SimEvent } from "./types.ts";

/** Adds an event. O(log n). */
export function push(queue: SimEvent[], event: SimEvent): void {
  let hole = queue.length;
  queue.push(event);
  const at = event.at;
  const id = event.id;
  while (hole > 0) {
    const parent = (hole - 1) >> 1;
    const above = queue[parent] as SimEvent;
    if (above.at < at || (above.at === at && above.id < id)) break;
    queue[hole] = above;
    hole = parent;
  }
  queue[hole] = event;
}

/** Removes and returns the earliest event; undefined when empty. O(log n). */
export function pop(queue: SimEvent[]): SimEvent | undefined {
  const first = queue[0];
  const last = queue.pop();
  const size = queue.length;
  if (last === undefined || size === 0) return first;
  const at = last.at;
  const id = last.id;
  let hole = 0;
  for (let child = 1; child < size; child = 2 * hole + 1) {
    let below = queue[child] as SimEvent;
    if (child + 1 < size) {
      const right = queue[child + 1] as SimEvent;
      if (right.at < below.at || (right.at === below.at && right.id < below.id)) {
        below = right;
        child += 1;
      }
    }
    if (at < below.at || (at === below.at && id < below.id)) break;
    queue[hole] = below;
    hole = child;
  }
  queue[hole] = last;
  return first;
}
