/** Opens the run that an address names (a lab, the sandbox, a link) and shows the workbench around it. Loads late. */
import { useCallback, useEffect, useRef, useState } from "react";
import { PROFILES, type Profile, type Scenario } from "../../../sim/index.ts";
import { createPlayer, type Place, type PlayableRun, type Player } from "../../player/index.ts";
import { useNotices } from "../../state/notices.ts";
import { PlayerProvider, usePlayer, usePlayerState } from "../../state/player.tsx";
import { usePreferences } from "../../state/preferences.ts";
import { ownActs, useRerun } from "../../state/rerun.ts";
import { readThing, useSelection } from "../../state/selection.ts";
import { breakpoints } from "../../theme/tokens.ts";
import { viewById } from "../../views/index.ts";
import { PaneError } from "../../widgets/PaneState.tsx";
import { readAddress, readCount, readSeconds } from "../address.ts";
import { openRun, type RunRequest } from "../open.ts";
import { Arriving } from "../parts/Arriving.tsx";
import { SiteHeader } from "../parts/SiteHeader.tsx";
import type { Arrival } from "../share/open-link.ts";
import { text } from "../text.ts";
import { hasRoomForDrawer, useBench } from "./bench.ts";
import { forgetKept, type KeptRun, readKept, useKeeping } from "./kept.ts";
import { sandbox } from "./sandbox.ts";
import { Workbench } from "./Workbench.tsx";

export interface WorkbenchScreenProps {
  readonly from: "lab" | "sandbox" | "link";
  /** Name of the lab, or payload of the link. */
  readonly id: string;
}

/** What was chosen on the workbench: seed, variant and version (kept in the query), settings changed from the start. */
export type RunChoice = Pick<RunRequest, "seed" | "variant" | "profile" | "set" | "inputs" | "removed"> & {
  /** A scenario of the reader's own, in place of the one that the address names. */
  readonly scenario?: Scenario;
};

export default function WorkbenchScreen(props: WorkbenchScreenProps) {
  const [player] = useState(() => createPlayer());
  return (
    <PlayerProvider player={player}>
      <Opening {...props} />
    </PlayerProvider>
  );
}

function Opening({ from, id }: WorkbenchScreenProps) {
  const player = usePlayer();
  const isOpen = usePlayerState((state) => state.isOpen);
  const [problems, setProblems] = useState<readonly string[]>([]);
  const [failed, setFailed] = useState(false);
  const kept = useRef<KeptRun | null | undefined>(undefined);
  if (kept.current === undefined)
    kept.current = from === "link" || useRerun.getState().next !== null ? null : readKept({ from, id });
  const [choice, setChoice] = useState<RunChoice>(() => ({
    ...kept.current?.choice,
    ...spoken(choiceIn(readAddress(window.location.hash).query)),
    ...(from === "sandbox" ? useRerun.getState().next : null),
  }));
  const isFirst = useRef(true);
  const past = useRef<RunChoice[]>([]);
  const undone = useRef<RunChoice[]>([]);
  const choose = useCallback(
    (some: RunChoice) => {
      past.current.push({ ...choice, inputs: ownActs(player) });
      undone.current = [];
      setChoice({ ...choice, ...some });
    },
    [player, choice],
  );

  useEffect(() => {
    const turn = (from: RunChoice[], to: RunChoice[]) => () => {
      const other = from.pop();
      if (other === undefined) return false;
      to.push({ ...choice, inputs: ownActs(player) });
      setChoice(other);
      return true;
    };
    const [back, forth] = [turn(past.current, undone.current), turn(undone.current, past.current)];
    useRerun.setState({ choose, choice, next: null, back, forth });
  }, [player, choose, choice]);

  useKeeping({ from, id }, choice);
  useEffect(() => () => player.close(), [player]);

  useEffect(() => {
    let isGone = false;
    const { query } = readAddress(window.location.hash);
    void open().then((said) => {
      if (isGone || said === null) return;
      setProblems(said);
      setFailed(!player.store.getState().isOpen);
    });
    async function open(): Promise<readonly string[] | null> {
      const opened =
        from === "link" && choice.scenario === undefined
          ? await (await import("../share/open-link.ts")).openLink(id, choice)
          : { ...(await openRun({ ...requestOf(from, id), ...choice })), arrive: null };
      if (isGone) return [];
      if (opened.run === null && isFirst.current && kept.current !== null) {
        // It was kept by another version of this page.
        forgetKept({ from, id });
        kept.current = null;
        setChoice({});
        return null;
      }
      if (opened.run === null) return opened.problems;
      // Reset takes away what the reader did, but not what a link came with.
      const base = from === "link" ? undefined : opened.run.run?.timeline;
      const run: PlayableRun = { ...opened.run, ...(base === undefined ? {} : { base }) };
      if (!isFirst.current) {
        // The same thing run anew: views, speed and selection stay.
        player.open(run);
        return opened.problems;
      }
      isFirst.current = false;
      const { speed, switches } = restored(query);
      player.setSwitches(switches);
      player.setSpeed(speed);
      useBench.setState({ shown: {}, part: "centre", isDrawerOpen: hasRoomForDrawer(hasMany(opened.run)) });
      useSelection.setState({ thing: null, entry: null });
      if (opened.arrive !== null) {
        player.open(run, opened.arrive.moment);
        useSelection.getState().select(opened.arrive.selection);
        warnIfDifferent(player, opened.arrive, () => !isGone && setProblems((said) => [...said, text.bench.otherRun]));
      } else {
        player.open(run, momentIn(query) ?? kept.current?.moment ?? { time: 0 });
        useSelection.getState().select(readThing(query.get("sel") ?? kept.current?.selection ?? ""));
        if (kept.current !== null) useNotices.getState().show(text.bench.asLeft);
      }
      const view = viewById(query.get("view") ?? "");
      if (view !== null) useBench.getState().show(view.slot, view.id);
      return opened.problems;
    }
    return () => {
      isGone = true;
    };
  }, [player, from, id, choice]);

  if (failed)
    return (
      <>
        <SiteHeader />
        <main id="content">
          <PaneError isPage title={text.bench.notOpened} actions={<a href="#/">{text.bench.toHome}</a>}>
            {problems.join(" ")}
          </PaneError>
        </main>
      </>
    );
  if (!isOpen) return <Arriving />;
  return <Workbench problems={problems} onDismiss={() => setProblems([])} choice={choice} onChoose={choose} />;
}

