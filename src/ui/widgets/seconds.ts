/** `4.140`: a moment of the run (µs) in seconds with three decimals, as every part of the page writes it. */
export function seconds(at: number): string {
  return (at / 1_000_000).toFixed(3);
}
