/** Opens scenario files and saves them. Loads with the YAML reader when it is asked for. */
import { useEffect, useRef, useState } from "react";
import { checkScenario, type FileProblem, type Scenario, writeScenario } from "../../../sim/index.ts";
import { useNotices } from "../../state/notices.ts";
import { usePanels } from "../../state/panels.ts";
import { usePlayer } from "../../state/player.tsx";
import { useRerun } from "../../state/rerun.ts";
import { Button } from "../../widgets/Button.tsx";
import { Dialog } from "../../widgets/Dialog.tsx";
import { download } from "../../widgets/download.ts";
import { go, readAddress } from "../address.ts";
import styles from "./files.module.css";
import { scenarioFromRun } from "./from-run.ts";
import { type FileLike, readScenarioFile } from "./read-file.ts";
import { text } from "./text.ts";

/** More are of no use to anybody at once. */
const mostShown = 50;

export default function FilesDialog({ onClose }: { readonly onClose: () => void }) {
  const player = usePlayer();
  const show = useNotices((state) => state.show);
  const dropped = usePanels((state) => state.dropped);
  const input = useRef<HTMLInputElement>(null);
  const [name, setName] = useState("");
  const [isReading, setReading] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const [problems, setProblems] = useState<readonly FileProblem[]>([]);
  const [notSaved, setNotSaved] = useState<readonly string[]>([]);

  const read = async (file: FileLike) => {
    setName(file.name);
    setReading(true);
    const found = await readScenarioFile(file);
    setReading(false);
    setRefused(found.refused);
    setProblems(found.problems);
    if (found.scenario === null) return;
    openScenario(found.scenario);
    show(text.opened(found.scenario.title));
    onClose();
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each file that was dropped.
  useEffect(() => {
    if (dropped === null) return;
    usePanels.setState({ dropped: null });
    void read(dropped);
  }, [dropped]);

  const { run } = player;
  const saveMine = () => {
    const made = run === null ? null : scenarioFromRun(run, player.timeline.inputs);
    if (made === null) return;
    const { scenario, problems: found } = checkScenario(made.scenario);
    if (scenario === null) {
      setNotSaved(found.map(({ path, message }) => `${path}: ${message}`));
      return;
    }
    save(scenario);
    show([text.saved(`${scenario.id}.yaml`), ...made.left].join(" "));
    onClose();
  };
  const saveThis = () => {
    if (run?.scenario == null) return;
    save(run.scenario);
    show(text.saved(`${run.scenario.id}.yaml`));
    onClose();
  };

  return (
    <Dialog open title={text.title} onClose={onClose}>
      <div className={styles.panel}>
        <h3>{text.open}</h3>
        <div className={styles.row}>
          <input
            ref={input}
            className={styles.file}
            type="file"
            accept=".yaml,.yml,.json,text/yaml"
            aria-label={text.choose}
            onChange={(event) => {
              const file = event.target.files?.[0];
              event.target.value = "";
              if (file !== undefined) void read(file);
            }}
          />
        </div>
        <p className={styles.note}>{text.orDrop}</p>
        <div aria-live="polite">
          {isReading && <p>{text.reading}</p>}
          {refused !== null && <p className={styles.refused}>{refused}</p>}
          {problems.length > 0 && <Problems name={name} problems={problems} />}
        </div>
        <h3>{text.save}</h3>
        <div className={styles.row}>
          <Button onClick={saveThis}>{text.saveThis}</Button>
          <Button onClick={saveMine}>{text.saveMine}</Button>
        </div>
        <p className={styles.note}>{text.saveMineHint}</p>
        {notSaved.length > 0 && (
          <div role="alert" className={styles.refused}>
            {text.notSaved} {notSaved.join(" ")}
          </div>
        )}
      </div>
    </Dialog>
  );
}

function Problems({ name, problems }: { readonly name: string; readonly problems: readonly FileProblem[] }) {
  const shown = problems.slice(0, mostShown);
  return (
    <div className={styles.refused}>
      <strong>{text.problems(name, problems.length)}</strong>
      <ol className={styles.problems}>
        {shown.map(({ line, column, message, allowed, nearest, path }) => (
          <li key={`${line} ${column} ${path} ${message}`}>
            <code>{text.place(line, column)}</code> {message}.
            {nearest !== null && !message.includes(nearest) && ` ${text.meant(nearest)}`}
            {allowed !== null && allowed.length > 0 && allowed.length <= 40 && (
              <span className={styles.note}> {text.allowed(allowed)}</span>
            )}
          </li>
        ))}
      </ol>
      {problems.length > shown.length && <p>{text.more(problems.length - shown.length)}</p>}
    </div>
  );
}

/** In the sandbox the run is replaced; elsewhere the sandbox opens with it. */
function openScenario(scenario: Scenario): void {
  const anew = { scenario, seed: null, variant: null, profile: null, set: {}, inputs: [], removed: [] };
  if (readAddress(window.location.hash).path === "/play") useRerun.getState().choose(anew);
  else {
    useRerun.setState({ next: anew });
    go("/play");
  }
}

function save(scenario: Scenario): void {
  download(`${scenario.id}.yaml`, "text/yaml", writeScenario(scenario));
}
