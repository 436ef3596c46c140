/** The table of keys agrees with itself, and with what the reader asked for. */
import { describe, expect, test } from "vitest";
import { readAddress, readSeconds, writeAddress, writeSeconds } from "../../src/ui/app/address.ts";
import { chordOf, commandFor, SHORTCUTS } from "../../src/ui/app/shortcuts.ts";

const press = (key: string, over = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...over,
});

test("no two global commands share a key", () => {
  const chords = SHORTCUTS.filter(({ command }) => command !== null).map(({ chord }) => chord);
  expect(new Set(chords).size).toBe(chords.length);
});

test.each([
  [press("ArrowRight", { shiftKey: true }), "message-next"],
  [press("K", { shiftKey: true }), "kill"],
  [press("k"), null],
  [press("z", { ctrlKey: true }), "undo"],
  [press("Z", { ctrlKey: true, shiftKey: true }), "redo"],
  [press("z", { metaKey: true }), "undo"],
  [press(" "), "toggle"],
  [press("?", { shiftKey: true }), "help"],
])("%j is %s", (key, command) => {
  expect(commandFor(key, false, true)).toBe(command);
});

describe("while typing", () => {
  test("letters, arrows and space belong to the field, but the palette opens", () => {
    for (const key of ["K", "n", " ", "ArrowLeft", "Home"]) expect(commandFor(press(key), true, true)).toBeNull();
    expect(commandFor(press("k", { ctrlKey: true }), true, true)).toBe("palette");
  });
});

test("single keys can be switched off; the others stay", () => {
  expect(commandFor(press("K", { shiftKey: true }), false, false)).toBeNull();
  expect(commandFor(press("n"), false, false)).toBeNull();
  expect(commandFor(press("ArrowRight"), false, false)).toBe("event-next");
});

test("each chord of the table is one that a key press can make", () => {
  for (const { chord, command } of SHORTCUTS.filter(({ command: id }) => id !== null)) {
    const parts = chord.split("+").filter((part) => part !== "");
    const key = parts.at(-1) ?? "";
    const isControl = parts.includes("Ctrl");
    const made = press(key === "Space" ? " " : key, { ctrlKey: isControl, shiftKey: parts.includes("Shift") });
    expect(chordOf(made), `${command}`).toBe(chord);
  }
});

describe("addresses", () => {
  test("hold path and query inside the hash", () => {
    const { path, query } = readAddress("#/lab/first-failover?t=4.308&sel=record:b1/orders-0/20");
    expect(path).toBe("/lab/first-failover");
    expect(writeAddress(path, query)).toBe("#/lab/first-failover?t=4.308&sel=record:b1/orders-0/20");
    expect(readAddress("")).toMatchObject({ path: "/" });
  });

  test("write times in seconds, without loss", () => {
    for (const time of [0, 1, 4_308_000, 16_021_004, 60_000_000]) expect(readSeconds(writeSeconds(time))).toBe(time);
    for (const text of ["", "-1", "1e9", "abc", "1.2345678", null]) expect(readSeconds(text)).toBeNull();
  });
});
