/**
 * Bundles TypeScript into one file that Node can run: the CLI, and single scripts such as the benchmark.
 * Node 20 cannot run TypeScript itself.
 */
import { build } from "esbuild";
import { cliBundle, root } from "./files.mjs";
import { modelVersion } from "./model-version.mjs";
import { scenariosForEsbuild } from "./scenarios.mjs";

/**
 * @param {string} entry path of the TypeScript file, relative to the root
 * @param {string} outfile absolute path of the bundle
 * @param {{ withPackages: boolean }} options whether node_modules go into the bundle (starts faster) or stay imports
 */
export async function bundle(entry, outfile, { withPackages }) {
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: withPackages ? "bundle" : "external",
    sourcemap: "linked",
    sourcesContent: false,
    logLevel: "error",
    loader: { ".md": "text", ".txt": "text", ".yaml": "text" },
    define: { __MODEL_VERSION__: JSON.stringify(modelVersion()) },
    plugins: [scenariosForEsbuild()],
    // CommonJS packages inside an ES module still ask for `require`.
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
  });
}

/** Builds the CLI into .cache/. */
export function bundleCli() {
  return bundle("src/cli/main.ts", cliBundle, { withPackages: true });
}
