/** The end of a lab as a small picture. The test of the scenarios makes them from runs, and keeps them true, in endings.json. */

export interface EndingRow {
  readonly name: string;
  readonly isLeader: boolean;
  readonly isDown: boolean;
  /** Not in the in-sync set. */
  readonly isOut: boolean;
  /** Next offset of the log. */
  readonly end: number;
  /** Records before this offset are committed. */
  readonly committed: number;
  /** Offsets where a leader epoch began, without the first. */
  readonly epochs: readonly number[];
}

export interface Ending {
  readonly rows: readonly EndingRow[];
  /** What became of the records, in a few words: "epoch 1", "62 lost". */
  readonly notes: readonly string[];
}
