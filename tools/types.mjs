/** Type-checks every layer with its own tsconfig, two at a time, and fails if one of them has errors. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "./files.mjs";

const layers = [".", "src/sim", "src/conformance", "src/cli", "src/ui", "test", "bench"];
const asked = process.argv.length > 2 ? process.argv.slice(2) : layers;

/**
 * @param {string} layer
 * @returns {Promise<{ layer: string, code: number, output: string }>}
 */
function check(layer) {
  return new Promise((resolve) => {
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const child = spawn(process.execPath, [tsc, "-p", layer, "--pretty", "false"], { cwd: root });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.on("close", (code) => resolve({ layer, code: code ?? 1, output }));
  });
}

// An error in a file that several layers import is reported once.
const lines = new Set();
let failed = false;
const waiting = asked.filter((layer) => existsSync(join(root, layer, "tsconfig.json")));
await Promise.all(
  [1, 2].map(async () => {
    for (let layer = waiting.shift(); layer !== undefined; layer = waiting.shift()) {
      const result = await check(layer);
      // TS18003: a layer without files has nothing to check yet.
      if (result.code === 0 || result.output.includes("error TS18003")) continue;
      failed = true;
      for (const line of result.output.split("\n")) if (line !== "") lines.add(line);
    }
  }),
);
if (failed) {
  console.log([...lines].join("\n"));
  process.exit(1);
}
