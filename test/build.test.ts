/** What the build puts in place of names, compared with the files it comes from. */

import { scenarioSources } from "virtual:scenario-sources";
import { builtInScenarios } from "virtual:scenarios";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { filesUnder } from "../tools/files.mjs";
import { modelVersion } from "../tools/model-version.mjs";

test("every scenario file is built in, as data and as text", () => {
  const ids = filesUnder("scenarios").map((path) => path.replace(/^scenarios\/|\.yaml$/g, ""));
  expect(builtInScenarios.map(({ id }) => id)).toEqual(ids);
  expect(scenarioSources.map(({ text }) => parse(text))).toEqual(builtInScenarios.map(({ data }) => data));
});

test("the model version in use is the hash of the simulation's sources", () => {
  expect(__MODEL_VERSION__).toMatch(/^[0-9a-f]{10}$/);
  expect(__MODEL_VERSION__).toBe(modelVersion());
});
