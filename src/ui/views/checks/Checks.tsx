/** The checks of the run with live ticks; each leads to the moment that decided it. Promises that broke stand first. */
import { useMemo } from "react";
import { usePlayer, usePlayerState } from "../../state/player.tsx";
import { Icon } from "../../widgets/Icon.tsx";
import { MarkIcon } from "../../widgets/Mark.tsx";
import { PaneState } from "../../widgets/PaneState.tsx";
import { seconds } from "../../widgets/seconds.ts";
import { useCalmEntries } from "../time.ts";
import styles from "./checks.module.css";
import { type CheckView, checksAt } from "./project.ts";

const WORDS = { open: "open", held: "held", fell: "not so" } as const;

export default function Checks() {
  const player = usePlayer();
  const isOpen = usePlayerState((state) => state.isOpen);
  const version = usePlayerState((state) => state.version);
  const horizon = usePlayerState((state) => state.horizon);
  const isOver = usePlayerState((state) => state.isComputed && state.time >= state.horizon);
  const entries = useCalmEntries();
  // biome-ignore lint/correctness/useExhaustiveDependencies: version and entries name the moment.
  const view = useMemo(
    () => (isOpen ? checksAt(player.run?.run ?? null, player.moment(), isOver, horizon) : null),
    [player, isOpen, version, entries, isOver, horizon],
  );
  if (view === null || (view.checks.length === 0 && view.broken.length === 0))
    return (
      <PaneState title="This run has no checks.">
        A scenario says what must be true of it under “expectations”.
      </PaneState>
    );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section className={styles.box} tabIndex={0} aria-label="Checks">
      {view.broken.length > 0 && (
        <>
          <h3 className={styles.head}>Promises broken</h3>
          <ul className={styles.list}>
            {view.broken.map(({ promise, text, entry, at }) => (
              <li key={`${entry} ${text}`} className={styles.item}>
                <MarkIcon mark="loss" />
                <span className={styles.say}>
                  <b className={styles.broken}>{promise}</b>
                  <span className={styles.evidence}>{text}</span>
                </span>
                <Jump entry={entry} at={at} />
              </li>
            ))}
          </ul>
        </>
      )}
      <h3 className={styles.head}>
        {view.held} of {view.checks.length} held{isOver ? "" : " so far"}
      </h3>
      <ul className={styles.list}>
        {view.checks.map((check) => (
          <Check key={check.id} check={check} />
        ))}
      </ul>
    </section>
  );
}

function Check({ check }: { readonly check: CheckView }) {
  const { say, verdict, evidence, entry, at } = check;
  return (
    <li className={styles.item} data-verdict={verdict}>
      <span className={styles.box16} data-verdict={verdict}>
        {verdict === "held" && <Icon name="check" size={16} />}
        {verdict === "fell" && <Icon name="close" size={16} />}
      </span>
      <span className={styles.say}>
        <span>
          {say} <span className={styles.word}>{WORDS[verdict]}</span>
        </span>
        {evidence !== "" && <span className={styles.evidence}>{evidence}</span>}
      </span>
      {at !== null &&
        (entry === null ? <code className={styles.at}>{seconds(at)}</code> : <Jump entry={entry} at={at} />)}
    </li>
  );
}

function Jump({ entry, at }: { readonly entry: number; readonly at: number }) {
  const player = usePlayer();
  return (
    <button
      type="button"
      className={styles.jump}
      aria-label={`Go to ${seconds(at)}`}
      onClick={() => player.seek({ entries: entry + 1 })}
    >
      {seconds(at)}
    </button>
  );
}
