/** A server of the ensemble with the sessions it holds below it. The leading one has an inner line. */
import { memo } from "react";
import { cx } from "../../../widgets/cx.ts";
import { useHatch } from "../../../widgets/Hatch.tsx";
import { RingMark } from "../../../widgets/Mark.tsx";
import styles from "../canvas.module.css";
import type { PlacedBox } from "../layout.ts";
import type { ServerView } from "../model.ts";
import { useDraw } from "./context.ts";
import { ThingButton } from "./ThingButton.tsx";

export interface ZooKeeperServerProps {
  readonly server: ServerView;
  readonly box: PlacedBox;
}

export const ZooKeeperServer = memo(function ZooKeeperServer({ server, box }: ZooKeeperServerProps) {
  const { words, selected } = useDraw();
  const hazard = useHatch("hazard");
  const veil = useHatch("veil");
  const { x, y, width, height } = box.rect;
  const gone = server.process === "down";
  const leading = server.mode === "leading" && server.process === "up";
  return (
    <ThingButton thing={{ kind: "server", id: server.id }} name={words.server(server)} at={box.rect}>
      {selected === `server:${server.id}` && (
        <rect className={styles.selected} x={x - 4} y={y - 4} width={width + 8} height={height + 8} rx={9} />
      )}
      <rect
        className={cx(styles.card, gone && styles.gone, server.process === "starting" && styles.starting)}
        x={x}
        y={y}
        width={width}
        height={height}
        rx={6}
      />
      {gone && <rect className={styles.hit} x={x} y={y} width={width} height={height} />}
      {server.process === "paused" && (
        <rect
          className={styles.veil}
          style={{ fill: veil }}
          x={x + 1}
          y={y + 1}
          width={width - 2}
          height={height - 2}
          rx={5}
        />
      )}
      {leading && (
        <rect className={styles.leadingRing} x={x + 3} y={y + 3} width={width - 6} height={height - 6} rx={4} />
      )}
      {server.faults.length > 0 && (
        <path
          className={styles.tape}
          style={{ fill: hazard }}
          d={`M${x + 6} ${y}H${x + width - 6}a6 6 0 0 1 6 6H${x}a6 6 0 0 1 6 -6Z`}
        />
      )}
      <text
        className={cx(styles.mono, leading && styles.strong, gone && styles.quiet)}
        x={x + width / 2}
        y={y + 27}
        textAnchor="middle"
      >
        {server.id}
      </text>
      {server.mode === "looking" && server.process === "up" && (
        <path className={styles.looking} d={`M${x + width / 2 - 14} ${y + height - 6}h28`} />
      )}
      {server.sessions.map((session, index) => {
        const middle = y + height + 22 + index * 22;
        const ending = session.fractionLeft < 0.5;
        return (
          <g key={session.owner}>
            <RingMark x={x + 14} y={middle} radius={6.5} fraction={session.fractionLeft} />
            <text className={cx(styles.mono, ending ? styles.strong : styles.quiet)} x={x + 28} y={middle + 5}>
              {session.owner}
            </text>
          </g>
        );
      })}
    </ThingButton>
  );
});
