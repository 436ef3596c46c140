/**
 * The built-in scenarios as modules. The files are parsed while building, so the YAML parser (30 kB) stays
 * out of the first page. Two virtual modules:
 *
 *   virtual:scenarios          builtInScenarios: {id, data}[], the parsed files
 *   virtual:scenario-sources   scenarioSources: {id, text}[], the files as written, for the editor
 *
 * The same module texts serve Vite (page, tests) and esbuild (CLI, benchmarks).
 */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { filesUnder, root } from "./files.mjs";

const names = ["virtual:scenarios", "virtual:scenario-sources"];

/**
 * Reads one scenario file. The only place where a built-in file becomes data.
 * @param {string} path relative to the root
 * @param {string} text
 * @returns {{ id: string, data: unknown }}
 */
function compileScenario(path, text) {
  const id = basename(path, ".yaml");
  try {
    return { id, data: parse(text) };
  } catch (cause) {
    throw new Error(`${path}: not readable as YAML`, { cause });
  }
}

function scenarioFiles() {
  return filesUnder("scenarios")
    .filter((path) => path.endsWith(".yaml"))
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

/**
 * Source text of one of the virtual modules. JSON.parse of a string is read faster than an object literal.
 * @param {string} name
 * @returns {string}
 */
function moduleText(name) {
  const files = scenarioFiles();
  if (name === "virtual:scenarios") {
    const data = files.map(({ path, text }) => compileScenario(path, text));
    return `export const builtInScenarios = JSON.parse(${JSON.stringify(JSON.stringify(data))});\n`;
  }
  const sources = files.map(({ path, text }) => ({ id: basename(path, ".yaml"), text }));
  return `export const scenarioSources = JSON.parse(${JSON.stringify(JSON.stringify(sources))});\n`;
}

/**
 * For Vite and Vitest. In development a changed scenario reloads the page.
 * @returns {import("vite").Plugin}
 */
export function scenariosForVite() {
  return {
    name: "faultline-scenarios",
    resolveId: (id) => (names.includes(id) ? `\0${id}` : null),
    load(id) {
      if (!id.startsWith("\0virtual:scenario")) return null;
      for (const { path } of scenarioFiles()) this.addWatchFile(join(root, path));
      return moduleText(id.slice(1));
    },
  };
}

/**
 * For esbuild.
 * @returns {import("esbuild").Plugin}
 */
export function scenariosForEsbuild() {
  return {
    name: "faultline-scenarios",
    setup(build) {
      build.onResolve({ filter: /^virtual:scenario/ }, ({ path }) => ({ path, namespace: "scenarios" }));
      build.onLoad({ filter: /.*/, namespace: "scenarios" }, ({ path }) => ({ contents: moduleText(path) }));
    },
  };
}
