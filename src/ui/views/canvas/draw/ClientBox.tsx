/** A producer or a consumer: its name, what it does now, and the countdown of its group session. */
import { memo } from "react";
import { cx } from "../../../widgets/cx.ts";
import styles from "../canvas.module.css";
import type { PlacedBox } from "../layout.ts";
import type { ClientView } from "../model.ts";
import { n } from "../path.ts";
import { Card } from "./Card.tsx";
import { useDraw } from "./context.ts";
import { SessionRing } from "./SessionRing.tsx";
import { ThingButton } from "./ThingButton.tsx";

export interface ClientBoxProps {
  readonly client: ClientView;
  readonly box: PlacedBox;
}

export const ClientBox = memo(function ClientBox({ client, box }: ClientBoxProps) {
  const { words, selected, measure } = useDraw();
  const { x, y, width } = box.rect;
  const gone = client.process === "down";
  const nameWidth = measure(client.id, "name");
  const [first, ...rest] = client.lines;
  const room = width - 24 - nameWidth - 8 - (client.session ? 20 : 0);
  const beside = first !== "" && measure(first, "ui") <= room;
  // A first line that does not fit beside the name takes a row of its own, if there is one.
  const below = beside || first === "" ? rest : [first, ...rest].filter((line) => line !== "").slice(0, 2);
  return (
    <ThingButton thing={{ kind: "client", id: client.id }} name={words.client(client)} at={box.rect}>
      <Card
        rect={box.rect}
        process={client.process}
        faults={client.faults}
        chosen={selected === `client:${client.id}`}
        veilFrom={32}
      />
      <text className={cx(styles.name, gone && styles.quiet)} x={x + 12} y={y + 23}>
        {client.id}
      </text>
      {gone && <path className={styles.strike} d={`M${x + 10} ${y + 17.5}h${n(nameWidth + 4)}`} />}
      {beside && (
        <text className={styles.quiet} x={n(x + 12 + nameWidth + 8)} y={y + 23}>
          {first}
        </text>
      )}
      {client.session && (
        <SessionRing session={{ ...client.session, state: "ok" }} x={x + width - 16} y={y + 18} radius={6.5} />
      )}
      {below.map((line, index) => (
        <text key={line} className={styles.quiet} x={x + 12} y={y + 44 + index * 20}>
          {fitted(line, width - 20, measure)}
        </text>
      ))}
    </ThingButton>
  );
});

function fitted(line: string, room: number, measure: ReturnType<typeof useDraw>["measure"]): string {
  if (measure(line, "ui") <= room) return line;
  let short = line;
  while (short.length > 1 && measure(`${short}…`, "ui") > room) short = short.slice(0, -1);
  return `${short.trimEnd()}…`;
}
