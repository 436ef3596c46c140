/**
 * The linter's bans under src/sim really fire. A rule that silently stopped working would let in what makes
 * two browsers compute two different runs.
 *
 * Method: a copy of the linter's configuration in a temporary folder, with one file for each probe.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { root } from "../tools/files.mjs";

const banned = [
  "export const x = Math.log(2);",
  "export const x = Math.exp(2);",
  "export const x = Math.pow(2, 3);",
  "export const x = Math.sin(2);",
  "export const x = Math.cos(2);",
  "export const x = Math.tan(2);",
  "export const x = 2 ** 3;",
  "let x = 2;\nx **= 3;\nexport { x };",
  "export const x = Math.random();",
  'export const x = "a".localeCompare("b");',
  "export const x = Date.now();",
  "export const x = new Date();",
  "export const x = performance.now();",
  "setTimeout(() => {}, 1);",
  "setInterval(() => {}, 1);",
  "requestAnimationFrame(() => {});",
  'export const x = fetch("a");',
  "export const x = window.name;",
  "export const x = document.title;",
];
const allowed = ["export const x = Math.floor(7 / 2) + Math.max(1, 2) * Math.imul(3, 4) - 2 * 3;"];
const allowedOnThePage = "export const x = Date.now() + Math.random() + Math.log(2);";

const folder = mkdtempSync(join(tmpdir(), "faultline-lint-"));
afterAll(() => rmSync(folder, { recursive: true }));

const probes = [...banned, ...allowed].map((code, index) => ({ code, path: `src/sim/engine/probe${index}.ts` }));
const complaints = lint([...probes, { code: allowedOnThePage, path: "src/ui/player/probe.ts" }]);

/** Writes the files, lints them in one go, and returns the complaints as lines that name the file. */
function lint(files: readonly { code: string; path: string }[]): string[] {
  cpSync(join(root, "tools/biome"), join(folder, "tools/biome"), { recursive: true });
  const config = JSON.parse(readFileSync(join(root, "biome.json"), "utf8"));
  writeFileSync(join(folder, "biome.json"), JSON.stringify({ ...config, $schema: undefined, vcs: undefined }));
  for (const { path, code } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `${code}\n`);
  }
  const { stdout } = spawnSync(
    process.execPath,
    [join(root, "node_modules/@biomejs/biome/bin/biome"), "lint", "--reporter=github", "--max-diagnostics=none", "."],
    { cwd: folder, encoding: "utf8" },
  );
  return stdout.split("\n").filter((line) => line.startsWith("::error"));
}

const about = (path: string) => complaints.filter((line) => line.includes(`/${path},`) || line.includes(`=${path},`));

test.each(probes.slice(0, banned.length))("under src/sim this is refused: $code", ({ path }) => {
  expect(about(path)).toEqual([expect.stringMatching(/title=(plugin|lint\/style\/noRestrictedGlobals),/)]);
});

test.each(probes.slice(banned.length))("under src/sim this passes: $code", ({ path }) => {
  expect(about(path)).toEqual([]);
});

test("the page may look at the clock and use any number", () => {
  expect(about("src/ui/player/probe.ts")).toEqual([]);
});
