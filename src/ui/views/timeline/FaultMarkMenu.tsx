/** What can be done with a fault on the timeline: go there, move it in time, take it out. */
import type { Body, Input } from "../../../sim/index.ts";
import { usePlayer } from "../../state/player.tsx";
import { type MenuItem, PointMenu } from "../../widgets/Menu.tsx";
import { seconds } from "../../widgets/seconds.ts";
import type { MarkView } from "../tracks.ts";

export interface FaultMarkMenuProps {
  readonly open: { readonly mark: MarkView; readonly x: number; readonly y: number } | null;
  readonly onClose: () => void;
}

const moves = [
  ["Move 1 s earlier", -1_000_000],
  ["Move 0.1 s earlier", -100_000],
  ["Move 0.1 s later", 100_000],
  ["Move 1 s later", 1_000_000],
] as const;

export function FaultMarkMenu({ open, onClose }: FaultMarkMenuProps) {
  const player = usePlayer();
  if (open === null || open.mark.input === null) return null;
  const { mark } = open;
  const place = mark.input;
  const moveTo = (at: number) => {
    const time = Math.max(0, Math.round(at));
    player.changeInputs(`move ${mark.text} to ${seconds(time)}`, (inputs) =>
      inputs.map((input, n) => (n === place ? movedTo(input, time) : input)),
    );
  };
  const { time } = player.store.getState();
  const items: MenuItem[] = [
    { kind: "action", id: "go", label: "Go there", onSelect: () => player.seek({ entries: mark.entry + 1 }) },
    { kind: "rule", id: "rule" },
    ...moves
      .filter(([, by]) => mark.at + by >= 0)
      .map(([label, by]): MenuItem => ({ kind: "action", id: label, label, onSelect: () => moveTo(mark.at + by) })),
    {
      kind: "action",
      id: "here",
      label: `Move to the playhead, ${seconds(time)}`,
      onSelect: () => moveTo(time),
    },
    { kind: "rule", id: "rule-2" },
    {
      kind: "action",
      id: "remove",
      label: "Take it out",
      onSelect: () => {
        player.changeInputs(`without ${mark.text}`, (inputs) => inputs.filter((_, n) => n !== place));
      },
    },
  ];
  return (
    <PointMenu
      label={`Fault: ${mark.text}`}
      title={`${mark.text} at ${seconds(mark.at)}`}
      at={{ x: open.x, y: open.y }}
      items={items}
      onClose={onClose}
    />
  );
}

/** The input at another time. One that waited for a condition happens at that time whatever comes. */
export function movedTo(input: Input, at: number): Input {
  const { act } = input as { readonly act: Body & { readonly act?: Body } };
  return { at, nth: 0, act: act.kind === "when" && act.act !== undefined ? act.act : act };
}