/** Says so once the run is computed to the link's moment and its trace is not the one that the link was made from. */
function warnIfDifferent(player: Player, { moment, hash }: Arrival, warn: () => void): void {
  const entries = "entries" in moment ? moment.entries : 0;
  if (hash === null) return;
  const { runKey } = player.store.getState();
  const stop = player.store.subscribe((state) => {
    if (state.runKey === runKey && state.computedEntries < entries && !state.isComputed) return;
    stop();
    if (state.runKey === runKey && player.timeline.trace.hash(Math.min(entries, player.timeline.length)) !== hash)
      warn();
  });
}

function requestOf(from: WorkbenchScreenProps["from"], id: string): RunRequest {
  // The phone reads: what waits for the reader elsewhere is done as the file says.
  const reads = window.matchMedia(`(width < ${breakpoints.narrow}px)`).matches;
  return from === "lab" ? { scenario: id, isInteractive: !reads } : { scenario: sandbox, isInteractive: true };
}

function choiceIn(query: URLSearchParams): RunChoice {
  const profile = query.get("profile");
  return {
    seed: readCount(query.get("seed")),
    variant: query.get("variant"),
    profile: (PROFILES as readonly (string | null)[]).includes(profile) ? (profile as Profile) : null,
  };
}

/** What of a choice says something. */
function spoken(choice: RunChoice): RunChoice {
  return Object.fromEntries(Object.entries(choice).filter(([, value]) => value !== null));
}

/** Whether its picture is high: several partitions, or more clients than stand beside the ensemble with ease. */
function hasMany({ resolved }: PlayableRun): boolean {
  return (
    resolved !== null && (resolved.topics.some(({ partitions = 1 }) => partitions > 1) || resolved.clients.length > 2)
  );
}

/** Null when the address names none. */
function momentIn(query: URLSearchParams): Place | null {
  const entries = readCount(query.get("e"));
  const time = readSeconds(query.get("t"));
  if (entries !== null) return { entries, ...(time === null ? {} : { time }) };
  return time === null ? null : { time };
}

function restored(query: URLSearchParams) {
  const { slowsNearFaults, hurriesWaits } = usePreferences.getState();
  const speed = Number(query.get("speed"));
  return { speed: speed >= 0.05 && speed <= 10 ? speed : 1, switches: { slowsNearFaults, hurriesWaits } };
}
