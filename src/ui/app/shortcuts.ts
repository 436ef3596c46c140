/**
 * Every key that does something everywhere, in one table: the handler, the sheet under `?`, and the tests read it.
 *
 * Single letters are off while typing and can be switched off (WCAG 2.1.4). Keys local to a view (j, k, the arrows inside
 * the canvas) are handled there and listed here for the sheet only (`command: null`).
 */

export type CommandId =
  | "toggle"
  | "event-next"
  | "event-previous"
  | "message-next"
  | "message-previous"
  | "mark-next"
  | "mark-previous"
  | "before-fault"
  | "start"
  | "end"
  | "slower"
  | "faster"
  | "fault-menu"
  | "kill"
  | "pause"
  | "cut"
  | "restart"
  | "undo"
  | "redo"
  | "fork"
  | "view-1"
  | "view-3"
  | "view-4"
  | "view-5"
  | "palette"
  | "copy-link"
  | "files"
  | "settings"
  | "help"
  | "up";

export type ShortcutGroup = "time" | "canvas" | "faults" | "changes" | "views" | "page";

export interface Shortcut {
  /** As `chordOf` writes it: "Shift+ArrowRight", "Ctrl+z", "K". */
  readonly chord: string;
  /** As it stands on a keyboard. */
  readonly keys: readonly string[];
  readonly does: string;
  readonly group: ShortcutGroup;
  /** Null: handled by the view that has the focus. */
  readonly command: CommandId | null;
  /** Where it works, when not everywhere. */
  readonly where?: string;
}

