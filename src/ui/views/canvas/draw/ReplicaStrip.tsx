/**
 * The log of a replica: epoch bar, cells, pen, and the two marks below, from (x, y), which is the upper left corner of
 * the label row; the cells begin 42 px lower.
 */
import { cx } from "../../../widgets/cx.ts";
import { useHatch } from "../../../widgets/Hatch.tsx";
import { CrossMark } from "../../../widgets/Mark.tsx";
import styles from "../canvas.module.css";
import type { CellView, ReplicaView } from "../model.ts";
import {
  cellHeight,
  cellWidth,
  endLabelRoom,
  foldWidth,
  labelMarks,
  layoutStrip,
  type MarkLabel,
  type StripLayout,
} from "../strip.ts";
import { useDraw } from "./context.ts";
import { EpochBar } from "./EpochBar.tsx";

export interface ReplicaStripProps {
  readonly replica: ReplicaView;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** The process is gone: the log stays readable, its outline is lighter. */
  readonly cold: boolean;
  /** Offset of the chosen record. */
  readonly selectedOffset: number | null;
}

export const stripTop = 42;

export function ReplicaStrip({ replica, x, y, width, cold, selectedOffset }: ReplicaStripProps) {
  const { measure } = useDraw();
  const strip = layoutStrip(replica, width - endLabelRoom(replica, measure));
  const labels = labelMarks(replica, strip, width, measure);
  const top = y + stripTop;
  return (
    <g transform={`translate(${x} ${top})`}>
      {strip.parts.map((part) =>
        part.kind === "fold" ? (
          <g key={`fold ${part.from}`}>
            <path className={styles.fold} d={`M${part.x} 0h${foldWidth}M${part.x} ${cellHeight}h${foldWidth}`} />
            <text className={cx(styles.small, styles.quiet)} x={part.x + foldWidth / 2} y={16} textAnchor="middle">
              ···
            </text>
          </g>
        ) : (
          <Cell
            key={`${part.ghost ? "ghost" : "cell"} ${part.cell.offset}`}
            cell={part.cell}
            x={part.x}
            cold={cold}
            ghost={part.ghost}
            highWatermark={replica.highWatermark}
          />
        ),
      )}
      <path className={styles.pen} d={`M${strip.end} 0l7 ${cellHeight / 2}l-7 ${cellHeight / 2}`} />
      <EpochBar strip={strip} />
      <Selected strip={strip} offset={selectedOffset} />
      {replica.highWatermark !== replica.logEnd && (
        <path className={styles.logEnd} d={`M${strip.end} 28l4.6 7.4h-9.2Z`} />
      )}
      <path className={styles.watermark} d={`M${strip.highWatermarkX} 28l4.6 7.4h-9.2Z`} />
      {labels.highWatermark && <Label label={labels.highWatermark} />}
      <Label label={labels.logEnd} />
      {replica.endNote && strip.right + 8 + measure(replica.endNote, "mono") <= width && (
        <text className={cx(styles.mono, styles.strong)} x={strip.right + 7} y={18}>
          {replica.endNote}
        </text>
      )}
    </g>
  );
}

interface CellProps {
  readonly cell: CellView;
  readonly x: number;
  readonly cold: boolean;
  readonly ghost: boolean;
  readonly highWatermark: number;
}

function Cell({ cell, x, cold, ghost, highWatermark }: CellProps) {
  const unflushed = useHatch("unflushed");
  const struck = ghost || cell.state === "truncated" || cell.state === "lost";
  const committed =
    !struck && (cell.state === "committed" || (cell.state === "duplicate" && cell.offset < highWatermark));
  const hatched = cell.state === "unflushed" && !struck;
  return (
    <g data-offset={cell.offset}>
      <rect
        className={cx(styles.cell, cold && styles.cold, committed && styles.committed, struck && styles.ghost)}
        style={hatched ? { fill: unflushed } : undefined}
        x={x}
        width={cellWidth}
        height={cellHeight}
      />
      {cell.state === "duplicate" && <rect className={styles.double} x={x + 3} y={3} width={18} height={20} />}
      {cell.state === "lost" ? (
        <CrossMark x={x + cellWidth / 2} y={cellHeight / 2} />
      ) : (
        <text
          className={cx(
            styles.small,
            struck || cold ? styles.quiet : committed && styles.onCell,
            hatched && styles.ringed,
          )}
          x={x + cellWidth / 2}
          y={17.3}
          textAnchor="middle"
          textLength={cell.label.length > 3 ? cellWidth - 3 : undefined}
          lengthAdjust="spacingAndGlyphs"
        >
          {cell.label}
        </text>
      )}
      {struck && cell.state !== "lost" && <path className={styles.strike} d={`M${x + 3} 13h18`} />}
    </g>
  );
}

function Selected({ strip, offset }: { readonly strip: StripLayout; readonly offset: number | null }) {
  const part = strip.parts.find((candidate) => candidate.kind === "cell" && candidate.cell.offset === offset);
  if (!part) return null;
  return (
    <rect
      className={styles.selected}
      x={part.x - 0.5}
      y={-0.5}
      width={cellWidth + 1}
      height={cellHeight + 1}
      rx={1.5}
    />
  );
}

function Label({ label }: { readonly label: MarkLabel }) {
  return (
    <text className={styles.quiet} x={label.x} y={41} textAnchor={label.anchor === "end" ? "end" : undefined}>
      {label.words}
      {label.words !== "" && label.value !== "" && " "}
      {label.value !== "" && <tspan className={cx(styles.mono, styles.strong)}>{label.value}</tspan>}
    </text>
  );
}
