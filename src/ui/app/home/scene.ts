/** What the first page shows at one moment, whether it was recorded or is computed here. */
import type { CanvasModel } from "../../views/canvas/model.ts";
import type { DemoFacts } from "./demo.ts";

export interface LeaderBand {
  readonly from: number;
  /** Null: it goes on. */
  readonly to: number | null;
  /** Null: nobody leads. */
  readonly leader: string | null;
}

export interface Scene {
  /** µs. */
  readonly time: number;
  readonly model: CanvasModel;
  readonly facts: DemoFacts;
  readonly caption: string;
  readonly bands: readonly LeaderBand[];
}

/** How many events had happened by a time: what the small timeline counts. */
export interface EventCount {
  countUntil(time: number): number;
}

export interface DemoActions {
  kill(): void;
  bringBack(): void;
  skipWait(): void;
  toggle(): void;
}
