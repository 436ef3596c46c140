/**
 * The yardstick: pop the earliest event, switch on an integer kind, push one; a binary heap in typed arrays ordered by
 * (time, sequence). What a JavaScript kernel could reach at best.
 */

/** Events per second of the hold loop with `pending` events in the queue, over `events` events. */
export function holdBound(pending: number, events: number): number {
  const size = pending + 2;
  const at = new Float64Array(size);
  const seq = new Int32Array(size);
  const kind = new Uint8Array(size);
  let count = 0;
  let next = 0;
  let state = 12345;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) & 0xffff;
  };

  function push(time: number, what: number): void {
    const id = next++;
    let hole = count++;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const above = at[parent] as number;
      if (above < time || (above === time && (seq[parent] as number) < id)) break;
      at[hole] = above;
      seq[hole] = seq[parent] as number;
      kind[hole] = kind[parent] as number;
      hole = parent;
    }
    at[hole] = time;
    seq[hole] = id;
    kind[hole] = what;
  }

  for (let i = 0; i < pending; i += 1) push(random(), i & 3);
  const sums = [0, 0, 0, 0];
  const begin = performance.now();
  for (let n = 0; n < events; n += 1) {
    const time = at[0] as number;
    const what = kind[0] as number;
    count -= 1;
    const lastAt = at[count] as number;
    const lastSeq = seq[count] as number;
    const lastKind = kind[count] as number;
    let hole = 0;
    for (let child = 1; child < count; child = 2 * hole + 1) {
      if (child + 1 < count) {
        const left = at[child] as number;
        const right = at[child + 1] as number;
        if (right < left || (right === left && (seq[child + 1] as number) < (seq[child] as number))) child += 1;
      }
      const below = at[child] as number;
      if (lastAt < below || (lastAt === below && lastSeq < (seq[child] as number))) break;
      at[hole] = below;
      seq[hole] = seq[child] as number;
      kind[hole] = kind[child] as number;
      hole = child;
    }
    at[hole] = lastAt;
    seq[hole] = lastSeq;
    kind[hole] = lastKind;
    switch (what) {
      case 0:
        sums[0] = (sums[0] as number) + time;
        break;
      case 1:
        sums[1] = (sums[1] as number) + 1;
        break;
      case 2:
        sums[2] = (sums[2] as number) ^ n;
        break;
      default:
        sums[3] = (sums[3] as number) - 1;
    }
    push(time + random(), (what + n) & 3);
  }
  const seconds = (performance.now() - begin) / 1000;
  if (sums[0] === -1) console.log(sums);
  return events / seconds;
}
