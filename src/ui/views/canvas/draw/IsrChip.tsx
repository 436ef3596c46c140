/** How many of the replicas are in sync, in a chip that turns heavy when fewer than all are. Right end at `x`. */
import type { ReplicaView } from "../model.ts";
import { Badge } from "./Badge.tsx";
import { useDraw } from "./context.ts";

export interface IsrChipProps {
  readonly replica: ReplicaView;
  readonly x: number;
  readonly y: number;
}

export function IsrChip({ replica, x, y }: IsrChipProps) {
  const { words } = useDraw();
  const text = words.inSync(replica.isr.length, replica.replicas.length);
  return <Badge x={x} y={y} text={text} look={replica.isrShort ? "short" : "quiet"} least={62} />;
}
