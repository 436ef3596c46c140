/**
 * Under 600 px: a stepper that reads a run. Facts on top, logs below each other, caption, three buttons. A question of the lesson
 * stands in the place of the caption, and nothing goes on until it is answered or skipped.
 */

import { useCallback, useState } from "react";
import type { LedgerState } from "../../../sim/index.ts";
import { type AtCursor, useAtCursor, usePlayer, usePlayerState } from "../../state/player.tsx";
import { modelAtCursor } from "../../views/canvas/at-cursor.ts";
import { Canvas } from "../../views/canvas/Canvas.tsx";
import { useHolding } from "../../views/lesson/gate.ts";
import { Button } from "../../widgets/Button.tsx";
import { Icon } from "../../widgets/Icon.tsx";
import { LiveRegion } from "../../widgets/LiveRegion.tsx";
import { Captions } from "../captions.ts";
import { demoFacts } from "../home/demo.ts";
import { text } from "../text.ts";
import { useReducedMotion } from "../theme.ts";
import { Decided, Question } from "./Prediction.tsx";
import styles from "./phone.module.css";
import { Turns } from "./Turns.tsx";

const { phone } = text;

/** With several partitions, those that a broker leads stay open; all of every broker would be a long way to scroll, px. */
const wellSeen = 480;

export default function Phone() {
  const player = usePlayer();
  const [captions] = useState(() => new Captions(player));
  const reducedMotion = useReducedMotion();
  const isPlaying = usePlayerState((state) => state.isPlaying);
  const isOver = usePlayerState((state) => state.isComputed && state.time >= state.horizon);
  const holds = useHolding();
  const model = useAtCursor(modelWithoutSelection, { by: "time" });
  const facts = useAtCursor(factsAt);
  const caption = useAtCursor(
    useCallback(({ entries, time }: AtCursor) => captions.at(entries, time), [captions]),
    {
      by: "time",
    },
  );
  if (model === null || facts === null) return null;
  const waits = holds !== null;
  return (
    <div className={styles.phone}>
      <dl className={styles.facts}>
        <Fact term={phone.leader} value={facts.leader ?? phone.none} />
        <Fact term={phone.epoch} value={String(facts.epoch)} />
        <Fact term={phone.inSync} value={facts.isr.join(" ")} />
        <Fact term={phone.acked} value={String(facts.acked)} />
      </dl>
      <div className={styles.picture}>
        <Canvas model={model} parts="brokers" height={wellSeen} reducedMotion={reducedMotion} />
      </div>
      {waits ? (
        <Question key={holds} index={holds} />
      ) : (
        <div className={styles.told}>
          <p className={styles.caption}>{caption}</p>
          <Decided />
        </div>
      )}
      <Turns />
      <div className={styles.buttons}>
        <Button aria-label={phone.previous} onClick={() => player.step("mark", -1)}>
          <Icon name="previous" />
        </Button>
        <Button
          look="first"
          disabled={waits}
          aria-label={isPlaying ? text.transport.pause : text.transport.play}
          onClick={() => player.toggle()}
        >
          <Icon name={isPlaying ? "pause" : "play"} />
        </Button>
        <Button aria-label={phone.next} disabled={waits || isOver} onClick={() => player.step("mark", 1)}>
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

function modelWithoutSelection(at: AtCursor) {
  return modelAtCursor(at, null);
}

function factsAt({ moment, time }: AtCursor) {
  return demoFacts(moment.world, moment.observed.ledger as LedgerState | undefined, time, null);
}
