/** What of a drawing over time has been, as a clip: up to the cursor, at most to `right` px. */
import { usePlayerState } from "../state/player.tsx";

interface PastProps {
  readonly x: (time: number) => number;
  readonly height: number;
  readonly right: number;
}

export function Past({ x, height, right }: PastProps) {
  const time = usePlayerState((state) => state.time);
  return <rect x={0} y={0} width={Math.max(0, Math.min(right, x(time)))} height={height} />;
}
