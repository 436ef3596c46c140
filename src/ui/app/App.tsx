/** The page: one player, the routes, and what catches an error that no pane caught. */
import { useState } from "react";
import { Router } from "wouter";
import { createPlayer } from "../player/index.ts";
import { PlayerProvider } from "../state/player.tsx";
import { PaneErrorBoundary } from "../widgets/PaneErrorBoundary.tsx";
import { useHashPath } from "./address.ts";
import { Notices } from "./parts/Notices.tsx";
import { Screens } from "./screens.tsx";
import { useTheme } from "./theme.ts";

export function App() {
  const [player] = useState(() => createPlayer());
  useTheme();
  return (
    <Router hook={useHashPath}>
      <PlayerProvider player={player}>
        <PaneErrorBoundary details={() => `${window.location.hash}\nmodel ${__MODEL_VERSION__}`}>
          <Screens />
        </PaneErrorBoundary>
        <Notices />
      </PlayerProvider>
    </Router>
  );
}
