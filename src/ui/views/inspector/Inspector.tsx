/** The inspector: Now, Changed at this event, Why, Rule. While the run plays only Now moves; the rest comes at rest. */
import { Fragment, useCallback, useMemo, useState } from "react";
import type { WhyLink } from "../../../sim/index.ts";
import type { GlossaryTerm } from "../../help/glossary.ts";
import { useAtCursor, usePlayer, usePlayerState } from "../../state/player.tsx";
import { type Thing, useSelection } from "../../state/selection.ts";
import { Button } from "../../widgets/Button.tsx";
import { Icon } from "../../widgets/Icon.tsx";
import { MarkIcon } from "../../widgets/Mark.tsx";
import { PaneState } from "../../widgets/PaneState.tsx";
import { seconds } from "../../widgets/seconds.ts";
import { causesOf, contextOf } from "../indexes.ts";
import { changesOf, type FieldView, fieldsOf } from "./fields.ts";
import styles from "./inspector.module.css";
import { actorThing, askedAbout, isQuiet, type WhyView, whyView } from "./project.ts";

export default function Inspector() {
  const thing = useSelection((state) => state.thing);
  const now = useAtCursor(
    ({ moment, time, entries, player }) => {
      const { trace } = player.timeline;
      const actor = entries === 0 || isQuiet(trace, entries - 1) ? "" : trace.entry(entries - 1).actor;
      const shown = thing ?? actorThing(actor, moment.world.actors[actor]?.kind);
      return { shown, isChosen: thing !== null, view: shown === null ? null : fieldsOf(shown, moment, time) };
    },
    { by: "time", on: [thing] },
  );
  if (now === null) return <PaneState title="No run is open." />;
  const { shown, isChosen, view } = now;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section className={styles.box} tabIndex={0} aria-label="Chosen thing">
      {view === null ? (
        <PaneState title={isChosen ? "It is not there at this moment." : "Nothing is chosen."}>
          {isChosen ? "Go to another moment, or choose something else." : "Click a broker, a replica or a record."}
        </PaneState>
      ) : (
        <>
          <header className={styles.part}>
            <h2 className={styles.title}>{view.title}</h2>
            <p className={styles.what}>
              {view.what}
              {!isChosen && ", where this event happened"}
            </p>
          </header>
          <div className={styles.part}>
            <h3>Now</h3>
            <Fields fields={view.fields} />
          </div>
        </>
      )}
      <AtRest shown={shown} isChosen={isChosen} />
    </section>
  );
}

function Fields({ fields }: { readonly fields: readonly FieldView[] }) {
  const [glossary, askGlossary] = useGlossary();
  return (
    <dl className={styles.fields}>
      {fields.map(({ label, value, term }) => {
        const sentence = glossary.find((one) => one.term === term)?.sentence;
        return (
          <Fragment key={`${label} ${value}`}>
            <dt>
              {term === undefined ? (
                label
              ) : (
                <details className={styles.term} onPointerEnter={askGlossary} onFocus={askGlossary}>
                  <summary title={sentence}>{label}</summary>
                  <p>{sentence}</p>
                </details>
              )}
            </dt>
            <dd>{value}</dd>
          </Fragment>
        );
      })}
    </dl>
  );
}

/** The terms, once somebody points at one or has come to it by keyboard. */
function useGlossary(): readonly [readonly GlossaryTerm[], () => void] {
  const [terms, setTerms] = useState<readonly GlossaryTerm[]>([]);
  const ask = useCallback(() => {
    import("../../help/glossary.ts").then(
      ({ glossary }) => setTerms(glossary),
      () => {},
    );
  }, []);
  return [terms, ask];
}

