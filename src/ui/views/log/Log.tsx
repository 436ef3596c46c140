/** The log: what was decided, one sentence a row; the moment shown is marked, and each row leads to its own. */
import { useMemo, useState } from "react";
import { usePlayer, usePlayerState } from "../../state/player.tsx";
import { useSelection } from "../../state/selection.ts";
import { Button } from "../../widgets/Button.tsx";
import { PaneState } from "../../widgets/PaneState.tsx";
import { Rows } from "../../widgets/Rows.tsx";
import { seconds } from "../../widgets/seconds.ts";
import { contextOf, perTimeline } from "../indexes.ts";
import { shownEntries } from "../time.ts";
import type { ViewProps } from "../view.ts";
import styles from "./log.module.css";
import { LogIndex, rowAt } from "./project.ts";
import { FILTER_ID, useLog } from "./state.ts";

const logOf = perTimeline((timeline) => new LogIndex(timeline.trace, contextOf(timeline)));

const none: readonly number[] = [];

export default function Log({ height }: ViewProps) {
  const player = usePlayer();
  const isOpen = usePlayerState((state) => state.isOpen);
  const version = usePlayerState((state) => state.version);
  const until = usePlayerState(shownEntries);
  const { level, query, setQuery, setLevel } = useLog();
  const selectEntry = useSelection((state) => state.selectEntry);
  const [current, setCurrent] = useState(-1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version names the timeline.
  const index = useMemo(() => (isOpen ? logOf(player.timeline) : null), [player, isOpen, version]);
  const places = index?.matching(level, query, until) ?? none;
  // A number, so that the list is drawn again only when the moment passes a row.
  const now = usePlayerState((state) => (index === null ? -1 : rowAt(index, places, state.entries)));
  if (index === null) return <PaneState title="No run is open." />;

  if (places.length === 0) {
    if (query.trim() === "")
      return (
        <PaneState
          title={level === "faults" ? "Nothing was done to this run yet." : "Nothing was decided yet."}
          actions={
            level === "all" ? undefined : (
              <Button size="bar" onClick={() => setLevel("all")}>
                Show all events
              </Button>
            )
          }
        >
          Play the run, or kill something.
        </PaneState>
      );
    return (
      <PaneState
        title={`No event says “${query}”.`}
        actions={
          <>
            <Button size="bar" onClick={() => setQuery("")}>
              Clear filter
            </Button>
            {level !== "all" && (
              <Button size="bar" look="quiet" onClick={() => setLevel("all")}>
                Look in all events
              </Button>
            )}
          </>
        }
      >
        {level === "all" ? "The run so far has no such event." : "Only a part of the events is shown."}
      </PaneState>
    );
  }
  const choose = (n: number) => {
    const row = index.rows[places[n] ?? -1];
    if (row === undefined) return;
    selectEntry(row.entry);
    player.seek({ entries: row.entry + 1 });
  };
  return (
    <Rows
      label="Log"
      count={places.length}
      height={height}
      current={Math.min(current, places.length - 1)}
      onCurrent={setCurrent}
      onChoose={choose}
      follow={now}
      onKey={(event) => {
        if (event.key !== "/") return;
        event.preventDefault();
        event.stopPropagation();
        document.getElementById(FILTER_ID)?.focus();
      }}
      row={(n) => {
        const row = index.rows[places[n] ?? -1];
        if (row === undefined) return null;
        return (
          <>
            <span className={n <= now ? styles.at : styles.later}>{seconds(row.at)}</span>
            <span className={n <= now ? undefined : styles.later}>{row.text}</span>
          </>
        );
      }}
    />
  );
}
