/**
 * The benchmark: performance rows as ratios measured side by side in one run.
 *
 *   npm run bench             prints the table
 *   npm run bench -- --keep   also writes it to bench/results.md, with the machine named
 */
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { engineRows } from "./engine.ts";
import { checkpointRows, memoryRow, seekRows, speedRows } from "./kafka.ts";
import { collectGarbage, table } from "./report.ts";

const { rows, bound } = engineRows(5);
const all = [...rows];
// Each with a heap of its own, as a page with one run has: what others left behind would make the collector slower.
for (const measure of [() => speedRows(bound), seekRows, () => [memoryRow()], checkpointRows]) {
  collectGarbage();
  all.push(...measure());
}
all.sort((a, b) => Number(a.row) - Number(b.row));
const machine = `${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} cores, Node ${process.version}; hold bound ${(bound / 1e6).toFixed(1)} M events/s`;
const text = `${table(all)}\n\nMachine: ${machine}.\n`;
console.log(text);
if (process.argv.includes("--keep"))
  writeFileSync("bench/results.md", `# Benchmark results\n\nWritten by \`npm run bench -- --keep\`.\n\n${text}`);
if (all.some((row) => row.holds === false)) process.exitCode = 1;
