/** Under the picture: the fault menu of the chosen thing, acts that the lab offers as buttons, and the legend. */
import { type Act, actsOf } from "../../../sim/index.ts";
import { useMenu } from "../../state/menu.ts";
import { useNotices } from "../../state/notices.ts";
import { usePanels } from "../../state/panels.ts";
import { usePlayer, usePlayerState } from "../../state/player.tsx";
import { useSelection } from "../../state/selection.ts";
import type { Family } from "../../theme/shapes.ts";
import { Button } from "../../widgets/Button.tsx";
import { Icon } from "../../widgets/Icon.tsx";
import { Kbd } from "../../widgets/Kbd.tsx";
import { FamilyMark } from "../../widgets/Mark.tsx";
import { text } from "../text.ts";
import { useDo } from "./useDo.ts";
import styles from "./workbench.module.css";

const legend: readonly Family[] = ["produce", "fetch", "replica", "control", "group"];

export function CanvasBar() {
  const thing = useSelection((state) => state.thing);
  const ask = useMenu((state) => state.ask);
  const show = useNotices((state) => state.show);
  return (
    <div className={styles.canvasBar}>
      <Button
        aria-haspopup="menu"
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          if (thing === null) show(text.bench.chooseFirst);
          else ask(thing, box.left, box.top);
        }}
      >
        <Icon name="bolt" />
        {text.bench.fault}
        <Kbd>m</Kbd>
      </Button>
      <Button aria-haspopup="dialog" onClick={() => usePanels.getState().show("settings")}>
        <Icon name="sliders" />
        {text.bench.config}
      </Button>
      <ActButtons />
      {/* biome-ignore lint/a11y/noRedundantRoles: without bullets a list is no list to some readers unless it says so. */}
      <ul role="list" className={styles.legend}>
        {legend.map((family) => (
          <li key={family}>
            <svg width={18} height={18} viewBox="-9 -9 18 18" aria-hidden="true">
              <FamilyMark family={family} />
            </svg>
            {family}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The acts of a scenario that wait for the reader. */
function ActButtons() {
  const player = usePlayer();
  const act = useDo();
  usePlayerState((state) => state.runKey);
  const { run } = player;
  // The lesson has them beside its steps.
  if (run?.scenario == null || run.resolved === null || run.scenario.lesson !== undefined) return null;
  const { resolved, scenario } = run;
  return (scenario.acts ?? [])
    .filter(({ button }) => button !== undefined)
    .map((spec) => (
      <Button
        key={spec.id ?? spec.button}
        onClick={() => {
          for (const what of actsOf(spec, { ...resolved, scenario })) act(what as Act, spec.button ?? "");
        }}
      >
        {spec.button}
      </Button>
    ));
}
