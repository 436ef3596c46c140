/**
 * The service worker of a build: lists the files that were written, and bundles src/ui/app/offline/worker.ts with that list
 * into sw.js beside the page. Every address is relative, so that it works under any path of any server.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { root } from "./files.mjs";

/** What the page can ask for. Other files (robots.txt, source maps) are nothing to keep. */
const kept = /\.(html|js|css|svg|png|json|webmanifest)$/;
/** Vite writes a hash into these names. */
const hashed = /^assets\/.*-[\w-]{8}\.\w+$/;

/**
 * @param {string} folder absolute path of a build
 * @returns {{ url: string, revision: string | null, gzipBytes: number }[]}
 */
export function filesToKeep(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && kept.test(entry.name) && entry.name !== "sw.js")
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort()
    .map((url) => {
      const content = readFileSync(join(folder, url));
      const revision = hashed.test(url) ? null : createHash("sha256").update(content).digest("hex").slice(0, 16);
      return { url, revision, gzipBytes: gzipSync(content).length };
    });
}

/**
 * Writes sw.js into a build.
 * @param {string} folder absolute path of a build
 */
export async function writeServiceWorker(folder) {
  const files = filesToKeep(folder);
  const list = files.map(({ url, revision }) => ({ url, revision }));
  await build({
    absWorkingDir: root,
    entryPoints: ["src/ui/app/offline/worker.ts"],
    outfile: join(folder, "sw.js"),
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    logLevel: "error",
    define: { __PRECACHE__: JSON.stringify(list), "process.env.NODE_ENV": '"production"' },
  });
  return files;
}

/**
 * Runs after everything is written, so that the list is what lies there.
 * @returns {import("vite").Plugin}
 */
export function serviceWorker() {
  let folder = "";
  return {
    name: "faultline-offline",
    apply: "build",
    enforce: "post",
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    closeBundle: {
      order: "post",
      sequential: true,
      async handler() {
        const files = await writeServiceWorker(folder);
        const total = files.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0);
        console.log(`sw.js keeps ${files.length} files, ${(total / 1000).toFixed(0)} kB gzip`);
      },
    },
  };
}