/** What costs a replay of one event: shown when the cursor rests. */
function AtRest({ shown, isChosen }: { readonly shown: Thing | null; readonly isChosen: boolean }) {
  const player = usePlayer();
  const isMoving = usePlayerState((state) => state.isPlaying || state.isScrubbing);
  const version = usePlayerState((state) => state.version);
  const entries = usePlayerState((state) => state.entries);
  const chosen = useSelection((state) => state.entry);
  // biome-ignore lint/correctness/useExhaustiveDependencies: version and entries name the moment; shown is a new object each time.
  const rest = useMemo(() => {
    if (isMoving || entries === 0) return null;
    const { timeline, run } = player;
    const { trace } = timeline;
    let changes = null;
    if (shown !== null) {
      const before = timeline.at(entries - 1);
      const old = fieldsOf(shown, before, before.world.time);
      const after = player.moment();
      changes = changesOf(old, fieldsOf(shown, after, after.world.time));
    }
    const asked = askedAbout(trace, entries, isChosen ? shown : null, chosen);
    const why =
      asked === null
        ? null
        : whyView(timeline, causesOf(timeline), asked, contextOf(timeline), run?.resolved?.profile ?? null);
    return { changes, why, actor: trace.entry(entries - 1).actor };
  }, [player, isMoving, version, entries, JSON.stringify(shown), isChosen, chosen]);
  if (rest === null) return null;
  const { changes, why } = rest;
  return (
    <>
      {changes !== null && (
        <div className={styles.part}>
          <h3>Changed at this event{changes.length === 0 && <span className={styles.quiet}>: nothing of it</span>}</h3>
          {changes.length > 0 && (
            <dl className={styles.fields}>
              {changes.map(({ label, before, after }) => (
                <Fragment key={label}>
                  <dt>{label}</dt>
                  <dd>
                    <del>{before}</del> → <b>{after}</b>
                  </dd>
                </Fragment>
              ))}
            </dl>
          )}
        </div>
      )}
      {why !== null && <WhyPart why={why} />}
      {why?.rule && (
        <div className={styles.part}>
          <h3>Rule</h3>
          <p>
            {why.rule.says[0]?.toUpperCase()}
            {why.rule.says.slice(1)}.
          </p>
          <p className={styles.quiet}>
            {why.rule.source}. {why.rule.holds ? "" : "Not in this version."} <a href="#/claims">Claims</a>
          </p>
        </div>
      )}
    </>
  );
}

const ENDS: Readonly<Record<WhyView["endsAt"], string>> = {
  act: "It began with this act.",
  timer: "It began with a timer.",
  loop: "And so on: each answer brings the next request.",
  start: "",
};

function WhyPart({ why }: { readonly why: WhyView }) {
  const player = usePlayer();
  const selectEntry = useSelection((state) => state.selectEntry);
  const { fault } = why;
  const whatIfNot = () => {
    if (fault === null) return;
    player.changeInputs(`without: ${fault.text}`, (inputs) => inputs.filter((_, n) => n !== fault.input));
  };
  return (
    <div className={styles.part}>
      <div className={styles.head}>
        <h3>{why.question}</h3>
        {fault !== null && (
          <Button size="bar" onClick={whatIfNot} title={`Fork without it: ${fault.text}`}>
            <Icon name="fork" size={16} /> What if not
          </Button>
        )}
      </div>
      <ol className={styles.chain}>
        {why.links.map((link, n) => (
          <li key={link.entry}>
            <button
              type="button"
              className={styles.link}
              onClick={() => {
                selectEntry(link.entry);
                player.seek({ entries: link.entry + 1 });
              }}
            >
              <LinkIcon link={link} />
              <span className={n === 0 ? styles.first : undefined}>{link.text}</span>
              <code>{seconds(link.at)}</code>
            </button>
          </li>
        ))}
      </ol>
      <p className={styles.quiet}>
        {ENDS[why.endsAt]}
        {why.leftOut > 0 && ` ${why.leftOut} steps between are left out.`}
      </p>
    </div>
  );
}

function LinkIcon({ link }: { readonly link: WhyLink }) {
  const kind = link.fact?.fact.kind;
  if (link.is === "act") return kind === "process-started" ? <Dot /> : <MarkIcon mark="fault" />;
  if (kind === "leader-elected" || kind === "leader-started") return <MarkIcon mark="crown" />;
  const family = familyOf(link.kind);
  return family === null ? <Dot /> : <MarkIcon family={family} response={/Response|Ack$/.test(link.kind)} />;
}

function familyOf(kind: string) {
  if (!/^[A-Z]/.test(kind)) return null;
  if (/^(Produce|InitProducerId)/.test(kind)) return "produce" as const;
  if (/^(JoinGroup|SyncGroup|Heartbeat|LeaveGroup|Offset(Commit|Fetch)|FindCoordinator|DescribeGroups)/.test(kind))
    return "group" as const;
  if (/^(Fetch|OffsetsForLeaderEpoch)/.test(kind)) return "replica" as const;
  return /^Zk/.test(kind) ? ("ensemble" as const) : ("control" as const);
}

function Dot() {
  return (
    <svg width={20} height={20} viewBox="-10 -10 20 20" aria-hidden="true" className={styles.dot}>
      <circle r={3.5} />
    </svg>
  );
}
