/** The line of time on the phone, with the turns that were seen: faults, starts, leaders, losses. */
import type { MarkKind } from "../../player/index.ts";
import { usePlayer, usePlayerState } from "../../state/player.tsx";
import { CrossMark, CrownMark, FaultFlag } from "../../widgets/Mark.tsx";
import { seconds } from "../../widgets/seconds.ts";
import { text } from "../text.ts";
import styles from "./phone.module.css";

const drawn: readonly MarkKind[] = ["fault", "heal", "leader", "loss"];
/** In px; the marks of one kind that lie closer are one. */
const width = 312;
const closest = 12;
const most = 40;

export function Turns() {
  const player = usePlayer();
  const time = usePlayerState((state) => state.time);
  const entries = usePlayerState((state) => state.entries);
  const horizon = usePlayerState((state) => state.horizon);
  const seen = usePlayerState((state) => state.seenEntries);
  usePlayerState((state) => state.version);
  const x = (at: number) => 4 + ((width - 8) * at) / Math.max(1, horizon);
  const placed: { entry: number; kind: MarkKind; at: number }[] = [];
  for (const { entry, kind, at } of player.marks.marks) {
    if (entry >= seen || placed.length >= most) break;
    const last = placed.findLast((one) => one.kind === kind);
    if (drawn.includes(kind) && (last === undefined || x(at) - x(last.at) >= closest)) placed.push({ entry, kind, at });
  }
  const turn = player.marks.firstFrom(entries);
  const head = x(time);
  const anchor = head < 32 ? "start" : head > width - 32 ? "end" : "middle";
  return (
    <svg className={styles.line} viewBox={`0 0 ${width} 46`} role="img" aria-label={text.phone.at(seconds(time), turn)}>
      <path className={styles.track} d={`M0 22H${width}`} />
      <path className={styles.been} d={`M0 22H${Math.max(0, head)}`} />
      {placed.map(({ entry, kind, at }) => (
        <g key={`${entry} ${kind}`} transform={`translate(${Math.round(x(at))} 0)`}>
          {kind === "fault" && <FaultFlag x={-8} y={14} />}
          {kind === "heal" && <path className={styles.heal} d="M-4 17l9 5-9 5Z" />}
          {kind === "leader" && <CrownMark kind="solid" x={-8} y={6} />}
          {kind === "loss" && <CrossMark y={22} />}
        </g>
      ))}
      <path className={styles.head} d={`M${head - 5} 1h10v6l-5 5-5-5ZM${head - 0.75} 8h1.5v20h-1.5Z`} />
      <g className={styles.ticks}>
        {head > 60 && (
          <text x={0} y={42}>
            0
          </text>
        )}
        <text
          className={styles.now}
          x={anchor === "start" ? 0 : anchor === "end" ? width : head}
          y={42}
          textAnchor={anchor}
        >
          {seconds(time)}
        </text>
        {head < width - 72 && (
          <text x={width} y={42} textAnchor="end">
            {Math.round(horizon / 1_000_000)} s
          </text>
        )}
      </g>
    </svg>
  );
}
