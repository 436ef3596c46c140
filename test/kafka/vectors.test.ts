/**
 * The pure mechanisms against test vectors, most of which come from the tests of Kafka 3.9 itself.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { countVerdicts, runVectors } from "../../src/conformance/vectors.ts";

const resultsOf = (name: string) =>
  runVectors(JSON.parse(readFileSync(new URL(`../data/vectors/${name}.json`, import.meta.url), "utf8")));

const broker = resultsOf("broker");
const clients = resultsOf("clients");

test("no vector fails", () => {
  const failed = [...broker, ...clients].filter((result) => result.verdict === "failed");
  expect(failed.map(({ id, profile, why }) => `${id} under ${profile}: ${why}`)).toEqual([]);
});

test("counts", () => {
  console.log(JSON.stringify([countVerdicts(broker), countVerdicts(clients)]));
});
