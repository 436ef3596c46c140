/** Links as the page copies them: read back from the page, and unpacked. Works alike in both browsers. */
import { inflateRawSync } from "node:zlib";
import type { OpenPage } from "./browsers.ts";

/** The moment of a link, and the check sum of its trace, as src/ui/app/share/link.ts writes them. */
export interface LinkMoment {
  readonly entries: number;
  readonly time: number;
  readonly hash: string;
}

/** Copies the link to the moment shown. The clipboard itself is out of reach in Firefox, so what is written to it is kept. */
export async function copiedLink(page: OpenPage, share: () => Promise<void>): Promise<string> {
  await page.evaluate(
    "void (navigator.clipboard.writeText = (link) => ((window.__copied = link), Promise.resolve()), window.__copied = '')",
  );
  await share();
  return until(async () => {
    const link = String(await page.evaluate("window.__copied"));
    return link === "" ? null : link;
  }, "a link is copied");
}

export function momentOf(link: string): LinkMoment {
  const payload = link.slice(link.indexOf("#/s/") + 4);
  const wire = JSON.parse(inflateRawSync(Buffer.from(payload, "base64url")).toString()) as {
    m?: [number, number];
    h: string;
  };
  const [entries, time] = wire.m ?? [0, 0];
  return { entries, time, hash: wire.h };
}

/** Asks until there is an answer; 30 s at most. */
export async function until<T>(ask: () => Promise<T | null>, what: string, mostMs = 30_000): Promise<T> {
  const end = performance.now() + mostMs;
  for (;;) {
    const found = await ask();
    if (found !== null) return found;
    if (performance.now() > end) throw new Error(`not within ${mostMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
