/**
 * The shapes of the marks, as SVG path data around (0, 0) unless said otherwise. A family is told by its shape first:
 * colour only repeats it. Sizes in px.
 */

/** The message families. `ensemble` has the colour of `control` and a ring in its square. */
export type Family = "produce" | "fetch" | "replica" | "control" | "ensemble" | "group";

export const families: readonly Family[] = ["produce", "fetch", "replica", "control", "ensemble", "group"];

const square = "M-5.2 -5.2H5.2V5.2H-5.2Z";

/** Filled for a request, hollow for a response, hollow with `errorBar` for a response that carries an error. */
export const familyShape: Record<Family, string> = {
  produce: "M0 -6.6L6.6 5H-6.6Z",
  fetch: "M-5.6 0a5.6 5.6 0 1 0 11.2 0a5.6 5.6 0 1 0 -11.2 0Z",
  replica: "M0 -7L7 0L0 7L-7 0Z",
  control: square,
  ensemble: square,
  group: "M-3.4 -5.9H3.4L6.8 0L3.4 5.9H-3.4L-6.8 0Z",
};

/** Drawn over the shape of an error response; reaches past it on both sides. */
export const errorBar = "M-9 0H9";

/** A crown in a box of 16 x 11, from its top left corner: the leader. */
export const crownShape = "M1.6 10.4L0.6 2.6L4.6 5.6L8 0.6L11.4 5.6L15.4 2.6L14.4 10.4Z";

/** A bolt in a box of 9 x 12, from its top left corner: something the learner did. */
export const boltShape = "M6 0L0 7.4H3.8L2.8 12L9 4.6H5.2Z";

/** Two bars, one bar and an arrow, a spring: a link cut both ways, cut one way, slow. They lie along x. */
export const cutBars = "M-6 -8V8M6 -8V8";
export const cutOneWay = "M-6 -8V8M6 0H16M12 -4L16.5 0L12 4";
export const spring = "M-17 0h3l2.6 -6l5.2 12l5.2 -12l5.2 12l5.2 -12l2.6 6h3";

/** Dashes with a small cross between them, along x: a link that loses some of what it carries. */
export const lossy = "M-15 0h6M-3.5 -3.5L3.5 3.5M3.5 -3.5L-3.5 3.5M9 0h6";

/** A cross: lost, or never arrives. */
export const cross = "M-5 -5L5 5M5 -5L-5 5";

/**
 * A pie or ring segment that starts at twelve o'clock and runs clockwise.
 * `fraction` is clipped to 0..1; returns "" for nothing, and a closed circle for all of it.
 */
export function arc(cx: number, cy: number, radius: number, fraction: number, pie = false): string {
  const share = Math.min(1, Math.max(0, fraction));
  if (share < 0.001) return "";
  if (share > 0.999) {
    return `M${n(cx)} ${n(cy - radius)}A${radius} ${radius} 0 1 1 ${n(cx)} ${n(cy + radius)}A${radius} ${radius} 0 1 1 ${n(cx)} ${n(cy - radius)}Z`;
  }
  const angle = share * 2 * Math.PI;
  const x = cx + radius * Math.sin(angle);
  const y = cy - radius * Math.cos(angle);
  const sweep = `A${radius} ${radius} 0 ${share > 0.5 ? 1 : 0} 1 ${n(x)} ${n(y)}`;
  return pie ? `M${n(cx)} ${n(cy)}V${n(cy - radius)}${sweep}Z` : `M${n(cx)} ${n(cy - radius)}${sweep}`;
}

/** Two decimals are a hundredth of a pixel: enough, and the same text on every machine. */
function n(value: number): number {
  return Math.round(value * 100) / 100;
}
