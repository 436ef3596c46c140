/** The groups pane: for each group its state, its members and its partitions, as tables whose rows can be chosen. */
import { type AtCursor, useAtCursor, usePlayerState } from "../../state/player.tsx";
import { type Thing, useSelection } from "../../state/selection.ts";
import { Badge } from "../../widgets/Chip.tsx";
import { type DataColumn, DataTable, onRowKeys } from "../../widgets/DataTable.tsx";
import { MarkIcon } from "../../widgets/Mark.tsx";
import { PaneState } from "../../widgets/PaneState.tsx";
import { Ring } from "../../widgets/Ring.tsx";
import { seconds } from "../../widgets/seconds.ts";
import { spanOf } from "../time.ts";
import type { ViewProps } from "../view.ts";
import styles from "./groups.module.css";
import { type GroupPartition, type GroupView, groupsView, type MemberView } from "./project.ts";

const memberColumns: readonly DataColumn[] = [
  { label: "member", isMono: true },
  { label: "stands" },
  { label: "session ends in", isNumber: true, title: "The coordinator takes it out then, unless it hears of it" },
  { label: "owns", isMono: true, title: "As the coordinator dealt them out" },
  { label: "believes" },
];

const partitionColumns: readonly DataColumn[] = [
  { label: "partition", isMono: true },
  { label: "read by" },
  { label: "committed", isNumber: true, title: "The next offset to read, as the coordinator stored it" },
  { label: "position", isNumber: true, title: "The next offset that the consumer itself will read" },
  { label: "high watermark", isNumber: true, title: "What consumers may read ends here" },
  { label: "log end", isNumber: true, title: "Where the leader's log ends" },
  { label: "lag", isNumber: true, title: "High watermark less committed offset, as kafka-consumer-groups counts" },
];

export default function Groups({ width }: ViewProps) {
  const found = useAtCursor(projectGroups);
  if (found === null) return <PaneState title="No run is open." />;
  if (found.length === 0)
    return (
      <PaneState title="No consumer group.">
        Consumers of this run take their partitions by hand, or there are none. A consumer that subscribes makes a
        group.
      </PaneState>
    );
  return (
    <section className={styles.root} aria-label="Groups" onKeyDown={onRowKeys}>
      {found.map((group) => (
        <GroupPart key={group.id} group={group} isNarrow={width < 600} />
      ))}
    </section>
  );
}

function projectGroups({ moment }: AtCursor): GroupView[] {
  return groupsView(moment.world);
}

