/** The recorded opening of the first page shows what the simulator would show, at any moment. */
import { beforeAll, expect, test } from "vitest";
import { Captions } from "../../src/ui/app/captions.ts";
import { openDemo, sceneAt } from "../../src/ui/app/home/demo-run.ts";
import { recordReel } from "../../src/ui/app/home/record.ts";
import { changesBetween, type Reel, ReelPlayer, withValue } from "../../src/ui/app/home/reel.ts";
import { createPlayer } from "../../src/ui/player/index.ts";
import { handClock } from "../player/hand-clock.ts";

let recorded: Reel;
beforeAll(async () => {
  recorded = await recordReel();
}, 60_000);

test("every moment of the reel is the moment of the run", async () => {
  const reel = new ReelPlayer(JSON.parse(JSON.stringify(recorded)));
  const run = await openDemo();
  if (typeof run === "string") throw new Error(run);
  const { clock, compute } = handClock();
  const player = createPlayer(clock);
  player.open(run);
  compute();
  player.store.setState({ isPlaying: true });
  const captions = new Captions(player);
  const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

  // Forwards and back again, at moments between events too.
  for (const time of [0, 730_001, 4_308_000, 4_321_111, 9_999_999, 2_500_000]) {
    player.seek({ time });
    const { entries } = player.store.getState();
    const live = sceneAt({ moment: player.moment(), time, entries, player }, captions, null);
    const shown = reel.sceneAt(time);
    expect(plain(shown.facts)).toEqual(plain(live.facts));
    expect(shown.caption).toBe(live.caption);
    expect(shown.bands).toEqual(live.bands);
    const messages = live.model.messages.filter(({ heartbeat }) => !heartbeat);
    expect(plain(shown.model.messages).sort(byId)).toEqual(plain(messages).sort(byId));
    expect(plain({ ...shown.model, messages: [] })).toEqual(plain({ ...live.model, messages: [] }));
  }
});

test("is small enough to come with the page", async () => {
  const bytes = await new Response(
    new Blob([JSON.stringify(recorded)]).stream().pipeThrough(new CompressionStream("gzip")),
  ).arrayBuffer();
  expect(bytes.byteLength).toBeLessThan(12_000);
});

test("changes between two trees lead from one to the other", () => {
  const before = { a: [1, { b: 2 }], c: null, d: { e: "x" } };
  const after = { a: [1, { b: 3 }], c: [4], d: { f: "y" } };
  const applied = changesBetween(before, after).reduce(
    (tree, [path, value]) => withValue(tree, path.split("/"), value),
    before as Parameters<typeof withValue>[0],
  );
  expect(applied).toEqual(after);
});

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : 1;
}
