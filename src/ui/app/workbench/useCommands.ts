/** What the keys do on the workbench, and the same as commands of the palette. */
import { useEffect, useMemo } from "react";
import { useMenu } from "../../state/menu.ts";
import { useNotices } from "../../state/notices.ts";
import { usePanels } from "../../state/panels.ts";
import { usePlayer } from "../../state/player.tsx";
import { usePreferences } from "../../state/preferences.ts";
import { useSelection, writeThing } from "../../state/selection.ts";
import { VIEWS } from "../../views/index.ts";
import { actForKey } from "../faults/acts.ts";
import type { PaletteCommand } from "../palette/Palette.tsx";
import { type CommandId, commandFor, isTypingIn, SHORTCUTS } from "../shortcuts.ts";
import { text } from "../text.ts";
import { useBench } from "./bench.ts";
import { useDo } from "./useDo.ts";
import { useRunActions } from "./useRunActions.ts";

/** Listens to the keyboard while mounted; returns the palette's commands. */
export function useCommands(onHelp: () => void): readonly PaletteCommand[] {
  const player = usePlayer();
  const act = useDo();
  const actions = useRunActions();

  const commands = useMemo(() => {
    const onThing = (key: "kill" | "pause" | "cut" | "restart") => () => {
      const { thing } = useSelection.getState();
      const found = thing === null ? null : actForKey(key, thing, player.moment().world);
      if (thing === null) useNotices.getState().show(text.bench.chooseFirst);
      else if (found !== null) act(found.act, found.name);
    };
    const view = (key: string) => () => {
      const found = VIEWS.find((one) => one.key === key);
      if (found !== undefined) useBench.getState().show(found.slot, found.id);
    };
    const table: Record<CommandId, () => void> = {
      toggle: () => player.toggle(),
      "event-next": () => player.step("event", 1),
      "event-previous": () => player.step("event", -1),
      "message-next": () => player.step("message", 1),
      "message-previous": () => player.step("message", -1),
      "mark-next": () => player.step("mark", 1),
      "mark-previous": () => player.step("mark", -1),
      start: () => player.toStart(),
      end: () => player.toEnd(),
      slower: () => player.changeSpeed(-1),
      faster: () => player.changeSpeed(1),
      "fault-menu": askForMenu,
      kill: onThing("kill"),
      pause: onThing("pause"),
      cut: onThing("cut"),
      restart: onThing("restart"),
      undo: actions.undo,
      redo: actions.redo,
      fork: actions.fork,
      "view-1": view("1"),
      "view-2": view("2"),
      "view-3": view("3"),
      "view-4": view("4"),
      "view-5": view("5"),
      "view-6": view("6"),
      // The palette's own button listens for its key.
      palette: () => {},
      "copy-link": actions.share,
      files: () => usePanels.getState().show("files"),
      settings: () => usePanels.getState().show("settings"),
      help: onHelp,
      up: () => useSelection.getState().select(null),
    };
    return table;
  }, [player, act, actions, onHelp]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector("dialog[open], [role=dialog], [role=menu]") !== null) return;
      const command = commandFor(event, isTypingIn(event.target), usePreferences.getState().singleKeys);
      if (command === null || command === "palette") return;
      // Space on a button presses the button.
      if (command === "toggle" && event.target instanceof HTMLButtonElement) return;
      event.preventDefault();
      commands[command]();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [commands]);

  return useMemo(() => {
    const once = new Set<CommandId>();
    const known = SHORTCUTS.flatMap(({ command, does, keys }): PaletteCommand[] => {
      if (command === null || command === "palette" || command === "up" || once.has(command)) return [];
      if (command.startsWith("view-")) return [];
      once.add(command);
      return [{ id: command, label: does, group: text.palette.commands, keys, run: commands[command] }];
    });
    const views = VIEWS.map(
      (view): PaletteCommand => ({
        id: `view-${view.id}`,
        label: view.title,
        group: text.palette.views,
        ...(view.key === undefined ? {} : { keys: [view.key] }),
        run: () => useBench.getState().show(view.slot, view.id),
      }),
    );
    const isOpen = player.store.getState().isOpen;
    const things = isOpen ? Object.values(player.moment().world.actors) : [];
    const kinds: Readonly<Record<string, "broker" | "server" | "client">> = {
      broker: "broker",
      zookeeper: "server",
      producer: "client",
      consumer: "client",
    };
    return [
      ...known,
      ...views,
      ...things.flatMap(({ id, kind }): PaletteCommand[] => {
        const as = kinds[kind];
        if (as === undefined) return [];
        const run = () => useSelection.getState().select({ kind: as, id });
        return [
          { id: `thing-${id}`, label: `${id}, ${text.faults.role[kind] ?? kind}`, group: text.palette.things, run },
        ];
      }),
    ];
  }, [commands, player]);
}

/** Opens the menu of the chosen thing at its place on the canvas, or in the middle of the window. */
function askForMenu(): void {
  const { thing } = useSelection.getState();
  if (thing === null) {
    useNotices.getState().show(text.bench.chooseFirst);
    return;
  }
  const element = document.querySelector(`[data-thing="${CSS.escape(writeThing(thing))}"]`);
  const box = element?.getBoundingClientRect();
  const [x, y] = box ? [box.left + 40, box.top + 24] : [window.innerWidth / 3, window.innerHeight / 3];
  useMenu.getState().ask(thing, x, y);
}
