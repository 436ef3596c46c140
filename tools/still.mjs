/**
 * Draws the still of the first page: the cluster that stands in the HTML until the live one has loaded. Run it after a
 * build, when the drawing of the canvas has changed: `node tools/still.mjs`. Writes src/ui/app/home/still.svg.
 *
 * Colours are written as tokens, so that the still follows the theme without any style sheet of the canvas.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { preview } from "vite";
import { findBrowser } from "./browsers.mjs";
import { root } from "./files.mjs";

const server = await preview({ root, preview: { port: 0 }, logLevel: "error" });
const address = server.httpServer.address();
const port = typeof address === "object" && address !== null ? address.port : 0;
const browser = await chromium.launch({
  executablePath: findBrowser("chromium") ?? "chromium",
  args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
});
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
  await page.goto(`http://127.0.0.1:${port}/`);
  await page.waitForSelector("[data-thing^=broker]");
  await page.waitForTimeout(1000);
  const svg = await page.evaluate(plainCanvas);
  writeFileSync(join(root, "src/ui/app/home/still.svg"), `${svg}\n`);
  console.log(`still.svg: ${svg.length} bytes`);
} finally {
  await browser.close();
  await server.close();
}

/** In the page: the canvas with what its style sheet says written into it. */
function plainCanvas() {
  const canvas = document.querySelector("svg[role=group]");
  if (canvas === null) throw new Error("the page has no canvas");
  const style = getComputedStyle(document.documentElement);
  const tokens = [
    "page",
    "surface",
    "raised",
    "ink",
    "ink-2",
    "line",
    "edge",
    "hair",
    "track",
    "dot",
    "cell",
    "cell-ink",
    "cell-edge",
    "produce",
    "fetch",
    "replica",
    "control",
    "group",
  ];
  const byColour = new Map();
  const probe = document.body.appendChild(document.createElement("i"));
  for (const name of tokens.reverse()) {
    probe.style.color = style.getPropertyValue(`--${name}`);
    byColour.set(getComputedStyle(probe).color, `var(--${name})`);
  }
  probe.remove();
  /** @param {string} value */
  const colour = (value) => byColour.get(value) ?? value;
  /** @param {string} value */
  const round = (value) => value.replace(/\d+\.\d{2,}/g, (number) => String(Math.round(Number(number) * 10) / 10));

  /**
   * @param {Element} element
   * @returns {string}
   */
  const copy = (element) => {
    const computed = getComputedStyle(element);
    if (computed.display === "none" || computed.opacity === "0" || computed.visibility === "hidden") return "";
    if (["title", "desc", "defs", "pattern"].includes(element.tagName)) return "";
    const drawn = ["rect", "path", "circle", "ellipse", "line", "text", "tspan", "polygon", "polyline"].includes(
      element.tagName,
    );
    const attributes = [];
    for (const { name, value } of element.attributes) {
      if (
        [
          "x",
          "y",
          "width",
          "height",
          "rx",
          "ry",
          "cx",
          "cy",
          "r",
          "d",
          "transform",
          "x1",
          "x2",
          "y1",
          "y2",
          "points",
          "text-anchor",
          "viewBox",
        ].includes(name)
      )
        attributes.push(`${name}="${round(value)}"`);
    }
    if (drawn) {
      const isWords = ["text", "tspan"].includes(element.tagName);
      const parts = [];
      if (computed.fill.startsWith("url")) return "";
      const hasFill = computed.fill !== "none" && computed.fill !== "rgba(0, 0, 0, 0)";
      const hasStroke = computed.stroke !== "none" && computed.stroke !== "rgba(0, 0, 0, 0)";
      if (!hasFill && !hasStroke) return "";
      parts.push(`fill:${hasFill ? colour(computed.fill) : "none"}`);
      if (hasStroke) {
        parts.push(`stroke:${colour(computed.stroke)}`, `stroke-width:${Number.parseFloat(computed.strokeWidth)}`);
        if (computed.strokeDasharray !== "none")
          parts.push(`stroke-dasharray:${computed.strokeDasharray.replaceAll("px", "")}`);
      }
      if (isWords) {
        const family = computed.fontFamily.includes("mono") ? "var(--mono)" : "var(--ui)";
        parts.push(`font:${computed.fontWeight} ${computed.fontSize} ${family}`);
        if (computed.textAnchor !== "start") parts.push(`text-anchor:${computed.textAnchor}`);
      }
      attributes.push(`style="${parts.join(";").replaceAll('"', "'")}"`);
    }
    const inner = [...element.childNodes]
      .map((child) =>
        child.nodeType === Node.TEXT_NODE
          ? (child.textContent ?? "").replaceAll("&", "&amp;").replaceAll("<", "&lt;")
          : child instanceof Element
            ? copy(child)
            : "",
      )
      .join("");
    if (element.tagName === "g" && inner === "") return "";
    if (element.tagName === "g" && attributes.length === 0) return inner;
    const all = attributes.length === 0 ? "" : ` ${attributes.join(" ")}`;
    return inner === "" ? `<${element.tagName}${all}/>` : `<${element.tagName}${all}>${inner}</${element.tagName}>`;
  };
  const body = [...canvas.children].map(copy).join("");
  const box = canvas.getAttribute("viewBox");
  const [, , width, height] = (box ?? "").split(" ");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" width="${width}" height="${height}" aria-hidden="true">${body}</svg>`;
}
