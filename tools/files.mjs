/** Small helpers for the tools: where the repository is, and the files below a folder. */
import { readdirSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** Absolute path of the repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * All files below a folder of the repository, as sorted paths relative to the root with forward slashes.
 * A folder that does not exist has no files.
 * @param {string} folder
 * @returns {string[]}
 */
export function filesUnder(folder) {
  const start = join(root, folder);
  if (!statSync(start, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(start, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

/**
 * The latest moment at which something below a folder was changed, added or removed.
 * @param {string} folder
 * @returns {number} milliseconds; 0 if the folder does not exist
 */
export function newestChange(folder) {
  const start = join(root, folder);
  const own = statSync(start, { throwIfNoEntry: false });
  if (own === undefined) return 0;
  if (!own.isDirectory()) return own.mtimeMs;
  let newest = own.mtimeMs;
  for (const entry of readdirSync(start, { recursive: true, withFileTypes: true })) {
    newest = Math.max(newest, statSync(join(entry.parentPath, entry.name)).mtimeMs);
  }
  return newest;
}

/** Where the bundled CLI lies. */
export const cliBundle = join(root, ".cache/faultline.mjs");

/** Folders and files whose change makes the bundled CLI old. */
export const cliSources = ["src/sim", "src/conformance", "src/cli", "scenarios", "tools", "package-lock.json"];
