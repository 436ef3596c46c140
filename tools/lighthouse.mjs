/**
 * Runs Lighthouse (mobile, simulated throttling) on the built page, several times, and prints each run and the median:
 *
 *   node tools/lighthouse.mjs [runs] [folder]      3 runs of dist/ by default
 *
 * Lighthouse is not among the packages, since it brings two hundred of its own: `npx` fetches it, or LIGHTHOUSE names its
 * cli/index.js. Simulated throttling takes the times of this machine times four, so a busy machine says less than it could.
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { createServer } from "node:http";
import { loadavg, tmpdir } from "node:os";
import { extname, join, normalize, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { findBrowser } from "./browsers.mjs";

const pages = ["", "#/lab/first-failover"];
const categories = ["performance", "accessibility", "best-practices", "seo"];
const times = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "speed-index"];
const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

const runs = Number(process.argv[2] ?? 3);
const folder = resolve(process.argv[3] ?? "dist");
if (!existsSync(join(folder, "index.html"))) throw new Error(`${folder} holds no build: run \`npm run build\` first`);

/** A server that compresses, as a real one does. */
const server = createServer((request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname));
  const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
  if (!file.startsWith(folder) || !existsSync(file)) return response.writeHead(404).end();
  const type = types[/** @type {keyof typeof types} */ (extname(file))] ?? "text/plain";
  response.writeHead(200, { "content-type": `${type}; charset=utf-8`, "content-encoding": "gzip" });
  response.end(gzipSync(readFileSync(file)));
});
await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
const address = /** @type {import("node:net").AddressInfo} */ (server.address());
const reports = await mkdtemp(join(tmpdir(), "lighthouse-"));

for (const page of pages) {
  /** @type {number[][]} */
  const found = [];
  for (let run = 1; run <= runs; run += 1) {
    const result = await measure(`http://127.0.0.1:${address.port}/${page}`, join(reports, `${found.length}.json`));
    found.push(result);
    console.log(row(`/${page}`, `${run}`, result));
  }
  console.log(
    row(
      `/${page}`,
      "median",
      [...categories, ...times].map((_, n) => median(found.map((one) => one[n] ?? 0))),
    ),
  );
}
server.close();

/**
 * Scores (0 to 100) and times (ms) of one run.
 * @param {string} url
 * @param {string} report
 * @returns {Promise<number[]>}
 */
async function measure(url, report) {
  const { LIGHTHOUSE } = process.env;
  const [command, ...first] =
    LIGHTHOUSE === undefined ? ["npx", "--yes", "lighthouse@12.8.2"] : [process.execPath, LIGHTHOUSE];
  const flags = ["--quiet", "--output=json", `--output-path=${report}`, "--throttling-method=simulate"];
  const chrome = "--chrome-flags=--headless=new --no-sandbox --disable-background-networking";
  const child = spawn(command ?? "npx", [...first, url, ...flags, chrome], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, CHROME_PATH: findBrowser("chromium") },
  });
  await new Promise((done) => child.on("exit", done));
  const { categories: scores, audits } = JSON.parse(readFileSync(report, "utf8"));
  return [...categories.map((name) => scores[name].score * 100), ...times.map((name) => audits[name].numericValue)];
}

/** @param {number[]} values */
function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** @param {string} page @param {string} run @param {number[]} values */
function row(page, run, values) {
  const names = [...categories, "FCP", "LCP", "TBT", "SI"];
  const words = values.map((value, n) => `${names[n]} ${Math.round(value)}`);
  return `${page.padEnd(22)} ${run.padEnd(7)} ${words.join(", ")}   (load ${loadavg()[0]?.toFixed(1)})`;
}
