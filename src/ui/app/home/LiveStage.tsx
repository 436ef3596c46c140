/** The first page with the simulator: opens the run of the reel, goes to where the reel stands, and takes over. Loads late. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { createPlayer, type Player } from "../../player/index.ts";
import { type AtCursor, PlayerProvider, useAtCursor, usePlayer, usePlayerState } from "../../state/player.tsx";
import { useSelection } from "../../state/selection.ts";
import { Captions } from "../captions.ts";
import { text } from "../text.ts";
import { openDemo, sceneAt } from "./demo-run.ts";
import styles from "./home.module.css";
import type { Wish } from "./Stage.tsx";
import { StageView } from "./StageView.tsx";
import type { DemoActions } from "./scene.ts";
import { useDemoKeys } from "./useDemoKeys.ts";

const demoPlaysUntil = 10_000_000;

export interface LiveStageProps {
  /** Where the reel stands now, and what was asked for meanwhile. */
  readonly from: { readonly time: number; readonly isPlaying: boolean; readonly wish: Wish | null };
  readonly isShown: boolean;
  /** The run is at the reel's moment: from now on it is shown. */
  readonly onReady: () => void;
  readonly reducedMotion: boolean;
}

export default function LiveStage({ from, isShown, onReady, reducedMotion }: LiveStageProps) {
  const [player] = useState(() => createPlayer());
  const [failure, setFailure] = useState<string | null>(null);
  const latest = useRef(from);
  latest.current = from;

  useEffect(() => {
    let isGone = false;
    void openDemo().then((run) => {
      if (isGone) return;
      if (typeof run === "string") {
        setFailure(run);
        onReady();
        return;
      }
      player.setSwitches({ hurriesWaits: true, slowsNearFaults: true });
      player.open(run);
      takeOver(player, () => latest.current, onReady);
    });
    return () => {
      isGone = true;
      player.close();
    };
  }, [player, onReady]);

  if (failure !== null)
    return (
      <p className={styles.failure} role="alert">
        {text.home.failed} {failure}
      </p>
    );
  if (!isShown) return null;
  return (
    <PlayerProvider player={player}>
      <Live reducedMotion={reducedMotion} />
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
    onReady();
    if (wish === "kill") actionsOn(player).kill();
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

function Live({ reducedMotion }: { readonly reducedMotion: boolean }) {
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
  if (scene === null) return null;
  return (
    <StageView
      scene={scene}
      counts={counts}
      actions={actions}
      isPlaying={isPlaying}
      pace={pace}
      seed={player.run?.resolved?.seed ?? 0}
      reducedMotion={reducedMotion}
    />
  );
}
