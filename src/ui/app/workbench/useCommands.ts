/** What the keys do on the workbench, and the same as commands of the palette. */
import { useCallback, useEffect, useMemo } from "react";
import { messagesNow } from "../../../sim/index.ts";
import type { Player } from "../../player/index.ts";
import { useMenu } from "../../state/menu.ts";
import { useNotices } from "../../state/notices.ts";
import { usePanels } from "../../state/panels.ts";
import { usePlayer } from "../../state/player.tsx";
import { usePreferences } from "../../state/preferences.ts";
import { readThing, type Thing, useSelection, writeThing } from "../../state/selection.ts";
import { VIEWS } from "../../views/index.ts";
import { actForKey, readyOffers } from "../faults/acts.ts";
import type { PaletteCommand } from "../palette/Palette.tsx";
import { type CommandId, commandFor, isTypingIn, SHORTCUTS } from "../shortcuts.ts";
import { text } from "../text.ts";
import { useBench } from "./bench.ts";
import { goBeforeFault, stepToTurn } from "./turns.ts";
import { type Do, useDo } from "./useDo.ts";
import { useRunActions } from "./useRunActions.ts";

const kinds: Readonly<Record<string, "broker" | "server" | "client">> = {
  broker: "broker",
  zookeeper: "server",
  producer: "client",
  consumer: "client",
};

/** Listens to the keyboard while mounted; returns what lists the palette's commands as they are at that moment. */
export function useCommands(onHelp: () => void): () => readonly PaletteCommand[] {
  const player = usePlayer();
  const act = useDo();
  const actions = useRunActions();

  const commands = useMemo(() => {
    const onThing = (key: "kill" | "pause" | "cut" | "restart") => () => {
      const thing = thingAtHand();
      const found = thing === null ? null : actForKey(key, thing, player.moment().world, player.timeline.trace);
      if (thing === null) useNotices.getState().show(text.bench.chooseFirst);
      else if (found === null) useNotices.getState().show(text.faults.notNow);
      else {
        useSelection.getState().select(thing);
        act(found.act, found.name);
      }
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
      "mark-next": () => stepToTurn(player),
      "mark-previous": () => player.step("mark", -1),
      "before-fault": () => goBeforeFault(player),
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
      "view-3": view("3"),
      "view-4": view("4"),
      "view-5": view("5"),
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

  return useCallback(() => {
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
    if (!player.store.getState().isOpen) return [...known, ...views];
    const { world } = player.moment();
    const things = Object.values(world.actors).flatMap(({ id, kind }) => {
      const as = kinds[kind];
      return as === undefined ? [] : [{ kind: as, id, role: text.faults.role[kind] ?? kind }];
    });
    const choose = things.map(
      ({ role, ...thing }): PaletteCommand => ({
        id: `thing-${thing.id}`,
        label: `${thing.id}, ${role}`,
        group: text.palette.things,
        run: () => useSelection.getState().select(thing),
      }),
    );
    const messages = messagesNow(world).map(({ id }): Thing => ({ kind: "message", id }));
    const faults = [...things, ...messages].flatMap((thing) => faultsOf(thing, player, act));
    return [...known, ...views, ...choose, ...distinct(faults)];
  }, [commands, player, act]);
}

/** What can be done to a thing at the moment shown, as commands. */
function faultsOf(thing: Thing, player: Player, act: Do): PaletteCommand[] {
  const offersNow = () => readyOffers(thing, player.moment().world, player.timeline.trace);
  return offersNow().map(({ id, name }) => ({
    id: `fault-${writeThing(thing)}-${id}`,
    label: name,
    group: text.palette.faults,
    isFault: true,
    ...(id === "start" ? { also: text.faults.restart("id" in thing ? thing.id : "") } : {}),
    run: () => {
      // The run may have gone on while the palette was open.
      const offer = offersNow().find((one) => one.id === id);
      if (offer === undefined) useNotices.getState().show(text.faults.gone);
      else act(offer.act, offer.name, offer.before);
    },
  }));
}

/** "heal all links" is offered by each thing that is cut; one is enough. */
function distinct(commands: readonly PaletteCommand[]): PaletteCommand[] {
  return [...new Map(commands.map((command) => [command.label, command])).values()];
}

/** The thing that has the focus on the canvas, which may be another than the chosen one; otherwise that. */
function thingAtHand(): Thing | null {
  const name = document.activeElement?.closest("[data-thing]")?.getAttribute("data-thing");
  return (name == null ? null : readThing(name.replace("|", "/"))) ?? useSelection.getState().thing;
}

/** Opens the menu of the chosen thing at its place on the canvas, or in the middle of the window. */
function askForMenu(): void {
  const thing = thingAtHand();
  if (thing === null) {
    useNotices.getState().show(text.bench.chooseFirst);
    return;
  }
  const element = document.querySelector(`[data-thing="${CSS.escape(writeThing(thing))}"]`);
  const box = element?.getBoundingClientRect();
  const [x, y] = box ? [box.left + 40, box.top + 24] : [window.innerWidth / 3, window.innerHeight / 3];
  useMenu.getState().ask(thing, x, y);
}
