/** Links: what goes in comes out, they stay short, and what is wrong is named without losing the rest. */
import { describe, expect, test } from "vitest";
import { pack, unpack } from "../../src/ui/app/share/codec.ts";
import { type LinkContent, readLink, withoutStrangers, writeLink } from "../../src/ui/app/share/link.ts";

const second = 1_000_000;

const content: LinkContent = {
  model: "0123456789",
  scenario: "first-failover",
  seed: 42,
  variant: "newer",
  profile: "3.9",
  without: [],
  inputs: Array.from({ length: 12 }, (_, n) => ({
    at: (n + 4) * second + 137 * n,
    nth: n % 3,
    act:
      n % 2 === 0
        ? { kind: "kill", target: `b${(n % 3) + 1}` }
        : { kind: "cut", from: [`b${(n % 3) + 1}`], to: ["z1", "z2"], oneWay: false, for: 9 * second },
  })) as LinkContent["inputs"],
  removed: [3],
  moment: { entries: 12_345, time: 16_021_004 },
  selection: "record:b1/orders-0/20",
  hash: "0123456789abcdef",
};

const wireOf = async (wire: unknown) => readLink(await pack(JSON.stringify(wire)));

test("a link says what it was given", async () => {
  expect(await readLink(await writeLink(content))).toEqual({ content, problems: [] });
});

test("a link to a built-in lab with twelve acts has at most 2000 characters, all safe in an address", async () => {
  const payload = await writeLink(content);
  expect(payload.length).toBeLessThanOrEqual(2000);
  expect(payload).toMatch(/^[A-Za-z0-9_-]+$/);
});

describe("a link that cannot be read says why", () => {
  test.each([
    ["nothing", "", "damaged"],
    ["foreign characters", "abc%def", 'no link has, "%" at 4'],
    ["noise", "AAAAAAAA", "cut short or damaged"],
    ["a hundred kilobytes", "A".repeat(100_000), "100000 characters"],
  ])("%s", async (_, payload, part) => {
    const { content: none, problems } = await readLink(payload);
    expect(none).toBeNull();
    expect(problems.join()).toContain(part);
  });

  test("cut at any place", async () => {
    const payload = await writeLink(content);
    for (let length = 0; length < payload.length; length += 7) {
      const { problems } = await readLink(payload.slice(0, length));
      expect(problems.length, `cut at ${length}`).toBeGreaterThan(0);
    }
  });

  test("a small link that unpacks to a flood", async () => {
    const flood = new Blob([new Uint8Array(20_000_000)]).stream().pipeThrough(new CompressionStream("deflate-raw"));
    const bytes = new Uint8Array(await new Response(flood).arrayBuffer());
    const payload = Buffer.from(bytes).toString("base64url");
    expect(payload.length).toBeLessThan(32_000);
    await expect(unpack(payload)).rejects.toThrow("more than a run can be");
  });
});

describe("what is wrong in a part is named, and the rest is opened", () => {
  test.each([
    ["a seed", { d: -1 }, "seed"],
    ["a version", { p: "9.9" }, '"9.9"'],
    ["a rule", { w: ["no-such-rule"] }, "rule"],
    ["a moment", { m: ["now"] }, "moment"],
    ["an act that is unknown", { i: [[0, 0, { kind: "explode" }]] }, "Act 1"],
    ["an act without its parts", { i: [[0, 0, { kind: "cut" }]] }, "Act 1"],
    ["an act in the far future", { i: [[9e15, 0, { kind: "kill", target: "b1" }]] }, "Act 1"],
  ])("%s", async (_, wrong, word) => {
    const read = await wireOf({ f: 1, v: "x", s: "first-failover", c: "broker:b1", ...wrong });
    expect(read.problems).toHaveLength(1);
    expect(read.problems[0]).toContain(word);
    expect(read.content).toMatchObject({ scenario: "first-failover", selection: "broker:b1", inputs: [] });
  });

  test("one wrong act of three leaves the other two", async () => {
    const kill = { kind: "kill", target: "b1" };
    const { content: read, problems } = await wireOf({
      f: 1,
      s: "x",
      i: [
        [1, 0, kill],
        [2, 0, 7],
        [3, 0, kill],
      ],
    });
    expect(read?.inputs.map(({ at }) => at)).toEqual([1, 3]);
    expect(problems).toEqual(["Act 2 of this link does something unknown (7). It is left out."]);
  });

  test("a later form is not guessed at", async () => {
    expect((await wireOf({ f: 2, s: "x" })).problems.join()).toContain("later version");
  });
});

test("an act on a process that the cluster does not have is left out and named", () => {
  const inputs = [
    { at: 1, nth: 0, act: { kind: "kill", target: "b7" } },
    { at: 2, nth: 0, act: { kind: "cut", from: ["b1"], to: ["b2"], oneWay: true, for: null } },
    { at: 3, nth: 0, act: { kind: "kill", target: { leaderOf: "orders-0" } } },
  ];
  const { inputs: kept, problems } = withoutStrangers(inputs, ["b1", "b2"]);
  expect(kept.map(({ at }) => at)).toEqual([2, 3]);
  expect(problems).toEqual(["Act 1 of this link names b7, which this cluster does not have. It is left out."]);
});
