/** The keys of the first page: K kills, R brings back, n skips a wait, Space plays and pauses. */
import { useEffect } from "react";
import { usePreferences } from "../../state/preferences.ts";
import { commandFor, isTypingIn } from "../shortcuts.ts";
import type { DemoPhase } from "./demo.ts";
import type { DemoActions } from "./scene.ts";

/** Does nothing while `phase` is null. */
export function useDemoKeys(phase: DemoPhase | null, actions: DemoActions): void {
  const singleKeys = usePreferences((state) => state.singleKeys);
  useEffect(() => {
    if (phase === null) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTypingIn(event.target)) return;
      // The button says K, and on a keyboard that is the key, with Shift or without.
      const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && singleKeys;
      const key = isPlain ? event.key.toLowerCase() : "";
      const command = commandFor(event, false, singleKeys);
      if (key === "k" && phase === "before") actions.kill();
      else if (key === "r" && (phase === "down" || phase === "moved")) actions.bringBack();
      else if (key === "n") actions.skipWait();
      else if (command === "toggle" && event.target === document.body) actions.toggle();
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [phase, actions, singleKeys]);
}
