/** Part 3: what must be true of the run, ticked as the run decides it, each with what was seen and where. */
import { VisuallyHidden } from "../../widgets/VisuallyHidden.tsx";
import styles from "./lesson.module.css";
import { Box, Jump, Part } from "./parts.tsx";
import type { LessonView } from "./project.ts";
import { text } from "./text.ts";

export function Checks({ view }: { readonly view: LessonView }) {
  const { checks, decidedChecks } = view;
  return (
    <Part
      number={3}
      title={text.checks}
      note={text.decidedOf(decidedChecks, checks.length)}
      isDone={checks.length > 0 && decidedChecks === checks.length}
    >
      {checks.length === 0 && <p className={styles.note}>{text.noChecks}</p>}
      {/* biome-ignore lint/a11y/noRedundantRoles: without bullets a list is no list to some readers unless it says so. */}
      <ul role="list" className={styles.list}>
        {checks.map(({ id, say, verdict, evidence, decided }) => (
          <li key={id} className={styles.item} data-check={verdict}>
            <Box state={verdict} />
            <span>
              {say}
              <VisuallyHidden>: {text.verdicts[verdict]}</VisuallyHidden>
            </span>
            {decided === null ? <span /> : <Jump to={decided} what={say} />}
            {evidence !== "" && <span className={`${styles.wide} ${styles.evidence}`}>{evidence}</span>}
          </li>
        ))}
      </ul>
    </Part>
  );
}
