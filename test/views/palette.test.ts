/**
 * The palette keeps its promises: contrast as WCAG 2.2 defines it, and family colours that stay apart (CIEDE2000)
 * for normal sight and for the three kinds of dichromacy.
 *
 * The simulation of dichromacy is Machado, Oliveira and Fernandes (2009) at full severity, in linear RGB. The
 * CIEDE2000 code is itself checked against pairs published by Sharma, Wu and Dalal (2005).
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { colours, meaningColours, spacing, type ThemeName, typeSizes } from "../../src/ui/theme/tokens.ts";

type Triple = readonly [number, number, number];

const sight: Record<string, readonly [Triple, Triple, Triple]> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanope: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranope: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanope: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const css = readFileSync(new URL("../../src/ui/theme/tokens.css", import.meta.url), "utf8");

describe("tokens.css and tokens.ts say the same", () => {
  const selectors: Record<ThemeName, RegExp[]> = {
    light: [/:root,\s*\[data-theme="light"\] \{([^}]*)\}/],
    dark: [
      /\[data-theme="dark"\] \{([^}]*)\}/,
      /prefers-color-scheme: dark\) \{\s*:root:not\(\[data-theme\]\) \{([^}]*)\}/,
    ],
    contrast: [
      /\[data-theme="contrast"\] \{([^}]*)\}/,
      /prefers-contrast: more\) \{\s*:root:not\(\[data-theme\]\) \{([^}]*)\}/,
    ],
    print: [/\[data-theme="print"\] \{([^}]*)\}/, /@media print \{\s*:root,\s*\[data-theme\] \{([^}]*)\}/],
  };

  for (const [theme, patterns] of Object.entries(selectors)) {
    test.each(patterns)(`${theme}: %s`, (pattern) => {
      expect(declarations(pattern.exec(css)?.[1] ?? "")).toEqual(lowered(colours[theme as ThemeName]));
    });
  }

  test("forced colours name every token", () => {
    const block = /forced-colors: active\) \{[^{]*\{([^}]*)\}/.exec(css)?.[1] ?? "";
    const named = [...block.matchAll(/--([\w-]+):/g)].map((match) => match[1]);
    expect(named).toEqual(Object.keys(colours.light));
  });

  test("spacing and type steps", () => {
    expect(spacing.map((px, index) => `--s${index + 1}: ${px}px;`).filter((line) => !css.includes(line))).toEqual([]);
    expect(typeSizes.map((px, index) => `--t${index}: ${px}px;`).filter((line) => !css.includes(line))).toEqual([]);
  });
});

describe.each(["light", "dark", "contrast"] as const)("contrast, %s", (theme) => {
  const palette = colours[theme];

  test.each(["ink", "ink-2", "line", ...meaningColours] as const)(
    "%s is text on page and surface: 4.5 or more",
    (token) => {
      // `line` is used for text on the page only (faded rows); on a surface it is a mark.
      expect(contrast(palette[token], palette.page)).toBeGreaterThanOrEqual(4.49);
      expect(contrast(palette[token], palette.surface)).toBeGreaterThanOrEqual(token === "line" ? 3 : 4.49);
    },
  );

  test.each(["edge", "cell-edge", ...meaningColours] as const)(
    "%s is a mark: 3 or more on page, surface and raised",
    (token) => {
      expect(contrast(palette[token], palette.page)).toBeGreaterThanOrEqual(3);
      expect(contrast(palette[token], palette.surface)).toBeGreaterThanOrEqual(3);
      if (token !== "edge") expect(contrast(palette[token], palette.raised)).toBeGreaterThanOrEqual(3);
    },
  );

  test("text on filled things: 4.5 or more", () => {
    expect(contrast(palette["cell-ink"], palette.cell)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(palette["on-accent"], palette.accent)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(palette.loss, palette["loss-tint"])).toBeGreaterThanOrEqual(4.5);
    for (const ground of ["raised", "select"] as const) {
      expect(contrast(palette.ink, palette[ground])).toBeGreaterThanOrEqual(4.5);
      expect(contrast(palette["ink-2"], palette[ground])).toBeGreaterThanOrEqual(4.5);
    }
  });
});

describe.each(["light", "dark"] as const)("distance between families, %s", (theme) => {
  test.each(Object.keys(sight))("CIEDE2000 of 13 or more for %s sight", (name) => {
    const see = sight[name] as readonly [Triple, Triple, Triple];
    const labs = meaningColours.map((token) => [token, toLab(apply(see, linear(colours[theme][token])))] as const);
    const near: string[] = [];
    for (const [index, [first, a]] of labs.entries()) {
      for (const [second, b] of labs.slice(index + 1)) {
        const distance = ciede2000(a, b);
        if (distance < 13) near.push(`${first} and ${second}: ${distance.toFixed(1)}`);
      }
    }
    expect(near).toEqual([]);
  });
});

test("CIEDE2000 agrees with published pairs", () => {
  expect(ciede2000([50, 2.6772, -79.7751], [50, 0, -82.7485])).toBeCloseTo(2.0425, 4);
  expect(ciede2000([50, 2.5, 0], [50, 0, -2.5])).toBeCloseTo(4.3065, 4);
  expect(ciede2000([50, 2.5, 0], [73, 25, -18])).toBeCloseTo(27.1492, 4);
  expect(ciede2000([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387])).toBeCloseTo(1.2644, 4);
  expect(ciede2000([2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514])).toBeCloseTo(0.9082, 4);
});

function declarations(block: string): Record<string, string> {
  const pairs = [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)];
  return Object.fromEntries(pairs.map((match) => [match[1], match[2]]));
}

function lowered(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value.toLowerCase()]));
}

function linear(hex: string): Triple {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function contrast(first: string, second: string): number {
  const luminance = (hex: string) => dot([0.2126, 0.7152, 0.0722], linear(hex));
  const [light, dark] = [luminance(first), luminance(second)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function dot(a: Triple, b: Triple): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function apply(matrix: readonly [Triple, Triple, Triple], colour: Triple): Triple {
  return [dot(matrix[0], colour), dot(matrix[1], colour), dot(matrix[2], colour)];
}

/** Linear sRGB to CIE Lab under D65. A simulated colour may leave the gamut by a hair and is clipped. */
function toLab(rgb: Triple): Triple {
  const inside = rgb.map((value) => Math.min(1, Math.max(0, value))) as unknown as Triple;
  const x = dot([0.4124564, 0.3575761, 0.1804375], inside) / 0.95047;
  const y = dot([0.2126729, 0.7151522, 0.072175], inside);
  const z = dot([0.0193339, 0.119192, 0.9503041], inside) / 1.08883;
  const f = (value: number) => (value > 216 / 24389 ? Math.cbrt(value) : (841 / 108) * value + 4 / 29);
  return [116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))];
}

