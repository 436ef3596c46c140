/** The three wide forms of the workbench: how slots stand beside and below each other. Sizes are kept per form. */
import type { ReactNode } from "react";
import { Group, type Layout, Panel, Separator } from "react-resizable-panels";
import { usePreferences } from "../../state/preferences.ts";
import { Button } from "../../widgets/Button.tsx";
import { Icon } from "../../widgets/Icon.tsx";
import { text } from "../text.ts";
import { useMedia } from "../theme.ts";
import { useBench } from "./bench.ts";
import { CanvasBar } from "./CanvasBar.tsx";
import { Pane } from "./Pane.tsx";
import { SlotTabs, useViews } from "./SlotTabs.tsx";
import { Transport } from "./Transport.tsx";
import styles from "./workbench.module.css";

const { bench } = text;

export function ThreeColumns() {
  const lessons = useViews("lesson");
  const inspectors = useViews("inspector");
  // The picture comes first where three columns have just room.
  const side = useMedia("(min-width: 1400px)") ? "304px" : "264px";
  return (
    <Stack name="three">
      <Split name="columns" orientation="horizontal">
        {lessons.length > 0 && (
          <Panel id="lesson" defaultSize={side} minSize="220px" maxSize="40%" groupResizeBehavior="preserve-pixel-size">
            <section className={styles.column} aria-label={bench.lesson}>
              {lessons.map((view) => (
                <Pane key={view.id} view={view} />
              ))}
            </section>
          </Panel>
        )}
        {lessons.length > 0 && <Separator className={styles.separator} />}
        <Panel id="centre" minSize="360px">
          <Centre />
        </Panel>
        {inspectors.length > 0 && <Separator className={styles.separator} />}
        {inspectors.length > 0 && (
          <Panel
            id="inspector"
            defaultSize={side}
            minSize="220px"
            maxSize="40%"
            groupResizeBehavior="preserve-pixel-size"
          >
            <section className={styles.column} aria-label={bench.inspector}>
              {inspectors.map((view) => (
                <Pane key={view.id} view={view} />
              ))}
            </section>
          </Panel>
        )}
      </Split>
    </Stack>
  );
}

export function TwoColumns() {
  const side = useViews("lesson", "inspector");
  return (
    <Stack name="two">
      <Split name="columns-two" orientation="horizontal">
        <Panel id="centre" minSize="400px">
          <Centre />
        </Panel>
        {side.length > 0 && <Separator className={styles.separator} />}
        {side.length > 0 && (
          <Panel id="side" defaultSize="304px" minSize="220px" maxSize="45%" groupResizeBehavior="preserve-pixel-size">
            <section className={styles.column} aria-label={bench.side}>
              <SlotTabs label={bench.side} slots={["lesson", "inspector"]} />
            </section>
          </Panel>
        )}
      </Split>
    </Stack>
  );
}

const parts = ["centre", "lesson", "inspector", "drawer"] as const;

export function OneColumn() {
  const part = useBench((state) => state.part);
  const setPart = useBench((state) => state.setPart);
  const has = {
    centre: true,
    lesson: useViews("lesson").length > 0,
    inspector: useViews("inspector").length > 0,
    drawer: useViews("drawer").length > 0,
  };
  const lesson = useViews("lesson")[0]?.title ?? bench.lesson;
  const names = { centre: bench.canvas, lesson, inspector: bench.inspector, drawer: bench.drawer };
  const shown = has[part] ? part : "centre";
  return (
    <div className={styles.one}>
      <div className={styles.onePart}>
        {shown === "centre" ? <Centre /> : <SlotTabs label={names[shown]} slots={[shown]} />}
      </div>
      <Transport />
      <Timeline />
      <nav className={styles.footTabs} aria-label={bench.parts}>
        {parts
          .filter((one) => has[one])
          .map((one) => (
            <button
              key={one}
              type="button"
              aria-current={one === shown ? "true" : undefined}
              onClick={() => setPart(one)}
            >
              {names[one]}
            </button>
          ))}
      </nav>
    </div>
  );
}

function Centre() {
  return (
    <section className={styles.centre} aria-label={bench.centre}>
      <SlotTabs label={bench.centre} slots={["centre"]} />
      <CanvasBar />
    </section>
  );
}

function Timeline() {
  const views = useViews("timeline");
  return (
    <>
      {views.map((view) => (
        <Pane key={view.id} view={view} auto />
      ))}
    </>
  );
}

/** Columns above; playback, timeline and drawer below, with a divider that opens the drawer further. */
function Stack({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  const drawers = useViews("drawer");
  const isOpen = useBench((state) => state.isDrawerOpen);
  const setDrawer = useBench((state) => state.setDrawer);
  if (drawers.length === 0 || !isOpen)
    return (
      <div className={styles.stack}>
        <div className={styles.upper}>{children}</div>
        <Transport />
        <Timeline />
        {drawers.length > 0 && (
          <div className={styles.closedDrawer}>
            {drawers.map((view) => (
              <Button key={view.id} size="bar" look="quiet" onClick={() => useBench.getState().show("drawer", view.id)}>
                {view.title}
                {view.badge && <view.badge />}
              </Button>
            ))}
            <Button size="bar" look="quiet" className={styles.toEnd} onClick={() => setDrawer(true)}>
              {bench.openDrawer}
              <Icon name="next" size={16} />
            </Button>
          </div>
        )}
      </div>
    );
  return (
    <Split name={`stack-${name}`} orientation="vertical">
      <Panel id="upper" minSize="240px">
        <div className={styles.stack}>
          <div className={styles.upper}>{children}</div>
          <Transport />
          <Timeline />
        </div>
      </Panel>
      <Separator className={styles.separatorFlat} />
      <Panel id="drawer" defaultSize="150px" minSize="84px" groupResizeBehavior="preserve-pixel-size">
        <section className={styles.column} aria-label={bench.drawer}>
          <SlotTabs
            label={bench.drawer}
            slots={["drawer"]}
            low
            end={
              <Button size="bar" look="quiet" aria-label={bench.closeDrawer} onClick={() => setDrawer(false)}>
                <Icon name="down" size={16} />
              </Button>
            }
          />
        </section>
      </Panel>
    </Split>
  );
}

interface SplitProps {
  readonly name: string;
  readonly orientation: "horizontal" | "vertical";
  readonly children: ReactNode;
}

/** A group of panels whose sizes are remembered; double-click on a divider resets them. */
function Split({ name, orientation, children }: SplitProps) {
  const layout = usePreferences((state) => state.layouts[name]);
  const change = usePreferences((state) => state.change);
  const keep = (sizes: Layout) => change({ layouts: { ...usePreferences.getState().layouts, [name]: sizes } });
  return (
    <Group
      className={styles.split}
      orientation={orientation}
      {...(layout === undefined ? {} : { defaultLayout: layout as Layout })}
      onLayoutChanged={(sizes, meta) => meta.isUserInteraction && keep(sizes)}
    >
      {children}
    </Group>
  );
}
