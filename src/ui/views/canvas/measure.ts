/**
 * How wide a text will be, in px. An estimate that needs no browser, so that the still in the page and the tests are
 * the same everywhere; in the browser the real fonts are asked.
 */
export type TextStyle = "ui" | "ui-bold" | "mono" | "name";

export type Measure = (text: string, style: TextStyle) => number;

/** Widths in hundredths of an em of a wide interface face; others count as 58. */
const narrow: Record<string, number> = {
  " ": 28,
  ",": 28,
  ".": 28,
  ":": 28,
  ";": 28,
  "'": 24,
  "|": 30,
  "!": 30,
  "-": 44,
  "/": 38,
  "(": 36,
  ")": 36,
  i: 26,
  j: 26,
  l: 26,
  f: 36,
  t: 36,
  r: 40,
  I: 28,
  m: 90,
  w: 80,
  M: 88,
  W: 100,
  "=": 62,
  "+": 62,
};

const sizes: Record<TextStyle, number> = { ui: 14, "ui-bold": 14, mono: 14, name: 16 };

/** The estimate. Mono faces take 0.602 em a sign. */
export const estimate: Measure = (text, style) => {
  const size = sizes[style];
  if (style === "mono") return text.length * size * 0.602;
  let hundredths = 0;
  for (const sign of text) hundredths += narrow[sign] ?? (sign >= "A" && sign <= "Z" ? 68 : 58);
  return (hundredths / 100) * size * (style === "ui" ? 1 : 1.05);
};

const fonts: Record<TextStyle, string> = { ui: "400 14px", "ui-bold": "600 14px", mono: "400 14px", name: "600 16px" };

/**
 * Asks the browser's fonts, with a memory. `element` tells the font families in force.
 * Falls back to the estimate where there is no 2d context.
 */
export function browserMeasure(element: Element): Measure {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return estimate;
  const style = getComputedStyle(element);
  const ui = style.getPropertyValue("--ui").trim() || "system-ui, sans-serif";
  const mono = style.getPropertyValue("--mono").trim() || "monospace";
  const known = new Map<string, number>();
  return (text, textStyle) => {
    const key = `${textStyle} ${text}`;
    const seen = known.get(key);
    if (seen !== undefined) return seen;
    context.font = `${fonts[textStyle]} ${textStyle === "mono" ? mono : ui}`;
    const width = Math.ceil(context.measureText(text).width * 10) / 10;
    if (known.size > 4000) known.clear();
    known.set(key, width);
    return width;
  };
}
