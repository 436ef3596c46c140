/** The command palette: every command of this screen, the pages, the labs and the themes. Loads when it is opened. */
import { scenarioCards } from "virtual:scenario-cards";
import { Command } from "cmdk";
import { useState } from "react";
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
  /** Other words for it that a reader may type. */
  readonly also?: string;
  /** One of very many: listed only when the words typed name it. */
  readonly isFault?: boolean;
  readonly run: () => void;
}

export interface PaletteProps {
  /** Asked once, when the palette opens: some commands depend on the moment shown. */
  readonly commands: () => readonly PaletteCommand[];
  readonly onClose: () => void;
}

const themes: readonly Theme[] = ["system", "light", "dark", "contrast"];

export default function Palette({ commands, onClose }: PaletteProps) {
  const change = usePreferences((state) => state.change);
  const [own] = useState(commands);
  const [words, setWords] = useState("");
  const all = [...listed(own, words), ...pages(), ...themesAs(change), ...labs()];
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
      <Command.Input
        className={styles.input}
        placeholder={text.palette.placeholder}
        value={words}
        onValueChange={setWords}
        autoFocus
      />
      <Command.List className={styles.list}>
        <Command.Empty className={styles.none}>{text.palette.none}</Command.Empty>
        {groups.map((group) => (
          <Command.Group key={group} heading={group} className={styles.group}>
            {all
              .filter((command) => command.group === group)
              .map((command) => (
                <Command.Item
                  key={command.id}
                  value={`${command.label} ${command.also ?? ""} ${command.id}`}
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

const mostFaults = 30;

/** Without the faults that the words do not name. */
function listed(commands: readonly PaletteCommand[], words: string): PaletteCommand[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const isNamed = ({ label, also = "" }: PaletteCommand) =>
    wanted.length > 0 && wanted.every((word) => `${label} ${also}`.toLowerCase().includes(word));
  // The shortest says the words and least else.
  const faults = commands.filter((one) => one.isFault && isNamed(one)).sort((a, b) => a.label.length - b.label.length);
  return [...commands.filter(({ isFault }) => !isFault), ...faults.slice(0, mostFaults)];
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
