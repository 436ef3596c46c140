import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { bundle } from "./tools/bundle.mjs";
import { chunkGroups } from "./tools/chunks.mjs";
import { root } from "./tools/files.mjs";
import { modelVersion } from "./tools/model-version.mjs";
import { serviceWorker } from "./tools/offline.mjs";
import { scenariosForVite } from "./tools/scenarios.mjs";

/**
 * Scripts come from our own files only, so a scenario pasted by a learner can never run as code. Styles may be
 * inline: drawing sets them, and the code editor brings its own. Only in the build: the development server
 * works with inline scripts.
 */
function contentSecurityPolicy(): Plugin {
  const policy = [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return {
    name: "faultline-csp",
    apply: "build",
    transformIndexHtml: () => [
      { tag: "meta", attrs: { "http-equiv": "Content-Security-Policy", content: policy }, injectTo: "head-prepend" },
    ],
  };
}

/**
 * Heading, button and a still of the cluster in the HTML itself, so that the first paint waits for no script. The live page
 * draws over it. `node tools/still.mjs` makes the still.
 */
function firstPage(): Plugin {
  const read = (name: string) => readFileSync(new URL(`./src/ui/app/home/${name}`, import.meta.url), "utf8").trim();
  return {
    name: "faultline-first-page",
    transformIndexHtml: (html) => {
      const page = read("first-page.html").replace("<!--still-->", () => read("still.svg"));
      return html.replace("<!--first-page-->", () => page);
    },
  };
}

/**
 * The first seconds of the first page, computed by the simulator while building and put into the HTML as data: the cluster
 * moves before the simulator has loaded, and the simulator goes on from there.
 */
function firstReel(): Plugin {
  const record = async () => {
    const outfile = join(root, ".cache/record-reel.mjs");
    await bundle("src/ui/app/home/record.ts", outfile, { withPackages: false });
    const { recordReel } = await import(`${pathToFileURL(outfile).href}?${Date.now()}`);
    const reel = await recordReel();
    return { caption: String(reel.first.caption), json: JSON.stringify(reel).replaceAll("<", "\\u003c") };
  };
  return {
    name: "faultline-first-reel",
    apply: "build",
    transformIndexHtml: async (html) => {
      const { caption, json } = await record();
      const escaped = caption.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
      return {
        html: html.replace("<!--caption-->", () => escaped),
        tags: [{ tag: "script", attrs: { type: "application/json", id: "reel" }, children: json, injectTo: "body" }],
      };
    },
  };
}

/**
 * Names in the page the scripts that the first page fetches when it is idle: those of the simulator, and the data of the lab
 * that it plays (src/ui/app/home/later.ts).
 */
function laterScripts(): Plugin {
  const roots = ["src/ui/app/home/LiveStage.tsx", "virtual:scenario/first-failover"];
  return {
    name: "faultline-later",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (html, { bundle = {} }) => {
        const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
        const later = new Set<string>();
        for (const root of roots) {
          const chunk = chunks.find(({ facadeModuleId }) => facadeModuleId?.includes(root));
          if (chunk === undefined) throw new Error(`no script of the build begins with ${root}`);
          for (const file of [chunk.fileName, ...chunk.imports]) if (!html.includes(file)) later.add(`./${file}`);
        }
        return [{ tag: "meta", attrs: { name: "faultline-later", content: [...later].join(" ") }, injectTo: "head" }];
      },
    },
  };
}

export default defineConfig({
  // Relative addresses: the built page works under any path of any server.
  base: "./",
  plugins: [
    react(),
    scenariosForVite(),
    firstPage(),
    firstReel(),
    laterScripts(),
    contentSecurityPolicy(),
    serviceWorker(),
  ],
  define: { __MODEL_VERSION__: JSON.stringify(modelVersion()) },
  css: { modules: { localsConvention: "camelCase" } },
  server: { host: "127.0.0.1" },
  preview: { host: "127.0.0.1" },
  build: {
    target: "es2023",
    // Files as files: an image turned into a data address would be loaded with the first script.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 400,
    rolldownOptions: {
      output: {
        codeSplitting: { groups: chunkGroups() },
      },
    },
  },
});
