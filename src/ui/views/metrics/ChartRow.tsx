/** One metric: its name and value at the moment shown on the left, its line on the right. A click or drag goes to a moment. */
import { line, scaleLinear } from "d3";
import { memo, type PointerEvent, useId } from "react";
import { usePlayer, usePlayerState } from "../../state/player.tsx";
import { cx } from "../../widgets/cx.ts";
import { seconds } from "../../widgets/seconds.ts";
import { Past } from "../Past.tsx";
import { useScrub } from "../scrub.ts";
import { type Chart, figure, type Point, readingsAt, type Series } from "./charts.ts";
import styles from "./metrics.module.css";
import type { MetricsIndex } from "./metrics-index.ts";

const height = 44;
const bottom = height - 4;

interface ChartRowProps {
  readonly chart: Chart;
  readonly index: MetricsIndex;
  readonly from: number;
  readonly to: number;
  readonly width: number;
  readonly isNarrow: boolean;
}

export function ChartRow({ chart, index, from, to, width, isNarrow }: ChartRowProps) {
  const player = usePlayer();
  const scale = scaleLinear().domain([from, to]).range([0, width]);
  const seek = (event: PointerEvent<SVGSVGElement>) => {
    const { left } = event.currentTarget.getBoundingClientRect();
    player.seek({ time: Math.round(Math.max(0, Math.min(to, scale.invert(event.clientX - left)))) });
  };
  const scrub = useScrub(seek);
  return (
    <figure className={isNarrow ? styles.narrow : styles.row}>
      <figcaption className={styles.caption} title={`${chart.kafka}\n${chart.note}`}>
        <span className={styles.title}>{chart.title}</span>
        <Values chart={chart} index={index} />
        <code className={styles.kafka}>{shortName(chart.kafka)}</code>
      </figcaption>
      <svg
        className={styles.plot}
        width={width}
        height={height}
        role="img"
        aria-label={`${chart.title}, ${chart.unit}, ${seconds(from)} to ${seconds(to)} s, at most ${figure(chart.most)}`}
        {...scrub}
      >
        <Lines chart={chart} from={from} to={to} width={width} />
        <Head from={from} to={to} width={width} />
      </svg>
    </figure>
  );
}

/** The values at the moment shown, in words. */
function Values({ chart, index }: { readonly chart: Chart; readonly index: MetricsIndex }) {
  const time = usePlayerState((state) => state.time);
  const rows = readingsAt(index, time).filter((one) => one.chart === chart.id);
  const short = (name: string) => name.replace("ack latency ", "").replace("lag of ", "").replace("ISR ", "");
  return (
    <span className={styles.values}>
      {rows.map(({ name, value }, n) => (
        <span key={name}>
          {rows.length > 1 && <i className={styles[chart.series[n]?.look ?? "none"]}>{short(name)} </i>}
          <b>{value}</b>
        </span>
      ))}
      <span className={styles.unit}>{chart.unit}</span>
    </span>
  );
}

interface LinesProps {
  readonly chart: Chart;
  readonly from: number;
  readonly to: number;
  readonly width: number;
}

const Lines = memo(function Lines({ chart, from, to, width }: LinesProps) {
  const clip = useId();
  const x = scaleLinear().domain([from, to]).range([0, width]);
  const y = scaleLinear().domain([0, chart.most]).range([bottom, 16]);
  const drawn = (
    <>
      {chart.series.map((one) => (
        <path key={one.name} className={cx(styles.line, styles[one.look])} d={pathOf(one, x, y)} />
      ))}
      {chart.ticks.map((tick) => (
        <path
          key={`${tick.entry} ${tick.text}`}
          className={tick.isUnclean ? styles.unclean : styles.tick}
          d={TICKS[tick.mark]}
          transform={`translate(${Math.round(x(tick.at) * 10) / 10} ${tick.mark === "up" ? 14 : tick.mark === "down" ? 30 : 22})`}
        >
          <title>{`${seconds(tick.at)} ${tick.text}${tick.isUnclean ? ", unclean" : ""}`}</title>
        </path>
      ))}
    </>
  );
  return (
    <>
      <line className={styles.base} x1={0} x2={width} y1={bottom + 0.5} y2={bottom + 0.5} />
      {chart.series.length > 0 && (
        <text className={styles.most} x={2} y={12}>
          {figure(chart.most)}
        </text>
      )}
      <g className={styles.later}>{drawn}</g>
      <clipPath id={clip}>
        <Past x={x} height={height} right={width} />
      </clipPath>
      <g clipPath={`url(#${clip})`}>{drawn}</g>
    </>
  );
});

/** Triangles up and down; an election is a diamond. */
const TICKS = { up: "M0 -6L5 3H-5Z", down: "M0 6L5 -3H-5Z", elected: "M0 -7L6 0L0 7L-6 0Z" } as const;

type Scale = (value: number) => number;

function pathOf({ form, points }: Series, x: Scale, y: Scale): string {
  const round = (value: number) => Math.round(value * 10) / 10;
  const draw = line<Point>()
    .defined(({ value }) => value !== null)
    .x(({ at }) => round(x(at)))
    .y(({ value }) => round(y(value ?? 0)));
  if (form === "line") return draw(points) ?? "";
  const corners = points.flatMap((point, n): Point[] => {
    const before = points[n - 1];
    return before === undefined ? [point] : [{ at: point.at, value: before.value }, point];
  });
  return draw(corners) ?? "";
}

interface RangeProps {
  readonly from: number;
  readonly to: number;
  readonly width: number;
}

function Head({ from, to, width }: RangeProps) {
  const time = usePlayerState((state) => state.time);
  if (time < from || time > to) return null;
  const x = Math.round(((time - from) / (to - from)) * width * 10) / 10;
  return <line className={styles.head} x1={x} x2={x} y1={0} y2={height} />;
}

/** Without the bean's domain and type: `UnderReplicatedPartitions`, `TotalTimeMs,request=Produce`. */
function shortName(kafka: string): string {
  return kafka.replace(/^kafka\.[\w.]+:type=[\w-]+(,name=| )/, "");
}
