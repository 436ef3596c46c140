/** The transport bar: steps both ways, play, speed, clock, event count, and the sentence of the moment. */
import { useCallback, useState } from "react";
import { SPEEDS, type StepUnit } from "../../player/index.ts";
import { type AtCursor, useAtCursor, usePlayer, usePlayerState } from "../../state/player.tsx";
import { type Narration, usePreferences } from "../../state/preferences.ts";
import { Button, IconButton } from "../../widgets/Button.tsx";
import { SelectField } from "../../widgets/Field.tsx";
import { Icon } from "../../widgets/Icon.tsx";
import { LiveRegion } from "../../widgets/LiveRegion.tsx";
import { MenuButton, type MenuItem } from "../../widgets/Menu.tsx";
import { seconds } from "../../widgets/seconds.ts";
import { Toolbar, ToolbarItem } from "../../widgets/Toolbar.tsx";
import { Captions } from "../captions.ts";
import { text } from "../text.ts";
import { useViews } from "./SlotTabs.tsx";
import { TransportIcon, type TransportIconName } from "./TransportIcon.tsx";
import styles from "./transport.module.css";
import { goBeforeFault, stepToTurn } from "./turns.ts";

const { transport } = text;

type StepButton = readonly [TransportIconName, string, string, StepUnit, 1 | -1];

const back: readonly StepButton[] = [
  ["mark-previous", transport.markPrevious, "p", "mark", -1],
  ["message-previous", transport.messagePrevious, "Shift ←", "message", -1],
  ["event-previous", transport.eventPrevious, "←", "event", -1],
];
const forth: readonly StepButton[] = [
  ["event-next", transport.eventNext, "→", "event", 1],
  ["message-next", transport.messageNext, "Shift →", "message", 1],
  ["mark-next", transport.markNext, "n", "mark", 1],
];

export function Transport() {
  const player = usePlayer();
  const isPlaying = usePlayerState((state) => state.isPlaying);
  const heldBy = usePlayerState((state) => state.heldBy);
  return (
    <div className={styles.transport}>
      <Toolbar label={transport.label}>
        <ToolbarItem>
          <IconButton size="bar" label={transport.start} shortcut="Home" onClick={() => player.toStart()}>
            <TransportIcon name="start" />
          </IconButton>
        </ToolbarItem>
        <ToolbarItem>
          <IconButton
            size="bar"
            className={styles.wideOnly}
            label={transport.beforeFault}
            shortcut="b"
            onClick={() => goBeforeFault(player)}
          >
            <TransportIcon name="before-fault" />
          </IconButton>
        </ToolbarItem>
        {back.map((button) => (
          <Step key={button[0]} button={button} />
        ))}
        <ToolbarItem>
          <IconButton
            size="bar"
            look="first"
            className={styles.play}
            data-play=""
            label={isPlaying ? transport.pause : transport.play}
            shortcut="Space"
            disabled={heldBy !== null}
            onClick={() => player.toggle()}
          >
            <Icon name={isPlaying ? "pause" : "play"} />
          </IconButton>
        </ToolbarItem>
        {forth.map((button) => (
          <Step key={button[0]} button={button} />
        ))}
      </Toolbar>
      <Speed />
      <Clock />
      <Sentence />
      <TimelineTools />
      <Options />
    </div>
  );
}

/** What the timeline below wants at hand: zoom. */
function TimelineTools() {
  return (
    <span className={styles.tools}>
      {useViews("timeline").map(({ id, tools: Tools }) => Tools && <Tools key={id} />)}
    </span>
  );
}

function Step({ button: [icon, label, keys, unit, direction] }: { readonly button: StepButton }) {
  const player = usePlayer();
  return (
    <ToolbarItem>
      <IconButton
        size="bar"
        className={icon.startsWith("message") ? styles.wideOnly : undefined}
        label={label}
        shortcut={keys}
        onClick={() => (icon === "mark-next" ? stepToTurn(player) : player.step(unit, direction))}
      >
        <TransportIcon name={icon} />
      </IconButton>
    </ToolbarItem>
  );
}

