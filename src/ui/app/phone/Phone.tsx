/** Under 600 px: a stepper that reads and does nothing else. Facts on top, logs below each other, caption, three buttons. */

import { useCallback, useState } from "react";
import type { LedgerState } from "../../../sim/index.ts";
import type { MarkKind } from "../../player/index.ts";
import { type AtCursor, useAtCursor, usePlayer, usePlayerState } from "../../state/player.tsx";
import { modelAtCursor } from "../../views/canvas/at-cursor.ts";
import { Canvas } from "../../views/canvas/Canvas.tsx";
import { Button } from "../../widgets/Button.tsx";
import { Icon } from "../../widgets/Icon.tsx";
import { LiveRegion } from "../../widgets/LiveRegion.tsx";
import { seconds } from "../../widgets/seconds.ts";
import { Captions } from "../captions.ts";
import { demoFacts } from "../home/demo.ts";
import { text } from "../text.ts";
import { useReducedMotion } from "../theme.ts";
import styles from "./phone.module.css";

const { phone } = text;

export default function Phone() {
  const player = usePlayer();
  const [captions] = useState(() => new Captions(player));
  const reducedMotion = useReducedMotion();
  const isPlaying = usePlayerState((state) => state.isPlaying);
  const model = useAtCursor(modelWithoutSelection, { by: "time" });
  const facts = useAtCursor(factsAt);
  const caption = useAtCursor(
    useCallback(({ entries, time }: AtCursor) => captions.at(entries, time), [captions]),
    {
      by: "time",
    },
  );
  if (model === null || facts === null) return null;
  return (
    <div className={styles.phone}>
      <dl className={styles.facts}>
        <Fact term={phone.leader} value={facts.leader ?? phone.none} />
        <Fact term={phone.epoch} value={String(facts.epoch)} />
        <Fact term={phone.inSync} value={facts.isr.join(" ")} />
        <Fact term={phone.acked} value={String(facts.acked)} />
      </dl>
      <div className={styles.picture}>
        <Canvas model={model} parts="brokers" reducedMotion={reducedMotion} />
      </div>
      <p className={styles.caption}>{caption}</p>
      <Marks />
      <div className={styles.buttons}>
        <Button aria-label={phone.previous} onClick={() => player.step("mark", -1)}>
          <Icon name="previous" />
        </Button>
        <Button
          look="first"
          aria-label={isPlaying ? text.transport.pause : text.transport.play}
          onClick={() => player.toggle()}
        >
          <Icon name={isPlaying ? "pause" : "play"} />
        </Button>
        <Button aria-label={phone.next} onClick={() => player.step("mark", 1)}>
          <Icon name="next" />
        </Button>
      </div>
      <LiveRegion message={caption ?? ""} />
    </div>
  );
}

function Fact({ term, value }: { readonly term: string; readonly value: string }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{value}</dd>
    </div>
  );
}

const drawn: readonly MarkKind[] = ["fault", "heal", "leader", "loss"];
const signs: Readonly<Partial<Record<MarkKind, string>>> = { fault: "⚡", heal: "▸", leader: "♛", loss: "✕" };

/** A line of time with the turns that were seen. */
function Marks() {
  const player = usePlayer();
  const time = usePlayerState((state) => state.time);
  const horizon = usePlayerState((state) => state.horizon);
  const seen = usePlayerState((state) => state.seenEntries);
  usePlayerState((state) => state.version);
  const x = (at: number) => 2 + (96 * at) / horizon;
  const marks = player.marks.marks.filter(({ entry, kind }) => entry < seen && drawn.includes(kind)).slice(-40);
  return (
    <div className={styles.line} aria-hidden="true">
      {marks.map(({ entry, at, kind }) => (
        <span
          key={`${entry} ${kind}`}
          className={kind === "loss" ? styles.loss : undefined}
          style={{ left: `${x(at)}%` }}
        >
          {signs[kind]}
        </span>
      ))}
      <i style={{ left: `${x(time)}%` }} />
      <small>{seconds(time)} s</small>
    </div>
  );
}

function modelWithoutSelection(at: AtCursor) {
  return modelAtCursor(at, null);
}

function factsAt({ moment, time }: AtCursor) {
  return demoFacts(moment.world, moment.observed.ledger as LedgerState | undefined, time, null);
}
