/**
 * The model version: a short hash of the code that decides what a run does. A link carries it, so a page
 * can say that the model has changed since the link was made. Shared by the page and the CLI, because both
 * must print the same value for the same sources.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { filesUnder, root } from "./files.mjs";

/**
 * Hash of the sorted paths and contents of all source files under src/sim.
 * Line endings do not count: a checkout on Windows computes the same runs.
 * @returns {string} ten hexadecimal digits
 */
export function modelVersion() {
  const hash = createHash("sha256");
  for (const path of filesUnder("src/sim")) {
    if (!/\.(ts|json)$/.test(path) || path.endsWith("tsconfig.json")) continue;
    const text = readFileSync(join(root, path), "utf8").replaceAll("\r\n", "\n");
    hash.update(`${path}\0${text}\0`);
  }
  return hash.digest("hex").slice(0, 10);
}
