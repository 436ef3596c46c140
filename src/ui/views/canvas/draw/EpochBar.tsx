/** The leader epochs that wrote the records of a strip, above its cells; a heavy line where one begins. */
import { cx } from "../../../widgets/cx.ts";
import styles from "../canvas.module.css";
import { cellHeight, type StripLayout } from "../strip.ts";

export function EpochBar({ strip }: { readonly strip: StripLayout }) {
  return (
    <g>
      {strip.spans.map((span, index) => {
        // After a boundary between two shown cells the name steps clear of the heavy line.
        const after = strip.boundaries.some((boundary) => !boundary.folded && boundary.x === span.x);
        const text = `e${span.epoch}`;
        const x = span.x + (after ? 4 : 1);
        const bar = x + text.length * 7.3 + 6;
        const last = index === strip.spans.length - 1;
        return (
          <g key={span.epoch}>
            <text className={cx(styles.small, styles.quiet)} x={x} y={-5}>
              {text}
            </text>
            {bar < span.end - 4 && <path className={styles.epoch} d={`M${bar} -9H${span.end - (last ? 2 : 6)}`} />}
          </g>
        );
      })}
      {strip.boundaries.map((boundary) => (
        <path
          key={boundary.x}
          className={styles.boundary}
          d={boundary.folded ? `M${boundary.x} -13v9` : `M${boundary.x} -15V${cellHeight}`}
        />
      ))}
    </g>
  );
}
