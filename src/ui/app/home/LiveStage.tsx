/** The first page with the simulator: opens the run of the reel, goes to where the reel stands, and takes over. Loads late. */
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { createPlayer, type Player } from "../../player/index.ts";
import { type AtCursor, PlayerProvider, useAtCursor, usePlayer, usePlayerState } from "../../state/player.tsx";
import { useSelection } from "../../state/selection.ts";
import { Captions } from "../captions.ts";
import { text } from "../text.ts";
import { openDemo, sceneAt } from "./demo-run.ts";
import styles from "./home.module.css";
import type { Wish } from "./Stage.tsx";
import type { StageViewProps } from "./StageView.tsx";
import type { DemoActions } from "./scene.ts";
import { useDemoKeys } from "./useDemoKeys.ts";

const demoPlaysUntil = 10_000_000;

export interface LiveStageProps {
  /** Where the reel stands now, and what was asked for meanwhile. */
  readonly from: { readonly time: number; readonly isPlaying: boolean; readonly wish: Wish | null };
  /** Called with what to show, from when the run is at the reel's moment on. */
  readonly onShow: (view: StageViewProps) => void;
  readonly reducedMotion: boolean;
}

export default function LiveStage({ from, onShow, reducedMotion }: LiveStageProps) {
  const [player] = useState(() => createPlayer());
  const [failure, setFailure] = useState<string | null>(null);
  const [isReady, setReady] = useState(false);
  const latest = useRef(from);
  latest.current = from;

  useEffect(() => {
    let isGone = false;
    void openDemo().then((run) => {
      if (isGone) return;
      if (typeof run === "string") return setFailure(run);
      player.setSwitches({ hurriesWaits: true, slowsNearFaults: true });
      player.open(run);
      takeOver(
        player,
        () => latest.current,
        () => setReady(true),
      );
    });
    return () => {
      isGone = true;
      player.close();
    };
  }, [player]);

  if (failure !== null)
    return (
      <p className={styles.failure} role="alert">
        {text.home.failed} {failure}
      </p>
    );
  if (!isReady) return null;
  return (
    <PlayerProvider player={player}>
      <Live onShow={onShow} reducedMotion={reducedMotion} />
    </PlayerProvider>
  );
}

/** Waits until the run is computed to where the reel is, goes there, and does what was asked for. */
function takeOver(player: Player, reel: () => LiveStageProps["from"], onReady: () => void): void {
  const stop = player.store.subscribe(({ computedUntil, isOpen }) => {
    if (!isOpen) return stop();
    const { time, isPlaying, wish } = reel();
    if (computedUntil <= time) return;
    stop();
    player.seek({ time });
    performance.mark("faultline-live");
    onReady();
    if (wish !== null) actionsOn(player)[wish]();
    else if (isPlaying) {
      player.play();
      stopAfterDemo(player);
    }
  });
}

/** The page plays by itself for ten seconds, unless somebody did something. */
function stopAfterDemo(player: Player): void {
  const stop = player.store.subscribe(({ isPlaying, time, undoLabel, isOpen }) => {
    if (!isOpen || !isPlaying || undoLabel !== null) return stop();
    if (time < demoPlaysUntil) return;
    stop();
    player.pause();
  });
}

function actionsOn(player: Player): DemoActions {
  const act = (kind: "kill" | "start") => {
    const target = String(
      kind === "kill"
        ? "b1"
        : (player.marks.marks.findLast(({ fact }) => fact?.kind === "process-killed")?.fact?.node ?? "b1"),
    );
    player.act({ kind, target, id: `${kind}-${target}` } as never, `${kind} ${target}`);
    player.play();
  };
  return {
    kill: () => act("kill"),
    bringBack: () => act("start"),
    skipWait: () => {
      player.step("mark", 1);
      player.play();
    },
    toggle: () => player.toggle(),
  };
}

/** Draws nothing itself: it says what to draw, before each frame that shows another moment. */
function Live({ onShow, reducedMotion }: Pick<LiveStageProps, "onShow" | "reducedMotion">) {
  const player = usePlayer();
  const [captions] = useState(() => new Captions(player));
  const selection = useSelection((state) => state.thing);
  const isPlaying = usePlayerState((state) => state.isPlaying);
  const pace = usePlayerState((state) => state.pace);
  const project = useCallback((at: AtCursor) => sceneAt(at, captions, selection), [captions, selection]);
  const scene = useAtCursor(project, { by: "time", on: [project] });
  const actions = useMemo(() => actionsOn(player), [player]);
  useDemoKeys(scene?.facts.phase ?? null, actions);
  const version = usePlayerState((state) => state.version);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version names the trace.
  const counts = useMemo(
    () => ({ countUntil: (time: number) => player.timeline.trace.countUntil(time) }),
    [player, version],
  );
  const seed = player.run?.resolved?.seed ?? 0;
  useLayoutEffect(() => {
    if (scene !== null) onShow({ scene, counts, actions, isPlaying, pace, seed, reducedMotion });
  }, [onShow, scene, counts, actions, isPlaying, pace, seed, reducedMotion]);
  return null;
}
