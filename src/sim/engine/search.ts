/** Binary search. */

/** How many of `0 .. length - 1`, from the front, pass a test that holds for a prefix of them and for nothing behind it. O(log n). */
export function countWhile(length: number, passes: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (passes(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
