/**
 * Runs one TypeScript file in Node: `node tools/run-ts.mjs bench/run.ts [arguments]`.
 * The bundle lies in .cache/, so a script finds files by process.cwd() (the root), not by import.meta.url.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundle } from "./bundle.mjs";
import { root } from "./files.mjs";

const [entry] = process.argv.splice(2, 1);
if (entry === undefined || !existsSync(join(root, entry))) {
  console.error(entry === undefined ? "usage: node tools/run-ts.mjs <file.ts> [arguments]" : `${entry}: no such file`);
  process.exit(2);
}
const outfile = join(root, ".cache/run", `${entry.replaceAll("/", "-").replace(/\.ts$/, "")}.mjs`);
await bundle(entry, outfile, { withPackages: false });
process.chdir(root);
process.setSourceMapsEnabled(true);
await import(pathToFileURL(outfile).href);
