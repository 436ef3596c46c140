/**
 * A tiny server for the built page, on this machine only. It can serve under a sub-path, as GitHub Pages does,
 * and counts the bytes it sends the way a real server would send them (scripts and styles compressed).
 */
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, resolve } from "node:path";
import { gzipSync } from "node:zlib";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".json": "application/json",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
};

export interface SentFile {
  /** Path below the served folder, such as "assets/index-abc.js". */
  readonly path: string;
  readonly gzipBytes: number;
}

export interface DistServer {
  /** Address of the page, ending in a slash. */
  readonly url: string;
  /** Every file sent so far, in order. */
  readonly sent: readonly SentFile[];
  close(): Promise<void>;
}

/** The build that is tested: dist/, or the folder that FAULTLINE_DIST names. */
export const builtPage = resolve(process.env.FAULTLINE_DIST ?? "dist");

/** Serves a build at a free port. `basePath` starts and ends with a slash. */
export async function serveDist({ basePath = "/", dist = builtPage } = {}): Promise<DistServer> {
  if (!existsSync(join(dist, "index.html"))) throw new Error("dist/ is missing: run `npm run build` first");

  const sent: SentFile[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    const below = normalize(path.slice(basePath.length) || "index.html");
    const file = join(dist, below);
    const type = types[extname(file)];
    if (!path.startsWith(basePath) || below.startsWith("..") || type === undefined || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    const body = gzipSync(readFileSync(file));
    sent.push({ path: below, gzipBytes: body.length });
    response.writeHead(200, { "content-type": type, "content-encoding": "gzip", "cache-control": "no-store" });
    response.end(body);
  });

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    url: `http://127.0.0.1:${address.port}${basePath}`,
    sent,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
