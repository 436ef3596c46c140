// biome-ignore-all lint/a11y/noAriaHiddenOnFocusable: the rule knows HTML only; this is a group or a layer inside an SVG.
/**
 * All messages on their way, as one layer that assistive tech does not see: the same is told in the log. With motion a
 * mark stands where the run says; without, it stays at a fixed place with an arrow and a number.
 */
import { memo } from "react";
import { cx } from "../../../widgets/cx.ts";
import { CrossMark, FamilyMark } from "../../../widgets/Mark.tsx";
import styles from "../canvas.module.css";
import { n } from "../path.ts";
import type { PlacedMessage } from "../traffic.ts";
import { useDraw } from "./context.ts";

export interface MessageLayerProps {
  readonly messages: readonly PlacedMessage[];
  readonly reducedMotion: boolean;
}

export const MessageLayer = memo(function MessageLayer({ messages, reducedMotion }: MessageLayerProps) {
  return (
    <g aria-hidden="true">
      {messages.map((placed) => (
        <MessageMark key={placed.key} placed={placed} reducedMotion={reducedMotion} />
      ))}
    </g>
  );
});

function MessageMark({ placed, reducedMotion }: { readonly placed: PlacedMessage; readonly reducedMotion: boolean }) {
  const { message, place, current } = placed;
  return (
    <g
      className={styles.message}
      data-thing={`message:${message.id}`}
      transform={`translate(${n(place.x)} ${n(place.y)})`}
    >
      {message.heartbeat && !current ? (
        <circle className={styles.ping} r={2} />
      ) : (
        <>
          <circle className={current ? styles.currentRing : styles.gap} r={current ? 12 : 9.5} />
          {message.held !== undefined && <circle className={styles.heldRing} r={11} />}
          {message.dropped ? (
            <CrossMark />
          ) : (
            <FamilyMark family={message.family} response={message.response} error={message.error} />
          )}
        </>
      )}
      {reducedMotion && <Arrow placed={placed} />}
      {message.held !== undefined && <title>{message.held}</title>}
      {placed.text !== "" && <Words placed={placed} />}
    </g>
  );
}

/** The direction of travel beside the mark, and its number in the order of the messages. */
function Arrow({ placed }: { readonly placed: PlacedMessage }) {
  const { angle } = placed.place;
  const upright = Math.abs(Math.round(angle) % 180) === 90;
  return (
    <>
      <path className={styles.arrow} d="M11 0h9M16 -4L20.5 0L16 4" transform={`rotate(${n(angle)})`} />
      <text
        className={cx(styles.small, styles.strong, styles.ordinal)}
        x={upright ? -12 : 0}
        y={upright ? 4 : -11}
        textAnchor={upright ? "end" : "middle"}
      >
        {placed.ordinal}
      </text>
    </>
  );
}

function Words({ placed }: { readonly placed: PlacedMessage }) {
  const { measure } = useDraw();
  const width = n(measure(placed.text, "mono") + 6);
  const off = placed.current ? 4 : 0;
  const at: Record<
    PlacedMessage["side"],
    { box: number; y: number; text: number; anchor?: "end" | "middle"; line: number }
  > = {
    right: { box: 9 + off, y: -9, text: 12 + off, line: 5 },
    left: { box: -9 - off - width, y: -9, text: -12 - off, anchor: "end", line: 5 },
    above: { box: -width / 2, y: -26 - off, text: 0, anchor: "middle", line: -12 - off },
    below: { box: -width / 2, y: 8 + off, text: 0, anchor: "middle", line: 22 + off },
  };
  const side = at[placed.side];
  return (
    <>
      <rect className={styles.gap} x={n(side.box)} y={side.y} width={width} height={18} rx={2} />
      <text className={styles.mono} x={side.text} y={side.line} textAnchor={side.anchor}>
        {placed.text}
      </text>
    </>
  );
}