function GroupPart({ group, isNarrow }: { readonly group: GroupView; readonly isNarrow: boolean }) {
  const thing = useSelection((state) => state.thing);
  const select = useSelection((state) => state.select);
  const isChosen = thing?.kind === "group" && thing.id === group.id;
  return (
    <article className={styles.group} aria-label={`Group ${group.id}`}>
      <header className={styles.head}>
        <MarkIcon family="group" />
        <h2>
          <button
            type="button"
            className={styles.title}
            data-row=""
            aria-pressed={isChosen}
            onClick={() => select({ kind: "group", id: group.id })}
          >
            {group.id}
          </button>
        </h2>
        <Badge look={group.state === "Stable" ? "quiet" : "dashed"}>{group.state}</Badge>
        <span className={styles.says}>{group.stateSays}</span>
      </header>
      <dl className={isNarrow ? styles.factsNarrow : styles.facts}>
        <Pair name="coordinator" value={group.coordinator ?? "none"} />
        <Pair name="generation" value={group.generation === null ? "not known" : String(group.generation)} />
        <Pair name="protocol" value={group.protocol ?? "not chosen"} />
        <Pair name="lag" value={group.lag === null ? "not known" : String(group.lag)} />
        <Pair
          name="read by nobody"
          value={group.unowned.length === 0 ? "none" : group.unowned.join(" ")}
          isStrong={group.unowned.length > 0}
        />
      </dl>
      {group.rebalance !== null && group.state !== "Stable" && <Rebalance {...group.rebalance} />}
      <DataTable
        caption={`Members of ${group.id}`}
        columns={memberColumns}
        empty={group.isCoordinated ? "Nobody has joined." : "Only the coordinator knows, and there is none."}
        rows={[
          ...group.members.map((member) => ({
            key: member.actor,
            cells: [
              member.clientId === member.actor ? member.actor : `${member.actor} (${member.clientId})`,
              `${member.stands}${member.isLeader ? ", leads the group" : ""}`,
              <Session key="session" member={member} />,
              member.owns.join(" ") || "nothing",
              member.believes === null ? "the same" : `it owns ${member.believes.join(" ") || "nothing"}`,
            ],
            ...(member.process === "down" ? { look: "down" as const } : {}),
            isChosen: isClient(thing, member.actor),
            onChoose: () => select({ kind: "client", id: member.actor }),
          })),
          ...group.outside.map(({ actor, stands }) => ({
            key: actor,
            cells: [actor, `${stands}, no member`, "–", "nothing", "–"],
            ...(stands === "not running" ? { look: "down" as const } : {}),
            isChosen: isClient(thing, actor),
            onChoose: () => select({ kind: "client", id: actor }),
          })),
        ]}
      />
      <DataTable
        caption={`Partitions that ${group.id} reads`}
        columns={partitionColumns}
        empty="None yet: no member has told its topics."
        rows={group.partitions.map((one) => ({
          key: one.topicPartition,
          cells: [
            one.topicPartition,
            <ReadBy key="owner" partition={one} />,
            number(one.committed),
            number(one.position),
            number(one.highWatermark),
            number(one.logEnd),
            <Lag key="lag" partition={one} />,
          ],
        }))}
      />
    </article>
  );
}

function Pair({
  name,
  value,
  isStrong = false,
}: {
  readonly name: string;
  readonly value: string;
  readonly isStrong?: boolean;
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{isStrong ? <strong>{value}</strong> : value}</dd>
    </div>
  );
}

function Rebalance({ since, reason, deadline }: NonNullable<GroupView["rebalance"]>) {
  const time = usePlayerState((state) => state.time);
  return (
    <p className={styles.rebalance}>
      Rebalances since <code>{seconds(since)}</code>: {reason}. It waits {spanOf(Math.max(0, deadline - time))} more at
      most.
    </p>
  );
}

function Session({ member }: { readonly member: MemberView }) {
  const time = usePlayerState((state) => state.time);
  if (member.sessionEndsAt === null) return <>{member.waitsIn === null ? "–" : `never while in ${member.waitsIn}`}</>;
  const left = Math.max(0, member.sessionEndsAt - time);
  return (
    <span className={styles.session}>
      {seconds(left)}
      <Ring
        fraction={left / member.sessionTimeout}
        label={`session of ${member.actor}, ${seconds(left)} s of ${spanOf(member.sessionTimeout)} left`}
      />
    </span>
  );
}

function ReadBy({ partition: { owner, claimedBy } }: { readonly partition: GroupPartition }) {
  return (
    <>
      {owner === null ? <span className={styles.unowned}>nobody</span> : <code>{owner}</code>}
      {claimedBy.length > 0 && `, ${claimedBy.join(" ")} still ${claimedBy.length === 1 ? "thinks" : "think"} so`}
    </>
  );
}

/** The number with a bar, so that lags compare at a glance. */
function Lag({ partition: { lag } }: { readonly partition: GroupPartition }) {
  if (lag === null) return <>–</>;
  return (
    <span className={styles.lag}>
      <svg width={48} height={8} aria-hidden="true">
        <rect className={styles.lagTrack} width={48} height={8} />
        <rect className={styles.lagBar} width={Math.min(48, lag)} height={8} />
      </svg>
      {lag}
    </span>
  );
}

function number(value: number | null): string {
  return value === null ? "–" : String(value);
}

function isClient(thing: Thing | null, id: string): boolean {
  return thing?.kind === "client" && thing.id === id;
}
