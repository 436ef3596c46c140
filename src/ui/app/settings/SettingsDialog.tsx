/**
 * The config editor: what each process and topic runs with, its default in this version, and what it trades against. A change
 * counts from now on (an act at this moment) or from the start (the same seed, run anew, with the same acts).
 */
import { useState } from "react";
import { type Act, actsOf, checkScenario, PROFILES, type Profile } from "../../../sim/index.ts";
import { type Changes, type Setting, withChanges } from "../../state/changes.ts";
import { useNotices } from "../../state/notices.ts";
import { usePlayer } from "../../state/player.tsx";
import { ownActs, type RerunChoice, useRerun } from "../../state/rerun.ts";
import { Button, IconButton } from "../../widgets/Button.tsx";
import { Dialog } from "../../widgets/Dialog.tsx";
import { NumberField, SelectField } from "../../widgets/Field.tsx";
import { Icon } from "../../widgets/Icon.tsx";
import { PaneState } from "../../widgets/PaneState.tsx";
import { VisuallyHidden } from "../../widgets/VisuallyHidden.tsx";
import { type Owner, ownersOf, type Row, refusal, risksOf, rowsOf, say } from "./keys.ts";
import styles from "./settings.module.css";
import { text } from "./text.ts";

export default function SettingsDialog({ onClose }: { readonly onClose: () => void }) {
  const player = usePlayer();
  const { choice, choose } = useRerun();
  const show = useNotices((state) => state.show);
  const [pending, setPending] = useState<Changes>({});
  const [words, setWords] = useState("");
  const [ownerId, setOwnerId] = useState("brokers");
  const [problems, setProblems] = useState<readonly string[]>([]);
  const { run } = player;
  if (run?.resolved == null || run.scenario == null) return null;
  const { resolved, scenario: file } = run;
  const { profile, variant, scenario } = resolved;
  const planned = withChanges(scenario, null, pending);
  const owners = ownersOf(scenario, profile);
  const owner = owners.find(({ id }) => id === ownerId) ?? (owners[0] as Owner);
  const rows = rowsOf(owner, planned, words, { ...choice.set, ...pending });
  const paths = Object.keys(pending);
  const what = paths.map((path) => `${path.split("/").at(-1)}=${say(pending[path] ?? null)}`).join(", ");
  const late = paths.find((path) => path.startsWith("cluster/zookeeper") || path.endsWith("/replicationFactor"));

  const restart = (some: RerunChoice, said: string) => {
    choose({ ...some, inputs: ownActs(player) });
    show(text.restarted(said), () => useRerun.getState().back());
    onClose();
  };
  const fromStart = () => {
    const { problems: found } = checkScenario(withChanges(file, variant, { ...choice.set, ...pending }));
    if (found.length > 0) setProblems(found.map(({ message }) => message));
    else restart({ set: { ...choice.set, ...pending } }, what);
  };
  const fromNow = () => {
    const acts = actsNow(
      pending,
      resolved.brokers.map(({ id }) => id),
    ).flatMap((spec) => actsOf(spec, resolved));
    for (const act of acts) player.act(act as Act, `set ${what}`);
    show(text.did(what), () => {
      for (const _ of acts) player.undo();
    });
    onClose();
  };

  return (
    <Dialog
      open
      title={text.title}
      onClose={onClose}
      footer={
        <>
          <span className={styles.count}>{paths.length === 0 ? text.nothing : text.count(paths.length)}</span>
          <Button disabled={paths.length === 0 || late !== undefined} onClick={fromNow}>
            {text.fromNow}
          </Button>
          <Button look="first" disabled={paths.length === 0} onClick={fromStart}>
            {text.fromStart}
          </Button>
        </>
      }
    >
      <div className={styles.panel}>
        <p className={styles.note}>{text.explain}</p>
        <div className={styles.heads}>
          <SelectField
            label={text.of}
            value={owner.id}
            onChange={setOwnerId}
            options={owners.map(({ id, label }) => ({ value: id, label }))}
          />
          <SelectField
            label={text.version}
            value={profile}
            onChange={(next) => restart({ profile: next as Profile }, `Kafka ${next}`)}
            options={PROFILES.map((one) => ({ value: one, label: one }))}
          />
          <label className={styles.search}>
            {text.search}
            <input
              type="search"
              value={words}
              placeholder={text.searchHint}
              onChange={(event) => setWords(event.target.value)}
            />
          </label>
        </div>
        <Risks sentences={risksOf(planned, profile)} />
        {problems.length > 0 && (
          <div role="alert" className={styles.risks}>
            <strong>{text.refused}</strong>
            <ul>
              {problems.map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          </div>
        )}
        {late !== undefined && <p className={styles.note}>{text.notNow(late.split("/").at(-1) ?? "")}</p>}
        {rows.length === 0 && <PaneState title={text.none(words)} />}
        <div className={styles.rows}>
          {rows.map((row) => (
            <SettingRow
              key={row.path}
              row={row}
              profile={owner.profile}
              isPending={Object.hasOwn(pending, row.path)}
              onChange={(value) => {
                setProblems([]);
                setPending({ ...pending, [row.path]: value });
              }}
              onReset={() => {
                setProblems([]);
                if (Object.hasOwn(pending, row.path)) setPending(withoutKey(pending, row.path));
                else setPending({ ...pending, [row.path]: row.defaultValue });
              }}
            />
          ))}
        </div>
      </div>
    </Dialog>
  );
}

function Risks({ sentences }: { readonly sentences: readonly string[] }) {
  return (
    <div aria-live="polite">
      {sentences.length > 0 && (
        <ul className={styles.risks}>
          {sentences.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface SettingRowProps {
  readonly row: Row;
  readonly profile: Profile;
  readonly isPending: boolean;
  readonly onChange: (value: Setting) => void;
  readonly onReset: () => void;
}

function SettingRow({ row, profile, isPending, onChange, onReset }: SettingRowProps) {
  const { key, entry, unit, defaultValue, isChanged, hint, missingUntil, worksNow } = row;
  return (
    <div className={styles.row} data-changed={isChanged || isPending}>
      <div className={styles.name}>
        {(isChanged || isPending) && <span className={styles.dot} aria-hidden="true" />}
        <code>{key}</code>
        {isPending ? <span className={styles.note}>{text.pending}</span> : null}
        {isChanged && !isPending ? <VisuallyHidden>{text.changed}</VisuallyHidden> : null}
      </div>
      <div className={styles.value}>
        {missingUntil === null ? <SettingField row={row} onChange={onChange} /> : null}
        {(isChanged || isPending) && entry !== null && (
          <IconButton size="bar" label={text.reset(key)} onClick={onReset}>
            <Icon name="reset" size={16} />
          </IconButton>
        )}
      </div>
      <p className={styles.note}>
        {missingUntil === null
          ? entry !== null && text.default(`${say(defaultValue)}${unit === null ? "" : ` ${unit}`}`, profile)
          : text.notIn(profile, missingUntil)}
        {entry?.changed != null && ` ${entry.changed}`}
        {!worksNow && ` ${text.fromStartOnly}`}
      </p>
      {hint !== null && <p className={styles.hint}>{hint}</p>}
    </div>
  );
}

function SettingField({ row, onChange }: Pick<SettingRowProps, "row" | "onChange">) {
  const { key, entry, unit, value } = row;
  const words = entry?.type === "bool" ? ["true", "false"] : entry?.type === "enum" ? entry.values : null;
  if (words != null)
    return (
      <SelectField
        label={key}
        hideLabel
        size="bar"
        value={String(value)}
        onChange={(next) => onChange(entry?.type === "bool" ? next === "true" : next)}
        options={words.filter((one) => one !== "-1").map((one) => ({ value: one, label: one }))}
      />
    );
  if (entry === null || entry.type === "int" || entry.type === "ratio")
    return (
      <NumberField
        label={key}
        hideLabel
        size="bar"
        columns={9}
        value={Number(value)}
        notANumber={text.aNumber}
        refuse={(next) => refusal(entry, next)}
        onChange={onChange}
        {...(unit === null ? {} : { unit })}
      />
    );
  return (
    <input
      className={styles.text}
      aria-label={key}
      defaultValue={value === null ? "" : String(value)}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

type ActSpec = Parameters<typeof actsOf>[0];

/** Changes as acts of a scenario file, one for each owner. */
function actsNow(changes: Changes, brokers: readonly string[]): ActSpec[] {
  const byOwner = new Map<string, Record<string, Setting>>();
  for (const [path, value] of Object.entries(changes)) {
    const cut = path.lastIndexOf("/");
    const config = byOwner.get(path.slice(0, cut)) ?? {};
    config[path.slice(cut + 1)] = value;
    byOwner.set(path.slice(0, cut), config);
  }
  return [...byOwner].map(([path, config]) => {
    const [part, id] = path.split("/");
    const what =
      part === "cluster"
        ? { broker: brokers, config }
        : part === "topics"
          ? { topic: id, config }
          : { client: id, config };
    return { at: "0s", "set-config": what } as unknown as ActSpec;
  });
}

function withoutKey(changes: Changes, path: string): Changes {
  const { [path]: _, ...rest } = changes;
  return rest;
}
