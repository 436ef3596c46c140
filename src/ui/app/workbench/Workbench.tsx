/**
 * The workbench: top bar, columns, playback, timeline, drawer. It knows views by their slots only. Four forms by width:
 * three columns, two with tabs, one with tabs at the foot, and a read-only stepper.
 */
import { lazy, Suspense, useCallback, useState } from "react";
import { usePlayer, usePlayerState } from "../../state/player.tsx";
import { useSelection } from "../../state/selection.ts";
import { breakpoints } from "../../theme/tokens.ts";
import { LessonGate } from "../../views/lesson/gate.ts";
import { Button } from "../../widgets/Button.tsx";
import { PaneLoading } from "../../widgets/PaneState.tsx";
import { seconds } from "../../widgets/seconds.ts";
import { TooltipScope } from "../../widgets/Tooltip.tsx";
import { FaultMenu } from "../faults/FaultMenu.tsx";
import { Panels } from "../panels/Panels.tsx";
import { text } from "../text.ts";
import { useMedia } from "../theme.ts";
import { Banner } from "./Banner.tsx";
import { useBench } from "./bench.ts";
import { OneColumn, ThreeColumns, TwoColumns } from "./forms.tsx";
import { TopBar } from "./TopBar.tsx";
import { useAddress } from "./useAddress.ts";
import { useCommands } from "./useCommands.ts";
import type { RunChoice } from "./WorkbenchScreen.tsx";
import styles from "./workbench.module.css";

const Phone = lazy(() => import("../phone/Phone.tsx"));
const HelpSheet = lazy(() => import("../help/HelpSheet.tsx"));

export interface WorkbenchProps {
  /** What of a link could not be opened, one sentence each. */
  readonly problems: readonly string[];
  readonly onDismiss: () => void;
  readonly choice: RunChoice;
  readonly onChoose: (some: RunChoice) => void;
}

export function Workbench({ problems, onDismiss, choice, onChoose }: WorkbenchProps) {
  const player = usePlayer();
  const [isHelpOpen, setHelp] = useState(false);
  const commands = useCommands(useCallback(() => setHelp(true), []));
  const select = useSelection((state) => state.select);
  const setPart = useBench((state) => state.setPart);
  const failure = usePlayerState((state) => state.failure);
  const isWide = useMedia(`(min-width: ${breakpoints.wide}px)`);
  const isMedium = useMedia(`(min-width: ${breakpoints.medium}px)`);
  const isNarrow = useMedia(`(min-width: ${breakpoints.narrow}px)`);
  useAddress(choice);

  return (
    <TooltipScope>
      <div className={styles.bench} data-form={isWide ? "three" : isMedium ? "two" : isNarrow ? "one" : "phone"}>
        <TopBar commands={commands} choice={choice} onChoose={onChoose} onHelp={() => setHelp(true)} />
        {problems.length > 0 && (
          <Banner title={text.bench.badLink} onDismiss={onDismiss}>
            {problems.join(" ")}
          </Banner>
        )}
        {failure !== null && (
          <Banner
            title={text.bench.failed(seconds(failure.at), failure.message)}
            action={
              <Button size="bar" onClick={() => player.undo() || player.reset()}>
                {text.bench.reset}
              </Button>
            }
          >
            {text.bench.failedRest}
          </Banner>
        )}
        <main id="content" className={styles.main}>
          {isWide ? <ThreeColumns /> : isMedium ? <TwoColumns /> : isNarrow ? <OneColumn /> : <PhoneLater />}
        </main>
        <Panels />
        <LessonGate onAsk={showLesson} />
        <FaultMenu onInspect={() => setPart("inspector")} />
        {isHelpOpen && (
          <Suspense>
            <HelpSheet onClose={() => setHelp(false)} />
          </Suspense>
        )}
        <EscapeTarget onEscape={() => select(null)} />
      </div>
    </TooltipScope>
  );
}

/** Where the lesson is one of several tabs, a question brings it to the front. */
const showLesson = () => useBench.getState().show("lesson", "lesson");

/** Kept for assistive tech that lists what a page can do: the way out of a selection is a button, too. */
function EscapeTarget({ onEscape }: { readonly onEscape: () => void }) {
  const thing = useSelection((state) => state.thing);
  return thing === null ? null : (
    <button type="button" className={styles.hiddenButton} onClick={onEscape}>
      {text.bench.unselect}
    </button>
  );
}

/** The stepper loads on narrow screens only. */
function PhoneLater() {
  return (
    <Suspense fallback={<PaneLoading label={text.bench.loading} />}>
      <Phone />
    </Suspense>
  );
}
