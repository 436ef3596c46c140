/** The charts, one below the other on the time axis of the timeline, with the playhead through all; or the same as a table. */
import { useDeferredValue, useMemo } from "react";
import { clusterNow } from "../../../sim/index.ts";
import { usePlayer, usePlayerState } from "../../state/player.tsx";
import { DataTable } from "../../widgets/DataTable.tsx";
import { PaneState } from "../../widgets/PaneState.tsx";
import { seconds } from "../../widgets/seconds.ts";
import { perTimeline } from "../indexes.ts";
import { shownUntil, useDomain } from "../time.ts";
import type { ViewProps } from "../view.ts";
import { ChartRow } from "./ChartRow.tsx";
import { chartsOf, readingsAt } from "./charts.ts";
import { TimeAxis } from "./drawing.tsx";
import styles from "./metrics.module.css";
import { MetricsIndex } from "./metrics-index.ts";
import { useMetrics } from "./state.ts";

const metricsOf = perTimeline((timeline) => {
  const { partitions, brokers } = clusterNow(timeline.at(0).world);
  const ends = Object.fromEntries(
    brokers.flatMap(({ replicas }) =>
      replicas.filter(({ role }) => role === "leader").map((one) => [one.topicPartition, one.highWatermark] as const),
    ),
  );
  return new MetricsIndex(timeline.trace, partitions, ends);
});

export default function Metrics({ width }: ViewProps) {
  const player = usePlayer();
  const isOpen = usePlayerState((state) => state.isOpen);
  const version = usePlayerState((state) => state.version);
  const until = useDeferredValue(usePlayerState(shownUntil));
  const horizon = usePlayerState((state) => state.horizon);
  const domain = useDomain((state) => state.domain);
  const form = useMetrics((state) => state.form);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version names the timeline.
  const index = useMemo(() => (isOpen ? metricsOf(player.timeline) : null), [player, isOpen, version]);
  const [from, to] = domain ?? [0, Math.max(1, horizon)];
  const isNarrow = width < 760;
  const plot = Math.max(120, isNarrow ? width - 32 : width - 32 - 312);
  const points = Math.max(40, Math.min(400, Math.floor(plot / 3)));
  const charts = useMemo(
    () => (index === null || form === "table" ? [] : chartsOf(index.extend(), from, to, until, points)),
    [index, form, from, to, until, points],
  );
  if (index === null) return <PaneState title="No run is open." />;
  if (form === "table") return <MetricsTable index={index} />;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section className={styles.root} aria-label="Metrics" tabIndex={0}>
      {charts.map((chart) => (
        <ChartRow key={chart.id} chart={chart} index={index} from={from} to={to} width={plot} isNarrow={isNarrow} />
      ))}
      <TimeAxis from={from} to={to} width={plot} isNarrow={isNarrow} />
    </section>
  );
}

function MetricsTable({ index }: { readonly index: MetricsIndex }) {
  const time = usePlayerState((state) => state.time);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section className={styles.root} aria-label="Metrics" tabIndex={0}>
      <DataTable
        caption={`Metrics at ${seconds(time)}`}
        columns={[
          { label: "metric" },
          { label: "value", isNumber: true },
          { label: "unit" },
          { label: "in Kafka", isMono: true },
          { label: "what it counts" },
        ]}
        rows={readingsAt(index.extend(), time).map(({ name, value, unit, kafka, note }) => ({
          key: name,
          cells: [name, value, unit, kafka, note],
        }))}
      />
    </section>
  );
}
