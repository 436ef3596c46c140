/** The partitions of one side as strips: one bar a replica, cut where epochs begin, with crown, in-sync set and high watermark. */
import { scaleLinear } from "d3";
import { cx } from "../../widgets/cx.ts";
import { CrownMark } from "../../widgets/Mark.tsx";
import styles from "./compare.module.css";
import { type PictureView, type StripView, stripWords } from "./project.ts";

const rowHeight = 28;

export interface PicturesProps {
  /** Names the side. */
  readonly label: string;
  readonly pictures: readonly PictureView[];
  /** The other side, so that what differs is told. */
  readonly other: readonly PictureView[];
  /** Log ends of both sides, so that bars compare. */
  readonly most: number;
  readonly width: number;
}

export function Pictures({ label, pictures, other, most, width }: PicturesProps) {
  return (
    <div className={styles.pictures}>
      {pictures.map((picture) => {
        const opposite = other.find(({ topicPartition }) => topicPartition === picture.topicPartition);
        return (
          <section key={picture.topicPartition} aria-label={`${picture.topicPartition} in ${label}`}>
            <h3 className={styles.partition}>{picture.topicPartition}</h3>
            {picture.strips.map((strip) => (
              <Strip
                key={strip.broker}
                strip={strip}
                most={most}
                width={width}
                differs={
                  JSON.stringify(strip) !==
                  JSON.stringify(opposite?.strips.find(({ broker }) => broker === strip.broker))
                }
              />
            ))}
          </section>
        );
      })}
    </div>
  );
}

interface StripProps {
  readonly strip: StripView;
  readonly most: number;
  readonly width: number;
  readonly differs: boolean;
}

function Strip({ strip, most, width, differs }: StripProps) {
  const left = 108;
  const right = Math.max(left + 40, width - 64);
  const x = scaleLinear()
    .domain([0, Math.max(1, most)])
    .range([left, right]);
  const end = Math.max(x(strip.logEnd), left + 2);
  const cuts = strip.epochs.filter(({ from }, n) => n > 0 && from < strip.logEnd);
  const last = strip.epochs.at(-1);
  return (
    <svg
      width={width}
      height={rowHeight}
      role="img"
      aria-label={`${stripWords(strip)}${differs ? ", differs" : ""}`}
      className={styles.strip}
    >
      <text className={cx(styles.broker, strip.isDown && styles.down)} x={0} y={19}>
        {strip.broker}
      </text>
      {strip.crown !== null && <CrownMark kind={strip.crown} x={28} y={8} />}
      <text className={strip.isInSync ? styles.inSync : styles.notInSync} x={52} y={19}>
        {strip.isInSync ? "in ISR" : "not in"}
      </text>
      <rect
        className={cx(styles.bar, strip.isDown && styles.barDown, differs && styles.barDiffers)}
        x={x(strip.logStart)}
        y={6}
        width={end - x(strip.logStart)}
        height={14}
      />
      <rect
        className={styles.committed}
        x={x(strip.logStart)}
        y={6}
        width={Math.max(0, x(strip.highWatermark) - x(strip.logStart))}
        height={14}
      />
      {cuts.map(({ epoch, from }) => (
        <line key={epoch} className={styles.cut} x1={x(from)} x2={x(from)} y1={3} y2={23} />
      ))}
      <path className={styles.mark} d={`M${x(strip.highWatermark)} 21l4.5 6h-9Z`} />
      <text className={styles.end} x={end + 6} y={18}>
        {strip.logEnd}
        {last !== undefined && ` e${last.epoch}`}
      </text>
    </svg>
  );
}
