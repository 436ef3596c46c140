/** What this computer keeps of a learner's labs: how much, as a file, and forgotten. */
import { useNotices } from "../../state/notices.ts";
import { useProgress } from "../../state/progress.ts";
import { Button } from "../../widgets/Button.tsx";
import { download } from "../../widgets/download.ts";
import { text } from "../text.ts";
import styles from "./help.module.css";

const { progress } = text.help;

export function Progress() {
  const labs = useProgress((state) => state.labs);
  const replace = useProgress((state) => state.replace);
  const show = useNotices((state) => state.show);
  const all = Object.values(labs);
  const forget = () => {
    replace({});
    show(progress.forgotten, () => replace(labs));
  };
  return (
    <>
      <p>{progress.kept(all.filter(({ isDone }) => isDone).length)}</p>
      <div className={styles.actions}>
        <Button
          disabled={all.length === 0}
          onClick={() => download("faultline-progress.json", "application/json", `${JSON.stringify(labs, null, 2)}\n`)}
        >
          {progress.save}
        </Button>
        <Button disabled={all.length === 0} onClick={forget}>
          {progress.forget}
        </Button>
      </div>
    </>
  );
}
