/**
 * The cluster of the first page and the panel beside it. It plays when the page opens and stands still after ten seconds
 * unless somebody did something; with reduced motion it waits to be asked.
 */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { LedgerState } from "../../../sim/index.ts";
import { type AtCursor, useAtCursor, usePlayer, usePlayerState } from "../../state/player.tsx";
import { type Thing, useSelection } from "../../state/selection.ts";
import { modelAtCursor } from "../../views/canvas/at-cursor.ts";
import { Canvas } from "../../views/canvas/Canvas.tsx";
import { LiveRegion } from "../../widgets/LiveRegion.tsx";
import { PaneErrorBoundary } from "../../widgets/PaneErrorBoundary.tsx";
import { Captions } from "../captions.ts";
import { commandFor, isTypingIn } from "../shortcuts.ts";
import { text } from "../text.ts";
import { useReducedMotion } from "../theme.ts";
import { DemoPanel, KillButton } from "./DemoPanel.tsx";
import { demoFacts } from "./demo.ts";
import styles from "./home.module.css";
import { Strip } from "./Strip.tsx";
import { stillMarkup } from "./still.ts";

const demoScenario = "first-failover";
/** Where the cluster stands when it may not move by itself: a record is on its way. */
const stillAt = 4_308_000;
const demoPlaysMs = 10_000;
const demoDelay = "30ms";

export function Stage() {
  const player = usePlayer();
  const isOpen = usePlayerState((state) => state.isOpen);
  const reducedMotion = useReducedMotion();
  const [failure, setFailure] = useState<string | null>(null);
  const [isAsked, setAsked] = useState(false);
  const touched = useRef(false);

  useEffect(() => {
    let isGone = false;
    let stop: number | undefined;
    touched.current = false;
    void open().then((problem) => {
      if (isGone) return;
      if (problem !== null) return setFailure(problem);
      player.setSpeed(1);
      player.setSwitches({ hurriesWaits: true, slowsNearFaults: true });
      if (reducedMotion) player.seek({ time: stillAt });
      else {
        player.play();
        stop = window.setTimeout(() => !touched.current && player.pause(), demoPlaysMs);
      }
    });
    async function open(): Promise<string | null> {
      const { openRun, scenarioOf } = await import("../open.ts");
      const scenario = await scenarioOf(demoScenario);
      if (scenario === null) return text.home.failed;
      // At 5 ms a message is on its way for a third of a frame; here links are slow enough to see what passes.
      const cluster = { ...scenario.cluster, links: { delay: demoDelay } };
      const { run, problems } = await openRun({ scenario: { ...scenario, cluster }, isInteractive: true });
      if (isGone) return null;
      if (run === null) return problems.join(" ");
      player.open({ ...run, hasFog: false, isOpenEnded: true, horizon: 20_000_000 });
      return null;
    }
    return () => {
      isGone = true;
      window.clearTimeout(stop);
      player.close();
    };
  }, [player, reducedMotion]);

  const touch = useCallback(() => {
    touched.current = true;
  }, []);

  return (
    <section className={styles.stage} aria-label={text.home.cluster} onPointerDown={touch} onKeyDown={touch}>
      {isOpen ? (
        <PaneErrorBoundary>
          <Live touch={touch} reducedMotion={reducedMotion} isAsked={isAsked} />
        </PaneErrorBoundary>
      ) : (
        <Waiting failure={failure} isAsked={isAsked} onKill={() => setAsked(true)} />
      )}
    </section>
  );
}

interface WaitingProps {
  readonly failure: string | null;
  readonly isAsked: boolean;
  readonly onKill: () => void;
}

/** The same shape as the live stage, while nothing is computed yet. A press of the button counts as soon as there is a run. */
function Waiting({ failure, isAsked, onKill }: WaitingProps) {
  return (
    <>
      <div className={styles.picture}>
        {failure === null ? (
          // biome-ignore lint/security/noDangerouslySetInnerHtml: it is the still of our own build, read back from the page.
          <div className={styles.still} dangerouslySetInnerHTML={{ __html: stillMarkup() }} />
        ) : (
          <p className={styles.failure}>{failure}</p>
        )}
      </div>
      <div className={styles.panel}>
        <h1 className={styles.title}>{text.home.title}</h1>
        <p className={styles.lead}>{failure === null ? text.home.lead : text.home.failed}</p>
        {failure === null && (
          <div className={styles.buttons}>
            <KillButton onClick={onKill} pressed={isAsked} />
          </div>
        )}
      </div>
      <div className={styles.strip} />
    </>
  );
}

interface LiveProps {
  /** The button was pressed while nothing was computed yet. */
  readonly isAsked: boolean;
  readonly touch: () => void;
  readonly reducedMotion: boolean;
}

function Live({ isAsked, touch, reducedMotion }: LiveProps) {
  const player = usePlayer();
  const [captions] = useState(() => new Captions(player));
  const selection = useSelection((state) => state.thing);
  const select = useSelection((state) => state.select);
  const project = useCallback((at: AtCursor) => modelAtCursor(at, selection), [selection]);
  const model = useAtCursor(project, { by: "time", on: [project] });
  const facts = useAtCursor(factsAt, { by: "time" });
  const caption = useAtCursor(
    useCallback(({ entries, time }: AtCursor) => captions.at(entries, time), [captions]),
    { by: "time" },
  );
  const actions = useDemoActions(touch, facts?.target ?? "b1");
  const wasAsked = useRef(isAsked);

  useEffect(() => {
    if (!wasAsked.current) return;
    wasAsked.current = false;
    actions.kill();
  }, [actions]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const command = commandFor(event, isTypingIn(event.target), true);
      const isKill = event.key === "k" && !event.ctrlKey && !event.metaKey && !isTypingIn(event.target);
      if ((command === "kill" || isKill) && facts?.phase === "before") actions.kill();
      else if (command === "restart" && facts !== null && facts.phase !== "before") actions.bringBack();
      else if (command === "mark-next") actions.skipWait();
      else if (command === "toggle" && event.target === document.body) actions.toggle();
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [actions, facts]);

  if (model === null || facts === null) return null;
  return (
    <>
      <div className={styles.picture}>
        <Canvas model={model} onSelect={(thing: Thing) => select(thing)} reducedMotion={reducedMotion} />
      </div>
      <DemoPanel facts={facts} caption={caption ?? ""} actions={actions} />
      <Strip onToggle={actions.toggle} />
      <LiveRegion message={caption ?? ""} />
    </>
  );
}

export interface DemoActions {
  kill(): void;
  bringBack(): void;
  skipWait(): void;
  toggle(): void;
}

function useDemoActions(touch: () => void, target: string): DemoActions {
  const player = usePlayer();
  return useMemo(() => {
    const go = (action: () => void) => () => {
      touch();
      action();
    };
    return {
      kill: go(() => {
        player.act({ kind: "kill", target, id: `kill-${target}` } as never, `kill ${target}`);
        player.play();
      }),
      bringBack: go(() => {
        player.act({ kind: "start", target, id: `start-${target}` } as never, `start ${target}`);
        player.play();
      }),
      skipWait: go(() => {
        player.step("mark", 1);
        player.play();
      }),
      toggle: go(() => player.toggle()),
    };
  }, [player, touch, target]);
}

function factsAt({ moment, time, entries, player }: AtCursor) {
  const last = player.marks.marks
    .slice(0, player.marks.firstFrom(entries))
    .findLast(({ fact }) => fact?.kind === "process-killed");
  const killed = last === undefined ? null : { id: String(last.fact?.node), at: last.at };
  return demoFacts(moment.world, moment.observed.ledger as LedgerState | undefined, time, killed);
}
