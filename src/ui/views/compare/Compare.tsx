/**
 * Two futures of a run at one moment: both clusters, where they differ first and next, and what came of them. The playhead is
 * that of the workbench; the run that is not current is read, never moved.
 */
import { useMemo, useState } from "react";
import { narrate, type Timeline, weightOf } from "../../../sim/index.ts";
import { usePlayer, usePlayerState } from "../../state/player.tsx";
import { Button } from "../../widgets/Button.tsx";
import { DataTable } from "../../widgets/DataTable.tsx";
import { SelectField } from "../../widgets/Field.tsx";
import { PaneState } from "../../widgets/PaneState.tsx";
import { seconds } from "../../widgets/seconds.ts";
import { contextOf } from "../indexes.ts";
import { shownUntil, spanOf, useCalmEntries } from "../time.ts";
import type { ViewProps } from "../view.ts";
import styles from "./compare.module.css";
import { commonEntries, type Difference, differencesOf } from "./differences.ts";
import { copiesOf, copiesThatDiffer, outcomeOf, outcomeRows } from "./project.ts";
import { Tracks } from "./Tracks.tsx";
import { shortName } from "./tracks.ts";

const isMinor = (kind: string) => weightOf(kind) !== "story";

export default function Compare({ width, Picture }: ViewProps) {
  const player = usePlayer();
  const branches = usePlayerState((state) => state.branches);
  const current = usePlayerState((state) => state.branch);
  const [chosen, setChosen] = useState<{ left: string | null; right: string | null }>({ left: null, right: null });
  const known = (id: string | null) => branches.find((one) => one.id === id);
  const parent = known(current)?.parent ?? null;
  const left = known(chosen.left) ?? known(parent) ?? branches.find(({ id }) => id === current) ?? branches[0];
  const right =
    known(chosen.right) ?? (left?.id === current ? branches.findLast(({ id }) => id !== current) : known(current));
  if (branches.length < 2 || left === undefined || right === undefined)
    return <PaneState title="There is one future only.">Go back and do something: the old future stays.</PaneState>;
  const a = player.timelineOf(left.id);
  const b = player.timelineOf(right.id);
  const options = branches.map(({ id, label }) => ({ value: id, label }));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section className={styles.root} aria-label="Compare two futures" tabIndex={0}>
      <div className={styles.choose}>
        <SelectField
          size="bar"
          label="Compare"
          value={left.id}
          options={options}
          onChange={(id) => setChosen({ ...chosen, left: id })}
        />
        <SelectField
          size="bar"
          label="with"
          value={right.id}
          options={options}
          onChange={(id) => setChosen({ ...chosen, right: id })}
        />
      </div>
      {left.id === right.id || a === null || b === null ? (
        <PaneState title="These are the same future.">Choose another one on one side.</PaneState>
      ) : (
        <Sides
          left={{ id: left.id, label: left.label, timeline: a, version: left.version }}
          right={{ id: right.id, label: right.label, timeline: b, version: right.version }}
          width={width}
          Picture={Picture}
        />
      )}
    </section>
  );
}

interface Side {
  readonly id: string;
  readonly label: string;
  readonly timeline: Timeline;
  readonly version: number;
}

interface SidesProps {
  readonly left: Side;
  readonly right: Side;
  readonly width: number;
  readonly Picture: ViewProps["Picture"];
}

