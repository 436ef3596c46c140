// biome-ignore-all lint/a11y/useSemanticElements: the rule knows HTML only; this is a group or a layer inside an SVG.
// biome-ignore-all lint/a11y/noInteractiveElementToNoninteractiveRole: the rule knows HTML only; this is a group or a layer inside an SVG.
// biome-ignore-all lint/a11y/noAriaHiddenOnFocusable: the rule knows HTML only; this is a group or a layer inside an SVG.
/**
 * A broker: its card with state, roles and session, and its replicas. The card is one button and each replica another
 * beside it, since a button holds no buttons.
 */
import { memo } from "react";
import { cx } from "../../../widgets/cx.ts";
import styles from "../canvas.module.css";
import { headerHeight, inset } from "../cards.ts";
import type { BrokerBox } from "../layout.ts";
import { type BrokerView, isGone } from "../model.ts";
import { n } from "../path.ts";
import { Badge, useBadgeWidth } from "./Badge.tsx";
import { Card } from "./Card.tsx";
import { useDraw } from "./context.ts";
import { ReplicaChip, ReplicaRow } from "./ReplicaRow.tsx";
import { SessionRing } from "./SessionRing.tsx";
import { ThingButton } from "./ThingButton.tsx";

export interface BrokerCardProps {
  readonly broker: BrokerView;
  readonly box: BrokerBox;
  /** The chosen record, when it is on this broker. */
  readonly selectedRecord: { readonly topicPartition: string; readonly offset: number } | null;
}

export const BrokerCard = memo(function BrokerCard({ broker, box, selectedRecord }: BrokerCardProps) {
  const { words, selected, measure } = useDraw();
  const { x, y, width } = box.rect;
  const gone = broker.process === "down";
  const middle = y + 22;
  const nameWidth = measure(broker.id, "name");
  // The card of a chosen replica or record is outlined too.
  const within = selectedRecord !== null || (selected?.startsWith(`replica:${broker.id}/`) ?? false);
  const chosen = within || selected === `broker:${broker.id}`;
  const marked = broker.faults.length > 0;
  return (
    <g role="group" aria-label={broker.id}>
      <ThingButton
        thing={{ kind: "broker", id: broker.id }}
        name={words.broker(broker)}
        at={box.rect}
        off={within ? 8 : 4}
      >
        <Card
          rect={box.rect}
          process={broker.process}
          faults={broker.faults}
          chosen={chosen}
          veilFrom={headerHeight - 2}
        />
        {marked && <title>{broker.faults.map((fault) => fault.text).join("; ")}</title>}
        <text className={cx(styles.name, gone && styles.quiet)} x={x + inset} y={y + 28}>
          {broker.id}
        </text>
        {gone && <path className={styles.strike} d={`M${x + inset - 2} ${y + 22.5}h${n(nameWidth + 4)}`} />}
        <Roles
          broker={broker}
          right={x + width - inset}
          y={y + 11}
          middle={middle}
          room={width - 2 * inset - nameWidth - 12}
        />
        <path
          className={cx(styles.hair, gone && styles.dashed)}
          d={`M${x + inset} ${y + headerHeight}H${x + width - inset}`}
        />
        {broker.replicas.length === 0 && (
          <text className={styles.quiet} x={x + inset} y={y + headerHeight + 18}>
            {words.noPartitions}
          </text>
        )}
      </ThingButton>
      {box.replicas.map((place) => {
        const replica = broker.replicas.find((candidate) => candidate.topicPartition === place.topicPartition);
        if (!replica) return null;
        const offset = selectedRecord?.topicPartition === replica.topicPartition ? selectedRecord.offset : null;
        return (
          <ReplicaRow
            key={replica.topicPartition}
            broker={broker}
            replica={replica}
            box={place}
            selectedOffset={offset}
          />
        );
      })}
      {box.chips.map((place) => {
        const replica = broker.replicas.find((candidate) => candidate.topicPartition === place.topicPartition);
        return replica ? (
          <ReplicaChip key={replica.topicPartition} broker={broker} replica={replica} box={place} />
        ) : null;
      })}
      {box.chipNotes.map((note) => (
        <text key={note.y} className={styles.quiet} x={note.x} y={note.y} textAnchor="end" aria-hidden="true">
          {note.role === "leader" ? words.leader : words.follower}
        </text>
      ))}
    </g>
  );
});

