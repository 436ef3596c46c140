/** Puts theme and motion on <html>, where the tokens look for them, and says whether motion is reduced. */
import { useEffect, useSyncExternalStore } from "react";
import { type Preferences, usePreferences } from "../state/preferences.ts";

export function applyPreferences({ theme, reducedMotion }: Pick<Preferences, "theme" | "reducedMotion">): void {
  const root = document.documentElement;
  if (theme === "system") root.removeAttribute("data-theme");
  else root.setAttribute("data-theme", theme);
  if (reducedMotion === "on") root.setAttribute("data-motion", "reduced");
  else root.removeAttribute("data-motion");
}

/** Keeps <html> as preferred while mounted. */
export function useTheme(): void {
  const theme = usePreferences((state) => state.theme);
  const reducedMotion = usePreferences((state) => state.reducedMotion);
  useEffect(() => applyPreferences({ theme, reducedMotion }), [theme, reducedMotion]);
}

/** A media query as a value that follows it. False where there is no window. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", listener);
      return () => list.removeEventListener("change", listener);
    },
    () => window.matchMedia(query).matches,
    () => false,
  );
}

/** As the reader chose; otherwise as the operating system says. */
export function useReducedMotion(): boolean {
  const chosen = usePreferences((state) => state.reducedMotion);
  const isAsked = useMedia("(prefers-reduced-motion: reduce)");
  return chosen === "system" ? isAsked : chosen === "on";
}
