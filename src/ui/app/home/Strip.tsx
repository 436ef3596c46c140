/** Under the cluster of the first page: pause, the clock, and a small timeline of events and of who leads. */
import { useLayoutEffect, useMemo, useRef, useState } from "react";
import { IconButton } from "../../widgets/Button.tsx";
import { Icon } from "../../widgets/Icon.tsx";
import { CrownMark } from "../../widgets/Mark.tsx";
import { seconds } from "../../widgets/seconds.ts";
import { text } from "../text.ts";
import styles from "./home.module.css";
import type { EventCount, Scene } from "./scene.ts";

const second = 1_000_000;
const bucketPx = 5;
const height = 76;

export interface StripProps {
  readonly scene: Scene;
  readonly counts: EventCount;
  readonly isPlaying: boolean;
  readonly pace: number;
  readonly seed: number;
  readonly onToggle: () => void;
}

export function Strip({ scene, counts, isPlaying, pace, seed, onToggle }: StripProps) {
  return (
    <div className={styles.strip}>
      <div className={styles.clock}>
        <IconButton
          look="plain"
          label={isPlaying ? text.transport.pause : text.transport.play}
          shortcut="Space"
          onClick={onToggle}
        >
          <Icon name={isPlaying ? "pause" : "play"} />
        </IconButton>
        <span className={styles.time}>{seconds(scene.time)}</span> s
        <span className={styles.pace}>{text.transport.speedOf(pace)}</span>
      </div>
      <MiniTimeline time={scene.time} bands={scene.bands} counts={counts} />
      <p className={styles.seed}>{text.home.runsHere(seed)}</p>
    </div>
  );
}

interface MiniTimelineProps {
  readonly time: number;
  readonly bands: Scene["bands"];
  readonly counts: EventCount;
}

function MiniTimeline({ time, bands, counts }: MiniTimelineProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  // What was shown once stays on the line.
  const furthest = useRef(0);
  furthest.current = Math.max(furthest.current, time);
  const seenUntil = furthest.current;

  useLayoutEffect(() => {
    if (frame.current === null) return;
    const observer = new ResizeObserver(([entry]) => entry && setWidth(entry.contentRect.width));
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, []);

  const end = Math.max(20, Math.ceil((seenUntil / second + 1) / 10) * 10) * second;
  const left = 56;
  const x = useMemo(() => linear(end, left, Math.max(left + 1, width - 8)), [end, width]);
  const buckets = Math.floor((x.of(seenUntil) - left) / bucketPx);
  const bars = useMemo(() => barsOf(counts, x.invert, left, buckets), [counts, x, buckets]);

  return (
    <div ref={frame} className={styles.timeline}>
      {width > 0 && (
        <svg width={width} height={height} aria-hidden="true">
          <text className={styles.label} x={left - 10} y={22}>
            {text.home.events}
          </text>
          <text className={styles.label} x={left - 10} y={44}>
            {text.home.leads}
          </text>
          <path className={styles.hair} d={`M${left} 27.5H${width}`} />
          {bars.map(({ at, share }) => (
            <rect
              key={at}
              className={styles.bar}
              x={at}
              y={27 - share * 17}
              width={bucketPx - 1.5}
              height={share * 17}
            />
          ))}
          {bands.map((band) => {
            const from = x.of(band.from);
            const to = Math.max(from + 2, x.of(Math.min(band.to ?? time, time)));
            return (
              <g key={band.from}>
                <rect
                  className={band.leader === null ? styles.gap : styles.band}
                  x={from}
                  y={31.5}
                  width={to - from}
                  height={15}
                />
                {band.leader !== null && to - from > 60 && <CrownMark kind="solid" x={from + 7} y={33.5} />}
                {to - from > 44 && (
                  <text
                    className={styles.bandLabel}
                    x={from + (band.leader !== null && to - from > 60 ? 29 : 6)}
                    y={44}
                  >
                    {band.leader ?? text.home.none}
                  </text>
                )}
              </g>
            );
          })}
          <path className={styles.axis} d={`M${left} 56.5H${width - 8}`} />
          {ticksOf(end).map((tick) => (
            <text key={tick} className={styles.tick} x={x.of(tick)} y={72}>
              {tick / second}
            </text>
          ))}
          <path className={styles.playhead} d={`M${x.of(time)} 2V60M${x.of(time) - 5} 0h10v7l-5 5l-5 -5Z`} />
        </svg>
      )}
    </div>
  );
}

/** Time to px and back. d3's scales do more, and are 15 kB of the first page. */
function linear(end: number, from: number, to: number) {
  return {
    of: (time: number) => from + ((to - from) * time) / end,
    invert: (px: number) => ((px - from) * end) / (to - from),
  };
}

/** Four or five round numbers of seconds. */
function ticksOf(end: number): number[] {
  const step = Math.ceil(end / second / 20) * 5 * second;
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, n) => n * step);
}

interface Bar {
  readonly at: number;
  readonly share: number;
}

/** Events per bucket, the height by square root, as a share of a busy one. */
function barsOf(counts: EventCount, timeAt: (px: number) => number, left: number, buckets: number): Bar[] {
  const bars: Bar[] = [];
  let before = 0;
  for (let n = 0; n < buckets; n += 1) {
    const until = counts.countUntil(timeAt(left + (n + 1) * bucketPx));
    const count = until - before;
    before = until;
    if (count > 0) bars.push({ at: left + n * bucketPx, share: Math.min(1, Math.sqrt(count / 120)) });
  }
  return bars;
}
