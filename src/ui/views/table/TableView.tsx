/** The tables of the cluster. A row chosen here is chosen on the canvas and in the inspector too; m asks for its menu. */
import { type AtCursor, useAtCursor } from "../../state/player.tsx";
import { usePreferences } from "../../state/preferences.ts";
import { useSelection, writeThing } from "../../state/selection.ts";
import { DataTable, onRowKeys } from "../../widgets/DataTable.tsx";
import { PaneState } from "../../widgets/PaneState.tsx";
import { tablesOf } from "./project.ts";
import styles from "./table.module.css";

export default function TableView() {
  const withHeartbeats = usePreferences((state) => state.showHeartbeats);
  const tables = useAtCursor(({ moment }: AtCursor) => tablesOf(moment, withHeartbeats), { on: [withHeartbeats] });
  const thing = useSelection((state) => state.thing);
  const select = useSelection((state) => state.select);
  if (tables === null) return <PaneState title="No run is open." />;
  const chosen = thing === null ? null : writeThing(thing);
  return (
    <section className={styles.root} aria-label="Cluster as tables" onKeyDown={onRowKeys}>
      {tables.map(({ id, caption, columns, rows, empty }) => (
        <DataTable
          key={id}
          caption={caption}
          columns={columns}
          empty={empty}
          rows={rows.map((row) => {
            const { thing: own } = row;
            return {
              key: row.key,
              cells: row.cells,
              ...(row.isDown ? { look: "down" as const } : {}),
              ...(own === null ? {} : { isChosen: writeThing(own) === chosen, onChoose: () => select(own) }),
            };
          })}
        />
      ))}
    </section>
  );
}