export const SHORTCUTS: readonly Shortcut[] = [
  { chord: "Space", keys: ["Space"], does: "play or pause", group: "time", command: "toggle" },
  { chord: "ArrowRight", keys: ["→"], does: "next event", group: "time", command: "event-next" },
  { chord: "ArrowLeft", keys: ["←"], does: "previous event", group: "time", command: "event-previous" },
  { chord: "Shift+ArrowRight", keys: ["Shift", "→"], does: "next message", group: "time", command: "message-next" },
  {
    chord: "Shift+ArrowLeft",
    keys: ["Shift", "←"],
    does: "previous message",
    group: "time",
    command: "message-previous",
  },
  { chord: "n", keys: ["n"], does: "next turn: fault, election, loss", group: "time", command: "mark-next" },
  { chord: "p", keys: ["p"], does: "previous turn", group: "time", command: "mark-previous" },
  { chord: "b", keys: ["b"], does: "back to before the last fault", group: "time", command: "before-fault" },
  { chord: "Home", keys: ["Home"], does: "start of the run", group: "time", command: "start" },
  { chord: "End", keys: ["End"], does: "end of the run", group: "time", command: "end" },
  { chord: "[", keys: ["["], does: "slower", group: "time", command: "slower" },
  { chord: "]", keys: ["]"], does: "faster", group: "time", command: "faster" },
  { chord: ",", keys: [","], does: "previous mark of the track", group: "time", command: null, where: "timeline" },
  { chord: ".", keys: ["."], does: "next mark of the track", group: "time", command: null, where: "timeline" },
  { chord: "w", keys: ["w"], does: "zoom in", group: "time", command: null, where: "timeline" },
  { chord: "s", keys: ["s"], does: "zoom out", group: "time", command: null, where: "timeline" },
  { chord: "a", keys: ["a"], does: "earlier", group: "time", command: null, where: "timeline" },
  { chord: "d", keys: ["d"], does: "later", group: "time", command: null, where: "timeline" },
  {
    chord: "Arrows",
    keys: ["↑", "↓", "←", "→"],
    does: "move between things",
    group: "canvas",
    command: null,
    where: "canvas",
  },
  {
    chord: "Enter",
    keys: ["Enter"],
    does: "choose the thing, show it in the inspector",
    group: "canvas",
    command: null,
    where: "canvas",
  },
  { chord: "Escape", keys: ["Esc"], does: "one level up, close", group: "canvas", command: "up" },
  { chord: "m", keys: ["m"], does: "menu of the chosen thing", group: "faults", command: "fault-menu" },
  {
    chord: "Shift+F10",
    keys: ["Shift", "F10"],
    does: "menu of the chosen thing",
    group: "faults",
    command: "fault-menu",
  },
  { chord: "K", keys: ["Shift", "k"], does: "kill the chosen process", group: "faults", command: "kill" },
  { chord: "P", keys: ["Shift", "p"], does: "pause it for 9 s, or let it go on", group: "faults", command: "pause" },
  { chord: "C", keys: ["Shift", "c"], does: "cut it from all others", group: "faults", command: "cut" },
  { chord: "R", keys: ["Shift", "r"], does: "start it again", group: "faults", command: "restart" },
  { chord: "Ctrl+z", keys: ["Ctrl", "z"], does: "undo a change", group: "changes", command: "undo" },
  { chord: "Ctrl+Shift+z", keys: ["Ctrl", "Shift", "z"], does: "redo it", group: "changes", command: "redo" },
  { chord: "F", keys: ["Shift", "f"], does: "fork here", group: "changes", command: "fork" },
  { chord: "1", keys: ["1"], does: "canvas", group: "views", command: "view-1" },
  { chord: "3", keys: ["3"], does: "ledger", group: "views", command: "view-3" },
  { chord: "4", keys: ["4"], does: "log", group: "views", command: "view-4" },
  { chord: "5", keys: ["5"], does: "metrics", group: "views", command: "view-5" },
  { chord: "j", keys: ["j"], does: "next row", group: "views", command: null, where: "log, ledger, tables" },
  { chord: "k", keys: ["k"], does: "previous row", group: "views", command: null, where: "log, ledger, tables" },
  { chord: "/", keys: ["/"], does: "filter", group: "views", command: null, where: "log, ledger" },
  { chord: "Ctrl+k", keys: ["Ctrl", "k"], does: "command palette", group: "page", command: "palette" },
  {
    chord: "Ctrl+Shift+l",
    keys: ["Ctrl", "Shift", "l"],
    does: "copy a link to this moment",
    group: "page",
    command: "copy-link",
  },
  { chord: "Ctrl+s", keys: ["Ctrl", "s"], does: "open or save a scenario file", group: "page", command: "files" },
  { chord: "G", keys: ["Shift", "g"], does: "config", group: "changes", command: "settings" },
  { chord: "?", keys: ["?"], does: "this sheet", group: "page", command: "help" },
];

interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** A key press as the table writes it. Shift is named where the key itself does not show it; ⌘ counts as Ctrl. */
export function chordOf({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyPress): string {
  const name = key === " " ? "Space" : key;
  const isOne = name.length === 1;
  const isControl = ctrlKey || metaKey;
  const parts = [
    isControl && "Ctrl",
    altKey && "Alt",
    shiftKey && (!isOne || isControl) && "Shift",
    isOne && isControl ? name.toLowerCase() : name,
  ];
  return parts.filter(Boolean).join("+");
}

/** A key without Ctrl that prints something: off while typing, and when the reader has switched such keys off. */
export function isSingleKey(chord: string): boolean {
  return chord.length === 1;
}

const byChord = new Map(SHORTCUTS.filter(({ command }) => command !== null).map((one) => [one.chord, one.command]));

/** The command of a key press, or null. `isTyping`: the focus is in a field. */
export function commandFor(press: KeyPress, isTyping: boolean, singleKeys: boolean): CommandId | null {
  const chord = chordOf(press);
  const command = byChord.get(chord) ?? null;
  if (command === null) return null;
  if (isTyping && !(chord === "Ctrl+k" || chord === "Escape")) return null;
  if (isSingleKey(chord) && !singleKeys && chord !== "?") return null;
  return command;
}

/** Whether keys typed there belong to the element: a field, a select, or something that takes the arrows itself. */
export function isTypingIn(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest("[role=menu], [role=listbox], [cmdk-root]") !== null) return true;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button", "range"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
