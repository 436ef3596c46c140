/** The sandbox's column: a cluster built from nothing. Editing changes nothing until it is run; then the run starts anew. */
import { type KeyboardEvent, useState } from "react";
import { checkScenario, PROFILES, type Profile } from "../../../sim/index.ts";
import type { Player } from "../../player/index.ts";
import { useNotices } from "../../state/notices.ts";
import { usePanels } from "../../state/panels.ts";
import { usePlayer, usePlayerState } from "../../state/player.tsx";
import { ownActs, useRerun } from "../../state/rerun.ts";
import { Button } from "../../widgets/Button.tsx";
import { CheckboxField, NumberField, SelectField } from "../../widgets/Field.tsx";
import { Segmented } from "../../widgets/Segmented.tsx";
import {
  type Blueprint,
  blueprintOf,
  fitsCluster,
  fitsForm,
  type GroupPlan,
  NOTHING,
  type ProducerPlan,
  problemsOf,
  scenarioFrom,
  type TopicPlan,
  USUAL,
} from "./blueprint.ts";
import { Count, Name, Rows, Section } from "./parts.tsx";
import styles from "./setup.module.css";
import { text } from "./text.ts";

export default function Setup() {
  const player = usePlayer();
  const runKey = usePlayerState((state) => state.runKey);
  const scenario = player.run?.resolved?.scenario ?? null;
  return scenario === null ? null : <Form runKey={runKey} running={blueprintOf(scenario)} fits={fitsForm(scenario)} />;
}

interface FormProps {
  readonly runKey: number;
  readonly running: Blueprint;
  readonly fits: boolean;
}

