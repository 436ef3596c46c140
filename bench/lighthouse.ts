/**
 * Runs Lighthouse (mobile, simulated throttling) on the built page, several times, and prints each run and the median:
 *
 *   npm run lighthouse -- [runs] [folder]      3 runs of dist/ by default
 *
 * Lighthouse is not among the packages, since it brings two hundred of its own: `npx` fetches it, or LIGHTHOUSE names its
 * cli/index.js. Simulated throttling takes the times of this machine times four, so a busy machine says less than it could.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { serveDist } from "../test/browser/support/server.ts";
import { findBrowser } from "../tools/browsers.mjs";
import { median } from "./report.ts";

const pages = ["", "#/lab/first-failover"];
const categories = ["performance", "accessibility", "best-practices", "seo"];
const times = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "speed-index"];
const columns = [...categories, "FCP", "LCP", "TBT", "SI"];

interface Report {
  readonly categories: Readonly<Record<string, { readonly score: number }>>;
  readonly audits: Readonly<Record<string, { readonly numericValue: number }>>;
}

const runs = Number(process.argv[2] ?? 3);
const server = await serveDist({ dist: resolve(process.argv[3] ?? "dist") });
const reports = await mkdtemp(join(tmpdir(), "lighthouse-"));
for (const page of pages) {
  const found: number[][] = [];
  for (let run = 1; run <= runs; run += 1) {
    const values = await measure(`${server.url}${page}`, join(reports, `${found.length}.json`));
    found.push(values);
    console.log(row(page, `${run}`, values));
  }
  const medians = columns.map((_, n) => median(found.map((values) => values[n] ?? 0)));
  console.log(row(page, "median", medians));
}
await server.close();

/** Scores (0 to 100) and times (ms) of one run. */
async function measure(url: string, report: string): Promise<number[]> {
  const { LIGHTHOUSE } = process.env;
  const [command, ...first] =
    LIGHTHOUSE === undefined ? ["npx", "--yes", "lighthouse@12.8.2"] : [process.execPath, LIGHTHOUSE];
  const flags = ["--quiet", "--output=json", `--output-path=${report}`, "--throttling-method=simulate"];
  const chrome = "--chrome-flags=--headless=new --no-sandbox --disable-background-networking";
  const child = spawn(command as string, [...first, url, ...flags, chrome], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, CHROME_PATH: findBrowser("chromium") },
  });
  await new Promise((done) => child.on("exit", done));
  const { categories: scores, audits } = JSON.parse(readFileSync(report, "utf8")) as Report;
  return [
    ...categories.map((name) => (scores[name]?.score ?? 0) * 100),
    ...times.map((name) => audits[name]?.numericValue ?? Number.NaN),
  ];
}

function row(page: string, run: string, values: readonly number[]): string {
  const words = values.map((value, n) => `${columns[n]} ${Math.round(value)}`);
  return `${`/${page}`.padEnd(22)} ${run.padEnd(7)} ${words.join(", ")}   (load ${loadavg()[0]?.toFixed(1)})`;
}
