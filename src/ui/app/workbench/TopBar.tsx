/** The bar over the workbench: back, what is open, how it is run, and what can be done with it as a whole. */
import { PROFILES, type Profile } from "../../../sim/index.ts";
import { usePlayer, usePlayerState } from "../../state/player.tsx";
import { Button, IconButton } from "../../widgets/Button.tsx";
import { SelectField } from "../../widgets/Field.tsx";
import { Icon } from "../../widgets/Icon.tsx";
import { Kbd } from "../../widgets/Kbd.tsx";
import { MenuButton } from "../../widgets/Menu.tsx";
import type { PaletteCommand } from "../palette/Palette.tsx";
import { PaletteButton } from "../parts/PaletteButton.tsx";
import { ThemeButton } from "../parts/ThemeButton.tsx";
import { text } from "../text.ts";
import { useRunActions } from "./useRunActions.ts";
import type { RunChoice } from "./WorkbenchScreen.tsx";
import styles from "./workbench.module.css";

const { bench } = text;

export interface TopBarProps {
  readonly commands: () => readonly PaletteCommand[];
  readonly choice: RunChoice;
  readonly onChoose: (some: RunChoice) => void;
  readonly onHelp: () => void;
}

export function TopBar({ commands, choice, onChoose, onHelp }: TopBarProps) {
  const player = usePlayer();
  usePlayerState((state) => state.runKey);
  const isBranched = usePlayerState((state) => state.branches.length > 1);
  const { run } = player;
  const { reset, fork, share } = useRunActions();
  const number = run?.scenario?.lesson?.number;
  const seed = run?.resolved?.seed ?? 0;
  return (
    <header className={styles.topBar} data-branched={isBranched || undefined}>
      <a className={styles.back} href="#/labs">
        <Icon name="back" size={16} />
        <span className={styles.backWord}>{bench.back}</span>
      </a>
      <h1 className={styles.heading} title={run?.title}>
        {number !== undefined && <span>{number} · </span>}
        {run?.title}
      </h1>
      <span className={styles.choices}>
        <MenuButton
          items={[
            {
              kind: "action",
              id: "next",
              label: `${bench.seed(seed + 1)}`,
              onSelect: () => onChoose({ seed: seed + 1 }),
            },
            {
              kind: "action",
              id: "any",
              label: bench.changeSeed,
              onSelect: () => onChoose({ seed: crypto.getRandomValues(new Uint16Array(1))[0] ?? 1 }),
            },
            { kind: "action", id: "own", label: bench.asWritten, onSelect: () => onChoose({ seed: null }) },
          ]}
        >
          <Button size="bar" aria-label={`${bench.seed(seed)}, ${bench.changeSeed}`}>
            <code>{bench.seed(seed)}</code>
          </Button>
        </MenuButton>
        <Variants choice={choice} onChoose={onChoose} />
        <SelectField
          size="bar"
          label="Kafka"
          hideLabel
          value={run?.resolved?.profile ?? "2.1"}
          onChange={(profile) => onChoose({ profile: profile as Profile })}
          options={PROFILES.map((profile) => ({ value: profile, label: bench.profile(profile) }))}
        />
        <Branches />
      </span>
      <span className={styles.actions}>
        <Button look="quiet" onClick={reset}>
          <Icon name="reset" />
          <span className={styles.word}>{bench.reset}</span>
        </Button>
        <Button look="quiet" onClick={fork}>
          <Icon name="fork" />
          <span className={styles.word}>{bench.fork}</span>
          <span className={styles.word}>
            <Kbd>F</Kbd>
          </span>
        </Button>
        <Button look="quiet" onClick={share}>
          <Icon name="share" />
          <span className={styles.word}>{bench.share}</span>
        </Button>
        <span className={styles.rule} />
        <PaletteButton commands={commands} />
        <ThemeButton />
        <IconButton label={bench.help} shortcut="?" onClick={onHelp}>
          ?
        </IconButton>
      </span>
    </header>
  );
}

function Variants({ choice, onChoose }: Pick<TopBarProps, "choice" | "onChoose">) {
  const variants = usePlayer().run?.scenario?.variants ?? [];
  if (variants.length === 0) return null;
  return (
    <SelectField
      size="bar"
      label={bench.variant}
      hideLabel
      value={choice.variant ?? ""}
      onChange={(variant) => onChoose({ variant: variant === "" ? null : variant })}
      options={[
        { value: "", label: bench.asWritten },
        ...variants.map(({ id, title }) => ({ value: id, label: title })),
      ]}
    />
  );
}

/** The tree of futures, once there is more than one. */
function Branches() {
  const player = usePlayer();
  const branches = usePlayerState((state) => state.branches);
  const branch = usePlayerState((state) => state.branch);
  if (branches.length < 2) return null;
  return (
    <SelectField
      size="bar"
      label={bench.branches}
      hideLabel
      value={branch}
      onChange={(id) => player.switchBranch(id)}
      options={branches.map(({ id, label }) => ({ value: id, label }))}
    />
  );
}