function ciede2000([l1, a1, b1]: Triple, [l2, a2, b2]: Triple): number {
  const rad = Math.PI / 180;
  const meanC = (Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2;
  const g = 0.5 * (1 - Math.sqrt(meanC ** 7 / (meanC ** 7 + 25 ** 7)));
  const c1 = Math.hypot(a1 * (1 + g), b1);
  const c2 = Math.hypot(a2 * (1 + g), b2);
  const hue = (a: number, b: number) => (a === 0 && b === 0 ? 0 : (Math.atan2(b, a) / rad + 360) % 360);
  const h1 = hue(a1 * (1 + g), b1);
  const h2 = hue(a2 * (1 + g), b2);
  const apart = c1 * c2 === 0 ? 0 : ((h2 - h1 + 540) % 360) - 180;
  const dL = l2 - l1;
  const dC = c2 - c1;
  const dH = 2 * Math.sqrt(c1 * c2) * Math.sin((apart / 2) * rad);
  const meanL = (l1 + l2) / 2;
  const meanCp = (c1 + c2) / 2;
  const meanH = c1 * c2 === 0 ? h1 + h2 : (h1 + apart / 2 + 360) % 360;
  const t =
    1 -
    0.17 * Math.cos((meanH - 30) * rad) +
    0.24 * Math.cos(2 * meanH * rad) +
    0.32 * Math.cos((3 * meanH + 6) * rad) -
    0.2 * Math.cos((4 * meanH - 63) * rad);
  const sL = 1 + (0.015 * (meanL - 50) ** 2) / Math.sqrt(20 + (meanL - 50) ** 2);
  const sC = 1 + 0.045 * meanCp;
  const sH = 1 + 0.015 * meanCp * t;
  const turn = 30 * Math.exp(-(((meanH - 275) / 25) ** 2));
  const rT = -2 * Math.sqrt(meanCp ** 7 / (meanCp ** 7 + 25 ** 7)) * Math.sin(2 * turn * rad);
  return Math.sqrt((dL / sL) ** 2 + (dC / sC) ** 2 + (dH / sH) ** 2 + rT * (dC / sC) * (dH / sH));
}
