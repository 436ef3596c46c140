/**
 * The design tokens as data: the colours, spacing and type scale that tokens.css gives to the browser.
 *
 * Chrome has no hue. A hue on screen is one of the message families, or a loss. test/views/palette.test.ts holds
 * this file and tokens.css equal, and recomputes contrast and colour distance from it.
 */

/** Every colour token; `--name` in tokens.css. */
export type ColourToken =
  | "page"
  | "surface"
  | "raised"
  | "ink"
  | "ink-2"
  | "line"
  | "edge"
  | "hair"
  | "accent"
  | "on-accent"
  | "select"
  | "track"
  | "dot"
  | "cell"
  | "cell-ink"
  | "cell-edge"
  | "loss-tint"
  | "density"
  | "produce"
  | "fetch"
  | "replica"
  | "control"
  | "group"
  | "loss";

/** The themes with fixed values. `system` is a choice between them; `forced-colors` uses the system's own names. */
export type ThemeName = "light" | "dark" | "contrast" | "print";

/** What the reader may choose; `system` follows the operating system and is the absence of `data-theme`. */
export type ThemeChoice = "system" | "light" | "dark" | "contrast";

/** The colours that carry meaning: five message families (the ensemble shares `control`, by a ring in its shape) and loss. */
export const meaningColours = ["produce", "fetch", "replica", "control", "group", "loss"] as const;

export const colours: Record<ThemeName, Record<ColourToken, string>> = {
  light: {
    page: "#FFFFFF",
    surface: "#F4F6F9",
    raised: "#E8ECF1",
    ink: "#14202B",
    "ink-2": "#44525F",
    line: "#6B7884",
    edge: "#7F8B97",
    hair: "#D3DAE1",
    accent: "#14202B",
    "on-accent": "#FFFFFF",
    select: "#E1E7EE",
    track: "#D3DAE1",
    dot: "#C6CFD8",
    cell: "#C6D0DA",
    "cell-ink": "#14202B",
    "cell-edge": "#6B7884",
    "loss-tint": "#FBEDEA",
    density: "#AEBAC6",
    produce: "#225AF3",
    fetch: "#187C60",
    replica: "#321D69",
    control: "#986709",
    group: "#C9178B",
    loss: "#940B00",
  },
  dark: {
    page: "#0F1720",
    surface: "#17222D",
    raised: "#223140",
    ink: "#F1F5F9",
    "ink-2": "#B4C0CC",
    line: "#75879A",
    edge: "#64768A",
    hair: "#2E3E4D",
    accent: "#F1F5F9",
    "on-accent": "#0F1720",
    select: "#2A3B4C",
    track: "#2E3E4D",
    dot: "#2B3A48",
    cell: "#3A4E62",
    "cell-ink": "#F1F5F9",
    "cell-edge": "#75879A",
    "loss-tint": "#26130F",
    density: "#46596C",
    produce: "#A4C7FF",
    fetch: "#30AD77",
    replica: "#8A77FF",
    control: "#FFD60B",
    group: "#D97FAC",
    loss: "#FF3E00",
  },
  contrast: {
    page: "#FFFFFF",
    surface: "#FFFFFF",
    raised: "#DFE4EA",
    ink: "#000000",
    "ink-2": "#000000",
    line: "#000000",
    edge: "#000000",
    hair: "#000000",
    accent: "#000000",
    "on-accent": "#FFFFFF",
    select: "#FFF3B0",
    track: "#BFC8D0",
    dot: "#FFFFFF",
    cell: "#BFC8D0",
    "cell-ink": "#000000",
    "cell-edge": "#000000",
    "loss-tint": "#FFFFFF",
    density: "#000000",
    produce: "#0033C4",
    fetch: "#005A40",
    replica: "#241054",
    control: "#6B4700",
    group: "#95005F",
    loss: "#7A0900",
  },
  print: {
    page: "#FFFFFF",
    surface: "#FFFFFF",
    raised: "#FFFFFF",
    ink: "#000000",
    "ink-2": "#000000",
    line: "#444444",
    edge: "#444444",
    hair: "#888888",
    accent: "#000000",
    "on-accent": "#FFFFFF",
    select: "#FFFFFF",
    track: "#BBBBBB",
    dot: "#FFFFFF",
    cell: "#DDDDDD",
    "cell-ink": "#000000",
    "cell-edge": "#000000",
    "loss-tint": "#FFFFFF",
    density: "#777777",
    produce: "#000000",
    fetch: "#000000",
    replica: "#000000",
    control: "#000000",
    group: "#000000",
    loss: "#000000",
  },
};

/** Spacing steps in px, `--s1` to `--s7`. */
export const spacing = [4, 8, 12, 16, 24, 32, 48] as const;

/** Type sizes in px, `--t0` to `--t5`. 12 is for numbers in cells and on the epoch bar only. */
export const typeSizes = [12, 14, 16, 20, 25, 31] as const;

/** Widths in px where the screen changes form: under 600 a stepper, then one column, two, and three. */
export const breakpoints = { narrow: 600, medium: 900, wide: 1200 } as const;
