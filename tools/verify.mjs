/**
 * Everything that must hold before a change is merged: lint, types, unit tests, tests that play whole runs, the bundled
 * CLI, the build, and browser tests against the build. The last line is the count over all of it: `N passed, N failed`.
 *
 * Only tests count as passed. Each error of another step counts as failed, and so does a runner that ran no
 * test or stopped early. A failed step does not stop the next ones, except that without a build there is no
 * browser test.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { provideBrowsers } from "./browsers.mjs";
import { root } from "./files.mjs";

const bin = (/** @type {string} */ path) => join(root, "node_modules", path);
let passed = 0;
let failed = 0;
/** @type {string[]} */
const summary = [];
/** Each failed test with the first line of its message: repeated at the end, where it is seen first. @type {string[]} */
const failures = [];

/**
 * Runs a Node script with its output shown, and returns what it printed.
 * @param {string[]} args
 */
function node(...args) {
  const { status, stdout } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  process.stdout.write(stdout ?? "");
  return { ok: status === 0, output: stdout ?? "" };
}

/**
 * @param {string} name
 * @param {() => { passed?: number, failed: number }} run
 * @returns {boolean} whether nothing failed
 */
function step(name, run) {
  console.log(`\n== ${name}`);
  const start = performance.now();
  const result = run();
  passed += result.passed ?? 0;
  failed += result.failed;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const verdict = result.failed > 0 ? `${result.failed} FAILED` : "ok";
  summary.push(`${name.padEnd(16)} ${seconds.padStart(6)} s  ${verdict}`);
  return result.failed === 0;
}

/**
 * What is read of the report of the test runner.
 * @typedef {{ status: string, fullName: string, failureMessages: string[] }} Result
 * @typedef {{ name: string, status: string, message: string, assertionResults: Result[] }} FileResult
 * @typedef {{ numPassedTests: number, numFailedTests: number, testResults: FileResult[] }} Report
 */

/**
 * Runs one project of the test runner and counts from its JSON report.
 * @param {string} project
 */
function tests(project) {
  const report = join(root, ".cache", `vitest-${project}.json`);
  rmSync(report, { force: true });
  const { ok } = node(
    bin("vitest/vitest.mjs"),
    "run",
    `--project=${project}`,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  );
  let counts = { passed: 0, failed: 0 };
  try {
    /** @type {Report} */
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, "utf8"));
    // A file that could not be loaded has no tests to fail; it counts as one.
    const unreadable = testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
    counts = { passed: numPassedTests, failed: numFailedTests + unreadable.length };
    for (const { name, message } of unreadable) failures.push(`${relative(root, name)}: ${message}`);
    for (const { name, assertionResults } of testResults) {
      for (const { status, fullName, failureMessages } of assertionResults)
        if (status === "failed")
          failures.push(`${relative(root, name)}: ${fullName}\n    ${failureMessages[0]?.split("\n")[0]}`);
    }
  } catch {
    console.error(`The ${project} tests left no report.`);
  }
  if (counts.failed === 0 && (!ok || counts.passed === 0)) {
    console.error(ok ? `No ${project} test ran.` : `The ${project} test runner failed.`);
    counts.failed = 1;
  }
  return counts;
}

/**
 * One failure for each line that looks like an error, at least one if the step failed.
 * @param {{ ok: boolean, output: string }} result
 * @param {RegExp} error
 */
function errors({ ok, output }, error) {
  return { failed: ok ? 0 : Math.max(1, output.split("\n").filter((line) => error.test(line)).length) };
}

mkdirSync(join(root, ".cache"), { recursive: true });

step("lint, format", () =>
  errors(
    node(bin("@biomejs/biome/bin/biome"), "check", "--reporter=github", "--max-diagnostics=none", "."),
    /^::error/,
  ),
);
step("types", () => errors(node("tools/types.mjs"), /error TS\d+/));
step("unit tests", () => tests("unit"));
step("whole runs", () => tests("runs"));
step("command line", () => {
  const { ok } = node("--input-type=module", "-e", 'await (await import("./tools/bundle.mjs")).bundleCli()');
  return { failed: ok ? 0 : 1 };
});
const built = step("build", () => ({ failed: node(bin("vite/bin/vite.js"), "build").ok ? 0 : 1 }));
if (built) {
  step("browser tests", () => {
    const missing = provideBrowsers();
    for (const sentence of missing) console.error(sentence);
    const counts = tests("browser");
    return { passed: counts.passed, failed: Math.max(counts.failed, missing.length) };
  });
} else {
  summary.push("browser tests    not run: there is no build");
}

if (failures.length > 0) console.log(`\n${failures.join("\n")}`);
console.log(`\n${summary.join("\n")}\n`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
