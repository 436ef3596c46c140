/** How a lab ends: a bar for each log, as long as the log is, with ticks where a leader epoch began. */
import { text } from "../text.ts";
import styles from "./ending.module.css";
import type { Ending, EndingRow } from "./ending.ts";

const LEFT = 46;
/** Where the longest log ends. */
const RIGHT = 150;
const ROW = 24;
const CROWN = "M0 8 -.8 1.4 2.6 3.9 5.4 0 8.2 3.9 11.6 1.4 10.8 8Z";

/** Shows `ending`; keeps its place while that is not known. */
export function EndingPicture({ ending }: { readonly ending: Ending | undefined }) {
  if (ending === undefined) return <span className={styles.picture} />;
  const longest = Math.max(1, ...ending.rows.map(({ end }) => end));
  const left = Math.max(LEFT, ...ending.rows.map(({ name }) => name.length * 7.3 + 24));
  const scale = (RIGHT - left) / longest;
  return (
    <svg className={styles.picture} viewBox="0 0 240 76" role="img" aria-label={text.gallery.ending(ending)}>
      {ending.rows.map((row, index) => (
        <g key={row.name} transform={`translate(0 ${index * ROW + 3})`}>
          <Row row={row} left={left} scale={scale} />
          <text
            x={left + row.end * scale + 14}
            y={16}
            className={isLoss(ending.notes[index]) ? styles.lost : undefined}
          >
            {ending.notes[index]}
          </text>
        </g>
      ))}
    </svg>
  );
}

const isLoss = (note: string | undefined) => note?.endsWith(" lost") === true;

function Row({ row, left, scale }: { readonly row: EndingRow; readonly left: number; readonly scale: number }) {
  const end = left + row.end * scale;
  return (
    <g data-down={row.isDown || undefined} data-out={row.isOut || undefined}>
      <text y={16} className={styles.name}>
        {row.name}
      </text>
      {row.isLeader && <path d={CROWN} transform={`translate(${left - 18} 7)`} className={styles.crown} />}
      <rect x={left} y={4} width={row.committed * scale} height={15} className={styles.committed} />
      <path d={`M${left} 4H${end}l5 7.5-5 7.5H${left}Z`} className={styles.log} />
      {row.epochs.map((offset) => (
        <path key={offset} d={`M${left + offset * scale} 1v18`} className={styles.epoch} />
      ))}
    </g>
  );
}
