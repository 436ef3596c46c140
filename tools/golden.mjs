/**
 * Rewrites the expected outputs: everything tests compare with `toMatchFileSnapshot`, and inline snapshots.
 * `npm run golden` for all, `npm run golden -- test/scripts` for some. Read the differences before you commit
 * them: an expected output that changed is a change of behaviour.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "./files.mjs";

const vitest = join(root, "node_modules/vitest/vitest.mjs");
const { status } = spawnSync(
  process.execPath,
  [vitest, "run", "--project", "unit", "--project", "runs", "--update=all", ...process.argv.slice(2)],
  { cwd: root, stdio: "inherit", env: { ...process.env, UPDATE_GOLDEN: "1" } },
);
process.exit(status ?? 1);
