/** A server of the ensemble with the sessions it holds below it. The leading one has an inner line. */
import { memo } from "react";
import { cx } from "../../../widgets/cx.ts";
import { RingMark } from "../../../widgets/Mark.tsx";
import styles from "../canvas.module.css";
import type { PlacedBox } from "../layout.ts";
import type { ServerView } from "../model.ts";
import { Card } from "./Card.tsx";
import { useDraw } from "./context.ts";
import { ThingButton } from "./ThingButton.tsx";

export interface ZooKeeperServerProps {
  readonly server: ServerView;
  readonly box: PlacedBox;
}

export const ZooKeeperServer = memo(function ZooKeeperServer({ server, box }: ZooKeeperServerProps) {
  const { words, selected } = useDraw();
  const { x, y, width, height } = box.rect;
  const gone = server.process === "down";
  const leading = server.mode === "leading" && server.process === "up";
  return (
    <ThingButton thing={{ kind: "server", id: server.id }} name={words.server(server)} at={box.rect}>
      <Card
        rect={box.rect}
        process={server.process}
        faults={server.faults}
        chosen={selected === `server:${server.id}`}
        veilFrom={1}
      >
        {leading && (
          <rect className={styles.leadingRing} x={x + 3} y={y + 3} width={width - 6} height={height - 6} rx={4} />
        )}
      </Card>
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