function Form({ runKey, running, fits }: FormProps) {
  const player = usePlayer();
  const choose = useRerun((state) => state.choose);
  const show = useNotices((state) => state.show);
  const [plan, setPlan] = useState(running);
  const [refused, setRefused] = useState<readonly string[]>([]);
  const [keepsActs, setKeepsActs] = useState(true);
  usePlayerState((state) => state.version);
  const acts = ownActs(player);
  // Another run shows its own cluster; the form itself stays, and the focus in it.
  const [shownKey, setShownKey] = useState(runKey);
  if (shownKey !== runKey) {
    setShownKey(runKey);
    setPlan(running);
    setRefused([]);
  }
  const change = (some: Partial<Blueprint>) => {
    setRefused([]);
    setPlan({ ...plan, ...some });
  };
  const problems = [...problemsOf(plan), ...refused];
  const isChanged = JSON.stringify(plan) !== JSON.stringify(running);
  const run = (next: Blueprint) => {
    const scenario = scenarioFrom(next);
    const { problems: found } = checkScenario(scenario);
    if (found.length > 0) {
      setRefused(found.map(({ message }) => message));
      return;
    }
    const inputs = keepsActs ? acts.filter(({ act }) => fitsCluster(act, next)) : [];
    playWhenOpen(player, runKey);
    choose({ scenario, seed: null, variant: null, profile: null, set: {}, inputs, removed: [] });
    show(text.ran(inputs.length), () => useRerun.getState().back());
  };
  const topicOptions = plan.topics.map(({ name }) => ({ value: name, label: name }));
  const firstTopic = plan.topics[0]?.name ?? "";

  return (
    <form
      className={styles.column}
      onKeyDown={keepOwnKeys}
      onSubmit={(event) => {
        event.preventDefault();
        if (problems.length === 0) run(plan);
      }}
    >
      <p className={styles.note}>{text.intro}</p>
      {!fits && <p className={styles.warning}>{text.keepsOnly}</p>}
      <Section title={text.cluster}>
        <div className={styles.fields}>
          <Count
            label={text.brokers}
            value={plan.brokers}
            from={1}
            to={9}
            onChange={(brokers) => change({ brokers })}
          />
          <SelectField
            size="bar"
            label={text.servers}
            value={String(plan.servers)}
            onChange={(servers) => change({ servers: Number(servers) })}
            options={[...new Set([1, 3, 5, plan.servers])]
              .sort()
              .map((one) => ({ value: String(one), label: String(one) }))}
          />
          <SelectField
            size="bar"
            label={text.version}
            value={plan.profile}
            onChange={(profile) => change({ profile: profile as Profile })}
            options={PROFILES.map((one) => ({ value: one, label: one }))}
          />
          <Count label={text.seed} value={plan.seed} from={0} to={4294967295} onChange={(seed) => change({ seed })} />
        </div>
      </Section>
      <Section
        title={text.topics}
        add={text.addTopic}
        onAdd={() =>
          change({
            topics: [
              ...plan.topics,
              { name: free("topic", plan.topics), partitions: 1, copies: Math.min(3, plan.brokers) },
            ],
          })
        }
      >
        <Rows
          items={plan.topics}
          nameOf={({ name }) => name}
          onChange={(topics) => change({ topics })}
          draw={(topic: TopicPlan, set) => (
            <>
              <Name what={text.topic} value={topic.name} onChange={(name) => set({ ...topic, name })} />
              <Count
                label={text.partitions}
                value={topic.partitions}
                from={1}
                to={12}
                onChange={(partitions) => set({ ...topic, partitions })}
              />
              <Count
                label={text.copies}
                value={topic.copies}
                from={1}
                to={9}
                onChange={(copies) => set({ ...topic, copies })}
              />
            </>
          )}
        />
      </Section>
      <Section
        title={text.producers}
        add={text.addProducer}
        hint={plan.topics.length === 0 ? text.topicFirst : undefined}
        onAdd={
          plan.topics.length === 0
            ? undefined
            : () =>
                change({ producers: [...plan.producers, { topic: firstTopic, acks: "all", rate: 5, keys: "k0..k9" }] })
        }
      >
        <Rows
          items={plan.producers}
          nameOf={(_, index) => `p${index + 1}`}
          onChange={(producers) => change({ producers })}
          draw={(producer: ProducerPlan, set, index) => (
            <>
              <code>p{index + 1}</code>
              <SelectField
                size="bar"
                label={text.topic}
                value={producer.topic}
                onChange={(topic) => set({ ...producer, topic })}
                options={withOwn(topicOptions, producer.topic)}
              />
              <Segmented
                legend={text.acks}
                value={producer.acks}
                onChange={(acks) => set({ ...producer, acks })}
                options={(["0", "1", "all"] as const).map((value) => ({ value, label: value }))}
              />
              <NumberField
                size="bar"
                columns={4}
                label={text.rate}
                value={producer.rate}
                notANumber={text.aNumber}
                refuse={(value) => (value >= 0.1 && value <= 100 ? null : text.within(0.1, 100))}
                onChange={(rate) => set({ ...producer, rate })}
              />
              <SelectField
                size="bar"
                label={text.keys}
                value={producer.keys}
                onChange={(keys) => set({ ...producer, keys: keys as ProducerPlan["keys"] })}
                options={[
                  { value: "none", label: text.noKeys },
                  { value: "k0..k9", label: text.tenKeys },
                  { value: "k0", label: text.oneKey },
                ]}
              />
            </>
          )}
        />
      </Section>
      <Section
        title={text.groups}
        add={text.addGroup}
        hint={plan.topics.length === 0 ? text.topicFirst : undefined}
        onAdd={
          plan.topics.length === 0
            ? undefined
            : () =>
                change({ groups: [...plan.groups, { name: free("g", plan.groups), topic: firstTopic, consumers: 1 }] })
        }
      >
        <Rows
          items={plan.groups}
          nameOf={({ name }) => name}
          onChange={(groups) => change({ groups })}
          draw={(group: GroupPlan, set) => (
            <>
              <Name what={text.group} value={group.name} onChange={(name) => set({ ...group, name })} />
              <SelectField
                size="bar"
                label={text.topic}
                value={group.topic}
                onChange={(topic) => set({ ...group, topic })}
                options={withOwn(topicOptions, group.topic)}
              />
              <Count
                label={text.consumers}
                value={group.consumers}
                from={1}
                to={9}
                onChange={(consumers) => set({ ...group, consumers })}
              />
            </>
          )}
        />
      </Section>
      <div className={styles.others}>
        <Button size="bar" look="quiet" onClick={() => change(NOTHING)}>
          {text.nothing}
        </Button>
        <Button size="bar" look="quiet" onClick={() => change(USUAL)}>
          {text.usual}
        </Button>
        <Button size="bar" look="quiet" aria-haspopup="dialog" onClick={() => usePanels.getState().show("files")}>
          {text.file}
        </Button>
      </div>
      <div className={styles.foot}>
        {problems.length > 0 && (
          <div className={styles.warning} role="status">
            {text.problems}
            <ul>
              {problems.map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          </div>
        )}
        {acts.length > 0 && (
          <CheckboxField checked={keepsActs} onChange={setKeepsActs}>
            {text.keepActs(acts.length)}
          </CheckboxField>
        )}
        <div className={styles.fields}>
          <Button look="first" type="submit" disabled={problems.length > 0}>
            {text.run}
          </Button>
          <span className={styles.note} aria-live="polite">
            {problems.length > 0 ? "" : isChanged ? text.isChanged : text.isUpToDate}
          </span>
        </div>
      </div>
    </form>
  );
}

/** Plays the run that opens next. */
function playWhenOpen(player: Player, runKey: number): void {
  const stop = player.store.subscribe((state) => {
    if (state.runKey === runKey || !state.isOpen) return;
    stop();
    // Not in the middle of opening. What runs is stopped by the same key that stops it everywhere.
    setTimeout(() => {
      player.play();
      document.querySelector<HTMLElement>("[data-play]")?.focus();
    });
  });
}

/** The topics, and the one that was chosen though it is gone. */
function withOwn(options: readonly { value: string; label: string }[], own: string) {
  return options.some(({ value }) => value === own) ? options : [...options, { value: own, label: own }];
}

function free(stem: string, taken: readonly { readonly name: string }[]): string {
  for (let n = taken.length + 1; ; n += 1) if (!taken.some(({ name }) => name === `${stem}${n}`)) return `${stem}${n}`;
}

const own = [" ", "Enter", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End"];

function keepOwnKeys(event: KeyboardEvent<HTMLElement>): void {
  const isControl = (event.target as HTMLElement).closest("input, select, textarea, summary") !== null;
  if (isControl && own.includes(event.key)) event.stopPropagation();
}
