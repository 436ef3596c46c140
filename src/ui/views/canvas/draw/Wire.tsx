/** A link: its wire, capped where a peer is down, with the mark of what was done to it. */
import { memo } from "react";
import { cx } from "../../../widgets/cx.ts";
import styles from "../canvas.module.css";
import { calmPlace, n, type Point } from "../path.ts";
import type { WireState } from "../traffic.ts";
import { CutMark } from "./CutMark.tsx";
import { useDraw } from "./context.ts";
import { ThingButton } from "./ThingButton.tsx";

export const Wire = memo(function Wire({ state }: { readonly state: WireState }) {
  const { words, selected } = useDraw();
  const { route, link, busy, peerDown, visible } = state;
  const first = route.points[0];
  const last = route.points.at(-1);
  if (!first || !last) return null;
  if (!visible) {
    // Only the two ports are left.
    return (
      <path
        className={cx(styles.wire, styles.thin)}
        d={`M${n(first.x)} ${n(first.y)}v5M${n(last.x)} ${n(last.y)}v${route.class === "replication" ? 5 : -5}`}
      />
    );
  }
  const closed = peerDown || link.state === "closed";
  const thin = route.class === "ensemble" || route.class === "quorum";
  const place = calmPlace(route.points);
  const forward = link.from === route.a;
  return (
    <ThingButton thing={{ kind: "link", from: link.from, to: link.to }} name={words.link(link, peerDown)} at={route.d}>
      {selected === `link:${route.key}` && <path className={styles.wireChosen} d={route.d} />}
      <path className={styles.wireHit} d={route.d} />
      <path
        className={cx(styles.wire, thin && styles.thin, busy && styles.busy, closed && styles.closed)}
        d={route.d}
      />
      {peerDown && <Cap at={first} toward={route.points[1] ?? last} />}
      {peerDown && <Cap at={last} toward={route.points.at(-2) ?? first} />}
      {(link.state !== "ok" && link.state !== "closed") || link.faults.length > 0 ? (
        <CutMark
          state={link.state}
          faulty={link.faults.length > 0}
          place={forward ? place : { ...place, angle: place.angle + 180 }}
        />
      ) : null}
    </ThingButton>
  );
});

/** A short bar across the wire, 9 px off the thing it ends at. */
function Cap({ at, toward }: { readonly at: Point; readonly toward: Point }) {
  const dy = toward.y >= at.y ? 9 : -9;
  return <path className={styles.cap} d={`M${n(at.x)} ${n(at.y)}v${dy}M${n(at.x - 5)} ${n(at.y + dy)}h10`} />;
}
