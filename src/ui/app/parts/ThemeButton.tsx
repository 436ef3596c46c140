/** Switches between light and dark with one press; the palette offers all themes. */
import { usePreferences } from "../../state/preferences.ts";
import { IconButton } from "../../widgets/Button.tsx";
import { Icon } from "../../widgets/Icon.tsx";
import { text } from "../text.ts";
import { useMedia } from "../theme.ts";

export function ThemeButton() {
  const theme = usePreferences((state) => state.theme);
  const change = usePreferences((state) => state.change);
  const isSystemDark = useMedia("(prefers-color-scheme: dark)");
  const isDark = theme === "dark" || (theme === "system" && isSystemDark);
  return (
    <IconButton
      label={`${text.theme.label}: ${isDark ? text.theme.light : text.theme.dark}`}
      onClick={() => change({ theme: isDark ? "light" : "dark" })}
    >
      <Icon name={isDark ? "moon" : "sun"} />
    </IconButton>
  );
}
