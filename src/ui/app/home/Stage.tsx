/**
 * The cluster of the first page. It moves as soon as the page is there, from the reel; the simulator is fetched meanwhile,
 * runs when a hand shows itself or the reel stands still, and goes on from the same moment. By itself the page plays ten
 * seconds and then stands still; with reduced motion it waits to be asked.
 */
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { PaneErrorBoundary } from "../../widgets/PaneErrorBoundary.tsx";
import { text } from "../text.ts";
import { useReducedMotion } from "../theme.ts";
import { KillButton } from "./DemoPanel.tsx";
import styles from "./home.module.css";
import { fetchLater, whenHand, whenIdle } from "./later.ts";
import { ReelPlayer, reelInPage } from "./reel.ts";
import { StageView, type StageViewProps } from "./StageView.tsx";
import type { DemoActions } from "./scene.ts";
import { stillMarkup } from "./still.ts";
import { useDemoKeys } from "./useDemoKeys.ts";

const loadLive = () => import("./LiveStage.tsx");
const LiveStage = lazy(loadLive);

/** Where the cluster stands when it may not move by itself: a record is on its way. */
const stillAt = 4_308_000;
const playsUntil = 10_000_000;
/** The cluster has been drawn and moves by then, so that fetching the simulator delays nothing. */
const fetchesAfterMs = 500;

/** What the reader asked for before there was a simulator to do it. */
export type Wish = keyof DemoActions;

export function Stage() {
  const reducedMotion = useReducedMotion();
  const reel = useMemo(() => {
    const found = reelInPage();
    return found === null ? null : new ReelPlayer(found);
  }, []);
  const [time, setTime] = useState(reducedMotion ? stillAt : 0);
  const [isPlaying, setPlaying] = useState(!reducedMotion);
  const [wish, setWish] = useState<Wish | null>(null);
  const [isLive, setLive] = useState(false);
  const [live, setLiveView] = useState<StageViewProps | null>(null);
  const isReady = live !== null;
  useReelClock(isPlaying && reel !== null && !isReady, setTime, setPlaying);

  const stands = reel === null || !isPlaying;
  useEffect(() => whenIdle(fetchLater, fetchesAfterMs), []);
  useEffect(() => whenHand(() => setLive(true)), []);
  useEffect(
    () => (stands ? whenIdle(() => setLive(true), reel === null ? 0 : fetchesAfterMs) : undefined),
    [stands, reel],
  );

  // What was asked for is done at the moment it was asked for: the picture waits there for the simulator.
  const ask = useCallback((what: Wish) => {
    setWish(what);
    setPlaying(false);
    setLive(true);
  }, []);
  const actions = useMemo<DemoActions>(
    () => ({
      kill: () => ask("kill"),
      bringBack: () => ask("bringBack"),
      skipWait: () => ask("skipWait"),
      toggle: () => setPlaying((is) => !is),
    }),
    [ask],
  );
  useDemoKeys(isReady ? null : "before", actions);
  const recorded =
    reel === null
      ? null
      : {
          scene: reel.sceneAt(time),
          counts: reel,
          actions,
          isPlaying,
          isBusy: wish !== null,
          pace: 1,
          seed: reel.reel.seed,
          reducedMotion,
        };
  // One element for both, so that a focus or a press survives when the simulator takes over.
  const shown = live ?? recorded;

  return (
    <section
      className={styles.stage}
      aria-label={text.home.cluster}
      onPointerDown={() => setLive(true)}
      onFocus={() => setLive(true)}
    >
      <PaneErrorBoundary>
        {shown === null ? <Waiting isAsked={wish !== null} onKill={actions.kill} /> : <StageView {...shown} />}
        {isLive && (
          <Suspense>
            <LiveStage from={{ time, isPlaying, wish }} onShow={setLiveView} reducedMotion={reducedMotion} />
          </Suspense>
        )}
      </PaneErrorBoundary>
    </section>
  );
}

/** Moves the reel by wall time, up to where the page plays by itself. */
function useReelClock(
  isRunning: boolean,
  setTime: (change: (time: number) => number) => void,
  setPlaying: (is: boolean) => void,
): void {
  const last = useRef(0);
  useEffect(() => {
    if (!isRunning) return;
    last.current = performance.now();
    let frame = requestAnimationFrame(function show() {
      const now = performance.now();
      const passed = Math.min(now - last.current, 100);
      last.current = now;
      setTime((time) => {
        if (time < playsUntil) return Math.min(playsUntil, Math.round(time + passed * 1000));
        setPlaying(false);
        return time;
      });
      frame = requestAnimationFrame(show);
    });
    return () => cancelAnimationFrame(frame);
  }, [isRunning, setTime, setPlaying]);
}

interface WaitingProps {
  readonly isAsked: boolean;
  readonly onKill: () => void;
}

/** The same shape while there is nothing to play, in development. A press of the button counts as soon as there is a run. */
function Waiting({ isAsked, onKill }: WaitingProps) {
  return (
    <>
      <div className={styles.picture}>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: it is the still of our own build, read back from the page. */}
        <div className={styles.still} dangerouslySetInnerHTML={{ __html: stillMarkup() }} />
      </div>
      <div className={styles.panel}>
        <h1 className={styles.title}>{text.home.title}</h1>
        <p className={styles.lead}>{text.home.lead}</p>
        <div className={styles.buttons}>
          <KillButton onClick={onKill} pressed={isAsked} />
        </div>
      </div>
      <div className={styles.strip} />
    </>
  );
}
