/** What a group's log says, in the recorder's words: generations with their assignments, and the commits between them. */

import type { World } from "../sim/engine/types.ts";
import { readGroupRecord, type StoredGroup } from "../sim/kafka/group/groupRecords.ts";
import { partitionFor } from "../sim/kafka/group/partitionFor.ts";
import { batchesOf } from "../sim/kafka/log/log.ts";
import { coordinatorNow, logOn } from "../sim/kafka/readings.ts";

const OFFSETS_PARTITIONS = 3;

/** Lines such as `generation 2 range: m1=[t-0] m2=[t-1]` and `t-0 = 3, 4`; empty if nothing was stored. */
export function groupRecords(world: World, group: string): string[] {
  const coordinator = coordinatorNow(world, group);
  const log =
    coordinator === null
      ? null
      : logOn(world, coordinator, `__consumer_offsets-${partitionFor(group, OFFSETS_PARTITIONS)}`);
  if (log === null) return [];
  const lines: string[] = [];
  let commits = new Map<string, string[]>();
  const flush = (): void => {
    for (const [name, offsets] of [...commits].sort(([a], [b]) => (a < b ? -1 : 1)))
      lines.push(`${name} = ${offsets.join(", ")}`);
    commits = new Map();
  };
  for (const batch of batchesOf(log)) {
    for (const record of batch.records) {
      const read = readGroupRecord(record);
      if (read === null || read.groupId !== group) continue;
      if (read.kind === "group") {
        flush();
        lines.push(read.value === null ? "group deleted" : generationLine(read.value));
        continue;
      }
      const { value } = read;
      const text =
        value === null
          ? "deleted"
          : value.committedMetadata === ""
            ? `${value.committedOffset}`
            : `${value.committedOffset} (${value.committedMetadata})`;
      commits.set(read.topicPartition, [...(commits.get(read.topicPartition) ?? []), text]);
    }
  }
  flush();
  return lines;
}

function generationLine(group: StoredGroup): string {
  if (group.members.length === 0) return `generation ${group.generation} empty`;
  const members = [...group.members].sort((a, b) => (a.memberId < b.memberId ? -1 : 1));
  const owned = members.map((member) => `${nameOf(member.memberId)}=[${[...member.assignment].sort().join(" ")}]`);
  return `generation ${group.generation} ${group.protocol}: ${owned.join(" ")}`;
}

/** A member id without what the coordinator added to the client's own id. */
function nameOf(memberId: string): string {
  return memberId.replace(/-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, "");
}
