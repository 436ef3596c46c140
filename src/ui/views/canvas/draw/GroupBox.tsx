/** A consumer group: a bracket under its members with its state and generation. */
import { memo } from "react";
import { cx } from "../../../widgets/cx.ts";
import { FamilyMark } from "../../../widgets/Mark.tsx";
import styles from "../canvas.module.css";
import type { PlacedBox } from "../layout.ts";
import type { GroupView } from "../model.ts";
import { n } from "../path.ts";
import { useDraw } from "./context.ts";
import { ThingButton } from "./ThingButton.tsx";

export interface GroupBoxProps {
  readonly group: GroupView;
  readonly box: PlacedBox;
}

export const GroupBox = memo(function GroupBox({ group, box }: GroupBoxProps) {
  const { words, selected, measure } = useDraw();
  const { x, y, width, height } = box.rect;
  const line = words.groupLine(group);
  const nameWidth = measure(line.name, "mono");
  const end = x + 24 + nameWidth + 8 + measure(line.rest, "ui");
  return (
    <ThingButton thing={{ kind: "group", id: group.id }} name={words.group(group)} at={box.rect} off={0}>
      <rect className={styles.hit} x={x} y={y} width={width} height={height} />
      {selected === `group:${group.id}` && (
        <rect className={styles.selected} x={x - 4} y={y} width={width + 8} height={height} rx={4} />
      )}
      <FamilyMark family="group" response={group.unowned.length > 0} scale={0.74} x={x + 11} y={y + 11} />
      <text className={cx(styles.mono, styles.strong)} x={x + 22} y={y + 16}>
        {line.name}
      </text>
      <text className={styles.quiet} x={n(x + 22 + nameWidth + 8)} y={y + 16}>
        {line.rest}
      </text>
      {end + 12 < x + width && <path className={styles.hair} d={`M${n(end + 8)} ${y + 11}H${x + width - 0.5}v-7`} />}
      <path className={styles.hair} d={`M${x + 0.5} ${y + 4}v7h3`} />
    </ThingButton>
  );
});