function Sides({ left, right, width, Picture }: SidesProps) {
  const player = usePlayer();
  const entries = useCalmEntries();
  const isComputed = usePlayerState((state) => state.isComputed);
  const shown = usePlayerState((state) => (state.isPlaying ? -1 : shownUntil(state)));
  // biome-ignore lint/correctness/useExhaustiveDependencies: entries and the versions name the moment.
  const moment = useMemo(() => {
    const { time } = player.store.getState();
    const at = ({ timeline }: Side) => copiesOf(timeline.at(timeline.entriesAt(time)));
    return { time, differs: copiesThatDiffer(at(left), at(right)) };
  }, [player, entries, left.version, right.version, left.id, right.id]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: entries and shown say when to look again.
  const until = useMemo(() => shownUntil(player.store.getState()), [player, entries, shown, isComputed]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the versions name the timelines.
  const told = useMemo(() => {
    const common = commonEntries(left.timeline.trace, right.timeline.trace);
    const fork = common === 0 ? 0 : left.timeline.trace.at(common - 1);
    const of = ({ id, label, timeline }: Side) => ({
      name: shortName(label),
      timeline,
      marks: player.marksOf(id),
      outcome: outcomeOf(timeline.at(timeline.entriesAt(until)), timeline.trace, fork, until),
    });
    const [a, b] = [of(left), of(right)];
    return {
      until,
      fork,
      left: a,
      right: b,
      differences: differencesOf(left.timeline.trace, right.timeline.trace, until, isMinor),
      rows: outcomeRows(a.outcome, b.outcome),
    };
  }, [until, isComputed, left.version, right.version, left.id, right.id]);
  const { differences, rows } = told;
  const first = differences[0];
  const next = differences.find(({ at }) => at > moment.time);
  const previous = differences.findLast(({ at }) => at <= moment.time);
  const go = (one: Difference | undefined) => one !== undefined && player.seek({ time: one.at });
  const isNarrow = width < 640;
  const half = Math.floor(isNarrow ? width - 32 : (width - 48) / 2);
  return (
    <>
      <div className={styles.choose}>
        <Button size="bar" disabled={first === undefined} onClick={() => go(first)}>
          First difference
        </Button>
        <Button size="bar" disabled={next === undefined} onClick={() => go(next)}>
          Next difference
        </Button>
      </div>
      <p>
        The past is shared up to <code>{seconds(told.fork)}</code>;{" "}
        {differences.length === 1 ? "1 thing differs" : `${differences.length} things differ`} up to{" "}
        <code>{seconds(told.until)}</code>.{" "}
        {moment.differs.length === 0
          ? "At the playhead all copies are the same."
          : `At the playhead these copies differ: ${moment.differs.join(", ")}.`}
      </p>
      <div className={isNarrow ? styles.oneBelow : styles.sides}>
        {[left, right].map((side) => (
          <article key={side.id} aria-label={side.label}>
            <h2 className={styles.side}>
              <span className={styles.letter}>{shortName(side.label)}</span>
              {side.label.replace(/^fork [^:]+: /, "")}
              <SideNote side={side} time={moment.time} />
            </h2>
            <Picture
              timeline={side.timeline}
              version={side.version}
              marks={player.marksOf(side.id)}
              time={moment.time}
              width={half}
            />
          </article>
        ))}
      </div>
      <Tracks left={told.left} right={told.right} differences={differences} until={told.until} width={width - 32} />
      {first === undefined ? (
        <p>Nothing differs so far.</p>
      ) : (
        <div className={styles.tolds}>
          <Told name="First difference" one={first} left={left} right={right} />
          {previous !== undefined && previous !== first && (
            <Told name="Last difference before the playhead" one={previous} left={left} right={right} />
          )}
          {next !== undefined && next !== first && <Told name="Next difference" one={next} left={left} right={right} />}
        </div>
      )}
      <DataTable
        caption={`What came of them by ${seconds(told.until)}`}
        columns={[{ label: "what" }, { label: "differs" }, { label: `A ${left.label}` }, { label: `B ${right.label}` }]}
        rows={rows.map((row) => ({
          key: row.name,
          cells: [row.name, row.differs ? "yes" : "no", row.left, row.right],
          ...(row.isLoss ? { look: "loss" as const } : row.differs ? { look: "differs" as const } : {}),
        }))}
      />
    </>
  );
}

/** Whether the side is current, or not computed as far as the playhead. */
function SideNote({ side, time }: { readonly side: Side; readonly time: number }) {
  const player = usePlayer();
  const current = usePlayerState((state) => state.branch);
  const isComputed = usePlayerState((state) => state.isComputed);
  if (side.id === current) return <span className={styles.note}>shown on the canvas</span>;
  const due = side.timeline.nextDue();
  const isShort = isComputed && due !== null && due <= time;
  return (
    <>
      {isShort && <span className={styles.note}>computed to {seconds(side.timeline.end)} only</span>}
      <Button size="bar" look="quiet" onClick={() => player.switchBranch(side.id)}>
        Show it
      </Button>
    </>
  );
}

interface ToldProps {
  readonly name: string;
  readonly one: Difference;
  readonly left: Side;
  readonly right: Side;
}

/** One difference in words, both sides. */
function Told({ name, one, left, right }: ToldProps) {
  const player = usePlayer();
  return (
    <div className={styles.told}>
      <p>
        <strong>{name}</strong>,{" "}
        <button type="button" className={styles.jump} onClick={() => player.seek({ time: one.at })}>
          <span className={styles.hidden}>go to </span>
          {seconds(one.at)}
        </button>
      </p>
      <p>
        <span className={styles.letter}>{shortName(left.label)}</span> {sayIn(left, one.left, one.right)}
      </p>
      <p>
        <span className={styles.letter}>{shortName(right.label)}</span> {sayIn(right, one.right, one.left)}
      </p>
    </div>
  );
}

function sayIn({ timeline }: Side, own: Difference["left"], other: Difference["left"]): string {
  if (own === null) return "this does not happen.";
  const said = narrate(own, contextOf(timeline));
  if (other === null) return said;
  const later = own.at - other.at;
  return later > 0 ? `${said.replace(/\.$/, "")}, ${spanOf(later)} later, at ${seconds(own.at)}.` : said;
}
