/**
 * The crown of a replica: solid when it leads, hollow when only the metadata says so, in the colour of loss when nobody
 * may lead. It fades in where it lands, since its key is the epoch; it does not fly.
 */
import { CrownMark } from "../../../widgets/Mark.tsx";
import styles from "../canvas.module.css";
import type { ReplicaView } from "../model.ts";

export interface CrownProps {
  readonly replica: ReplicaView;
  readonly x: number;
  readonly y: number;
}

/** What crown a replica wears, or null. */
export function crownOf(replica: ReplicaView): "solid" | "paper" | "nobody" | null {
  if (replica.leaderOnPaper) return "paper";
  if (replica.role === "leader") return "solid";
  return replica.role === "none" ? "nobody" : null;
}

export function Crown({ replica, x, y }: CrownProps) {
  const kind = crownOf(replica);
  if (!kind) return null;
  return (
    <g key={`${kind} ${replica.leaderEpoch}`} className={styles.arrive}>
      <CrownMark kind={kind} x={x} y={y} />
    </g>
  );
}
