/** Titles of the window: a reader with many tabs, and a history, tell them apart. */
import { expect, test } from "vitest";
import { titleOf } from "../../src/ui/app/title.ts";

test.each([
  ["/", "Faultline: a failure lab for Kafka"],
  ["/labs", "Faultline: a failure lab for Kafka"],
  ["/lab/first-failover", "A1 The first failover · Faultline"],
  ["/lab/no-such-lab", "There is nothing here. · Faultline"],
  ["/play", "Sandbox · Faultline"],
  ["/s/abc", "A shared moment · Faultline"],
  ["/help", "Help · Faultline"],
])("%s is called %s", (path, title) => {
  expect(titleOf(path)).toBe(title);
});
