/** The still of the cluster that stands in the HTML: kept when the live page draws over it, shown until the cluster runs. */

let still = "";

/** Call before anything is drawn into `root`. */
export function keepStill(root: HTMLElement): void {
  still = root.querySelector("#still")?.innerHTML ?? "";
}

/** Markup of our own build; empty where there is none (development, tests). */
export function stillMarkup(): string {
  return still;
}
