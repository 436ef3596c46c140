/** A countdown as a ring in a line of text: the share of the time that is left, with its words. */
import { RingMark } from "./Mark.tsx";

export interface RingProps {
  /** 0..1. */
  readonly fraction: number;
  /** What counts down, for those who do not see the ring: "session of b1, 5.9 s left". */
  readonly label: string;
  readonly size?: number;
}

export function Ring({ fraction, label, size = 20 }: RingProps) {
  return (
    <svg width={size} height={size} viewBox="-10 -10 20 20" role="img" aria-label={label} style={{ flex: "none" }}>
      <RingMark fraction={fraction} />
    </svg>
  );
}
