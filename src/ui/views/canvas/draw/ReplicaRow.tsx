/** A replica on its broker's card, whole or as a chip of one line. */
import { memo } from "react";
import { cx } from "../../../widgets/cx.ts";
import { useHatch } from "../../../widgets/Hatch.tsx";
import { CrownMark, FamilyMark, LagMark } from "../../../widgets/Mark.tsx";
import styles from "../canvas.module.css";
import type { ChipBox, ReplicaBox } from "../layout.ts";
import { type BrokerView, isGone, type OwnerView, type ReplicaView } from "../model.ts";
import { n } from "../path.ts";
import { Crown, crownOf } from "./Crown.tsx";
import { useDraw } from "./context.ts";
import { IsrChip } from "./IsrChip.tsx";
import { ReplicaStrip } from "./ReplicaStrip.tsx";
import { ThingButton } from "./ThingButton.tsx";

export interface ReplicaRowProps {
  readonly broker: BrokerView;
  readonly replica: ReplicaView;
  readonly box: ReplicaBox;
  readonly selectedOffset: number | null;
}

export const ReplicaRow = memo(function ReplicaRow({ broker, replica, box, selectedOffset }: ReplicaRowProps) {
  const { words, measure } = useDraw();
  const { x, y, width, height } = box.rect;
  const cold = isGone(broker.process) && broker.process === "down";
  const crown = crownOf(replica);
  const nameX = x + (crown ? 22 : 0);
  const nameWidth = measure(replica.topicPartition, "mono");
  const right = rightOf(broker, replica, words);
  const rightWidth = right.kind === "isr" ? 64 : measure(right.text, "ui") + (right.kind === "lag" ? 22 : 4);
  const word = crown ? "" : replica.role === "offline" ? words.offline : words.follower;
  const wordFits = word !== "" && nameWidth + 10 + measure(word, "ui") + 8 + rightWidth <= width;
  return (
    <ThingButton
      thing={{ kind: "replica", broker: broker.id, topicPartition: replica.topicPartition }}
      name={words.replica(broker, replica)}
      at={{ x: x - 4, y: y + 1, width: width + 8, height: height - 1 }}
      off={0}
    >
      <rect className={styles.hit} x={x - 4} y={y + 2} width={width + 8} height={height - 2} />
      <Crown replica={replica} x={x} y={y + 7} />
      <text
        className={cx(
          styles.mono,
          replica.role === "leader" && !replica.leaderOnPaper ? styles.strong : cold && styles.quiet,
        )}
        x={nameX}
        y={y + 18}
      >
        {replica.topicPartition}
      </text>
      {wordFits && (
        <text className={styles.quiet} x={n(nameX + nameWidth + 10)} y={y + 18}>
          {word}
        </text>
      )}
      {right.kind === "isr" && <IsrChip replica={replica} x={x + width} y={y + 2} />}
      {right.kind === "lag" && <LagMark fraction={replica.lagFraction} x={x + width - 7} y={y + 13} />}
      {right.kind !== "isr" && right.text !== "" && (
        <text
          className={cx(right.kind === "lag" && styles.mono, styles.quiet)}
          x={right.kind === "lag" ? x + width - 19 : x + width}
          y={y + 18}
          textAnchor="end"
        >
          {right.text}
        </text>
      )}
      <ReplicaStrip replica={replica} x={x} y={y} width={width} cold={cold} selectedOffset={selectedOffset} />
      {replica.owner && box.ownerY !== null && (
        <OwnerRow owner={replica.owner} x={x} y={y + box.ownerY} width={width} />
      )}
    </ThingButton>
  );
});

type Right =
  | { readonly kind: "isr" }
  | { readonly kind: "lag"; readonly text: string }
  | { readonly kind: "words"; readonly text: string };

function rightOf(broker: BrokerView, replica: ReplicaView, words: ReturnType<typeof useDraw>["words"]): Right {
  if (replica.note) return { kind: "words", text: replica.note };
  if (crownOf(replica)) return { kind: "isr" };
  if (!replica.isr.includes(broker.id)) return { kind: "words", text: words.notInIsr };
  const behind = replica.lagSeconds ?? 0;
  return { kind: "lag", text: behind >= 0.05 ? words.seconds(behind) : "" };
}

function OwnerRow({ owner, x, y, width }: { owner: OwnerView; x: number; y: number; width: number }) {
  const { words, measure } = useDraw();
  const veil = useHatch("veil");
  const word = owner.member ?? words.unowned;
  const least = Math.ceil(23 + measure(word, owner.member === null ? "ui" : "mono") + 8);
  const textWidth = owner.text ? measure(owner.text, "ui") + 10 : 0;
  // On a narrow card the band gives way first, then the text; the name of the replica still tells it.
  const band = Math.min(104, Math.max(least, width - textWidth));
  const textFits = band + textWidth <= width;
  return (
    <g>
      {owner.member === null ? (
        <rect
          className={styles.unowned}
          style={{ fill: veil }}
          x={x + 0.6}
          y={y + 0.6}
          width={band - 1.2}
          height={20.8}
          rx={3}
        />
      ) : (
        <rect className={styles.owner} x={x} y={y} width={band} height={22} rx={3} />
      )}
      <FamilyMark family="group" response={owner.member === null} scale={0.74} x={x + 12} y={y + 11} />
      {owner.member === null && (
        <rect
          className={styles.paper}
          x={x + 20}
          y={y + 2}
          width={n(measure(words.unowned, "ui") + 7)}
          height={18}
          rx={2}
        />
      )}
      <text className={owner.member === null ? styles.quiet : styles.mono} x={x + 23} y={y + 16}>
        {word}
      </text>
      {owner.text && textFits && (
        <text className={styles.quiet} x={x + width} y={y + 16} textAnchor="end">
          {owner.text}
        </text>
      )}
    </g>
  );
}

export interface ReplicaChipProps {
  readonly broker: BrokerView;
  readonly replica: ReplicaView;
  readonly box: ChipBox;
}

export const ReplicaChip = memo(function ReplicaChip({ broker, replica, box }: ReplicaChipProps) {
  const { words } = useDraw();
  const { x, y, width, height } = box.rect;
  const heavy = crownOf(replica) === "nobody" || replica.isrShort;
  return (
    <ThingButton
      thing={{ kind: "replica", broker: broker.id, topicPartition: replica.topicPartition }}
      name={words.replica(broker, replica)}
      at={{ x: x - 3, y, width: width + 4, height }}
      off={0}
    >
      <rect className={styles.hit} x={x - 2} y={y} width={width} height={height} />
      {crownOf(replica) === "nobody" && <CrownMark kind="nobody" x={x + width - 2} y={y + 4} />}
      <text className={cx(styles.mono, heavy && styles.strong)} x={x} y={y + 17}>
        {replica.topicPartition}
      </text>
    </ThingButton>
  );
});
