/**
 * `npm run -s faultline -- <command>`: runs the bundled CLI, after building it again if a source is newer.
 * Looking at the times takes a few milliseconds; esbuild is loaded only when needed.
 */
import { statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { cliBundle, cliSources, newestChange } from "./files.mjs";

const builtAt = statSync(cliBundle, { throwIfNoEntry: false })?.mtimeMs ?? 0;
if (cliSources.some((source) => newestChange(source) > builtAt)) {
  const { bundleCli } = await import("./bundle.mjs");
  await bundleCli();
}
await import(pathToFileURL(cliBundle).href);
