/**
 * The built-in scenarios as modules. The files are parsed while building, so the YAML parser (30 kB) stays
 * out of the first page. Virtual modules:
 *
 *   virtual:scenarios          builtInScenarios: {id, data}[], the parsed files
 *   virtual:scenario-sources   scenarioSources: {id, text}[], the files as written, for the editor
 *   virtual:scenario-cards     scenarioCards: what the gallery says of each; small, so that the first page can have it
 *   virtual:scenario-loaders   loadScenario: id → how to load that one file's data, each in a chunk of its own
 *   virtual:scenario/<id>      data, the parsed file
 *
 * The same module texts serve Vite (page, tests) and esbuild (CLI, benchmarks).
 */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { filesUnder, root } from "./files.mjs";

const names = ["virtual:scenarios", "virtual:scenario-sources", "virtual:scenario-cards", "virtual:scenario-loaders"];
const one = "virtual:scenario/";

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
 * What the gallery shows of a scenario, without its run.
 * @param {{ id: string, data: any }} scenario
 */
function cardOf({ id, data }) {
  const { title, summary, lesson } = data;
  const { number, module, order, level, minutes, goal, tags, paths, next } = lesson ?? {};
  return {
    id,
    title,
    summary,
    number,
    module,
    order,
    level,
    minutes,
    goal,
    tags,
    paths,
    next,
    isLab: lesson !== undefined,
  };
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
  if (name.startsWith(one)) {
    const file = files.find(({ path }) => basename(path, ".yaml") === name.slice(one.length));
    if (file === undefined) throw new Error(`there is no ${name}`);
    return `export const data = JSON.parse(${JSON.stringify(JSON.stringify(compileScenario(file.path, file.text).data))});\n`;
  }
  if (name === "virtual:scenario-cards") {
    const cards = files.map(({ path, text }) => cardOf(compileScenario(path, text)));
    return `export const scenarioCards = JSON.parse(${JSON.stringify(JSON.stringify(cards))});\n`;
  }
  if (name === "virtual:scenario-loaders") {
    const lines = files.map(({ path }) => {
      const id = JSON.stringify(basename(path, ".yaml"));
      return `  ${id}: async () => (await import(${JSON.stringify(one + basename(path, ".yaml"))})).data,`;
    });
    return `export const loadScenario = {\n${lines.join("\n")}\n};\n`;
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
    resolveId: (id) => (names.includes(id) || id.startsWith(one) ? `\0${id}` : null),
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
