/** Where a command writes: results to standard output, progress and complaints to standard error. */

export interface Output {
  /** A line of the result. */
  line(text: string): void;
  /** A line about what is wrong. */
  complain(text: string): void;
  /** How far long work is; shown on a terminal, else now and then once it takes more than a second. */
  progress(text: string): void;
  /** Ends the line of progress. */
  done(): void;
}

/** How a command ended: all is well, something fell short, it was asked for something wrong. */
export const OK = 0;
export const FELL_SHORT = 1;
export const BAD_INPUT = 2;
export type ExitCode = 0 | 1 | 2;

interface Stream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

export function createOutput(out: Stream, err: Stream, clock: () => number): Output {
  const began = clock();
  let shownAt = began;
  let isShown = false;
  const clear = () => {
    if (isShown) err.write("\r\u001b[K");
    isShown = false;
  };
  return {
    line(text) {
      clear();
      out.write(`${text}\n`);
    },
    complain(text) {
      clear();
      err.write(`${text}\n`);
    },
    progress(text) {
      const now = clock();
      if (err.isTTY === true) {
        if (now - shownAt < 100) return;
        err.write(`\r\u001b[K${text}`);
        isShown = true;
      } else {
        // The first line after a second, then one every five.
        if (now - began < 1000 || (shownAt !== began && now - shownAt < 5000)) return;
        err.write(`${text}\n`);
      }
      shownAt = now;
    },
    done: clear,
  };
}