interface RolesProps {
  readonly broker: BrokerView;
  readonly right: number;
  readonly y: number;
  readonly middle: number;
  readonly room: number;
}

/** What of a header is drawn, from all of it to the least. */
interface Form {
  /** Short words for roles. */
  readonly short: 0 | 1;
  /** Seconds beside the session's ring. */
  readonly seconds: boolean;
  /** How long a state goes on, after its word. */
  readonly detail: boolean;
  readonly coordinator: boolean;
}

const whole: Form = { short: 0, seconds: true, detail: true, coordinator: true };
const downForms: readonly Form[] = [
  whole,
  { ...whole, short: 1 },
  { ...whole, short: 1, coordinator: false },
  { ...whole, short: 1, coordinator: false, seconds: false },
];
const otherForms: readonly Form[] = [
  whole,
  { ...whole, short: 1 },
  { ...whole, short: 1, seconds: false },
  { short: 1, seconds: false, detail: false, coordinator: true },
  { short: 1, seconds: false, detail: false, coordinator: false },
];

/** State, controller, coordinator and session, from the right; less of it where there is less room. */
function Roles({ broker, right, y, middle, room }: RolesProps) {
  const { words, measure } = useDraw();
  const badgeWidth = useBadgeWidth();
  const word = words.process[broker.process];
  const gone = isGone(broker.process);
  const rolesOf = ({ short, coordinator }: Form) => [
    ...(broker.controller ? [words.controller[short]] : []),
    ...(coordinator ? broker.coordinatorOf.map((group) => words.coordinator(group)[short]) : []),
  ];
  const hasSeconds = ({ seconds }: Form) =>
    seconds && broker.session !== null && (gone || broker.session.state !== "ok");
  const stateOf = ({ detail }: Form) => stateBadge(detail ? broker : { ...broker, processText: "" }, word);
  const stateRoomOf = (form: Form) => {
    const state = stateOf(form);
    return state ? badgeWidth(state.text, state.look === "state", state.bars) + 4 : 0;
  };
  const fits = (form: Form) => {
    const ring =
      broker.session === null
        ? 0
        : 14 + (hasSeconds(form) ? measure(words.seconds(broker.session.secondsLeft), "mono") + 7 : 0);
    const roles = rolesOf(form).reduce((sum, role) => sum + badgeWidth(role, false) + 4, 0);
    return ring + stateRoomOf(form) + roles <= room;
  };
  const forms = gone ? downForms : otherForms;
  const form = forms.find(fits) ?? (forms.at(-1) as Form);
  const state = stateOf(form);

  let x = right;
  const badges = rolesOf(form).map((text) => {
    const at = x;
    x -= badgeWidth(text, false) + 4;
    return <Badge key={text} x={at} y={y} text={text} look="role" />;
  });
  const stateX = x;
  x -= stateRoomOf(form);
  return (
    <g>
      {badges}
      {state && <Badge x={stateX} y={y} text={state.text} look={state.look} pauseBars={state.bars} />}
      {broker.session && (
        <SessionRing
          session={broker.session}
          x={x === right ? x - 8 : x - 10}
          y={middle}
          withSeconds={hasSeconds(form)}
        />
      )}
    </g>
  );
}

function stateBadge(
  broker: BrokerView,
  word: string,
): { text: string; look: "state" | "dashed" | "role"; bars: boolean } | null {
  const text = [word, broker.processText].filter(Boolean).join(" ");
  if (text === "") return null;
  switch (broker.process) {
    case "up":
      return { text, look: "role", bars: false };
    case "paused":
      return { text, look: "state", bars: true };
    case "down":
      return { text, look: "state", bars: false };
    case "starting":
    case "stopping":
      return { text, look: "dashed", bars: false };
  }
}