function Speed() {
  const player = usePlayer();
  const speed = usePlayerState((state) => state.speed);
  const offered = SPEEDS.some((one) => one === speed) ? SPEEDS : [...SPEEDS, speed];
  return (
    <SelectField
      size="bar"
      label={transport.speed}
      hideLabel
      value={String(speed)}
      onChange={(value) => player.setSpeed(Number(value))}
      options={offered.map((one) => ({ value: String(one), label: transport.speedOf(one) }))}
    />
  );
}

function Clock() {
  const time = usePlayerState((state) => state.time);
  const horizon = usePlayerState((state) => state.horizon);
  const entries = usePlayerState((state) => state.entries);
  const computed = usePlayerState((state) => state.computedEntries);
  const seen = usePlayerState((state) => state.seenEntries);
  const hasFog = usePlayerState((state) => state.hasFog);
  const count = transport.event(entries, hasFog ? seen : computed);
  return (
    <>
      <span className={styles.clock}>
        <b>{seconds(time)}</b> {transport.of(seconds(horizon))}
      </span>
      <span className={styles.count}>
        event <b>{count.n}</b> of {count.of}
      </span>
    </>
  );
}

/** How much of what happens is spoken: turns of these kinds. */
const spoken: Readonly<Record<Narration, readonly string[] | null>> = {
  faults: ["fault", "heal", "loss"],
  elections: ["fault", "heal", "loss", "session", "leader", "controller", "truncation"],
  all: null,
};

function Sentence() {
  const player = usePlayer();
  const [captions] = useState(() => new Captions(player));
  const isScrubbing = usePlayerState((state) => state.isScrubbing);
  const narration = usePreferences((state) => state.narration);
  const project = useCallback(({ entries, time }: AtCursor) => captions.at(entries, time), [captions]);
  const sentence = useAtCursor(project, { by: "time" }) ?? "";
  const kinds = spoken[narration];
  const isSpoken = useAtCursor(
    useCallback(
      ({ entries, player: { marks } }: AtCursor) => {
        const last = marks.last(entries);
        return kinds === null || last === null || kinds.includes(last.kind);
      },
      [kinds],
    ),
    { on: [kinds] },
  );
  return (
    <p className={styles.sentence} title={sentence}>
      <span>{sentence}</span>
      <LiveRegion message={isSpoken ? sentence : ""} silent={isScrubbing} />
    </p>
  );
}

function Options() {
  const player = usePlayer();
  const hurries = usePlayerState((state) => state.hurriesWaits);
  const slows = usePlayerState((state) => state.slowsNearFaults);
  const { singleKeys, narration, showHeartbeats, change } = usePreferences();
  const speak = (id: Narration, label: string): MenuItem => ({
    kind: "check",
    id: `speak-${id}`,
    label: `${transport.speak} ${label}`,
    checked: narration === id,
    onChange: () => change({ narration: id }),
  });
  const items: MenuItem[] = [
    {
      kind: "check",
      id: "slow",
      label: transport.slow,
      checked: slows,
      onChange: (on) => {
        player.setSwitches({ slowsNearFaults: on });
        change({ slowsNearFaults: on });
      },
    },
    {
      kind: "check",
      id: "hurry",
      label: transport.hurry,
      checked: hurries,
      onChange: (on) => {
        player.setSwitches({ hurriesWaits: on });
        change({ hurriesWaits: on });
      },
    },
    {
      kind: "check",
      id: "heartbeats",
      label: text.bench.heartbeats,
      checked: showHeartbeats,
      onChange: (on) => change({ showHeartbeats: on }),
    },
    { kind: "rule", id: "rule" },
    speak("faults", transport.speakFaults),
    speak("elections", transport.speakElections),
    speak("all", transport.speakAll),
    { kind: "rule", id: "rule-2" },
    {
      kind: "check",
      id: "keys",
      label: transport.singleKeys,
      checked: singleKeys,
      onChange: (on) => change({ singleKeys: on }),
    },
  ];
  return (
    <MenuButton items={items}>
      <Button size="bar" look="quiet" aria-label={transport.options} className={styles.options}>
        <Icon name="menu" />
      </Button>
    </MenuButton>
  );
}
