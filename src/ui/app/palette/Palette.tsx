/** The command palette: every command of this screen, the pages, the labs and the themes. Loads when it is opened. */
import { scenarioCards } from "virtual:scenario-cards";
import { Command } from "cmdk";
import { type Theme, usePreferences } from "../../state/preferences.ts";
import { Kbd } from "../../widgets/Kbd.tsx";
import { go } from "../address.ts";
import { text } from "../text.ts";
import styles from "./palette.module.css";

export interface PaletteCommand {
  readonly id: string;
  readonly label: string;
  /** Heading it stands under. */
  readonly group: string;
  readonly keys?: readonly string[];
  readonly run: () => void;
}

export interface PaletteProps {
  readonly commands: readonly PaletteCommand[];
  readonly onClose: () => void;
}

const themes: readonly Theme[] = ["system", "light", "dark", "contrast"];

export default function Palette({ commands, onClose }: PaletteProps) {
  const change = usePreferences((state) => state.change);
  const all = [...commands, ...pages(), ...themesAs(change), ...labs()];
  const groups = [...new Set(all.map(({ group }) => group))];
  return (
    <Command.Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      label={text.palette.label}
      className={styles.palette}
      overlayClassName={styles.veil ?? ""}
      contentClassName={styles.content ?? ""}
    >
      <Command.Input className={styles.input} placeholder={text.palette.placeholder} autoFocus />
      <Command.List className={styles.list}>
        <Command.Empty className={styles.none}>{text.palette.none}</Command.Empty>
        {groups.map((group) => (
          <Command.Group key={group} heading={group} className={styles.group}>
            {all
              .filter((command) => command.group === group)
              .map((command) => (
                <Command.Item
                  key={command.id}
                  value={`${command.id} ${command.label}`}
                  className={styles.item}
                  onSelect={() => {
                    onClose();
                    command.run();
                  }}
                >
                  {command.label}
                  {command.keys && (
                    <span className={styles.keys}>
                      {command.keys.map((key) => (
                        <Kbd key={key}>{key}</Kbd>
                      ))}
                    </span>
                  )}
                </Command.Item>
              ))}
          </Command.Group>
        ))}
      </Command.List>
    </Command.Dialog>
  );
}

function pages(): PaletteCommand[] {
  const { nav, palette } = text;
  return [
    { id: "page-labs", label: nav.labs, group: palette.commands, run: () => go("/labs") },
    { id: "page-play", label: nav.sandbox, group: palette.commands, run: () => go("/play") },
    { id: "page-help", label: nav.help, group: palette.commands, run: () => go("/help") },
  ];
}

function themesAs(change: (some: { theme: Theme }) => void): PaletteCommand[] {
  return themes.map((theme) => ({
    id: `theme-${theme}`,
    label: `${text.theme.label}: ${text.theme[theme]}`,
    group: text.palette.commands,
    run: () => change({ theme }),
  }));
}

function labs(): PaletteCommand[] {
  return scenarioCards.map(({ id, number, title }) => ({
    id: `lab-${id}`,
    label: number === undefined ? title : `${number} ${title}`,
    group: text.palette.labs,
    run: () => go(`/lab/${id}`),
  }));
}
