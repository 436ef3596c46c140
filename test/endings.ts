/** How a lab ends, as the gallery shows it: the logs of its partitions side by side, and what became of the records. */
import type { Run } from "../src/sim/index.ts";
import { logOn } from "../src/sim/kafka/readings.ts";
import type { RunReport } from "../src/sim/projection/report.ts";
import type { Ending, EndingRow } from "../src/ui/app/home/ending.ts";

const MOST_ROWS = 3;
const SETS = { lost: "lost", duplicated: "twice", reprocessed: "again", skipped: "skipped" } as const;

/** One partition: a row for each replica. More partitions: a row for the leader of each. */
export function endingOf(run: Run, { end }: RunReport): Ending {
  const only = end.partitions.length === 1 ? end.partitions[0] : undefined;
  const rows = end.partitions.flatMap((partition) => {
    const brokers = only === undefined ? [partition.leader ?? partition.replicas[0] ?? ""] : partition.replicas;
    return brokers.map((broker): EndingRow => {
      const log = logOn(run.timeline.head.world, broker, partition.topicPartition);
      const logEnd = log?.logEndOffset ?? 0;
      return {
        name: only === undefined ? partition.topicPartition : broker,
        isLeader: partition.leader === broker,
        isDown: end.stopped[broker] !== undefined,
        isOut: !partition.isr.includes(broker),
        end: logEnd,
        committed: Math.min(logEnd, partition.highWatermark ?? 0),
        epochs: (log?.epochs ?? []).slice(1).map(({ startOffset }) => startOffset),
      };
    });
  });
  const counts = Object.entries(SETS).flatMap(([set, words]) => {
    const count = end.records[set] ?? 0;
    return count === 0 ? [] : [`${count} ${words}`];
  });
  const epoch = only === undefined || only.leaderEpoch === 0 ? [] : [`epoch ${only.leaderEpoch}`];
  return { rows: rows.slice(0, MOST_ROWS), notes: [...epoch, ...counts].slice(0, MOST_ROWS) };
}
