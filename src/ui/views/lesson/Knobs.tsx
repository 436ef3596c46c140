/** The settings of a lab and its variants. Whatever is changed starts the run anew, so that the whole story is the other one. */
import { useState } from "react";
import { useNotices } from "../../state/notices.ts";
import { usePlayer, usePlayerState } from "../../state/player.tsx";
import { useRerun } from "../../state/rerun.ts";
import { Button } from "../../widgets/Button.tsx";
import { CheckboxField, SelectField } from "../../widgets/Field.tsx";
import { waitingOf } from "../decided.ts";
import { type Knob, knobsOf, settingOf } from "./knobs.ts";
import styles from "./lesson.module.css";
import { Part } from "./parts.tsx";
import { text } from "./text.ts";

export function Knobs({ paths }: { readonly paths: readonly string[] }) {
  const player = usePlayer();
  usePlayerState((state) => state.runKey);
  const { choice, choose } = useRerun();
  const show = useNotices((state) => state.show);
  const [steps] = useState(() => new Map<string, readonly number[]>());
  const { run } = player;
  if (run?.scenario == null || run.resolved === null) return null;
  const { variants = [] } = run.scenario;
  const set = choice.set ?? {};
  const knobs = knobsOf(waitingOf(run).scenario, run.resolved.profile, paths, set).map((knob) => settled(knob, steps));
  if (knobs.length === 0 && variants.length === 0) return null;

  const restart = (what: string, some: typeof choice) => {
    const before = { set, variant: choice.variant ?? null, inputs: choice.inputs ?? [] };
    choose(some);
    show(text.restarted(what), () => choose(before));
  };
  const turn = (knob: Knob, value: number | string | boolean) => {
    const setting = settingOf(knob.control, value);
    restart(`${knob.label} ${String(setting)}`, { set: { ...set, [knob.path]: setting }, inputs: [] });
  };
  const putBack = ({ path, label }: Knob) => {
    const { [path]: _, ...rest } = set;
    restart(`${label} ${text.asWritten}`, { set: rest, inputs: [] });
  };
  return (
    <Part title={text.knobs}>
      <p className={styles.note}>{text.knobHint}</p>
      {variants.length > 0 && (
        <SelectField
          label={text.variant}
          size="bar"
          value={choice.variant ?? ""}
          onChange={(id) =>
            restart(variants.find((one) => one.id === id)?.title ?? text.asWritten, {
              variant: id === "" ? null : id,
              inputs: [],
            })
          }
          options={[
            { value: "", label: text.asWritten },
            ...variants.map(({ id, title }) => ({ value: id, label: title })),
          ]}
        />
      )}
      {knobs.map((knob) => (
        <div key={knob.path} className={styles.knob}>
          <KnobControl knob={knob} onChange={(value) => turn(knob, value)} />
          {knob.hint !== null && <span className={styles.note}>{knob.hint}</span>}
          {knob.isChanged && (
            <span className={styles.row}>
              <span className={styles.note}>{text.changed}</span>
              <Button size="bar" look="quiet" onClick={() => putBack(knob)}>
                {text.putBack}
              </Button>
            </span>
          )}
        </div>
      ))}
    </Part>
  );
}

interface KnobControlProps {
  readonly knob: Knob;
  readonly onChange: (value: number | string | boolean) => void;
}

function KnobControl({ knob: { label, control }, onChange }: KnobControlProps) {
  switch (control.kind) {
    case "switch":
      return (
        <CheckboxField checked={control.value} onChange={onChange}>
          <code>{label}</code>
        </CheckboxField>
      );
    case "choice":
      return (
        <SelectField
          label={label}
          size="bar"
          value={control.value}
          onChange={onChange}
          options={control.options.map((value) => ({ value, label: value }))}
        />
      );
    case "slider":
      return <Slider label={label} control={control} onChange={onChange} />;
    case "text":
      return (
        <label>
          <code>{label}</code>{" "}
          <input
            key={control.value}
            defaultValue={control.value}
            onKeyDown={(event) => event.key === "Enter" && onChange(event.currentTarget.value)}
            onBlur={(event) => event.currentTarget.value !== control.value && onChange(event.currentTarget.value)}
          />
        </label>
      );
  }
}

interface SliderProps {
  readonly label: string;
  readonly control: Extract<Knob["control"], { kind: "slider" }>;
  readonly onChange: (value: number) => void;
}

function Slider({ label, control, onChange }: SliderProps) {
  const { value, steps, unit } = control;
  const place = Math.max(0, steps.indexOf(value));
  const said = `${value}${unit === "" || unit === "count" ? "" : ` ${unit}`}`;
  return (
    <label>
      <code>{label}</code>
      <span className={styles.slider}>
        <input
          type="range"
          min={0}
          max={steps.length - 1}
          step={1}
          value={place}
          aria-valuetext={said}
          onChange={(event) => onChange(steps[Number(event.target.value)] ?? value)}
        />
        <output>{said}</output>
      </span>
    </label>
  );
}

/** The steps of a slider stay those of the value as written, wherever it stands now. */
function settled(knob: Knob, steps: Map<string, readonly number[]>): Knob {
  const { control } = knob;
  if (control.kind !== "slider") return knob;
  const own = steps.get(knob.path) ?? control.steps;
  steps.set(knob.path, own);
  const all = own.includes(control.value) ? own : [...own, control.value].sort((a, b) => a - b);
  return { ...knob, control: { ...control, steps: all } };
}
