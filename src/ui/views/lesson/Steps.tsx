/** Part 2: the steps, ticked when their moment came, and the buttons that do what the lab asks for. */
import { type Act, actsOf } from "../../../sim/index.ts";
import { useNotices } from "../../state/notices.ts";
import { usePlayer } from "../../state/player.tsx";
import { Button } from "../../widgets/Button.tsx";
import { VisuallyHidden } from "../../widgets/VisuallyHidden.tsx";
import { waitingOf } from "../decided.ts";
import styles from "./lesson.module.css";
import { Box, Jump, Part } from "./parts.tsx";
import { type ActView, inputsOfWaiting, type LessonView } from "./project.ts";
import { text } from "./text.ts";

export interface StepsProps {
  readonly view: LessonView;
  readonly observe: string | undefined;
  /** Id of the act whose moment it is. */
  readonly turn: string | null;
}

export function Steps({ view, observe, turn }: StepsProps) {
  const { steps, acts, otherActs } = view;
  const player = usePlayer();
  const show = useNotices((state) => state.show);
  const firstOpen = steps.findIndex(({ done, isTimed }) => isTimed && done === null);
  const waits = acts.some(({ done }) => done === null);
  const doAll = () => {
    const { run } = player;
    if (run === null) return;
    const isDone = (id: string) => acts.some((one) => one.id === id && one.done !== null);
    const { time, entries } = player.store.getState();
    // One that is due just now is done now, so that the moments seen since need no other future.
    const now = player.timeline.place(time, entries);
    const more = inputsOfWaiting(run, isDone).map((input) =>
      input.at > 0 && input.at <= time && time - input.at < JUST_NOW ? { ...input, ...now } : input,
    );
    if (player.changeInputs(text.doSteps, (inputs) => [...inputs, ...more]))
      show(text.doneSteps, () => void player.undo());
  };
  return (
    <Part number={2} title={text.run} isDone={firstOpen === -1}>
      {/* biome-ignore lint/a11y/noRedundantRoles: without bullets a list is no list to some readers unless it says so. */}
      <ol role="list" className={styles.list}>
        {steps.map((step, index) => (
          <li key={step.label} className={styles.item} data-now={index === firstOpen}>
            {step.isTimed ? <Box state={step.done === null ? "open" : "held"} /> : <span aria-hidden="true">·</span>}
            <span>
              <strong>{step.label}</strong> {step.text}
              {step.done !== null && <VisuallyHidden>, {text.verdicts.held}</VisuallyHidden>}
            </span>
            {step.done === null ? <span /> : <Jump to={step.done} what={step.label} />}
            {step.acts.length > 0 && (
              <span className={`${styles.wide} ${styles.row}`}>
                {step.acts.map((place) => (
                  <ActButton key={place} act={acts[place] as ActView} isTurn={acts[place]?.id === turn} />
                ))}
              </span>
            )}
          </li>
        ))}
      </ol>
      {otherActs.length > 0 && (
        <div className={styles.row}>
          {otherActs.map((place) => (
            <ActButton key={place} act={acts[place] as ActView} isTurn={acts[place]?.id === turn} />
          ))}
        </div>
      )}
      <div aria-live="polite">
        {turn !== null && acts.some(({ id, done }) => id === turn && done === null) && (
          <p className={styles.hold}>{text.yourTurn}</p>
        )}
      </div>
      {waits && (
        <div className={styles.row}>
          <Button size="bar" look="quiet" onClick={doAll}>
            {text.doSteps}
          </Button>
        </div>
      )}
      {observe !== undefined && (
        <p className={styles.note}>
          <strong>{text.observe}</strong> {observe}
        </p>
      )}
    </Part>
  );
}

const JUST_NOW = 50_000;

function ActButton({ act, isTurn }: { readonly act: ActView; readonly isTurn: boolean }) {
  const player = usePlayer();
  const show = useNotices((state) => state.show);
  const label = act.spec.button ?? act.id;
  const press = () => {
    const { run } = player;
    if (run === null || run.resolved === null) return;
    const { scenario } = waitingOf(run);
    const all = actsOf(act.spec, { ...run.resolved, scenario });
    for (const one of all) player.act(one as Act, label);
    show(`${label}.`, () => {
      for (const _ of all) player.undo();
    });
    player.play();
  };
  return (
    <Button look={isTurn && act.done === null ? "first" : "plain"} disabled={act.done !== null} onClick={press}>
      {label}
    </Button>
  );
}
