/** The table of keys, group by group: on the help page and on the sheet under `?`. */
import { Kbd } from "../../widgets/Kbd.tsx";
import { SHORTCUTS, type ShortcutGroup } from "../shortcuts.ts";
import { text } from "../text.ts";
import styles from "./help.module.css";

const groups: readonly ShortcutGroup[] = ["time", "canvas", "faults", "changes", "views", "page"];

export function ShortcutList() {
  return (
    <div className={styles.groups}>
      {groups.map((group) => (
        <section key={group}>
          <h3>{text.help.groups[group]}</h3>
          <dl className={styles.keys}>
            {SHORTCUTS.filter((one) => one.group === group).map(({ chord, keys, does, where }) => (
              <div key={`${chord} ${does}`}>
                <dt>
                  {keys.map((key) => (
                    <Kbd key={key}>{key}</Kbd>
                  ))}
                </dt>
                <dd>
                  {does}
                  {where !== undefined && <span className={styles.where}> {text.help.where(where)}</span>}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
