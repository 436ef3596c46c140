/**
 * The marks of the picture language, as pieces of SVG at (x, y): message families, crown, countdown ring, lag clock,
 * flag of a fault, cross of a loss. They say nothing to assistive tech; the thing that carries them has a name.
 */
import { arc, boltShape, cross, crownShape, errorBar, type Family, familyShape } from "../theme/shapes.ts";
import { cx } from "./cx.ts";
import styles from "./Mark.module.css";

interface PlaceProps {
  readonly x?: number;
  readonly y?: number;
}

export interface FamilyMarkProps extends PlaceProps {
  readonly family: Family;
  /** Hollow. */
  readonly response?: boolean;
  /** Hollow with a bar. */
  readonly error?: boolean;
  readonly scale?: number;
}

/** The mark of a message, 12 to 14 px wide around (x, y). */
export function FamilyMark({ family, response = false, error = false, scale, x = 0, y = 0 }: FamilyMarkProps) {
  const hollow = response || error;
  const transform = `translate(${round(x)} ${round(y)})${scale === undefined ? "" : ` scale(${scale})`}`;
  return (
    <g className={styles[family]} transform={transform}>
      <path className={cx(styles.mark, hollow && styles.hollow)} d={familyShape[family]} />
      {family === "ensemble" && <circle className={cx(styles.seal, hollow && styles.hollowSeal)} r={2.6} />}
      {error && <path className={styles.bar} d={errorBar} />}
    </g>
  );
}

export interface CrownMarkProps extends PlaceProps {
  /** `solid`: leads. `paper`: the metadata says so, the process cannot. `nobody`: there is no leader. */
  readonly kind: "solid" | "paper" | "nobody";
}

/** A crown in a box of 16 x 11 from (x, y). */
export function CrownMark({ kind, x = 0, y = 0 }: CrownMarkProps) {
  return (
    <path
      className={cx(styles.crown, kind === "paper" && styles.paper, kind === "nobody" && styles.nobody)}
      d={crownShape}
      transform={`translate(${round(x)} ${round(y)})`}
    />
  );
}

export interface RingMarkProps extends PlaceProps {
  /** Share of the time that is left, 0..1; clockwise from twelve. */
  readonly fraction: number;
  readonly radius?: number;
}

/** A countdown around (x, y). */
export function RingMark({ fraction, radius = 7, x = 0, y = 0 }: RingMarkProps) {
  return (
    <g>
      <circle className={styles.track} cx={round(x)} cy={round(y)} r={radius} />
      <path className={styles.left} d={arc(x, y, radius, fraction)} />
    </g>
  );
}

/** A clock around (x, y) that fills while a follower is behind; full means the limit. */
export function LagMark({ fraction, x = 0, y = 0 }: RingMarkProps) {
  return (
    <g>
      <circle className={styles.clock} cx={round(x)} cy={round(y)} r={6.5} />
      <path className={styles.lag} d={arc(x, y, 6.5, fraction, true)} />
    </g>
  );
}

/** What the learner did: a bolt on hazard hatch, 16 x 16 from (x, y). */
export function FaultFlag({ x = 0, y = 0 }: PlaceProps) {
  return (
    <svg x={round(x)} y={round(y)} width={16} height={16} viewBox="0 0 16 16" aria-hidden="true">
      <rect className={styles.flag} x={0.6} y={0.6} width={14.8} height={14.8} rx={2} />
      <path className={styles.stripes} d="M-2 8L8 -2M-2 15L15 -2M2 18L18 2M9 18L18 9" clipPath="inset(1px round 2px)" />
      <rect className={styles.inner} x={2.6} y={2.6} width={10.8} height={10.8} rx={1} />
      <path className={styles.bolt} d={boltShape} transform="translate(4.6 3.4) scale(0.76)" />
    </svg>
  );
}

/** A cross in the colour of loss around (x, y). */
export function CrossMark({ x = 0, y = 0 }: PlaceProps) {
  return <path className={styles.cross} d={cross} transform={`translate(${round(x)} ${round(y)})`} />;
}

export interface MarkIconProps {
  readonly family?: Family;
  readonly mark?: "crown" | "paper" | "nobody" | "fault" | "loss";
  readonly response?: boolean;
  readonly error?: boolean;
}

/** A mark as an icon of 20 x 20 in a line of text; hidden from assistive tech, so a word must stand beside it. */
export function MarkIcon({ family, mark, response = false, error = false }: MarkIconProps) {
  return (
    <svg width={20} height={20} viewBox="-10 -10 20 20" aria-hidden="true" style={{ flex: "none" }}>
      {family && <FamilyMark family={family} response={response} error={error} />}
      {mark === "crown" && <CrownMark kind="solid" x={-8} y={-6} />}
      {mark === "paper" && <CrownMark kind="paper" x={-8} y={-6} />}
      {mark === "nobody" && <CrownMark kind="nobody" x={-8} y={-6} />}
      {mark === "fault" && <FaultFlag x={-8} y={-8} />}
      {mark === "loss" && <CrossMark />}
    </svg>
  );
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
