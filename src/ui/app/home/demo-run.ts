/** The run of the first page, and what is shown of it at a moment. Loads with the simulator. */
import type { LedgerState } from "../../../sim/index.ts";
import type { PlayableRun } from "../../player/index.ts";
import type { AtCursor } from "../../state/player.tsx";
import type { Thing } from "../../state/selection.ts";
import { modelAtCursor } from "../../views/canvas/at-cursor.ts";
import type { Captions } from "../captions.ts";
import { openRun, scenarioOf } from "../open.ts";
import { leaderBands } from "./bands.ts";
import { demoFacts } from "./demo.ts";
import type { Scene } from "./scene.ts";

const demoScenario = "first-failover";
/** At 5 ms a message is on its way for a third of a frame; here links are slow enough to see what passes. */
const demoDelay = "30ms";

/** The run, or a sentence that says why there is none. */
export async function openDemo(): Promise<PlayableRun | string> {
  const scenario = await scenarioOf(demoScenario);
  if (scenario === null) return `There is no scenario ${demoScenario}.`;
  const cluster = { ...scenario.cluster, links: { delay: demoDelay } };
  const { run, problems } = await openRun({ scenario: { ...scenario, cluster }, isInteractive: true });
  if (run === null) return problems.join(" ");
  return { ...run, hasFog: false, isOpenEnded: true, horizon: 20_000_000 };
}

export function sceneAt(at: AtCursor, captions: Captions, selection: Thing | null): Scene {
  const { moment, time, entries, player } = at;
  const last = player.marks.marks
    .slice(0, player.marks.firstFrom(entries))
    .findLast(({ fact }) => fact?.kind === "process-killed");
  const killed = last === undefined ? null : { id: String(last.fact?.node), at: last.at };
  return {
    time,
    model: modelAtCursor(at, selection),
    facts: demoFacts(moment.world, moment.observed.ledger as LedgerState | undefined, time, killed),
    caption: captions.at(entries, time),
    bands: leaderBands(at),
  };
}
